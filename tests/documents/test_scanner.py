"""The scanner's client against a server that speaks clamd's INSTREAM."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest

from hub.documents.scanner import Scanner, ScannerUrl, look_at, ping, scan
from hub.domain.errors import TooLarge, TryAgain, Unusable

MAX_STREAM = 1_000_000
MARKER = b"a-file-that-is-infected"


class Clamd:
    """Says of a stream what clamd would; `words` overrules the answer, None hangs up without one."""

    def __init__(self, listener: socket.socket, words: bytes | None = b"") -> None:
        self._listener, self._words = listener, words
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            client, _ = self._listener.accept()
            with client, client.makefile("rb") as stream:
                command = b""
                while not command.endswith(b"\0") and (byte := stream.read(1)):
                    command += byte
                if not command:
                    return
                answer = self._judge(stream) if command == b"zINSTREAM\0" else b"PONG\0"
                if self._words is not None:
                    client.sendall(self._words or answer)

    @staticmethod
    def _judge(stream: BinaryIO) -> bytes:
        content = b""
        while length := int.from_bytes(stream.read(4)):
            if len(content) + length > MAX_STREAM:
                return b"INSTREAM size limit exceeded. ERROR\0"
            content += stream.read(length)
        return b"stream: Test.Marker FOUND\0" if MARKER in content else b"stream: OK\0"

    def close(self) -> None:
        with socket.socket(self._listener.family) as last:
            last.connect(self._listener.getsockname())
        self._thread.join()
        self._listener.close()


@pytest.fixture(params=["tcp", "unix"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ScannerUrl]:
    if request.param == "tcp":
        listener = socket.create_server(("127.0.0.1", 0))
        text = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    else:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(tmp_path / "clamd.ctl"))
        listener.listen()
        text = f"unix://{tmp_path}/clamd.ctl"
    clamd = Clamd(listener)
    yield ScannerUrl.parse(text)
    clamd.close()


def test_a_clean_file_is_clean(url: ScannerUrl) -> None:
    assert scan([b"a", b"", b"b" * 70_000], url) is None


def test_an_empty_file_is_clean(url: ScannerUrl) -> None:
    assert scan([], url) is None


def test_a_marker_across_two_chunks_is_found(url: ScannerUrl) -> None:
    assert scan([b"x" + MARKER[:9], MARKER[9:]], url) == "Test.Marker"


def test_a_file_over_the_scanners_own_limit_is_too_large(url: ScannerUrl) -> None:
    with pytest.raises(TooLarge):
        scan([bytes(500_000)] * 40, url)


def test_a_scanner_that_is_up_answers(url: ScannerUrl) -> None:
    ping(url)


@pytest.mark.parametrize(
    "words",
    [
        None,
        b"stream: OK",
        b"stream: ",
        b"stream: OK and more\0",
        b"other: OK\0",
        b"stream: a name with gaps FOUND\0",
        b"stream: Can't allocate memory ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"x" * 9000,
    ],
)
def test_any_other_answer_is_no_verdict(words: bytes | None) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    clamd = Clamd(listener, words)
    url = ScannerUrl.parse(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
    try:
        with pytest.raises(TryAgain):
            scan([b"a"], url)
        with pytest.raises(TryAgain):
            ping(url)
    finally:
        clamd.close()


def test_a_scanner_that_is_down_is_tried_again(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for text in (f"tcp://127.0.0.1:{port}", f"unix://{tmp_path}/clamd.ctl"):
        with pytest.raises(TryAgain, match="cannot be reached"):
            scan([b"a"], ScannerUrl.parse(text))


@pytest.mark.parametrize(
    ("words", "made_at"),
    [
        (b"ClamAV 1.4.6/27500/Thu Nov 26 09:26:31 2026\0", datetime(2026, 11, 26, 9, 26, 31, tzinfo=UTC)),
        (b"ClamAV 1.4.6/27500/Sun Nov  1 09:26:31 2026\0", datetime(2026, 11, 1, 9, 26, 31, tzinfo=UTC)),
        (b"ClamAV 1.4.6\0", None),
    ],
)
def test_a_scanner_says_how_old_its_signatures_are(words: bytes, made_at: datetime | None) -> None:
    with answering(words) as url:
        assert look_at(url) == Scanner(name="ClamAV 1.4.6", signatures_made_at=made_at)


@pytest.mark.parametrize("words", [None, b"UNKNOWN COMMAND\0", b"ClamAV 1.4.6/27500/long ago\0"])
def test_one_that_says_nothing_sensible_of_itself_is_not_answering(words: bytes | None) -> None:
    with answering(words) as url, pytest.raises(TryAgain):
        look_at(url)


@contextmanager
def answering(words: bytes | None) -> Iterator[ScannerUrl]:
    listener = socket.create_server(("127.0.0.1", 0))
    clamd = Clamd(listener, words)
    try:
        yield ScannerUrl.parse(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        clamd.close()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("unix:///run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
        ("tcp://scanner:3310", ("scanner", 3310)),
        ("tcp://[::1]:3310/", ("::1", 3310)),
    ],
)
def test_an_address_is_read(text: str, address: str | tuple[str, int]) -> None:
    assert ScannerUrl.parse(text).address == address


@pytest.mark.parametrize(
    "text",
    ["", "clamd", "unix://", "unix://run/x", "tcp://host", "tcp://host:99999", "http://host:1", "tcp://:1"],
)
def test_another_address_is_refused(text: str) -> None:
    with pytest.raises(Unusable, match="HUB_SCANNER_URL"):
        ScannerUrl.parse(text)
