"""An erasure that meets other work, or dies on its way: nothing comes back, and whoever begins again finishes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from hub import steps
from hub.domain.actor import HUB
from hub.domain.delivery import Outcome
from hub.domain.entry_kind import EntryKind
from hub.domain.retention import Periods
from hub.services.delivery import queueing
from hub.services.documents import record_paper
from hub.services.erasure import leftovers, requests, retention
from hub.services.evidence import evidence_files
from hub.services.operating import invariants
from hub.settings import Settings
from storage import communications
from storage.records import DeliveryRecord, DocumentRecord, ErasureRecord, NegotiationRecord
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.services.erasure.test_markers import stored_files


class KilledError(Exception):
    """Stands for the end of the process."""


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Both kinds erase in `test_erasing`."""
    return sqlite_database


def erase(case: Case, reference: str) -> None:
    with case.hub.writing(HUB) as tx:
        requests.erase_by_letter(tx, reference, Periods.parse(""))


def erase_and_finish(case: Case, reference: str) -> None:
    erase(case, reference)
    with case.hub.reading(HUB) as tx:
        begun = tx.session.scalars(sa.select(ErasureRecord.id)).one()
    leftovers.finish(case.hub, case.hub.store, begun)


def holds(case: Case) -> bool:
    with case.hub.reading(HUB) as tx:
        return list(invariants.breaches(tx, case.hub.store)) == []


def dying_at(name: str) -> Callable[[str], None]:
    """A step that ends the process the first time it is reached."""
    left = [name]

    def step(reached: str) -> None:
        if reached in left:
            left.remove(reached)
            raise KilledError

    return step


@pytest.mark.parametrize("step", ["commit.before", "commit.after", "erasure.deleted", "erasure.answers"])
def test_whoever_begins_again_finishes(
    open_case: OpenCase, settings: Settings, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    case = open_case()
    reference = case.reference
    case.withdraw()
    with monkeypatch.context() as dying:
        dying.setattr(steps, "on_step", dying_at(step))
        with pytest.raises(KilledError):
            erase_and_finish(case, reference)
    with case.row() as (_, row):
        if row.erased_at is None:
            erase(case, reference)
    case.clock.at += timedelta(minutes=3)
    with case.hub.reading(HUB) as tx:
        late = [job.argument for job in leftovers.jobs_unfinished(tx)]
    assert len(late) == 1
    leftovers.finish(case.hub, case.hub.store, late[0])
    leftovers.finish(case.hub, case.hub.store, late[0])
    assert stored_files(settings) == []
    assert holds(case)


def logged(case: Case) -> int:
    with case.hub.reading(HUB) as tx:
        kinds = [each.header.kind for each in communications.list_entries(tx, case.id)]
    return kinds.count(EntryKind.ERASED)


@pytest.mark.parametrize("step", ["commit.before", "commit.after", "retention.erased"])
def test_a_night_that_dies_is_gone_on_with_and_says_each_erasure_once(
    open_case: OpenCase, settings: Settings, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    periods, cases = Periods.parse(""), [open_case() for _ in range(2)]
    for case in cases:
        case.withdraw()
        case.work_off()
    cases[0].at("2027-02-20 10:00")
    with monkeypatch.context() as dying:
        dying.setattr(steps, "on_step", dying_at(step))
        with pytest.raises(KilledError):
            retention.run(cases[0].hub, periods)
    retention.run(cases[0].hub, periods)
    retention.run(cases[0].hub, periods)
    cases[0].clock.at += timedelta(minutes=3)
    with cases[0].hub.reading(HUB) as tx:
        begun = [job.argument for job in leftovers.jobs_unfinished(tx)]
    for each in begun:
        leftovers.finish(cases[0].hub, cases[0].hub.store, each)
    assert [logged(case) for case in cases] == [1, 1]
    assert all(holds(case) for case in cases)


def test_a_person_whose_erasure_died_is_told_once(open_case: OpenCase, monkeypatch: pytest.MonkeyPatch) -> None:
    case = open_case()
    reference = case.reference
    case.withdraw()
    with monkeypatch.context() as dying:
        dying.setattr(steps, "on_step", dying_at("commit.before"))
        with pytest.raises(KilledError):
            erase(case, reference)
    assert case.mails("erased") == []
    erase(case, reference)
    assert len(case.mails("erased")) == 1


def test_a_paper_that_is_printed_meanwhile_is_not_kept(open_case: OpenCase, settings: Settings) -> None:
    case = open_case()
    reference = case.reference
    case.withdraw()

    def printer(html: str) -> bytes:
        erase(case, reference)
        return b"%PDF-1.7 " + html.encode()

    record_paper.print_record(case.hub, printer, case.hub.store, case.id)
    case.work_off()
    with case.row() as (tx, row):
        assert row.erased_at is not None
        assert tx.session.scalar(sa.select(sa.func.count()).select_from(DocumentRecord)) == 0
    # The sweeper takes the bytes that no row speaks of a day later.
    evidence_files.sweep_orphans(case.hub, case.hub.store, real_now=case.hub.real_clock.now() + timedelta(days=2))
    assert stored_files(settings) == []
    assert holds(case)


def test_a_message_that_was_on_its_way_settles_nothing(open_case: OpenCase) -> None:
    case = open_case()
    reference = case.reference
    with case.hub.reading(HUB) as tx:
        sent = tx.session.scalars(sa.select(DeliveryRecord.id)).one()
    case.withdraw()
    erase(case, reference)
    case.work_off()
    with case.hub.writing(HUB) as tx:
        before = tx.session.get_one(NegotiationRecord, case.id).log_length
        queueing.settle(tx, sent, Outcome(), give_up_after=timedelta(days=1))
        assert tx.session.get_one(NegotiationRecord, case.id).log_length == before
    assert holds(case)
