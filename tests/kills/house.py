"""A hub under test: its home, its database, and the processes that serve it and are killed."""

from __future__ import annotations

import signal
import subprocess
import threading
import time as seconds
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import time, timedelta
from pathlib import Path

import sqlalchemy as sa

from hub.clocks import MovableClock
from hub.domain.actor import HUB
from hub.domain.china import china_day, china_instant
from hub.domain.preferences import NoticeChannel
from hub.mail.kinds import MailKind
from hub.settings import Settings, parse_settings
from hub.steps import KILLED
from hub.wiring import Hub
from storage import due_mails, viewing_copies
from storage.records import MailRecord
from tests.jobs.waiting import PATIENTLY_S
from tests.kills.warm import Process, kill_all

SECRET = "a-secret-of-the-kills-that-is-long-enough-to-be-one"
# A worker looks for the work of dead ones every fifteen seconds, and mails go out every five.
WORK_DONE_WITHIN_S = 180.0
_DIED = (KILLED, -signal.SIGKILL)


class House:
    """One hub, its processes by name. Those that died are started again by `revive`, unless they were let go."""

    def __init__(self, home: Path, database_url: str | None, port: int) -> None:
        """`database_url` None is the embedded default's own file."""
        self.home = home
        self.port = port
        self._database_url = database_url
        self._kept: dict[str, tuple[str, ...]] = {}
        self._running: dict[str, Process] = {}
        self.deaths: list[str] = []
        self._hurt: set[str] = set()
        self._standing_by = threading.Event()

    @property
    def environment(self) -> Mapping[str, str]:
        """The HUB_ settings of every process."""
        own = {} if self._database_url is None else {"HUB_DATABASE_URL": self._database_url}
        return {"HUB_HOME": str(self.home), "HUB_SECRET_KEYS": SECRET, **own}

    @property
    def settings(self) -> Settings:
        """The same settings, read."""
        return parse_settings(self.environment)

    @property
    def log(self) -> Path:
        """What all processes said."""
        return self.home / "said.log"

    def start(self, name: str, *words: str, crash: str | None = None, database_url: str | None = None) -> None:
        """`hub` with those words runs under that name; it dies at the step `crash`, its successors do not.

        `database_url`: another way to the same database, of this process alone.
        """
        self._kept[name] = words
        environment = dict(self.environment) | ({} if crash is None else {"TEST_CRASH_AT": crash})
        if database_url is not None:
            environment["HUB_DATABASE_URL"] = database_url
        self._running[name] = Process(words, environment, self.log)

    def revive(self) -> None:
        """Whatever died runs again. Fails where a process ended otherwise than by a kill."""
        for name, process in list(self._running.items()):
            if process.runs:
                continue
            self._died(name, process)
            self.start(name, *self._kept[name])

    def _died(self, name: str, process: Process) -> None:
        fits = process.status in _DIED or name in self._hurt
        assert fits, f"{name} ended with {process.status}: {self._last_words()}"
        self._hurt.discard(name)
        self.deaths.append(name)

    def _last_words(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]

    def kill(self, name: str) -> None:
        """The process is gone without having been asked, and `revive` will start it again."""
        self._running[name].kill()

    def hurt(self, name: str, pid: int) -> None:
        """A process that the named one started is gone; the named one may go on, or end for that."""
        self._hurt.add(name)
        kill_all([pid])

    def let_go(self, name: str) -> None:
        """The process is gone for good."""
        self._running[name].kill()
        self._died(name, self._running.pop(name))

    def ended_by_itself(self, name: str) -> bool:
        """Whether the process has ended as if it had been asked to; then it is not kept any more."""
        process = self._running[name]
        if process.runs:
            return False
        assert process.status == 0, f"{name} ended with {process.status}: {self._last_words()}"
        del self._running[name]
        return True

    def stand_by(self, seconds: float) -> None:
        """So much time has passed, in which nobody was killed."""
        self._standing_by.wait(seconds)

    def process(self, name: str) -> Process:
        """The process that runs under the name now."""
        return self._running[name]

    @property
    def names(self) -> list[str]:
        """The names of the processes that are kept running."""
        return sorted(self._running)

    def end(self) -> None:
        """Every process was asked to end, and ended with zero unless it had been killed before."""
        for name in self.names:
            process = self._running.pop(name)
            status = process.end()
            if status != 0:
                self._died(name, process)

    def destroy(self) -> None:
        """No process is left, whatever it was doing."""
        for process in self._running.values():
            if process.runs:
                process.kill()
        self._running.clear()

    def command(self, *words: str) -> int:
        """The status that `hub` with those words ends with; what it says is in the log."""
        process = Process(words, self.environment, self.log)
        deadline = seconds.monotonic() + PATIENTLY_S
        while process.runs:
            assert seconds.monotonic() < deadline, f"{words} does not end"
            seconds.sleep(0.01)
        assert process.status is not None
        return process.status

    def wait_until(self, condition: Callable[[], object], *, what: str) -> None:
        """The condition holds; processes that die meanwhile are started again."""
        deadline = seconds.monotonic() + WORK_DONE_WITHIN_S
        while not condition():
            self.revive()
            assert seconds.monotonic() < deadline, f"waited in vain for {what}: {self._last_words()}"
            seconds.sleep(0.05)

    def mails_due(self) -> bool:
        """Whether a mail is due that was not sent, in a worker's hands or not."""
        with self.opened() as hub, hub.reading(HUB) as tx:
            free = hub.real_clock.now() + timedelta(days=1)
            return any(
                due_mails.any_due(tx, channel, list(MailKind), real_now=free) for channel in (None, *NoticeChannel)
            )

    def let_go_of_mails(self) -> None:
        """No mail is in a worker's hands."""
        with self.opened() as hub, hub.writing(HUB) as tx:
            due_mails.let_go(tx, list(tx.session.scalars(sa.select(MailRecord.id))))

    def in_the_persons_hours(self) -> None:
        """By the hub's clock it is ten in the morning of tomorrow in China, whatever the hour is here.

        Mails that wait for somebody's hours are put off again when they are sent outside of them.
        """
        with self.opened() as hub:
            assert isinstance(hub.clock, MovableClock)
            now = hub.clock.now()
            hub.clock.advance(china_instant(china_day(now) + timedelta(days=1), time(10)) - now)

    @contextmanager
    def opened(self) -> Iterator[Hub]:
        """A hub on the same database and folder beside the processes, closed again afterwards."""
        hub = Hub(self.settings)
        try:
            yield hub
        finally:
            hub.close()

    def wait_for_work(self) -> None:
        """No job waits, none is being done and no page is to be drawn. Fails once the same have been open too long."""
        with self.opened() as hub:
            while jobs := _jobs_open(hub):
                self.wait_until(lambda: _jobs_open(hub) != jobs, what=f"the work to be done: {jobs}")


def _jobs_open(hub: Hub) -> list[str]:
    schema = "" if hub.settings.on_sqlite else "dbos."
    query = sa.text(
        f"SELECT workflow_uuid || ' ' || status || ' ' || coalesce(executor_id, '') FROM {schema}workflow_status "
        "WHERE name = 'run_job' AND status IN ('ENQUEUED', 'DELAYED', 'PENDING') ORDER BY 1"
    )
    # A look must not take the write lock that the hub itself may be waiting for.
    with hub.reading(HUB) as tx:
        return [*tx.session.execute(query).scalars(), *viewing_copies.list_waiting(tx, limit=100)]


def living(pids: Sequence[int]) -> list[int]:
    """Those of the processes that still run."""
    said = subprocess.run(
        ["ps", "-o", "pid=,stat=", "-p", ",".join(map(str, pids)) or "0"], capture_output=True, text=True, check=False
    )
    # One that has ended and that nobody asked after yet is a zombie.
    return [int(line.split()[0]) for line in said.stdout.splitlines() if not line.split()[1].startswith("Z")]


def children_of(pid: int) -> list[int]:
    """The processes that this one started and that still run."""
    said = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in said.stdout.split()]
