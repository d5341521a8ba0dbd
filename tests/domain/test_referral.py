"""Referrals: what leads where, and what a lender's example costs, to the published figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from hub.domain.errors import PartnerNotLicensed, Refused, StatusConflict
from hub.domain.referral import TRANSITIONS, ReferralEvent, ReferralStatus, answer_due_at, next_status
from hub.domain.referral_partner import LoanExample, LoanKind, cost_of
from hub.domain.working_days import Calendar
from tests.services.referrals.partner import EXAMPLE, partner

_LEADS = {
    ("shown", "consented"): "handed_over",
    ("shown", "time_passed"): "lapsed",
    ("handed_over", "contracted"): "contracted",
    ("handed_over", "declined"): "declined",
    ("handed_over", "time_passed"): "lapsed",
    ("handed_over", "revoked"): "revoked",
}


@pytest.mark.parametrize("status", sorted(ReferralStatus))
@pytest.mark.parametrize("event", sorted(ReferralEvent))
def test_every_status_and_event(status: ReferralStatus, event: ReferralEvent) -> None:
    after = _LEADS.get((status, event))
    if after is None:
        with pytest.raises(StatusConflict):
            next_status(status, event)
    else:
        assert next_status(status, event) == after
    assert set(TRANSITIONS) == set(ReferralStatus)


def test_ten_thousand_paid_back_with_eighty_after_one_month() -> None:
    cost = cost_of(EXAMPLE, LoanKind.AT_THE_END, first_day=date(2026, 11, 28)).cost
    assert (cost.nominal_percent, cost.effective_percent) == (Decimal("9.60"), Decimal("10.03"))


def test_an_example_over_one_month_is_paid_back_one_way() -> None:
    one_month = partner(kinds=(LoanKind.AT_THE_END, LoanKind.INSTALMENTS), example=EXAMPLE)
    assert [each.kind for each in one_month.costs(first_day=date(2026, 11, 28))] == [LoanKind.AT_THE_END]
    three_months = replace(one_month, example=replace(EXAMPLE, months=3))
    assert len(three_months.costs(first_day=date(2026, 11, 28))) == 2


def test_the_same_eighty_for_three_months() -> None:
    three = replace(EXAMPLE, months=3)
    found = cost_of(three, LoanKind.AT_THE_END, first_day=date(2026, 11, 28))
    assert found.payments_fen == (0, 0, 1_008_000)
    assert found.days == (date(2026, 12, 28), date(2027, 1, 28), date(2027, 2, 28))
    assert Decimal("3.19") <= found.cost.nominal_percent <= Decimal("3.22")
    # 92 days of 365: (10,080 / 10,000) to the power of 365 / 92.
    assert found.cost.by_dates_percent == Decimal("3.21")


def test_level_sums_add_up_and_cost_more_than_all_at_the_end() -> None:
    three = LoanExample(principal_fen=1_000_000, cost_fen=8_000, months=3)
    level = cost_of(three, LoanKind.INSTALMENTS, first_day=date(2026, 1, 31))
    assert level.payments_fen == (336_000, 336_000, 336_000)
    assert level.days == (date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))
    at_the_end = cost_of(three, LoanKind.AT_THE_END, first_day=date(2026, 1, 31))
    assert level.cost.nominal_percent > at_the_end.cost.nominal_percent


@pytest.mark.parametrize("months", [1, 7, 60])
@pytest.mark.parametrize("cost_fen", [0, 1, 99])
def test_no_fen_is_lost_over_the_months(months: int, cost_fen: int) -> None:
    example = LoanExample(principal_fen=100, cost_fen=cost_fen, months=months)
    for kind in LoanKind:
        paid = example.payments_fen(kind)
        assert (sum(paid), len(paid), min(paid) >= 0) == (100 + cost_fen, months, True)


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        *(
            ({"licence_no": text}, "/licence_no", "partner_not_licensed")
            for text in ("", " ", "\u200b", "无", "办理中", "0000000")
        ),
        ({"max_annual_percent": Decimal("9.59")}, "/example_cost_fen", "partner_not_licensed"),
        ({"max_annual_percent": Decimal("24.01")}, "/max_annual_percent", "partner_above_ceiling"),
        ({"max_annual_percent": Decimal(0)}, "/max_annual_percent", "partner_above_ceiling"),
        ({"code": "Anxin"}, "/code", "partner_code"),
    ],
)
def test_what_is_no_partner(changes: dict[str, Any], pointer: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        partner(**changes)
    assert [(each.pointer, each.code) for each in refused.value.faults] == [(pointer, code)]


def test_an_example_may_cost_all_that_its_ceiling_allows() -> None:
    kept = partner(max_annual_percent=Decimal("9.60"))
    kept.require_within_ceiling(Decimal("9.60"))
    with pytest.raises(PartnerNotLicensed):
        kept.require_within_ceiling(Decimal("9.61"))


def test_a_partner_answers_within_five_working_days() -> None:
    # A Saturday; the working days after it are Monday to Friday.
    assert answer_due_at(datetime(2026, 11, 21, 2, 0, tzinfo=UTC), Calendar.of()) == datetime(
        2026, 11, 27, 16, 0, tzinfo=UTC
    )
