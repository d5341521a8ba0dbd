"""Two hosts of one hub on this machine: each a network of its own, with a cable between them.

Each network is made by a thread and gone with it. Its loopback and its 10.x address are inside it alone, so nothing
here opens a socket on the machine's own network, or reaches anything beyond.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
import urllib3

from tests.dying_together import dying_with_us
from tests.jobs.waiting import PATIENTLY_S
from tests.storage.postgres_server import PostgresServer, new_place, start_postgres
from tests.storage.s3_server import BUCKET, S3Server, require_bucket, start_s3
from tests.weather.serving import SECRET, Answer, Program

WEB_PORT, BANK_PORT = 8000, 9000
_FIRST, _SECOND = "10.99.0.1", "10.99.0.2"
_CABLE = "hub0"
_CLONE_NEWNET = 0x40000000
_SAYS_WHETHER = f"ip link add {_CABLE} type veth peer name {_CABLE}-far && ip addr add {_FIRST}/30 dev {_CABLE}"
# libfaketime refuses a wait until a moment of the steady clock, which is how Python sleeps; waiting for an event goes.
_SLEEP = """import threading
import time


def sleep(seconds):
    threading.Event().wait(seconds)


time.sleep = sleep
"""
_FAKE_TIME = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1")
T = TypeVar("T")


def why_not() -> str | None:
    """Why there can be no second host here; None where there can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "networks of their own take Linux and root"
    if not all(map(shutil.which, ("ip", "unshare"))):
        return "there is no ip or no unshare: install iproute2 and util-linux"
    tried = subprocess.run(["unshare", "--net", "sh", "-c", _SAYS_WHETHER], capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else f"no network of its own with a cable: {tried.stderr.strip()}"


def fake_time_library() -> Path | None:
    """What makes a program take the time for another; None where it is not installed."""
    found = (path for pattern in _FAKE_TIME for path in sorted(Path("/").glob(pattern.lstrip("/"))))
    return next(found, None)


def _leave_the_network() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no network of its own")
    _ip("link", "set", "lo", "up")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Network:
    """A network that is reached by what it does alone: `do` runs in it, and so do the processes started there."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"at-{address}", initializer=_leave_the_network)
        self.thread_id = self.do(threading.get_native_id)

    def do(self, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """What `function` gives, called inside of it."""
        return self._thread.submit(function, *arguments, **named).result()

    def plug(self) -> None:
        """Its end of the cable is in."""
        self.do(_ip, "link", "set", _CABLE, "up")

    def unplug(self) -> None:
        """Its end of the cable is out: nothing comes or goes."""
        self.do(_ip, "link", "set", _CABLE, "down")

    def close(self) -> None:
        """It is gone once the last process in it is."""
        self._thread.shutdown()


@contextmanager
def two_networks() -> Iterator[tuple[Network, Network]]:
    """Two of them with a cable in between."""
    with ExitStack() as opened:
        made = Network(_FIRST), Network(_SECOND)
        for each in made:
            opened.callback(each.close)
        one, two = made
        one.do(_ip, "link", "add", _CABLE, "type", "veth", "peer", "name", _CABLE, "netns", str(two.thread_id))
        for each in made:
            each.do(_ip, "addr", "add", f"{each.address}/30", "dev", _CABLE)
            each.plug()
        yield made


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """PostgreSQL and S3 on the first host, reached from both."""

    postgres: PostgresServer
    s3: S3Server

    def url(self, database: str) -> str:
        """The database's address for either host."""
        return self.postgres.url(database).replace("127.0.0.1", _FIRST)

    @property
    def s3_settings(self) -> dict[str, str]:
        """What either host needs to know of the store."""
        there = self.s3.endpoint_url.replace("127.0.0.1", _FIRST)
        return {**self.s3.environment, "HUB_EVIDENCE_URL": f"s3://{BUCKET}/hub", "HUB_S3_ENDPOINT_URL": there}


@contextmanager
def servers_on(network: Network) -> Iterator[Servers]:
    """The servers that both hosts share, ended afterwards."""
    with ExitStack() as opened:
        place = new_place()
        opened.callback(shutil.rmtree, place, ignore_errors=True)
        who = place / "hba.conf"
        who.write_text("".join(f"host all all {each} trust\n" for each in ("127.0.0.1/32", f"{_FIRST}/30")))
        who.chmod(0o644)
        postgres = network.do(start_postgres, {"listen_addresses": "*", "hba_file": str(who)})
        opened.callback(postgres.stop)
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="hub-s3-")))
        s3 = network.do(start_s3, folder, "-ip.bind=0.0.0.0")
        opened.callback(s3.process.wait, 30)
        opened.callback(s3.process.kill)
        with pytest.MonkeyPatch.context() as patch:
            for name, value in s3.environment.items():
                patch.setenv(name, value)
            network.do(require_bucket, s3, folder)
        yield Servers(postgres=postgres, s3=s3)


@dataclass(kw_only=True)
class At(Program):
    """A program that stands on the same host as the web that it calls."""

    network: Network

    def call(self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        return self.network.do(super().call, method, path, body=body, headers=headers)


@dataclass(kw_only=True)
class Host:
    """One host: its own home, and its `hub` processes by name. `off_s`: how far its clock is ahead."""

    network: Network
    home: Path
    settings: Mapping[str, str]
    off_s: int = 0
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told, and no other HUB_ variable."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        return {**kept, "HUB_HOME": str(self.home), "HUB_SECRET_KEYS": SECRET, **self.settings, **self._time()}

    def _time(self) -> dict[str, str]:
        if not self.off_s:
            return {}
        first = self.home / "read-by-python-first"
        first.mkdir(exist_ok=True)
        (first / "sitecustomize.py").write_text(_SLEEP)
        told = {"FAKETIME": f"{self.off_s:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
        return {**told, "LD_PRELOAD": str(fake_time_library()), "PYTHONPATH": str(first)}

    def start(self, name: str, *words: str) -> None:
        """`hub name` with those words runs on it."""
        self._running[name] = self.network.do(self._started, name, *words)

    def _started(self, *words: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                dying_with_us([sys.executable, "-u", "-m", "hub", *words], signal.SIGTERM),
                cwd=self.home, stdout=log, stderr=log, env=self.environment,
            )  # fmt: skip

    @property
    def log(self) -> Path:
        """What all its processes said."""
        return self.home / "said.log"

    @property
    def said(self) -> str:
        """The end of the same."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]

    def runs(self, name: str) -> bool:
        """Whether the process has not ended, of whatever."""
        return self._running[name].poll() is None

    def end(self, name: str) -> int:
        """The process was asked to end; gives its status."""
        self._running[name].send_signal(signal.SIGTERM)
        return self._running.pop(name).wait(PATIENTLY_S)

    def kill(self) -> None:
        """No process of it is left."""
        for process in self._running.values():
            process.kill()
            process.wait(PATIENTLY_S)
        self._running.clear()

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A `hub` command beside those that serve."""
        return self.network.do(
            subprocess.run, [sys.executable, "-m", "hub", *words], cwd=self.home, env=self.environment,
            text=True, capture_output=True, check=False, timeout=PATIENTLY_S,
        )  # fmt: skip

    def program(self, token: str) -> At:
        """A program with that token that calls the web of this host."""
        return At(network=self.network, address=f"http://127.0.0.1:{WEB_PORT}", token=token)

    def is_up(self) -> bool:
        """Whether its web takes calls."""
        try:
            return self.program("").get("/readyz").status == 200
        except urllib3.exceptions.HTTPError:
            return False
