"""A machine that systemd boots, in namespaces of its own: on it the document of docs/deploy is tried word for word."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy import DEPLOY
from tests.dying_together import dying_with_us
from tests.jobs.waiting import wait_until

_HERE = Path(__file__).parent
_NEW = ("--mount", "--pid", "--fork", "--net", "--uts", "--ipc", "--cgroup", "--propagation", "private")
_NEEDED = ("unshare", "nsenter", "setpriv", "pivot_root", "ip", "nginx", "curl", "git", "openssl", "clamd",
           "pgbouncer", "pg_createcluster")  # fmt: skip
# Each kind of mount that `machine.sh` makes.
_TRIED = """
mount -t tmpfs tmpfs /mnt
cd /mnt
mkdir upper work root
mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root
mount -t proc proc root/proc
mount -t sysfs -o ro sysfs root/sys
mount -t cgroup2 cgroup2 root/sys/fs/cgroup
"""
_SBIN = "/usr/sbin:/sbin:/usr/local/sbin:/usr/bin:/bin"
PYTHON = Path(f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}")


def why_not() -> str | None:
    """What keeps this machine from booting another one in itself; None where nothing does."""
    if os.geteuid() != 0:
        return "only root may boot a machine"
    lacking = [each for each in _NEEDED if shutil.which(each, path=_SBIN) is None]
    lacking += [str(each) for each in (Path("/lib/systemd/systemd"), PYTHON) if not each.exists()]
    if lacking:
        return f"this machine has no {', '.join(lacking)}"
    if _cgroups() is None:
        return "this machine has no second version of cgroups that can be written to"
    said = subprocess.run(["unshare", *_NEW, "sh", "-euc", _TRIED], capture_output=True, text=True, check=False)
    return None if said.returncode == 0 else f"the kernel forbids it: {said.stderr.strip()}"


def _cgroups() -> Path | None:
    found = [Path(each) for each in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")]
    return next((each for each in found if (each / "cgroup.procs").exists() and os.access(each, os.W_OK)
                 and (each / "cgroup.controllers").exists()), None)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A machine that runs; `pid` is its first process, as we see it."""

    pid: int

    def run(self, script: str, *, status: int = 0) -> str:
        """What a root shell there says that was given these lines; it ends at the first that fails."""
        said = self._shell(script)
        if said.returncode != status:
            journal = self._shell("journalctl -q -n 40 -o cat").stdout
            pytest.fail(f"{said.returncode}: {script}\n{said.stdout}\n{said.stderr}\n{journal}")
        return said.stdout

    def is_up(self) -> bool:
        """Whether all that a boot starts is there, or has failed."""
        return self._shell("systemctl is-system-running").stdout.strip() in ("running", "degraded")

    def _shell(self, script: str) -> "subprocess.CompletedProcess[str]":
        command = ["nsenter", "-t", str(self.pid), "-m", "-p", "-n", "-u", "-i", "-C", "--", "/bin/bash", "-eu"]
        around = {"PATH": f"/usr/local/sbin:/usr/local/bin:{_SBIN}", "HOME": "/root", "LC_ALL": "C.UTF-8"}
        # Where the document stands from its second step on.
        begun = f"cd /opt/hub 2>/dev/null || cd\n{script}"
        return subprocess.run(
            command, input=begun, env=around, capture_output=True, text=True, timeout=300, check=False
        )  # fmt: skip


@contextmanager
def booted(folders: Mapping[str, Path]) -> Iterator[Machine]:
    """A machine of this Debian, `folders` below its /opt by their names. Nothing of it is left afterwards."""
    cgroups = _cgroups()
    assert cgroups is not None
    of_ours = cgroups / f"hub-test-{os.getpid()}"
    of_ours.mkdir()
    place = Path(tempfile.mkdtemp(prefix="hub-machine-"))
    given = [f"{name}={folder}" for name, folder in folders.items()]
    within = f'echo $$ >{of_ours}/cgroup.procs; exec unshare {" ".join(_NEW)} --kill-child bash "$@"'
    command = ["bash", "-c", within, "bash", str(_HERE / "machine.sh"), str(place), *given]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            dying_with_us(command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_until(lambda: _child(process.pid) is not None or process.poll() is not None, what="a first process")
            pid = _child(process.pid)
            assert pid is not None, log.seek(0) or log.read()
            machine = Machine(pid=pid)
            wait_until(
                lambda: process.poll() is not None or (_is_systemd(pid) and machine.is_up()),
                what="a boot",
                within_s=150,
            )
            assert process.poll() is None, log.seek(0) or log.read()
            yield machine
        finally:
            with suppress(ProcessLookupError):
                os.kill(_child(process.pid) or process.pid, signal.SIGKILL)
            process.wait(timeout=60)
            wait_until(lambda: _swept(of_ours), what="the last of its processes to be gone")
            place.rmdir()


def _child(pid: int) -> int | None:
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return None
    return int(found[0]) if found else None


def _is_systemd(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text() == "systemd\n"
    return False


def _swept(group: Path) -> bool:
    for folder, _, _ in os.walk(group, topdown=False):
        with suppress(OSError):
            Path(folder).rmdir()
    return not group.exists()


def blocks(heading: str) -> list[str]:
    """The blocks of commands that the document has under this heading, as they stand there."""
    text = (DEPLOY / "README.md").read_text(encoding="utf-8")
    below = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
    assert below is not None, heading
    return re.findall(r"^```sh\n(.*?)^```$", below[1], re.MULTILINE | re.DOTALL)


def steps(*headings: str) -> str:
    """All commands under these headings."""
    return "".join(block for heading in headings for block in blocks(heading))


def changed(script: str, changes: Mapping[str, str]) -> str:
    """The script with what only the reader knows put in; each word has to be there."""
    for written, ours in changes.items():
        assert written in script, written
        script = script.replace(written, ours)
    return script
