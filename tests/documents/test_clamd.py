"""The scanner's client against a real clamd, with one signature of the test's own."""

import io
import random
import signal
import socket
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import pikepdf
import pytest

from hub.documents.file_inspection import FileInspection
from hub.documents.inspection import Inspector
from hub.documents.scanner import ScannerUrl, look_at, ping, scan
from hub.domain.errors import TooLarge, TryAgain
from hub.domain.evidence import FileRejectionReason, Infection, MediaType
from tests.documents.pictures import noise, written
from tests.weather.proxy import Weather, proxy_of

pytestmark = pytest.mark.slow

MARKER = b"a-signature-of-the-tests-own"
SIGNATURE = "Hub.Test.Marker.UNOFFICIAL"
JPEG = written(noise((90, 60)), "JPEG")


class Clamd:
    """A clamd of its own in a folder of its own, on a socket of the file system and on a loopback port."""

    def __init__(self, place: Path, more: Mapping[str, str]) -> None:
        self._place = place
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.tcp = ScannerUrl.parse(f"tcp://127.0.0.1:{self.port}")
        self.unix = ScannerUrl.parse(f"unix://{place}/ctl")
        (place / "db").mkdir()
        self.signatures = place / "db" / "own.ndb"
        self.signatures.write_text(f"Hub.Test.Marker:0:*:{MARKER.hex()}\n")
        settings = {
            "LocalSocket": place / "ctl", "TCPSocket": self.port, "TCPAddr": "127.0.0.1", "Foreground": "yes",
            "DatabaseDirectory": place / "db", "StreamMaxLength": "1M", "LogFile": place / "log",
            **more,
        }  # fmt: skip
        (place / "conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))

    def start(self) -> int | None:
        """It answers; or else the status with which it ended."""
        command = ["/usr/sbin/clamd", "-c", str(self._place / "conf")]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while (status := self._process.poll()) is None:
            try:
                ping(self.tcp)
            except TryAgain:
                time.sleep(0.05)
            else:
                return None
        return status

    def send(self, number: signal.Signals) -> None:
        """The daemon has the signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self) -> None:
        """Nothing of it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@contextmanager
def clamd_in(place: Path, settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[Clamd]:
    """`settings`: those of its own beside or in the place of the usual ones."""
    made = Clamd(place, settings)
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def clamd() -> Iterator[Clamd]:
    # A path of a socket has 108 bytes, and pytest's folders are long.
    with tempfile.TemporaryDirectory() as place, clamd_in(Path(place)) as made:
        assert made.start() is None
        yield made


@pytest.fixture(params=["tcp", "unix"])
def url(request: pytest.FixtureRequest, clamd: Clamd) -> ScannerUrl:
    return clamd.tcp if request.param == "tcp" else clamd.unix


def test_a_clean_file_has_no_signature_in_it(url: ScannerUrl) -> None:
    assert scan([JPEG[:100], b"", JPEG[100:]], url) is None


def test_a_signature_across_two_chunks_is_named(url: ScannerUrl) -> None:
    assert scan([b"x" + MARKER[:9], MARKER[9:]], url) == SIGNATURE


def test_what_is_packed_in_an_archive_inside_a_pdf_is_found(clamd: Clamd) -> None:
    archive, out = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("paper.txt", MARKER * 9)
    with pikepdf.new() as document:
        document.add_blank_page()
        # Without a size and a digest beside it: over those clamd 1.4 loses the stream.
        packed_in = document.make_stream(archive.getvalue(), Type=pikepdf.Name.EmbeddedFile)
        named = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F="paper.zip", EF=pikepdf.Dictionary(F=packed_in))
        document.Root.Names = pikepdf.Dictionary(
            EmbeddedFiles=pikepdf.Dictionary(Names=["paper.zip", document.make_indirect(named)])
        )
        document.save(out)
    assert MARKER not in out.getvalue()
    assert scan([out.getvalue()], clamd.tcp) == SIGNATURE


def test_a_file_over_its_own_limit_is_too_large_and_never_clean(url: ScannerUrl) -> None:
    with pytest.raises(TooLarge):
        scan([bytes(300_000)] * 12, url)


@pytest.mark.parametrize(
    "settings",
    [
        {"AlertExceedsMax": "yes", "MaxScanSize": "100K"},
        {"AlertExceedsMax": "yes", "MaxFileSize": "100K"},
        {"AlertExceedsMax": "yes", "MaxScanTime": "1"},
        {"StreamMaxLength": "100K"},
    ],
    ids=" ".join,
)
def test_what_it_did_not_look_through_to_the_end_is_not_clean_and_no_virus(settings: dict[str, str]) -> None:
    long = zipped(b"a page of some words " * 20, 200_000)
    with tempfile.TemporaryDirectory() as place, clamd_in(Path(place), settings) as clamd, Inspector() as inspector:
        assert clamd.start() is None
        inspect = FileInspection(inspector, f"tcp://127.0.0.1:{clamd.port}")
        assert inspect(iter([long]), MediaType.JPEG) is FileRejectionReason.NOT_SCANNED
        assert inspector._server is None


def zipped(words: bytes, least: int) -> bytes:
    """An archive of at least so many bytes as it lies, and fifty times as many unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("long.txt", words * (50 * least // len(words)), zipfile.ZIP_DEFLATED)
        packed.writestr("noise.bin", random.Random(1).randbytes(least))
    return out.getvalue()


def test_one_that_hangs_is_looked_at_for_a_moment_only(clamd: Clamd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.documents.scanner._LOOK_TIMEOUT_S", 0.2)
    clamd.send(signal.SIGSTOP)
    try:
        for look in (ping, look_at):
            for url in (clamd.tcp, clamd.unix):
                with pytest.raises(TryAgain):
                    look(url)
    finally:
        clamd.send(signal.SIGCONT)
    # One that has just woken may take longer than that.
    monkeypatch.undo()
    ping(clamd.tcp)


def test_it_says_who_it_is_and_that_it_has_nobodys_signatures(url: ScannerUrl) -> None:
    found = look_at(url)
    assert found.name.startswith("ClamAV ")
    assert found.signatures_made_at is None


def test_the_finding_keeps_the_file_from_being_decoded(clamd: Clamd) -> None:
    with Inspector() as inspector:
        inspect = FileInspection(inspector, f"tcp://127.0.0.1:{clamd.port}")
        assert inspect(iter([JPEG + MARKER]), MediaType.JPEG) == Infection(SIGNATURE)
        assert inspector._server is None
        assert not isinstance(inspect(iter([JPEG]), MediaType.JPEG), Infection)


@pytest.mark.parametrize(
    "weather",
    [
        Weather(refuses=True),
        Weather(cut_up_after=20),
        Weather(cut_down_after=4),
        Weather(loses_answer_to=b"zINSTREAM"),
        Weather(answers=b"stream: O"),
        Weather(answers=b"stream: OK but not sure\0"),
    ],
    ids=["refuses", "hangs up", "cuts its answer", "loses its answer", "says half of it", "is unsure"],
)
def test_a_scanner_on_a_bad_line_has_judged_nothing(clamd: Clamd, weather: Weather) -> None:
    with proxy_of(clamd.port) as proxy:
        there = ScannerUrl.parse(f"tcp://127.0.0.1:{proxy.port}")
        with proxy.during(weather), pytest.raises(TryAgain):
            scan([JPEG], there)
        assert scan([JPEG], there) is None, "and goes on by itself"


def test_one_that_hangs_is_given_up(clamd: Clamd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.documents.scanner._ANSWER_TIMEOUT_S", 0.2)
    clamd.send(signal.SIGSTOP)
    try:
        with pytest.raises(TryAgain):
            scan([JPEG], clamd.tcp)
    finally:
        clamd.send(signal.SIGCONT)
    # One that has just woken may take longer than that.
    monkeypatch.undo()
    assert scan([JPEG], clamd.tcp) is None


def test_one_that_does_not_start_over_broken_signatures_judges_nothing_until_it_is_mended() -> None:
    with tempfile.TemporaryDirectory() as place, clamd_in(Path(place)) as clamd:
        sound = clamd.signatures.read_text()
        clamd.signatures.write_text("this is no signature\n")
        assert clamd.start() not in {None, 0}
        with pytest.raises(TryAgain, match="cannot be reached"):
            scan([MARKER], clamd.tcp)
        clamd.signatures.write_text(sound)
        assert clamd.start() is None
        assert scan([MARKER], clamd.tcp) == SIGNATURE
