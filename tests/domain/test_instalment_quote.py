"""How long a bank's quote for an instalment deal may stand."""

from datetime import date
from decimal import Decimal

import pytest

from hub.domain.instalment_deal import DealKind, FeeMode, InstalmentDeal
from hub.domain.instalment_estimate import USUAL_RECKONING, CancellationKind, PayFigures, Wish
from hub.domain.instalment_quote import QuoteContents, next_day_of, quote_faults

# The fifth instalment fell due, and was paid, on 30 November.
DEAL = InstalmentDeal(
    kind=DealKind.BILL,
    principal_fen=1_200_000,
    terms=12,
    paid_terms=5,
    fee_mode=FeeMode.INTEREST,
    annual_percent=Decimal("12.00"),
    first_posted_on=date(2026, 7, 30),
)
FIGURES = PayFigures(remaining_principal_fen=717_348, interest_to_date_fen=0)


@pytest.mark.parametrize(
    ("today", "next_on"),
    [
        (date(2026, 11, 29), date(2026, 12, 30)),
        (date(2026, 11, 30), date(2026, 12, 30)),
        (date(2026, 12, 30), date(2026, 12, 30)),
        (date(2026, 12, 31), date(2027, 1, 30)),
        (date(2027, 7, 1), date(2027, 6, 30)),
    ],
)
def test_the_next_instalment_is_one_that_is_not_paid(today: date, next_on: date) -> None:
    assert next_day_of(DEAL, today) == next_on


@pytest.mark.parametrize(
    ("valid_until", "is_sound"),
    [(date(2026, 12, 2), False), (date(2026, 12, 3), True), (date(2026, 12, 10), True), (date(2026, 12, 11), False)],
)
def test_on_the_day_of_a_paid_instalment_a_quote_stands_three_to_ten_days(valid_until: date, is_sound: bool) -> None:
    today = date(2026, 11, 30)
    quoted = QuoteContents(
        as_of=today, valid_until=valid_until, pay_by=date(2026, 12, 12), figures=FIGURES, pay_fen=717_348
    )
    wish = Wish(kind=CancellationKind.SETTLE_EARLY, wanted_on=today)
    found = quote_faults(DEAL, wish, USUAL_RECKONING, quoted, today=today)
    assert [(each.pointer, each.code) for each in found] == ([] if is_sound else [("/valid_until", "day_range")])
