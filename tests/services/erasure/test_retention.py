"""What is due is erased by itself, no day earlier, and never while it is held."""

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.agreement_end import EndReason
from hub.domain.errors import InvalidValue, StatusConflict
from hub.domain.retention import DataClass, Periods
from hub.services.erasure import holds, retention
from hub.services.operating import invariants
from storage.records import EvidenceRecord, NegotiationRecord, SubmissionRecord
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.storage.statements import plans_of, sent_by

PERIODS = Periods.parse("")


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Both kinds erase in `test_erasing`; these are rules of time."""
    return sqlite_database


def run(case: Case, at: str, periods: Periods = PERIODS) -> dict[str, int]:
    """What the night of that day erased."""
    case.at(at)
    done = retention.run(case.hub, periods)
    case.work_off()
    return {str(name): times for name, times in done.items() if times}


def left(case: Case) -> tuple[int, int]:
    """How many submissions and files there are."""
    with case.row() as (tx, _):
        counts = [
            tx.session.scalar(sa.select(sa.func.count()).select_from(each))
            for each in (SubmissionRecord, EvidenceRecord)
        ]
    return counts[0] or 0, counts[1] or 0


def test_files_go_after_90_days_and_all_else_after_183(open_case: OpenCase) -> None:
    case = open_case()
    files = left(case)[1]
    case.withdraw()
    assert run(case, "2027-02-18 10:00") == {}
    assert left(case) == (1, files)
    assert run(case, "2027-02-20 10:00") == {"files": 1}
    assert left(case) == (1, 0)
    assert run(case, "2027-05-22 10:00") == {}
    assert run(case, "2027-05-24 10:00") == {"application": 1}
    assert left(case) == (0, 0)
    with case.row() as (tx, _):
        assert list(invariants.breaches(tx, case.hub.store)) == []
    assert run(case, "2027-06-01 10:00") == {}


def test_the_operators_longer_periods_count(open_case: OpenCase) -> None:
    case = open_case()
    case.withdraw()
    assert run(case, "2027-02-25 10:00", Periods.parse("files=120")) == {}


def test_nothing_goes_while_it_is_held(open_case: OpenCase) -> None:
    case = open_case()
    case.withdraw()
    with case.row() as (_, row):
        reference = row.reference
    with case.hub.writing(HUB) as tx:
        holds.hold(tx, reference, "争议处理中")
    assert run(case, "2028-01-01 10:00") == {}
    with case.hub.reading(HUB) as tx:
        assert [each.due for each in retention.overview(tx, PERIODS)] == [0, 0, 0, 0]
        assert [(each.reference, each.reason) for each in holds.list_holds(tx)] == [(reference, "争议处理中")]
    with case.hub.writing(HUB) as tx:
        holds.release(tx, reference)
    assert run(case, "2028-01-02 10:00") == {"application": 1}


def test_an_agreement_stays_ten_years_after_its_end(open_case: OpenCase) -> None:
    case = open_case()
    case.accept(case.offer())
    case.work_off()
    assert run(case, "2026-12-01 10:00") == {}
    case.end(EndReason.REPLACED)
    with case.hub.reading(HUB) as tx:
        due = {each.data_class: each for each in retention.overview(tx, PERIODS)}
        assert (due[DataClass.AGREEMENT].due, due[DataClass.AGREEMENT].next_at is not None) == (0, True)
        row = tx.session.get_one(NegotiationRecord, case.id)
        ended = retention.ended_at(tx, row)
        assert ended is not None
        assert due[DataClass.AGREEMENT].next_at == ended + PERIODS.of(DataClass.AGREEMENT)


def test_a_negotiation_that_is_over_says_since_when_until_it_is_erased(open_case: OpenCase) -> None:
    case = open_case()
    with case.row() as (_, row):
        assert row.over_at is None
    case.withdraw()
    with case.row() as (tx, row):
        assert row.over_at is not None
        assert row.over_at == retention.ended_at(tx, row) == tx.now
        due = {each.data_class: each.next_at for each in retention.overview(tx, PERIODS)}
        assert due[DataClass.FILES] == row.over_at + PERIODS.of(DataClass.FILES)
        assert due[DataClass.APPLICATION] == row.over_at + PERIODS.of(DataClass.APPLICATION)
    run(case, "2027-05-24 10:00")
    with case.row() as (tx, row):
        assert (row.over_at, [each.next_at for each in retention.overview(tx, PERIODS)]) == (None, [None] * 4)


def test_what_ended_before_that_was_kept_is_dated_by_its_log_and_goes_in_its_time(open_case: OpenCase) -> None:
    case = open_case()
    case.withdraw()
    with case.row() as (_, row):
        over_at = row.over_at
    with case.hub.writing(HUB) as tx:
        tx.session.get_one(NegotiationRecord, case.id).over_at = None
    assert run(case, "2027-02-20 10:00") == {}
    assert (retention.date_old(case.hub), retention.date_old(case.hub)) == (1, 0)
    with case.row() as (_, row):
        assert row.over_at == over_at
    assert run(case, "2027-02-20 10:00") == {"files": 1}


def test_what_is_due_is_found_by_when_it_was_over(open_case: OpenCase) -> None:
    case = open_case()
    case.withdraw()
    with case.hub.reading(HUB) as tx, sent_by(tx.session.connection()) as sent:
        retention.overview(tx, PERIODS)
        plans = " ".join(plans_of(tx.session.connection(), list(sent)))
    assert {"ix_negotiation_over_at ", "ix_negotiation_over_at_files ", "ix_agreement_over "} <= {
        f"{word} " for word in plans.split() if word.startswith("ix_")
    }
    assert "SCAN negotiation" not in plans
    assert "SCAN agreement" not in plans


@pytest.mark.parametrize(("reason", "error"), [(" ", InvalidValue), ("x" * 201, InvalidValue)])
def test_a_hold_has_a_reason(open_case: OpenCase, reason: str, error: type[Exception]) -> None:
    case = open_case()
    with case.row() as (_, row):
        reference = row.reference
    with pytest.raises(error), case.hub.writing(HUB) as tx:
        holds.hold(tx, reference, reason)
    with pytest.raises(StatusConflict), case.hub.writing(HUB) as tx:
        holds.release(tx, reference)
