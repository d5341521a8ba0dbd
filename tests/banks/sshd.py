"""A real SFTP server for the tests: Debian's sshd as whoever runs the tests, on a free loopback port.

Import the fixture `sshd` where it is wanted; each test has folders and keys of its own.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tests.dying_together import dying_with_us
from tests.storage.postgres_server import free_port

STARTED_WITHIN_S = 60.0
FOLDERS = ("out", "in", "done")

_CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {host_key}
AuthorizedKeysFile {authorized}
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PrintMotd no
LoginGraceTime 20
MaxStartups 100
Subsystem sftp internal-sftp
ForceCommand internal-sftp
"""

PrivateKey = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def write_key(path: Path, key: PrivateKey | None = None, form: PrivateFormat = PrivateFormat.OpenSSH) -> str:
    """The private key lies at `path`, an Ed25519 one unless another is given; gives its public line."""
    made = key or ed25519.Ed25519PrivateKey.generate()
    path.touch(mode=0o600)
    path.write_bytes(made.private_bytes(Encoding.PEM, form, NoEncryption()))
    return made.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


@dataclass
class Sshd:
    """A server below `root`, with the folders out, in and done. It may be stopped and started again."""

    root: Path
    port: int
    host_key: str = ""
    process: subprocess.Popen[bytes] | None = None
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in FOLDERS:
            (self.root / name).mkdir()
        self.host_key = write_key(self.root / "host_key")
        self.authorize(write_key(self.root / "our_key"))
        self.settings = {
            "host": "127.0.0.1",
            "port": str(self.port),
            "user": pwd.getpwuid(os.getuid()).pw_name,
            "our_private_key": str(self.root / "our_key"),
            "host_key": self.host_key,
            **{f"{name}_dir": str(self.root / name) for name in FOLDERS},
        }

    def authorize(self, *lines: str) -> None:
        """These public keys alone may sign in."""
        (self.root / "authorized").write_text("\n".join(lines) + "\n")

    def folder(self, name: str) -> Path:
        return self.root / name

    def names(self, name: str) -> list[str]:
        """The names of all files below a folder."""
        folder = self.folder(name)
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    def start(self) -> None:
        """It listens."""
        config = self.root / "sshd_config"
        config.write_text(
            _CONFIG.format(port=self.port, host_key=self.root / "host_key", authorized=self.root / "authorized")
        )
        if os.getuid() == 0:
            # Root's sshd gives its privileges away in this folder, which the system makes at boot.
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        with (self.root / "log").open("ab") as log:
            self.process = subprocess.Popen(
                dying_with_us([_program(), "-D", "-e", "-f", str(config), *_without_penalties(config)]),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_up()

    def stop(self) -> None:
        """It listens no more, and its connections are cut."""
        if self.process is not None:
            self.cut_all()
            self.process.kill()
            self.process.wait(timeout=10)
            self.process = None

    def cut_all(self) -> None:
        """Every connection is cut; the server goes on."""
        parents = _parents()
        below = [self.process.pid] if self.process is not None else []
        for pid in below:
            below.extend(child for child, parent in parents.items() if parent == pid)
        for pid in below[1:]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + STARTED_WITHIN_S
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                    if probe.recv(3) == b"SSH":
                        return
            except OSError:
                pass
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"sshd did not start: {(self.root / 'log').read_text()[-2000:]}")
            time.sleep(0.02)


def _program() -> str:
    # A system's daemons are not on everybody's path, and sshd starts itself again by its whole name.
    found = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise RuntimeError("there is no sshd: install openssh-server")
    return found


def _without_penalties(config: Path) -> list[str]:
    """Newer servers shut out an address that failed too often, which here is everybody's; older ones know no such."""
    option = ["-o", "PerSourcePenalties=no"]
    tried = subprocess.run([_program(), "-t", "-f", str(config), *option], capture_output=True, check=False)
    return option if tried.returncode == 0 else []


def _parents() -> dict[int, int]:
    """The parent of every process there is."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name, in brackets, may hold anything.
            found[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    return found


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[Sshd]:
    """A server that listens, with empty folders; stopped at the end."""
    root = tmp_path / "bank"
    root.mkdir()
    server = Sshd(root, free_port())
    server.start()
    yield server
    server.stop()
