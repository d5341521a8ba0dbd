"""The hub's own figures of a deal that ends early, to the fen and against the published ones."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.instalment_deal import DealKind, FeeMode, InstalmentDeal
from hub.domain.instalment_estimate import (
    CancellationKind,
    DayCount,
    Estimate,
    PartialRefund,
    PayFigures,
    Reckoning,
    Wish,
    estimate,
    wish_faults,
)
from tests.domain.test_instalment_deal import LEVEL, PER_TERM, UPFRONT

DUE, MID_TERM, TODAY = date(2026, 11, 10), date(2026, 11, 24), date(2026, 11, 20)
BY_365, BY_360 = Reckoning(), Reckoning(day_count=DayCount.BY_360)
REFUND, CANCEL, SETTLE, SHORTEN = CancellationKind


def settled(deal: InstalmentDeal, on: date, reckoning: Reckoning = BY_365) -> Estimate:
    return estimate(deal, Wish(kind=SETTLE, wanted_on=on), reckoning)


def refunded(deal: InstalmentDeal, fen: int, partial: PartialRefund = PartialRefund.LAST_TERMS) -> Estimate:
    wish = Wish(kind=REFUND, wanted_on=MID_TERM, merchant_refund_fen=fen)
    return estimate(deal, wish, Reckoning(partial_refund=partial))


def test_a_level_plan_asks_the_rest_and_interest_of_fourteen_days() -> None:
    found = settled(LEVEL, MID_TERM)
    assert found.figures == PayFigures(remaining_principal_fen=717_348, interest_to_date_fen=3_302)
    assert found.pay_fen == 720_650


def test_on_a_due_date_no_fee_of_the_seven_unused_terms_is_charged() -> None:
    found = settled(PER_TERM, DUE)
    assert (found.pay_fen, found.not_charged_fen) == (700_000, 50_400)


@pytest.mark.parametrize(("reckoning", "interest_fen"), [(BY_365, 3_498), (BY_360, 3_547)])
def test_within_a_term_days_are_reckoned_at_the_deals_own_cost(reckoning: Reckoning, interest_fen: int) -> None:
    found = settled(PER_TERM, MID_TERM, reckoning)
    assert (found.days, found.annual_cost.nominal_percent) == (14, Decimal("13.03"))
    assert found.figures.interest_to_date_fen == interest_fen
    assert found.pay_fen == 700_000 + interest_fen


def test_an_upfront_fee_goes_back_by_time_really_used_beside_pro_rata() -> None:
    found = settled(UPFRONT, DUE)
    assert (found.annual_cost.nominal_percent, found.annual_cost.effective_percent) == (
        Decimal("14.02"),
        Decimal("14.96"),
    )
    assert (found.pay_fen, found.figures.fees_refunded_fen) == (668_390, 31_610)
    assert found.fees_refunded_pro_rata_fen == 50_400


@pytest.mark.parametrize(("deal", "interest_fen", "back_fen"), [(PER_TERM, 3_498, 500_000), (LEVEL, 3_302, 482_652)])
def test_where_the_whole_price_comes_back_only_interest_to_date_is_paid(
    deal: InstalmentDeal, interest_fen: int, back_fen: int
) -> None:
    found = refunded(deal, 1_200_000)
    assert found.pay_fen == found.figures.interest_to_date_fen == interest_fen
    # What was repaid of the price already is the person's own.
    assert (found.to_card_fen, found.continues) == (back_fen, ())


def test_more_that_goes_back_than_is_owed_goes_to_the_card() -> None:
    found = refunded(UPFRONT, 1_200_000)
    assert found.pay_fen == 0
    assert found.to_card_fen == 500_000 + found.figures.fees_refunded_fen - found.figures.interest_to_date_fen


@pytest.mark.parametrize(
    ("partial", "totals"),
    [
        (PartialRefund.LAST_TERMS, [107_200] * 4),
        (PartialRefund.AMOUNT, [57_142 + 7_200] * 6 + [57_148 + 7_200]),
    ],
)
def test_a_part_of_the_price_makes_the_rest_shorter_or_smaller(partial: PartialRefund, totals: list[int]) -> None:
    found = refunded(PER_TERM, 300_000, partial)
    assert [row.total_fen for row in found.continues] == totals
    assert sum(row.principal_fen for row in found.continues) == 400_000
    # 3,000.00 x 13.03 % x 14 / 365
    assert (found.pay_fen, found.to_card_fen) == (1_499, 0)


@pytest.mark.parametrize("partial", PartialRefund)
def test_a_level_plan_keeps_its_rate_after_a_part_came_back(partial: PartialRefund) -> None:
    found = refunded(LEVEL, 300_000, partial)
    assert sum(row.principal_fen for row in found.continues) == 717_348 - 300_000
    assert found.continues[0].interest_fen == 4_173
    assert found.continues[-1].remaining_fen == 0
    assert found.continues[-1].due_on <= LEVEL.days[-1]


def test_before_the_first_instalment_a_purchase_goes_back_to_its_bill_with_the_whole_fee() -> None:
    deal = replace(UPFRONT, paid_terms=0, first_posted_on=date(2026, 12, 10))
    found = estimate(deal, Wish(kind=CANCEL, wanted_on=MID_TERM))
    assert found.figures == PayFigures(
        remaining_principal_fen=1_200_000, interest_to_date_fen=0, fees_refunded_fen=86_400
    )
    assert found.pay_fen == 1_113_600


def test_cash_was_used_from_its_first_day_on() -> None:
    deal = replace(LEVEL, paid_terms=0, first_posted_on=date(2026, 12, 10))
    found = estimate(deal, Wish(kind=CANCEL, wanted_on=MID_TERM))
    # 12,000.00 x 12 % x 14 / 365
    assert found.figures.interest_to_date_fen == 5_523


@pytest.mark.parametrize("deal", [PER_TERM, UPFRONT, LEVEL], ids=["per term", "upfront", "level"])
@pytest.mark.parametrize("left", range(1, 7))
def test_a_shorter_deal_keeps_its_first_instalments_and_ends_no_later(deal: InstalmentDeal, left: int) -> None:
    found = estimate(deal, Wish(kind=SHORTEN, wanted_on=DUE, terms_left=left))
    rows = deal.rows[5 : 5 + left]
    assert [row.due_on for row in found.continues] == [row.due_on for row in rows]
    assert [row.total_fen for row in found.continues[:-1]] == [row.total_fen for row in rows[:-1]]
    assert abs(found.continues[-1].total_fen - rows[-1].total_fen) <= left
    assert found.continues[-1].due_on < deal.days[-1]
    kept_fen = sum(row.principal_fen for row in found.continues)
    assert kept_fen + found.figures.remaining_principal_fen == deal.remaining_fen


def test_a_month_never_asks_more_than_its_own_instalment_would() -> None:
    assert settled(PER_TERM, date(2026, 12, 10)).figures.interest_to_date_fen == 7_200
    assert settled(LEVEL, date(2026, 12, 10)).figures.interest_to_date_fen <= 7_174


def test_instalments_paid_ahead_cost_no_days() -> None:
    assert settled(replace(PER_TERM, paid_terms=6), MID_TERM).figures.interest_to_date_fen == 0


@given(
    principal_fen=st.integers(100_000, 10**9),
    terms=st.integers(1, 60),
    paid=st.integers(0, 59),
    fee=st.integers(0, 900),
    mode=st.sampled_from(FeeMode),
    days=st.integers(0, 27),
)
def test_settling_never_asks_more_than_going_on(
    principal_fen: int, terms: int, paid: int, fee: int, mode: FeeMode, days: int
) -> None:
    deal = InstalmentDeal(
        kind=DealKind.BILL,
        principal_fen=principal_fen,
        terms=terms,
        paid_terms=paid % terms,
        fee_mode=mode,
        fee_fen=0 if mode is FeeMode.INTEREST else fee,
        annual_percent=Decimal(fee + 1) / 25 if mode is FeeMode.INTEREST else None,
        first_posted_on=date(2026, 1, 31),
    )
    found = settled(deal, deal.last_paid_on + timedelta(days=days))
    assert 0 <= found.pay_fen <= sum(row.total_fen for row in deal.rows[deal.paid_terms :])
    figures = found.figures
    parts_fen = figures.remaining_principal_fen + figures.interest_to_date_fen - figures.fees_refunded_fen
    assert found.pay_fen == parts_fen


@pytest.mark.parametrize(
    ("deal", "wish", "fault"),
    [
        (PER_TERM, Wish(kind=SETTLE, wanted_on=MID_TERM), None),
        (PER_TERM, Wish(kind=SETTLE, wanted_on=date(2026, 12, 10)), None),
        (PER_TERM, Wish(kind=SETTLE, wanted_on=date(2026, 12, 11)), ("/wanted_on", "day_range")),
        (PER_TERM, Wish(kind=SETTLE, wanted_on=date(2026, 11, 19)), ("/wanted_on", "day_range")),
        (replace(PER_TERM, paid_terms=4), Wish(kind=SETTLE, wanted_on=MID_TERM), ("/deal/paid_terms", "overdue")),
        (PER_TERM, Wish(kind=CANCEL, wanted_on=MID_TERM), ("/kind", "not_cancellable_after_posting")),
        (LEVEL, Wish(kind=REFUND, wanted_on=MID_TERM, merchant_refund_fen=1), ("/kind", "refund_of_merchant_deal")),
        (PER_TERM, Wish(kind=REFUND, wanted_on=MID_TERM), ("/merchant_refund_fen", "required")),
        (
            PER_TERM,
            Wish(kind=REFUND, wanted_on=MID_TERM, merchant_refund_fen=1_200_001),
            ("/merchant_refund_fen", "out_of_range"),
        ),
        (
            PER_TERM,
            Wish(kind=SETTLE, wanted_on=MID_TERM, merchant_refund_fen=1),
            ("/merchant_refund_fen", "not_for_this_cancellation"),
        ),
        (PER_TERM, Wish(kind=SHORTEN, wanted_on=MID_TERM), ("/terms_left", "required")),
        (PER_TERM, Wish(kind=SHORTEN, wanted_on=MID_TERM, terms_left=7), ("/terms_left", "out_of_range")),
        (PER_TERM, Wish(kind=SHORTEN, wanted_on=MID_TERM, terms_left=6), None),
    ],
)
def test_what_cannot_be_asked_of_a_deal(deal: InstalmentDeal, wish: Wish, fault: tuple[str, str] | None) -> None:
    found = [(each.pointer, each.code) for each in wish_faults(deal, wish, today=TODAY)]
    assert found == ([] if fault is None else [fault])


@pytest.mark.parametrize("partial", list(PartialRefund))
@pytest.mark.parametrize("left_fen", [1, 5, 6, 7, 8])
@pytest.mark.parametrize("deal", [LEVEL, PER_TERM, UPFRONT])
def test_no_instalment_that_goes_on_asks_for_nothing(
    deal: InstalmentDeal, left_fen: int, partial: PartialRefund
) -> None:
    kept = refunded(deal, deal.remaining_fen - left_fen, partial).continues
    assert sum(row.principal_fen for row in kept) == left_fen
    assert all(row.principal_fen > 0 for row in kept)
