"""A decoder, a printer and a reader of pages that are taken over, by real processes: nothing they try comes through.

Each deed is also tried where no wall stands, and comes through: otherwise its refusal would prove nothing.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hub.documents import inspection, ocr, printing
from hub.documents.confinement import walls
from hub.documents.inspection import Inspector
from hub.documents.printing import Printer
from hub.domain.errors import TryAgain, Unusable
from hub.domain.evidence import FileRejectionReason, MediaType
from tests.documents.break_outs import FILES, REACHING, Target
from tests.documents.pictures import noise, written

_HERE = Path(__file__).parent
ROOT, NOBODY = 0, 65534
REFUSED, DONE = FileRejectionReason.PASSWORD, FileRejectionReason.TOO_MANY_PAGES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(walls().missing), reason="this kernel lacks a wall, as `hub doctor` says"),
]

# A hub of the same user, which anybody may look at and stop: no wall but those around the child protects it.
_HUB = """
import ctypes, os, sys, time
user = int(sys.argv[1])
if user != os.getuid():
    os.setgroups([]), os.setgid(user), os.setuid(user)
library = ctypes.CDLL(None)
library.prctl(4, 1, 0, 0, 0)
library.prctl(0x59616d61, ctypes.c_ulong(2**64 - 1), 0, 0, 0)
key = ctypes.create_string_buffer(b"the key")
print(ctypes.addressof(key), flush=True)
sys.stdin.read()
"""

_PAGE = "<!doctype html><html lang='zh-CN'><title>t</title><p>协商</p></html>"
JPEG = written(noise((60, 40)), "JPEG")


@dataclass(frozen=True, slots=True)
class Victim:
    """A hub's process with a key, and a folder that its user may change."""

    process: subprocess.Popen[bytes]
    target: Target

    def state(self) -> tuple[object, ...]:
        """What a deed may have changed."""
        place = Path(self.target.place)
        files = sorted((path.name, path.stat().st_mode, path.stat().st_size) for path in place.iterdir())
        return self.process.poll(), Path(f"/proc/{self.process.pid}/stat").read_text().split()[2] == "T", files


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where something listens that a deed could reach."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture(params=[ROOT, NOBODY], scope="module", ids=["root", "nobody"])
def user(request: pytest.FixtureRequest) -> int:
    """Whose processes the hub and its children are."""
    chosen: int = request.param
    if chosen != os.getuid() and os.getuid() != ROOT:
        pytest.skip("only root can be another user")
    return chosen


