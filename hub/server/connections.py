"""Connections of the embedded server (waitress): each request has its time, and all bodies share one room in memory."""

import time
from collections.abc import Mapping
from typing import Any, Final

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import BaseWSGIServer

from hub.server.bodies_apart import Room
from hub.server.deadlines import HEAD_WITHIN_S, body_within_s

_room: Final = Room(64 * 2**20)
# What finds no room is kept in a file beyond so many bytes.
_KEPT_ALL_THE_SAME: Final = 65_536


class _Request(HTTPRequestParser):
    """A request on its way in."""

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self._begun = time.monotonic()
        self._taken = 0

    def parse_header(self, header_plus: bytes) -> None:
        """The headers are known; raises `ParsingError` for a body of two lengths, and the connection ends with that."""
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length beside Transfer-Encoding")
        if self.body_rcv is None:
            return
        if not self.chunked and _room.take(self.content_length):
            self._taken = self.content_length
        else:
            self.body_rcv.getbuf().overflow = _KEPT_ALL_THE_SAME

    def is_overdue(self, now: float) -> bool:
        """Whether the rest has not come in time."""
        allowed = body_within_s(self.body_bytes_received) if self.headers_finished else HEAD_WITHIN_S
        return now > self._begun + allowed

    def close(self) -> None:
        """The body is gone, and its room is free."""
        super().close()
        _room.give_back(self._taken)
        self._taken = 0


class Connection(HTTPChannel):
    """A connection that ends once its caller has taken too long over a request."""

    parser_class = _Request

    def end_if_overdue(self, now: float) -> None:
        """Asks the server's loop to close it, where the request that is coming in is overdue."""
        coming = self.request
        if isinstance(coming, _Request) and coming.is_overdue(now):
            self.will_close = True

    def handle_close(self) -> None:
        """It is closed, and so is the request that was coming in."""
        if self.request is not None:
            self.request.close()
        super().handle_close()


def use_on(sockets: Mapping[int, Any]) -> None:
    """The servers among `sockets` make connections of this kind."""
    for each in sockets.values():
        if isinstance(each, BaseWSGIServer):
            each.channel_class = Connection


def end_overdue(sockets: Mapping[int, Any]) -> None:
    """Connections whose callers take too long are about to be closed."""
    now = time.monotonic()
    for each in sockets.values():
        if isinstance(each, Connection):
            each.end_if_overdue(now)
