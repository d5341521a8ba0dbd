"""Calls to other systems: the address is checked after the name is resolved, and size and time are bounded.

No redirect is followed, certificates are verified, and the connection goes to the very address that was checked.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from hub.banks.port import HttpAnswer
from hub.domain.errors import InvalidValue, TryAgain

CONNECT_S = 5.0
WHOLE_CALL_S = 15.0
MOST_BYTES = 256 * 1024
_CHUNK = 16 * 1024

Resolve = Callable[[str], Sequence[str]]


def resolve(host: str) -> Sequence[str]:
    """The addresses of `host` by the machine's resolver."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which hosts may be called: public ones, those in `allowed_hosts`, and with `loopback` the machine itself."""

    loopback: bool
    allowed_hosts: frozenset[str] = frozenset()
    resolve: Resolve = resolve

    def address_of(self, host: str) -> str:
        """The address to connect to; raises `TryAgain` where the name is unknown or any address of it is private."""
        try:
            addresses = [ipaddress.ip_address(each.partition("%")[0]) for each in self.resolve(host)]
        except (OSError, ValueError) as error:
            raise TryAgain(f"the name {host} cannot be resolved") from error
        if not addresses:
            raise TryAgain(f"the name {host} cannot be resolved")
        # One forbidden address is enough: which of them a library would take must not matter.
        if host not in self.allowed_hosts and not all(self._may_reach(each) for each in addresses):
            raise TryAgain(f"{host} has a private address, and is not in HUB_ALLOWED_HOSTS")
        return str(addresses[0])

    def _may_reach(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            return self._may_reach(address.ipv4_mapped)
        if address.is_loopback:
            return self.loopback
        return address.is_global and not address.is_multicast


class OutgoingHttp:
    """Calls by HTTP to hosts within `reach`; plain http only where the machine itself may be reached."""

    def __init__(self, reach: Reach, *, whole_call_s: float = WHOLE_CALL_S, most_bytes: int = MOST_BYTES) -> None:
        self._reach = reach
        self._whole_call_s = whole_call_s
        self._most_bytes = most_bytes
        self._tls = ssl.create_default_context()

    def check_url(self, url: str) -> str:
        """`url` as it may be called; raises `InvalidValue`: `url_form`, `url_https`."""
        parts = _split(url)
        if parts.scheme != "https" and not self._reach.loopback:
            raise InvalidValue("url_https")
        return url

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """What the server answered, whatever its status; raises `TryAgain`, whose detail names host and failure."""
        parts = _split(self.check_url(url))
        host = parts.hostname or ""
        address = self._reach.address_of(host)
        connection = self._connection(parts, host, address)
        sent = {"Host": parts.netloc.rpartition("@")[2], "Connection": "close", **headers}
        try:
            with self._deadline(connection) as over:
                connection.request("POST", _target(parts), body=body, headers=sent, preload_content=False)
                answer = connection.getresponse()
                content = self._read(answer)
            # An answer that ends with its connection looks whole when it was cut.
            if over.is_set():
                raise TryAgain(f"{host}: no whole answer in time")
            return HttpAnswer(status=answer.status, body=content, content_type=answer.headers.get("Content-Type", ""))
        except (OSError, HTTPError, http.client.HTTPException, ValueError) as error:
            raise TryAgain(f"{host}: {_named(error)}") from error
        finally:
            connection.close()

    def _connection(self, parts: SplitResult, host: str, address: str) -> HTTPConnection:
        if parts.scheme == "https":
            return HTTPSConnection(
                address,
                parts.port or 443,
                timeout=CONNECT_S,
                ssl_context=self._tls,
                server_hostname=host,
                assert_hostname=host,
            )
        return HTTPConnection(address, parts.port or 80, timeout=CONNECT_S)

    @contextmanager
    def _deadline(self, connection: HTTPConnection) -> Iterator[threading.Event]:
        """The whole call ends in time, even where the server sends a byte now and then; the event says that it did."""
        over = threading.Event()
        timer = threading.Timer(self._whole_call_s, _cut, [connection, over])
        timer.daemon = True
        timer.start()
        try:
            yield over
        finally:
            timer.cancel()

    def _read(self, answer: BaseHTTPResponse) -> bytes:
        found = bytearray()
        try:
            while chunk := answer.read(_CHUNK):
                found += chunk
                if len(found) > self._most_bytes:
                    raise TryAgain(f"the answer has more than {self._most_bytes} bytes")
        finally:
            # The answer holds the socket as well: closing the connection alone would leave it open.
            answer.close()
        return bytes(found)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError as error:
        raise InvalidValue("url_form") from error
    if not usable or parts.username is not None or parts.fragment or any(ord(char) <= 32 for char in url):
        raise InvalidValue("url_form")
    return parts


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _cut(connection: HTTPConnection, over: threading.Event) -> None:
    over.set()
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            # It has just ended by itself.
            return


def _named(error: Exception) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