def victim_of(user: int, port: int) -> Iterator[Victim]:
    # Not below pytest's own folder, which is root's alone.
    place = Path(tempfile.mkdtemp())
    try:
        (place / "empty").mkdir()
        (place / "kept").write_text("the hub's")
        for each in (place, place / "empty", place / "kept"):
            if os.getuid() == ROOT:
                os.chown(each, user, user)
            each.chmod(0o700)
        command = [sys.executable, "-c", _HUB, str(user)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            address = int(process.stdout.readline())
            yield Victim(process, Target(process=process.pid, address=address, place=str(place), port=port))
            process.kill()
    finally:
        shutil.rmtree(place)


@pytest.fixture(scope="module")
def victim(user: int, port: int) -> Iterator[Victim]:
    """Of the same user as the children, and hidden from nobody."""
    yield from victim_of(user, port)


@pytest.fixture
def roots(port: int) -> Iterator[Victim]:
    """Of root, as whom every deed is possible."""
    if os.getuid() != ROOT:
        pytest.skip("as root alone every deed is possible where no wall stands")
    yield from victim_of(ROOT, port)


class Children:
    """Inspectors and printers whose children are taken over, one for each user and its walls."""

    def __init__(self) -> None:
        self._made: dict[tuple[type, int, str], Inspector | Printer] = {}

    def inspector(self, user: int, standing: str = "both") -> Inspector:
        key = (Inspector, user, standing)
        if key not in self._made:
            with pytest.MonkeyPatch.context() as patch:
                program = ("-I", str(_HERE / "exploited_decoder.py"), str(user), standing)
                patch.setattr(inspection, "SERVER", program)
                self._made[key] = made = Inspector(cpu_limit_s=1, wall_limit_s=4)
                assert made.inspect([JPEG], MediaType.JPEG).ok
        return self._made[key]  # type: ignore[return-value]

    def printer(self, user: int, standing: str = "both") -> Printer:
        key = (Printer, user, standing)
        if key not in self._made:
            with pytest.MonkeyPatch.context() as patch:
                program = (str(_HERE / "exploited_printer.py"), str(user), standing)
                patch.setattr(printing, "PRINT_SERVER", program)
                self._made[key] = made = Printer(documents_a_child=1000)
                assert made.print_pdf(_PAGE).startswith(b"%PDF-1")
        return self._made[key]  # type: ignore[return-value]

    def close(self) -> None:
        for each in self._made.values():
            each.close()


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    made = Children()
    yield made
    made.close()


def decoder_tries(inspector: Inspector, deed: str, victim: Victim) -> FileRejectionReason | None:
    try:
        return inspector.inspect([victim.target.order(deed)], MediaType.PDF).reason
    except TryAgain:
        # It became another program, which does not answer.
        return None


def printer_tries(printer: Printer, deed: str, victim: Victim) -> str:
    return printer.print_pdf(victim.target.order(deed).decode()).removeprefix(b"%PDF-").decode()


@pytest.mark.parametrize("deed", REACHING)
def test_a_decoder_that_is_taken_over_reaches_nothing(children: Children, deed: str, user: int, victim: Victim) -> None:
    before = victim.state()
    inspector = children.inspector(user)
    assert decoder_tries(inspector, deed, victim) is REFUSED
    assert victim.state() == before
    assert inspector.inspect([JPEG], MediaType.JPEG).ok, "the next file is judged"


@pytest.mark.parametrize("deed", REACHING)
def test_a_printer_that_is_taken_over_reaches_nothing(children: Children, deed: str, user: int, victim: Victim) -> None:
    before = victim.state()
    assert printer_tries(children.printer(user), deed, victim) == "refused"
    assert victim.state() == before


@pytest.mark.parametrize("deed", REACHING)
def test_where_no_wall_stands_each_deed_comes_through(children: Children, deed: str, roots: Victim) -> None:
    if deed not in MOST_LIMITED:
        assert decoder_tries(children.inspector(ROOT, "none"), deed, roots) is not REFUSED


MOST_LIMITED = frozenset({"take much memory", "raise a limit"})
"""What the limits refuse a decoder even where no wall of the kernel's stands."""


@pytest.mark.parametrize("deed", FILES)
def test_the_second_wall_holds_without_the_first(children: Children, deed: str, roots: Victim) -> None:
    before = roots.state()
    assert decoder_tries(children.inspector(ROOT, "landlock"), deed, roots) is REFUSED
    assert printer_tries(children.printer(ROOT, "landlock"), deed, roots) == "refused"
    assert roots.state() == before


def reader_tries(deed: str, victim: Victim, user: int, standing: str = "both") -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ocr, "CHILD", ("-I", str(_HERE / "exploited_ocr.py"), str(user), standing))
        return ocr.read_page(victim.target.order(deed))


@pytest.mark.parametrize("deed", REACHING)
def test_a_reader_of_pages_that_is_taken_over_reaches_nothing(deed: str, user: int, victim: Victim) -> None:
    before = victim.state()
    assert reader_tries(deed, victim, user) == "refused"
    assert victim.state() == before


@pytest.mark.parametrize("deed", FILES)
def test_of_a_reader_too_the_second_wall_holds_without_the_first(deed: str, roots: Victim) -> None:
    before = roots.state()
    assert reader_tries(deed, roots, ROOT, "landlock") == "refused"
    assert roots.state() == before


@pytest.mark.parametrize("deed", ["read a file", "connect", "become a program", "end the hub"])
def test_a_reader_without_walls_reaches_what_it_wants(deed: str, roots: Victim) -> None:
    assert reader_tries(deed, roots, ROOT, "none") != "refused"


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Printer]:
    """Whose child is taken over, and those after it as well."""
    monkeypatch.setattr(printing, "PRINT_SERVER", (str(_HERE / "exploited_printer.py"), str(os.getuid()), "both"))
    made = Printer()
    yield made
    made.close()


def test_a_printer_reads_libraries_and_nothing_of_the_hub(printer: Printer, roots: Victim) -> None:
    assert printer.print_pdf(f"read:{printing.__file__}")
    for path in (f"{roots.target.place}/kept", f"/proc/{roots.process.pid}/environ", "/etc/passwd", "/etc/hostname"):
        with pytest.raises(Unusable, match="PermissionError"):
            printer.print_pdf(f"read:{path}")


@pytest.mark.parametrize("answer", ["much", "something else"])
def test_a_printer_that_answers_with_too_much_or_no_pdf_is_not_believed(printer: Printer, answer: str) -> None:
    with pytest.raises(Unusable, match="the printer answers with"):
        printer.print_pdf(answer)
    assert printer.print_pdf(_PAGE)
