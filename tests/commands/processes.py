"""A `hub` command as a process of its own, and callers who take their time."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.dying_together import dying_with_us
from tests.jobs.waiting import PATIENTLY_S


class Process:
    """A `hub` command that goes on until it is asked to end."""

    def __init__(self, folder: Path, words: tuple[str, ...]) -> None:
        self.log = folder / f"{words[0]}.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                dying_with_us([sys.executable, "-u", "-m", "hub", *words], signal.SIGTERM),
                cwd=folder, stdout=log, stderr=log, env=dict(os.environ),
            )  # fmt: skip

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    @property
    def address(self) -> str | None:
        found = re.search(r"http://127\.0\.0\.1:[1-9]\d*", self.said)
        return found and found[0]

    @property
    def children(self) -> set[int]:
        """The ids of the processes that it started and that run."""
        pid = self._process.pid
        return {int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}

    def send(self, number: int) -> None:
        self._process.send_signal(number)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.send(number)
        return self._process.wait(PATIENTLY_S)

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(PATIENTLY_S)


StartHub = Callable[..., Process]


def status_of(address: str, path: str) -> int:
    """The status of that page; an answer that does not come is an error."""
    with urllib.request.urlopen(address + path, timeout=20) as answer:
        return int(answer.status)


def answers(address: str) -> bool:
    """Whether anybody answers at `address`."""
    with suppress(OSError):
        return status_of(address, "/healthz") == 200
    return False


def said_to(port: int, sent: bytes) -> socket.socket:
    """A connection on which `sent` was sent and nothing else."""
    made = socket.create_connection(("127.0.0.1", port), timeout=60)
    made.sendall(sent)
    return made


def heard_from(connection: socket.socket) -> bytes:
    """Everything that comes until the other side closes the connection, which is closed on this side as well."""
    heard = b""
    with connection, suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            heard += piece
    return heard
