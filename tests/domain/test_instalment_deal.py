"""A deal's payments, what it costs a year, and what cannot be of a deal."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hub.domain.instalment_deal import DealKind, FeeMode, InstalmentDeal, deal_faults

TODAY = date(2026, 11, 28)
PER_TERM = InstalmentDeal(
    kind=DealKind.MERCHANT,
    principal_fen=1_200_000,
    terms=12,
    paid_terms=5,
    fee_mode=FeeMode.PER_TERM,
    fee_fen=7_200,
    first_posted_on=date(2026, 7, 10),
)
UPFRONT = replace(PER_TERM, fee_mode=FeeMode.UPFRONT, fee_fen=86_400)
LEVEL = replace(PER_TERM, fee_mode=FeeMode.INTEREST, fee_fen=0, annual_percent=Decimal("12.00"), kind=DealKind.CASH)


@pytest.mark.parametrize(
    ("deal", "nominal", "effective", "first_fen"),
    [
        (PER_TERM, "13.03", "13.84", 107_200),
        (UPFRONT, "14.02", "14.96", 100_000),
        (LEVEL, "12.00", "12.68", 106_619),
        (replace(PER_TERM, fee_fen=0), "0.00", "0.00", 100_000),
    ],
)
def test_a_deals_yearly_cost_is_that_of_its_payments(
    deal: InstalmentDeal, nominal: str, effective: str, first_fen: int
) -> None:
    assert (deal.annual_cost.nominal_percent, deal.annual_cost.effective_percent) == (
        Decimal(nominal),
        Decimal(effective),
    )
    assert deal.rows[0].total_fen == first_fen
    assert sum(row.principal_fen for row in deal.rows) == deal.principal_fen


def test_what_is_left_of_a_level_plan_after_five_terms() -> None:
    assert LEVEL.remaining_fen == 717_348
    assert replace(LEVEL, paid_terms=0).remaining_fen == 1_200_000


def test_days_are_those_of_equal_months() -> None:
    assert (PER_TERM.last_paid_on, PER_TERM.next_on) == (date(2026, 11, 10), date(2026, 12, 10))
    unpaid = replace(PER_TERM, paid_terms=0)
    assert (unpaid.last_paid_on, unpaid.next_on) == (date(2026, 6, 10), date(2026, 7, 10))


@pytest.mark.parametrize(("paid", "is_overdue"), [(4, True), (5, False), (6, False)])
def test_a_deal_is_overdue_once_a_day_has_passed_unpaid(paid: int, is_overdue: bool) -> None:
    assert replace(PER_TERM, paid_terms=paid).is_overdue(TODAY) is is_overdue


def test_it_is_not_overdue_on_the_day_itself() -> None:
    assert not PER_TERM.is_overdue(date(2026, 12, 10))
    assert PER_TERM.is_overdue(date(2026, 12, 11))


@pytest.mark.parametrize(
    ("deal", "change", "fault"),
    [
        (PER_TERM, {}, None),
        (UPFRONT, {}, None),
        (LEVEL, {}, None),
        (PER_TERM, {"paid_terms": 12}, ("/paid_terms", "all_terms_paid")),
        (PER_TERM, {"principal_fen": 11, "fee_fen": 0}, ("/terms", "instalment_too_small")),
        (PER_TERM, {"annual_percent": Decimal(12)}, ("/annual_percent", "not_for_this_fee_mode")),
        (PER_TERM, {"fee_fen": 100_000}, ("/fee_fen", "fee_not_below_principal")),
        (UPFRONT, {"fee_fen": 1_200_000}, ("/fee_fen", "fee_not_below_principal")),
        (UPFRONT, {"fee_fen": 1_199_999}, None),
        (LEVEL, {"annual_percent": None}, ("/annual_percent", "required")),
        (LEVEL, {"annual_percent": Decimal(0)}, ("/annual_percent", "not_above_zero")),
        (LEVEL, {"annual_percent": Decimal("100.01")}, ("/annual_percent", "out_of_range")),
        (LEVEL, {"fee_fen": 1}, ("/fee_fen", "not_for_this_fee_mode")),
        (PER_TERM, {"first_posted_on": date(2027, 4, 1)}, ("/first_posted_on", "day_range")),
        (PER_TERM, {"first_posted_on": date(2020, 11, 27)}, ("/first_posted_on", "day_range")),
    ],
)
def test_what_cannot_be_of_a_deal(deal: InstalmentDeal, change: dict[str, Any], fault: tuple[str, str] | None) -> None:
    found = [(each.pointer, each.code) for each in deal_faults(replace(deal, **change), today=TODAY)]
    assert found == ([] if fault is None else [fault])
