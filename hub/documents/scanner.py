"""The virus scanner: a client of clamd's INSTREAM command (clamd(8), read 2026-11-21)."""

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from hub.domain.errors import TooLarge, TryAgain, Unusable

_CONNECT_TIMEOUT_S: Final = 5
# Whoever only looks how it is has a page that waits.
_LOOK_TIMEOUT_S: Final = 2
# clamd gives a file up after MaxScanTime, 120 s by default.
_ANSWER_TIMEOUT_S: Final = 130
_MAX_ANSWER_SIZE: Final = 4096
# The name is the signature's maker's; nothing of the file is in it.
# What it says of a file that it did not look through to the end (AlertExceedsMax, MaxScanTime).
_LIMIT: Final = re.compile(
    r"stream: (?:Heuristics\.Limits\.Exceeded\S* FOUND|Time limit reached.* ERROR|.*limit.* ERROR)"
)
_FOUND: Final = re.compile(r"stream: (\S{1,200}) FOUND")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanner:
    """What answers: its own name and version, and when its signatures were made; None where it has none of a vendor."""

    name: str
    signatures_made_at: datetime | None

    def signatures_d(self, now: datetime) -> int | None:
        """How many days old the signatures are; None where there are none of a vendor."""
        return None if self.signatures_made_at is None else (now - self.signatures_made_at).days


@dataclass(frozen=True, slots=True)
class ScannerUrl:
    """Where clamd listens: the path of a socket, or a host and a port."""

    address: str | tuple[str, int]

    @classmethod
    def parse(cls, text: str) -> Self:
        """The address in `unix:///run/clamav/clamd.ctl` or `tcp://host:3310`. Raises Unusable."""
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme == "unix" and not parts.netloc and len(parts.path) > 1:
            return cls(unquote(parts.path))
        if parts.scheme == "tcp" and parts.hostname and port and parts.path in {"", "/"}:
            return cls((parts.hostname, port))
        raise Unusable("HUB_SCANNER_URL is neither unix:///the/path/of/clamd.ctl nor tcp://host:port: correct it.")


class NotScannedError(Exception):
    """A limit of the scanner's own ended the look before the file did: what it answers says nothing of the rest."""


def scan(chunks: Iterable[bytes], url: ScannerUrl) -> str | None:
    """The name of the signature that the file of these `chunks` has in it; None where the scanner knows of none.

    Raises TooLarge for a file over clamd's StreamMaxLength (`limit` is then what was sent of it), `NotScannedError` for
    one that it did not look through to the end, TryAgain when it does not answer or cannot judge.
    """
    with _connect(url) as clamd:
        sent = _send(clamd, chunks)
        answer = _answer(clamd)
    if _LIMIT.fullmatch(answer):
        raise NotScannedError(answer)
    if found := _FOUND.fullmatch(answer):
        return found[1]
    if answer == "stream: OK":
        return None
    if "size limit exceeded" in answer:
        raise TooLarge(sent)
    raise TryAgain(f"the virus scanner cannot judge: {answer or 'no answer'}")


def look_at(url: ScannerUrl) -> Scanner:
    """The scanner that answers there; raises TryAgain."""
    with _connect(url, within_s=_LOOK_TIMEOUT_S) as clamd:
        clamd.sendall(b"zVERSION\0")
        answer = _answer(clamd)
    name, _, rest = answer.partition("/")
    if not name.startswith("ClamAV"):
        raise TryAgain(f"the virus scanner does not answer VERSION: {answer or 'no answer'}")
    # The number of the signatures, and their day as asctime(3) writes it, in UTC.
    made_at = rest.partition("/")[2]
    try:
        parsed = datetime.strptime(made_at, "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC) if made_at else None
    except ValueError as error:
        raise TryAgain(f"the virus scanner does not say how old its signatures are: {answer}") from error
    return Scanner(name=name, signatures_made_at=parsed)


def ping(url: ScannerUrl) -> None:
    """The scanner is up; raises TryAgain."""
    with _connect(url, within_s=_LOOK_TIMEOUT_S) as clamd:
        clamd.sendall(b"zPING\0")
        answer = _answer(clamd)
    if answer != "PONG":
        raise TryAgain(f"the virus scanner does not answer PING: {answer or 'no answer'}")


def _connect(url: ScannerUrl, *, within_s: float | None = None) -> socket.socket:
    """A line to the scanner; `within_s`: how long it may take to answer on it, in place of a file's time."""
    connect_s = min(_CONNECT_TIMEOUT_S, within_s or _CONNECT_TIMEOUT_S)
    try:
        if isinstance(url.address, tuple):
            clamd = socket.create_connection(url.address, timeout=connect_s)
        else:
            clamd = socket.socket(socket.AF_UNIX)
            # With a full queue of callers a socket of the file system has one wait for ever.
            clamd.settimeout(connect_s)
            try:
                clamd.connect(url.address)
            except OSError:
                clamd.close()
                raise
    except OSError as error:
        raise TryAgain(f"the virus scanner cannot be reached: {error.strerror or error}") from error
    clamd.settimeout(_ANSWER_TIMEOUT_S if within_s is None else within_s)
    return clamd


def _send(clamd: socket.socket, chunks: Iterable[bytes]) -> int:
    """How many bytes of the file were sent: all, or those until the scanner hung up."""
    sent = 0
    try:
        clamd.sendall(b"zINSTREAM\0")
        # A chunk of no bytes would end the file.
        for chunk in filter(None, chunks):
            sent += len(chunk)
            clamd.sendall(len(chunk).to_bytes(4))
            clamd.sendall(chunk)
        clamd.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        # It hangs up in the middle of a file that is too large for it, having said so: that is read next.
        return sent
    except TimeoutError as error:
        raise TryAgain("the virus scanner does not take the file") from error
    return sent


def _answer(clamd: socket.socket) -> str:
    """The scanner's line; empty if it did not finish one."""
    answer = b""
    try:
        while not answer.endswith(b"\0") and len(answer) < _MAX_ANSWER_SIZE:
            piece = clamd.recv(_MAX_ANSWER_SIZE)
            if not piece:
                return ""
            answer += piece
    except OSError:
        return ""
    return answer.rstrip(b"\0").decode(errors="replace")
