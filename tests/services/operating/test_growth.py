"""Nothing that runs by itself or is shown of all reads a whole table: of a great many cases as much as of a few."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.demo import demonstration
from hub.domain.actor import HUB
from hub.domain.china import china_day
from hub.domain.clock import FixedClock
from hub.domain.paging import Page
from hub.domain.payment_standing import Following
from hub.services.doubts import looking
from hub.services.erasure import retention
from hub.services.log_heads import signing
from hub.services.operating import answered_weeks
from hub.services.reading.bank import answers
from hub.services.reading.operator import mails as operator_mails
from hub.services.reading.operator.clocks import clock_page, clocks_of_bank
from hub.services.reading.operator.figures import figures, log_figures
from hub.services.reading.operator.mails import SHOWN, mail_counts, mail_page
from hub.services.reading.operator.tally import tally_of
from hub.services.transaction import HubTransaction
from hub.settings import Settings
from hub.wiring import Hub
from hub.work.jobs import jobs_of, schedules_of, sweeps_of, wake_of, watches_of
from storage import answers as stored_answers
from storage import banks as bank_rows
from storage import clock_counts, followed_agreements
from storage.records import EvidenceTraceRecord, GivenEvidenceRecord
from tests import applications
from tests.conftest import SECRET, START, SentMessages
from tests.jobs.draining import run_waiting
from tests.jobs.working_off import drawn_as_one_page, taken_for_clean
from tests.services.operating.grown import TWIN, Meter, end_others, multiply
from tests.storage.postgres_server import PostgresServer

pytestmark = pytest.mark.slow
TIMES = 60
_MANY = 1000
COUNTED = {
    # What is open, by its index, and the answers of this month: in the demo nearly all there is.
    "tally": {"negotiation", "clock"},
    "answers": {"clock"},
    "figures": {"negotiation", "service_request"},
}
"""What is counted whole, by who counts it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A hub with a great many cases of which nothing is due, and how many rows its tables have."""

    hub: Hub
    meter: Meter
    rows: Mapping[str, int]


def runs_of(hub: Hub) -> dict[str, Callable[[], object]]:
    """Everything that a worker runs by itself and what is asked for metrics, by name."""
    schedules = {name: each.run for name, each in schedules_of(hub).items()}
    watches = {**watches_of(hub, inspect=taken_for_clean, draw=drawn_as_one_page), **sweeps_of(hub)}
    return {
        **{name: (lambda run=run: run(hub.real_clock.now())) for name, run in schedules.items()},  # type: ignore[misc]
        **{name: each.run for name, each in watches.items()},
        "wake": wake_of(hub),
        "figures": lambda: _ask(hub, lambda tx: figures(tx, real_now=hub.real_clock.now())),
        "log_figures": lambda: _ask(hub, log_figures),
    }


def _ask(hub: Hub, question: Callable[[HubTransaction], object]) -> None:
    with hub.reading(HUB) as tx:
        question(tx)


@pytest.fixture(scope="module")
def grown(migrated_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    home = tmp_path_factory.mktemp("grown")
    address = migrated_server.create_database("grown", template="migrated")
    clock = FixedClock(START)
    hub = Hub(_settings(home, address), clock=clock, sms=SentMessages([]))
    hub.print_pdf = lambda html: applications.pdf()
    outside = sa.create_engine(address, poolclass=sa.NullPool)
    try:
        demonstration.fill(hub, printer=lambda _: applications.pdf())
        settle(hub, clock)
        with hub.writing(HUB) as tx:
            bank_rows.add_bank(tx, code=TWIN, name_zh="副本银行", name_en="Twin", adapter="portal", settings={})
        rows = multiply(outside, TIMES)
        # What it said of the database stands in new connections alone.
        hub.database.engine.dispose()
        end_others(outside)
        # The weeks of the bank of the copies are counted once and for all.
        answered_weeks.count_weeks(hub)
        yield Grown(hub=hub, meter=Meter(hub.database.engine, outside), rows=rows)
    finally:
        hub.close()
        outside.dispose()
        migrated_server.drop_database("grown")


def _settings(home: Path, address: str) -> Settings:
    return Settings(home=home, database_url=address, evidence_url=f"file://{home / 'evidence'}", secret_keys=SECRET)


def settle(hub: Hub, clock: FixedClock) -> None:
    """All that is due has been done, and heads cover every chain: what jobs wrote last would wait an hour for one."""
    jobs = jobs_of(hub, printer=lambda _: applications.pdf())
    for _ in range(3):
        clock.at += timedelta(hours=2)
        for run in runs_of(hub).values():
            run()
        run_waiting(hub.database.engine, jobs)
    signing.sign_all(hub)
    signing.note_covered(hub)


def test_the_tables_that_grow_are_full(grown: Grown) -> None:
    full = {name for name, rows in grown.rows.items() if rows >= _MANY}
    assert {"negotiation", "log_entry", "mail", "delivery", "evidence", "clock", "offer", "service_request"} <= full


def looks_at(hub: Hub) -> dict[str, Callable[[HubTransaction], object]]:
    """What pages show of all cases, or of all of a bank, by name: the heads of lists, and counts that stop."""
    return {
        "clocks": lambda tx: (tally_of(tx), clock_page(tx, late_only=False, after=None, limit=10)),
        "clocks of a bank": lambda tx: clocks_of_bank(tx, TWIN),
        "mails": lambda tx: _mails(tx, is_text_message=None),
        "text messages": lambda tx: _mails(tx, is_text_message=True),
        "retention": lambda tx: retention.overview(tx, hub.settings.retention),
        "answers": lambda tx: answers.figures(tx, TWIN),
        "agreements": lambda tx: [_agreements(tx, each) for each in Following],
    }


def _mails(tx: HubTransaction, *, is_text_message: bool | None) -> object:
    pages = [mail_page(tx, each, is_text_message=is_text_message, limit=10) for each in SHOWN]
    return mail_counts(tx, is_text_message=is_text_message), pages


def _agreements(tx: HubTransaction, following: Following) -> object:
    today = china_day(tx.now)
    page = followed_agreements.list_page(tx, TWIN, following, today=today, ended_for=None, page=Page(limit=10))
    return followed_agreements.count(tx, TWIN, following, today=today), page


def test_what_a_page_shows_of_all_reads_no_whole_table(grown: Grown, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (stored_answers, followed_agreements, operator_mails):
        monkeypatch.setattr(module, "MOST_COUNTED", 9)
    monkeypatch.setattr(clock_counts, "_MOST", 10)
    looks = {name: partial(_ask, grown.hub, look) for name, look in looks_at(grown.hub).items()}
    assert read_whole(grown, looks) == []


def test_what_runs_by_itself_reads_no_whole_table(grown: Grown) -> None:
    assert read_whole(grown, runs_of(grown.hub)) == []


def test_looking_for_doubts_reads_of_files_that_very_many_sent_the_newest_alone(
    grown: Grown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_COMPARED", 9)
    with grown.hub.reading(HUB) as tx:
        digest = EvidenceTraceRecord.digest
        [often] = tx.session.scalars(sa.select(digest).group_by(digest).order_by(sa.func.count().desc()).limit(1))
        sent = sa.select(EvidenceTraceRecord.evidence_id).where(digest == often)
        given = sa.select(GivenEvidenceRecord.negotiation_id).where(GivenEvidenceRecord.evidence_id.in_(sent))
        [newest] = tx.session.scalars(given.order_by(GivenEvidenceRecord.negotiation_id.desc()).limit(1))
    assert read_whole(grown, {"doubts": lambda: looking.look(grown.hub, newest)}) == []


def read_whole(grown: Grown, runs: Mapping[str, Callable[[], object]]) -> list[str]:
    """What of all these reads more than a tenth of a table that grows, but for what it counts."""
    return [
        f"{name} reads {count} of the {grown.rows[table]} rows of {table}"
        for name, run in runs.items()
        for table, count in sorted(grown.meter.read_by(run).items())
        if grown.rows.get(table, 0) >= _MANY and count > grown.rows[table] // 10 and table not in COUNTED.get(name, ())
    ]
