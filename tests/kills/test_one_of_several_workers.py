"""Several workers on one PostgreSQL: one is killed with its hands full, or its database is cut off again and again."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import pytest
import sqlalchemy as sa

from storage.claims import LOCK_SPACE
from tests import applications
from tests.kills.conftest import Begin, Snapshots, Visit
from tests.kills.far_bank import FarBank
from tests.kills.findings import faults_of
from tests.kills.house import WORK_DONE_WITHIN_S, House, children_of
from tests.kills.story import body_of
from tests.kills.warm import kill_all
from tests.storage.owner import as_owner
from tests.weather.proxy import Proxy, Weather, proxy_of

pytestmark = pytest.mark.slow

APPLICATIONS = 8
CUTS = 4
# A job is tried three times within three seconds, and waits for a database that is away for longer.
AWAY_S = 8.0
WORKERS = ("first", "second", "third")


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    """What workers have taken and not done: keys of jobs, how many files for a verdict, and how many for anything."""

    jobs: frozenset[str]
    deliveries: frozenset[str]
    prints: frozenset[str]
    verdicts: int
    files: int

    @property
    def is_everything(self) -> bool:
        """Whether there is something of each sort."""
        return bool(self.deliveries and self.prints and self.verdicts)


_TAKEN = sa.text("SELECT workflow_uuid, queue_name FROM dbos.workflow_status WHERE status = 'PENDING'")
_CLAIMED = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = :space AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_JUDGED = f"""
{_CLAIMED} AND objid::bigint IN
(SELECT hashtext('judge:' || id)::bigint & 4294967295 FROM evidence WHERE status = 'checking')
"""


def in_hand(house: House) -> InHand:
    """What it is now."""
    with as_owner(house.settings.database_url) as connection:
        taken = {row.workflow_uuid: row.queue_name for row in connection.execute(_TAKEN)}
        verdicts, files = (
            connection.execute(sa.text(query), {"space": LOCK_SPACE}).scalar_one() for query in (_JUDGED, _CLAIMED)
        )
    deliveries, prints = (frozenset(key for key in taken if taken[key] == queue) for queue in ("deliver", "documents"))
    return InHand(jobs=frozenset(taken), deliveries=deliveries, prints=prints, verdicts=verdicts, files=files)


def submit(visit: Visit, numbers: Iterator[int]) -> None:
    """One more person has sent a file, and an application to both banks."""
    number = next(numbers)
    app = visit.story.app
    file = app.upload(applications.pdf(f"{number}"), kind="payslip", name=f"工资单{number}.pdf")
    app.post("/applications", body_of(100 + number, [file["id"]]))


def frozen_with_its_hands_full(visit: Visit, name: str, numbers: Iterator[int]) -> InHand:
    """The worker stands still with a delivery, a print and a verdict in hand; more files come until it does."""
    house = visit.house
    deadline = time.monotonic() + WORK_DONE_WITHIN_S
    while True:
        house.process(name).send(signal.SIGSTOP)
        found = in_hand(house)
        if found.is_everything:
            return found
        house.process(name).send(signal.SIGCONT)
        assert time.monotonic() < deadline, f"the worker never had something of each sort in hand, at last {found}"
        house.revive()
        if len(found.prints) < 2:
            submit(visit, numbers)
        else:
            visit.story.app.upload(applications.pdf(f"more {next(numbers)}"), kind="payslip", name="流水.pdf")


def runs(house: House) -> dict[str, tuple[str, int]]:
    """By the key of each job: how it stands, and how often it was taken."""
    query = "SELECT workflow_uuid, status, recovery_attempts FROM dbos.workflow_status WHERE name = 'run_job'"
    with as_owner(house.settings.database_url) as connection:
        return {key: (status, taken) for key, status, taken in connection.execute(sa.text(query))}


def without_a_row(house: House) -> int:
    """How many files lie in the store of which no row speaks: what was made over again."""
    spoken_of = sum(count_of(house, table) for table in ("evidence", "clean_copy", "viewing_page", "document"))
    return len(list((house.home / "evidence").glob("??/*"))) - spoken_of


def count_of(house: House, what: str) -> int:
    """How many rows there are of it."""
    with as_owner(house.settings.database_url) as connection:
        return int(connection.execute(sa.text(f"SELECT count(*) FROM {what}")).scalar_one())


def finish(house: House) -> None:
    """Every file has its verdict and its pages, and no job waits."""
    for what in ("evidence WHERE status = 'checking'", "viewing_copy WHERE status = 'waiting'"):
        house.wait_until(lambda what=what: not count_of(house, what), what=what)  # type: ignore[misc]
    house.wait_for_work()


def served(begin: Begin, snapshots: Snapshots) -> Visit:
    """A visit to a hub whose web runs, and that has no worker yet."""
    visit = begin(snapshots["upload"])
    visit.house.start("web", "web", "--port", str(visit.house.port), "--workers", "1")
    return visit


def sent(visit: Visit) -> int:
    """How many applications clients were told that the hub has."""
    return sum(call.deed == "applications" and call.answered for call in visit.story.journal.calls)


def test_the_others_finish_what_a_killed_worker_had_in_hand_and_do_nothing_else_twice(
    postgresql_snapshots: Snapshots, begin: Begin, far_bank: FarBank
) -> None:
    visit, numbers = served(begin, postgresql_snapshots), count()
    house = visit.house
    for _ in range(APPLICATIONS):
        submit(visit, numbers)
    # The bank has the messages and does not answer, so whoever sent one has it in hand, until that worker gives it up.
    far_bank.may_answer.clear()
    first, *others = WORKERS
    house.start(first, "worker")
    had = frozen_with_its_hands_full(visit, first, numbers)
    for name in others:
        house.start(name, "worker")
    house.wait_until(lambda: in_hand(house).jobs - had.jobs, what="the others to have work in hand, too")
    children = children_of(house.process(first).pid)
    house.let_go(first)
    kill_all(children)
    far_bank.may_answer.set()

    finish(house)
    done = runs(house)
    had_jobs = had.jobs & done.keys()
    assert {done[key][0] for key in had_jobs} == {"SUCCESS"}
    said = house.log.read_text()
    if not any(words in said for words in ("lease was lost", "claims was lost")):
        # On a machine that gives a worker nothing for fifteen seconds, others have what it had in hand; for twenty, it
        # may be taken for dead, too.
        assert {done[key][1] for key in had_jobs} == {2}
        assert {taken for key, (_, taken) in done.items() if key not in had_jobs} == {1}
        copies = Counter(copy.id for copy in far_bank.copies)
        given_up = said.count('"delivery failed"')
        assert copies.total() - len(copies) <= len(had.deliveries) + given_up
        assert 0 <= without_a_row(house) <= len(had.prints) + had.files
    assert far_bank.faults_of(submitted=sent(visit)) == []
    assert faults_of(house, visit.story) == []


@contextmanager
def way_through(house: House) -> Iterator[tuple[Proxy, str]]:
    """A proxy before the house's database, and the database's address by it."""
    url = sa.make_url(house.settings.database_url)
    assert url.port is not None
    with proxy_of(url.port) as proxy:
        yield proxy, url.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)


def test_a_worker_whose_database_is_cut_off_again_and_again_goes_on_by_itself_and_does_nothing_twice(
    postgresql_snapshots: Snapshots, begin: Begin, far_bank: FarBank
) -> None:
    visit, numbers = served(begin, postgresql_snapshots), count()
    house = visit.house
    with way_through(house) as (proxy, url):
        far_bank.may_answer_first.clear()
        house.start("worker", "worker", database_url=url)
        for cut in range(CUTS):
            submit(visit, numbers)
            house.wait_until(lambda: in_hand(house).jobs, what="the worker to begin")
            if cut % 2:
                proxy.cut_all()
                continue
            with proxy.during(Weather(refuses=True)):
                # The first time the bank has something in hand for the worker that knows no database to tell.
                far_bank.may_answer_first.set()
                house.stand_by(AWAY_S)
        finish(house)
        assert house.process("worker").runs
        assert house.deaths == []
        assert {status for status, _ in runs(house).values()} == {"SUCCESS"}
        assert far_bank.faults_of(submitted=sent(visit)) == []
        assert faults_of(house, visit.story) == []
