"""Calls to other systems: the address is checked after the name is resolved, and size and time are bounded.

No redirect is followed, certificates are verified, and the connection goes to the very address that was checked.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from hub.banks.port import ANSWER_S, HttpAnswer
from hub.domain.errors import InvalidValue, TryAgain

CONNECT_S = 5.0
MOST_BYTES = 256 * 1024
_CHUNK = 16 * 1024
# RFC 6052: what lies behind it is an IPv4 address, perhaps a private one.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# IANA gives out global unicast addresses from here alone; what stands beside it leads into some network of its own.
_UNICAST = ipaddress.ip_network("2000::/3")
# Special by IANA's registries, and taken for global by some versions of the standard library.
_SPECIAL = tuple(
    ipaddress.ip_network(each) for each in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "3fff::/20", "5f00::/16")
)
_LATE = "no whole answer in time"

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

    def refuses(self, host: str) -> bool:
        """Whether `host` has an address that is never called; a name that cannot be resolved now may have none."""
        try:
            found = [ipaddress.ip_address(each.partition("%")[0]) for each in self.resolve(host)]
        except (OSError, ValueError):
            return False
        return host not in self.allowed_hosts and not all(self._may_reach(each) for each in found)

    def _may_reach(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        inner = _inner(address)
        if inner is not None:
            return self._may_reach(inner)
        if address.is_loopback:
            return self.loopback
        if address.version == 6 and address not in _UNICAST:
            return False
        return address.is_global and not address.is_multicast and not any(address in each for each in _SPECIAL)


class OutgoingHttp:
    """Calls by HTTP to hosts within `reach`; plain http only where the machine itself may be reached."""

    def __init__(self, reach: Reach, *, answer_s: float = ANSWER_S, most_bytes: int = MOST_BYTES) -> None:
        self._reach = reach
        self._answer_s = answer_s
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
        return self._call("POST", url, body, headers)

    def get(self, url: str, headers: Mapping[str, str]) -> HttpAnswer:
        """The same of what is only asked for."""
        return self._call("GET", url, None, headers)

    def _call(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        parts = _split(self.check_url(url))
        host = parts.hostname or ""
        address = self._reach.address_of(host)
        sent = {"Host": parts.netloc.rpartition("@")[2], "Connection": "close", **headers}
        over = threading.Event()
        try:
            with self._connected(parts, address, over) as connection:
                connection.request(method, _target(parts), body=body, headers=sent, preload_content=False)
                answer = connection.getresponse()
                content = self._read(answer)
        except (OSError, HTTPError, http.client.HTTPException, ValueError) as error:
            raise TryAgain(f"{host}: {_LATE if over.is_set() else _named(error)}") from error
        # An answer that ends with its connection looks whole when it was cut.
        if over.is_set():
            raise TryAgain(f"{host}: {_LATE}")
        return HttpAnswer(status=answer.status, body=content, content_type=answer.headers.get("Content-Type", ""))

    @contextmanager
    def _connected(self, parts: SplitResult, address: str, over: threading.Event) -> Iterator[HTTPConnection]:
        """A connection that is cut when the other side has had its time, even where bytes still come now and then.

        `over` says that it was.
        """
        host, secure = parts.hostname or "", parts.scheme == "https"
        raw = socket.create_connection((address, parts.port or (443 if secure else 80)), CONNECT_S)
        # The library lets go of its own socket before an answer is read; this is the same line while the call lasts.
        line = raw.dup()
        timer = threading.Timer(self._answer_s, _cut, [line, over])
        timer.daemon = True
        timer.start()
        # One limit for all of it: a system that says nothing for a while has as long as one that says a bit at a time.
        raw.settimeout(self._answer_s)
        connection = HTTPConnection(address, timeout=self._answer_s)
        try:
            connection.sock = self._tls.wrap_socket(raw, server_hostname=host) if secure else raw
            yield connection
        finally:
            timer.cancel()
            timer.join()
            connection.close()
            raw.close()
            line.close()

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


def _inner(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to: mapped, by 6to4, or by NAT64; None where it leads to itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


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


def _cut(line: socket.socket, over: threading.Event) -> None:
    over.set()
    # It may have just ended by itself.
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _named(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{type(error).__name__} ({error.verify_message})"
    return "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
