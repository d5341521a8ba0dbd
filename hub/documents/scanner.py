"""The virus scanner: a client of clamd's INSTREAM command (clamd(8), read 2026-11-21)."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from hub.domain.errors import TooLarge, TryAgain, Unusable

_CONNECT_TIMEOUT_S: Final = 5
# clamd gives a file up after MaxScanTime, 120 s by default.
_ANSWER_TIMEOUT_S: Final = 130
_MAX_ANSWER_SIZE: Final = 4096


@unique
class ScanResult(StrEnum):
    """What the scanner says of a file."""

    CLEAN = "clean"
    INFECTED = "infected"


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


def scan(chunks: Iterable[bytes], url: ScannerUrl) -> ScanResult:
    """The scanner's word on the file that `chunks` make.

    Raises TooLarge for a file over clamd's StreamMaxLength (`limit` is then what was sent of it), TryAgain
    when the scanner does not answer or cannot judge.
    """
    with _connect(url) as clamd:
        sent = _send(clamd, chunks)
        answer = _answer(clamd)
    if answer.endswith(" FOUND"):
        return ScanResult.INFECTED
    if answer.endswith(": OK"):
        return ScanResult.CLEAN
    if "size limit exceeded" in answer:
        raise TooLarge(sent)
    raise TryAgain(f"the virus scanner cannot judge: {answer or 'no answer'}")


def ping(url: ScannerUrl) -> None:
    """The scanner is up; raises TryAgain."""
    with _connect(url) as clamd:
        clamd.sendall(b"zPING\0")
        answer = _answer(clamd)
    if answer != "PONG":
        raise TryAgain(f"the virus scanner does not answer PING: {answer or 'no answer'}")


def _connect(url: ScannerUrl) -> socket.socket:
    try:
        if isinstance(url.address, tuple):
            clamd = socket.create_connection(url.address, timeout=_CONNECT_TIMEOUT_S)
        else:
            clamd = socket.socket(socket.AF_UNIX)
            try:
                clamd.connect(url.address)
            except OSError:
                clamd.close()
                raise
    except OSError as error:
        raise TryAgain(f"the virus scanner cannot be reached: {error.strerror or error}") from error
    clamd.settimeout(_ANSWER_TIMEOUT_S)
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
