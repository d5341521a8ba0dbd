"""What breaks out of a decoder or a printer can do nothing with it: each deed is tried, and refused by the kernel."""

import ctypes
import os
import platform
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from hub.documents.system_calls import COMPUTING, LOOKED_INTO, READING, can_filter

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_filter(), reason="this kernel has no filter for system calls"),
]

# What stands in front of every deed: raw system calls, as a break-out makes them.
_TOOLS = """
import ctypes, os, pathlib, resource, signal, socket, sys, threading
from hub.documents import confinement
library = ctypes.CDLL(None, use_errno=True)
hub = int(sys.argv[1])
place = sys.argv[2]

def call(name, *arguments):
    if getattr(library, name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), name)

class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

there = ctypes.create_string_buffer(16)
vector = Vector(ctypes.addressof(there), 16)
held = os.memfd_create("held")
clone = 56 if sys.argv[3] == "x86_64" else 220
"""

# What a printer needs, or may; `test_break_outs` has what neither can.
COMPUTING_ALONE = {
    "make a file in memory": "os.memfd_create('x')",
    "make a pipe": "os.pipe()",
    "raise a limit": "resource.setrlimit(resource.RLIMIT_CPU, (60, 60))",
    "take much memory": "bytearray(1600 << 20)",
    "write more than it may": "[os.write(held, bytes(65536)) for _ in range(4)]",
    "ask what a folder holds": "os.listdir(place)",
    "find the way to a file": "os.stat(place)",
}
ALLOWED_TO_READ = {
    "read a file": "os.open('/etc/hostname', os.O_RDONLY)",
    "list a folder": "os.listdir('/usr')",
    "start a thread": "threading.Thread(target=os.getpid).start()",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder that everybody may change, with something in it."""
    tmp_path.chmod(0o777)
    (tmp_path / "kept").write_text("the hub's")
    (tmp_path / "kept").chmod(0o666)
    (tmp_path / "empty").mkdir()
    return tmp_path


def tried(deed: str, wall: str, place: Path) -> str:
    """What came of the deed in a process behind the wall: `refused`, or `done`; the hub is the process that asks."""
    program = _TOOLS + textwrap.dedent(f"""
        {wall}
        try:
            {deed}
        except (OSError, MemoryError, ValueError):
            os.write(1, b"refused")
        else:
            os.write(1, b"done")
        os._exit(0)
    """)
    command = [sys.executable, "-c", program, str(os.getpid()), str(place), platform.machine()]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done
    return done.stdout.decode()


DECODER = "confinement.confine(5, most_written=131072)"
PRINTER = "confinement.let_read([pathlib.Path('/usr'), pathlib.Path('/etc')], memory=1 << 30)"


@pytest.mark.parametrize("deed", COMPUTING_ALONE.values(), ids=list(COMPUTING_ALONE))
def test_what_breaks_out_of_a_decoder_cannot(deed: str, place: Path) -> None:
    before = sorted((path.name, path.stat().st_mode, path.stat().st_size) for path in place.iterdir())
    assert tried(deed, DECODER, place) == "refused"
    assert sorted((path.name, path.stat().st_mode, path.stat().st_size) for path in place.iterdir()) == before


@pytest.mark.parametrize("deed", ALLOWED_TO_READ.values(), ids=list(ALLOWED_TO_READ))
def test_the_printer_can_read(deed: str, place: Path) -> None:
    assert tried(deed, PRINTER, place) == "done"


@pytest.mark.parametrize(
    "deed",
    ["threading.Thread(target=os.getpid).start()", "os.write(held, b'x')", "os.urandom(8)", "bytearray(9 << 20)"],
)
def test_a_decoder_can_compute(deed: str, place: Path) -> None:
    assert tried(deed, DECODER, place) == "done"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only there are calls by other numbers")
@pytest.mark.parametrize("wall", [DECODER, PRINTER])
def test_a_call_by_a_number_of_another_kind_is_no_way_around(wall: str, place: Path) -> None:
    # socket(2), by its number among the calls with narrow pointers.
    assert tried("call('syscall', 0x40000000 + 41, 2, 1, 0)", wall, place) == "refused"


def test_a_filter_stays_whatever_is_asked_for(place: Path) -> None:
    again = "library.prctl(22, 0, 0)\n            os.unlink(place + '/kept')"
    assert tried(again, DECODER, place) == "refused"


def test_the_numbers_of_the_calls_are_those_of_the_kernels_tables() -> None:
    library = ctypes.CDLL("libseccomp.so.2")
    for tables in (COMPUTING, READING, LOOKED_INTO):
        for name, numbers in tables.items():
            for machine, number in zip((0xC000003E, 0xC00000B7), numbers, strict=True):
                known = library.seccomp_syscall_resolve_name_arch(machine, name.encode())
                assert number == (known if known >= 0 else -1), (name, hex(machine))


def test_a_thread_of_before_is_behind_the_filter_too() -> None:
    program = (
        "import os, queue, threading\nfrom hub.documents import system_calls\n"
        "asked, told = queue.Queue(), queue.Queue()\n"
        "def work():\n    asked.get()\n    try:\n        os.pipe2(0), os.fork()\n        told.put('done')\n"
        "    except OSError:\n        told.put('refused')\n"
        "threading.Thread(target=work, daemon=True).start()\n"
        "import ctypes\nctypes.CDLL(None).prctl(38, 1, 0, 0, 0)\n"
        "system_calls.allow_only(system_calls.Calls.TO_READ)\n"
        "asked.put(1)\nos.write(1, told.get().encode())\nos._exit(0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=60)
    assert done.stdout == b"refused"


_HUB = """
import ctypes, os, sys
from hub.documents.confinement import hide_memory
library = ctypes.CDLL(None, use_errno=True)
class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)
# Another user than before is hidden anyway; and a kernel may let children look at nobody who did not say so.
library.prctl(4, 1, 0, 0, 0)
library.prctl(0x59616d61, ctypes.c_ulong(2**64 - 1), 0, 0, 0)
if sys.argv[1] == "hidden":
    hide_memory()
key, ready = ctypes.create_string_buffer(16), os.pipe()
hub, child = os.getpid(), os.fork()
if child == 0:
    os.read(ready[0], 1)
    mine = ctypes.create_string_buffer(16)
    ours, theirs = Vector(ctypes.addressof(mine), 16), Vector(ctypes.addressof(key), 16)
    got = library.process_vm_readv(hub, ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0)
    os.write(1, mine.raw[:6] if got == 16 else b"refused")
    os._exit(0)
key.value = b"secret"
os.write(ready[1], b"x")
os.waitpid(child, 0)
"""


@pytest.mark.parametrize(("state", "seen"), [("open", "secret"), ("hidden", "refused")])
def test_the_memory_of_a_hub_cannot_be_read_by_its_own_user(state: str, seen: str) -> None:
    command = [sys.executable, "-c", _HUB, state]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout.decode().strip() == seen


def test_a_hub_of_the_environment_is_hidden(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = (
        "import ctypes\nfrom hub.wiring import hub_from_environment\nhub_from_environment()\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "home"))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"0"
