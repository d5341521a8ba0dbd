"""A settlement or a deferral stands or falls with its one payment, whatever day the bank tells of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.agreement_end import EndReason
from hub.domain.errors import AgreementConflict, StatusConflict
from hub.domain.payments import Reported, came_by_its_day, due_rows, judged_on, rows_of
from hub.domain.repayment import schedule_of
from hub.domain.terms import Kind, Terms, Waived
from hub.services.agreements import public_check
from hub.services.agreements.public_check import Standing
from hub.services.operating import invariants
from tests.services.case import OFFER, Case, china
from tests.services.conftest import OpenCase, SetRules

DUE = date(2026, 12, 20)
SETTLEMENT = Terms(
    kind=Kind.SETTLEMENT,
    principal_fen=1_200_000,
    first_due_on=DUE,
    waived=Waived(principal_fen=650_000, interest_fen=46_200, penalty_fen=12_000),
)
DEFERRAL = Terms(
    kind=Kind.DEFERRAL,
    principal_fen=1_850_000,
    first_due_on=date(2026, 12, 20),
    waived=Waived(interest_fen=46_200),
    months=3,
    annual_rate_percent=Decimal(0),
)
FAILED = ("ended", "failed", "2026-12-21T00:00:00+08:00")


@pytest.fixture(params=[SETTLEMENT, DEFERRAL], ids=["settlement", "deferral"])
def agreed(open_case: OpenCase, request: pytest.FixtureRequest) -> Case:
    case = open_case()
    case.accept(case.offer(request.param))
    case.work_off()
    return case


@pytest.fixture
def settling(open_case: OpenCase) -> Case:
    case = open_case()
    case.accept(case.offer(SETTLEMENT))
    case.work_off()
    return case


def standing(case: Case) -> tuple[Any, ...]:
    agreement = case.view()["agreement"]
    return tuple(agreement[name] for name in ("status", "end_reason", "collection_hold_until"))


def test_what_did_not_come_has_failed_from_the_next_day_once_the_bank_had_time_to_tell(agreed: Case) -> None:
    [row] = agreed.view()["agreement"]["payments"]
    due, failed_on, judged = {
        "2026-12-20": ("2026-12-20", "2026-12-21", "2026-12-23"),
        "2027-03-20": ("2027-03-20", "2027-03-21", "2027-03-23"),
    }[row["due_on"]]
    agreed.at(f"{due} 23:59")
    assert standing(agreed)[0] == "in_force"
    # The bank has its days of grace to tell of a payment that came in time.
    agreed.at(f"{failed_on} 12:00")
    assert standing(agreed)[0] == "in_force"
    agreed.at(f"{judged} 00:00")
    assert standing(agreed) == ("ended", "failed", f"{failed_on}T00:00:00+08:00")
    assert agreed.view()["agreement"]["end_effective_at"] == f"{failed_on}T00:00:00+08:00"
    assert agreed.kinds().count("agreement_ended") == 1
    assert len(agreed.mails("agreement_ended")) == 1
    entries = len(agreed.log())
    agreed.at(f"{judged} 18:00")
    assert len(agreed.log()) == entries
    with agreed.hub.reading(HUB) as tx:
        assert list(invariants.breaches(tx, agreed.hub.store)) == []


def test_what_came_in_full_by_its_day_does_not_fail(settling: Case) -> None:
    settling.at("2026-12-22 10:00")
    settling.pay(1, 1_199_000, date(2026, 12, 20))
    settling.at("2027-01-10 10:00")
    assert standing(settling) == ("in_force", None, None)


@pytest.mark.parametrize(("fen", "paid_on"), [(1_198_999, "2026-12-20"), (1_200_000, "2026-12-21")])
def test_too_little_or_too_late_fails(settling: Case, fen: int, paid_on: str) -> None:
    settling.at("2026-12-22 10:00")
    settling.pay(1, fen, date.fromisoformat(paid_on))
    settling.at("2026-12-23 10:00")
    assert standing(settling) == FAILED


def test_a_payment_in_time_that_is_told_late_still_counts(settling: Case) -> None:
    settling.at("2026-12-28 10:00")
    assert standing(settling) == FAILED
    settling.pay(1, 500_000, date(2026, 12, 19))
    assert standing(settling) == FAILED
    settling.pay(1, 700_000, date(2026, 12, 20))
    assert standing(settling) == ("settled", "settled", None)
    assert len(settling.mails("agreement_ended")) == 2


def test_one_that_came_too_late_changes_nothing_until_the_bank_accepts_it(settling: Case) -> None:
    settling.at("2026-12-28 10:00")
    settling.pay(1, 1_200_000, date(2026, 12, 24))
    assert standing(settling) == FAILED
    settling.end(EndReason.SETTLED, "")
    assert standing(settling) == ("settled", "settled", None)
    with pytest.raises(StatusConflict):
        settling.pay(1, 1, date(2026, 12, 24))


def test_the_bank_can_still_say_that_it_is_in_default(settling: Case) -> None:
    settling.at("2026-12-28 10:00")
    with pytest.raises(AgreementConflict, match="not_defaulted"):
        settling.end(EndReason.DEFAULTED, "没有还款。")
    settling.miss(1)
    settling.end(EndReason.DEFAULTED, "没有还款。")
    # It is over since the day after its day, and stays so: no notice lets it run on.
    assert standing(settling) == ("ended", "defaulted", FAILED[2])
    assert settling.view()["agreement"]["end_effective_at"] == FAILED[2]


def test_with_no_days_of_grace_it_is_known_on_the_next_day(open_case: OpenCase, set_rules: SetRules) -> None:
    set_rules(grace_days="0")
    case = open_case()
    case.accept(case.offer(SETTLEMENT))
    case.at("2026-12-20 23:59")
    assert standing(case)[0] == "in_force"
    case.at("2026-12-21 00:00")
    assert standing(case) == FAILED


@pytest.mark.parametrize(
    ("came", "is_there"),
    [
        ([], False),
        ([(DUE, 1_200_000)], True),
        ([(DUE, 1_199_000)], True),
        ([(DUE, 1_198_999)], False),
        ([(date(2026, 12, 1), 600_000), (DUE, 600_000)], True),
        ([(date(2026, 12, 1), 600_000), (date(2026, 12, 21), 600_000)], False),
    ],
)
def test_all_of_a_row_is_there_by_its_day_whenever_it_was_told(came: list[tuple[date, int]], is_there: bool) -> None:
    due = due_rows(SETTLEMENT, schedule_of(SETTLEMENT, signed_on=date(2026, 11, 21)).rows)
    told = [Reported(number=1, paid_on=day, amount_fen=fen, at=china("2027-02-01 10:00")) for day, fen in came]
    [row] = rows_of(due, told, (), tolerance_fen=1_000)
    assert came_by_its_day(row, tolerance_fen=1_000) is is_there
    assert not came_by_its_day(replace(row, total_fen=None), tolerance_fen=1_000)


@pytest.mark.parametrize(("grace_days", "day"), [(0, 21), (1, 21), (3, 23)])
def test_it_is_known_after_the_days_of_grace_and_never_on_the_day_itself(grace_days: int, day: int) -> None:
    assert judged_on(DUE, grace_days=grace_days) == date(2026, 12, day)


def test_between_its_day_and_the_banks_word_whoever_holds_the_paper_is_told_that_it_is_open(agreed: Case) -> None:
    agreement = agreed.view()["agreement"]
    due = date.fromisoformat(agreement["payments"][0]["due_on"])

    agreed.at(f"{due} 23:00")
    assert told_of(agreed) == (Standing.IN_FORCE, False)
    agreed.at(f"{due + timedelta(days=1)} 00:00")
    assert told_of(agreed) == (Standing.UNSETTLED, True)
    agreed.at(f"{due + timedelta(days=3)} 00:00")
    assert told_of(agreed) == (Standing.OVER, False)


def test_a_single_instalment_that_is_late_leaves_nothing_open_since_it_does_not_fail_by_itself(
    open_case: OpenCase,
) -> None:
    case = open_case()
    case.accept(case.offer(replace(OFFER, instalments=1)))
    case.work_off()
    case.at("2027-03-01 00:00")
    assert told_of(case) == (Standing.IN_FORCE, False)


def told_of(case: Case) -> tuple[Standing, bool]:
    """What whoever holds its paper is told, and whether its own people are told that it is open."""
    agreement = case.view()["agreement"]
    with case.hub.reading(HUB) as tx:
        return public_check.standing_of(tx, agreement["number"], agreement["digest"]), agreement["unsettled"]
