"""What simulated banks that listen have in common: a server in a thread of its own, from their start to their stop."""

import socketserver
import threading
from abc import ABC, abstractmethod
from typing import Generic, Protocol, TypeVar

from hub.banks.simulator.port import Desk, Place


class Side(Protocol):
    """A server that listens from its making until `close`."""

    @property
    def port(self) -> int:
        """Where it listens."""
        ...

    def wait(self, seconds: float) -> None:
        """So long later, or as soon as it is closed."""
        ...

    def close(self) -> None:
        """Nobody listens any more, and whatever is under way is cut."""
        ...


ServerT = TypeVar("ServerT", bound=socketserver.TCPServer)
SideT = TypeVar("SideT", bound=Side)


class ServedSide(Generic[ServerT]):
    """A `Side` over a server of the standard library; `ended` is set as soon as it shall close."""

    def __init__(self, server: ServerT, ended: threading.Event) -> None:
        self._ended = ended
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """See `Side`."""
        return int(self._server.server_address[1])

    def wait(self, seconds: float) -> None:
        """See `Side`."""
        self._ended.wait(seconds)

    def close(self) -> None:
        """See `Side`. A second time changes nothing."""
        if self._ended.is_set():
            return
        self._ended.set()
        self._server.shutdown()
        self._cut()
        self._server.server_close()
        self._thread.join(5)

    def _cut(self) -> None:
        """Whatever is under way is cut, where closing does not see to it."""


class ListeningBank(ABC, Generic[SideT]):
    """The half of a far side that listens, at its place's port; it is reached there once it was started."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._listening: SideT | None = None
        self._desk: Desk | None = None

    @abstractmethod
    def _listen(self) -> SideT:
        """The server, listening; raises `OSError` where the port is taken."""

    @property
    def _port(self) -> int:
        return self._place.port if self._listening is None else self._listening.port

    def start(self, desk: Desk) -> None:
        """It listens, and `desk` is handed what comes."""
        self._desk = desk
        self._listening = self._listen()

    def stop(self) -> None:
        """It listens no more."""
        if self._listening is not None:
            self._listening.close()
