"""What a person asks for as terms: never more a month than they named, and nothing decided for the bank."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.amounts import Amounts
from hub.domain.as_asked import terms_as_asked
from hub.domain.errors import InvalidValue
from hub.domain.proposal import Proposal
from hub.domain.ready_plans import ASSUMED_RATE
from hub.domain.repayment import schedule_of
from hub.domain.terms import Kind, Method, Waived

TODAY, FIRST = date(2026, 11, 21), date(2026, 12, 20)
OWED = Amounts(principal_fen=1_850_000, interest_fen=46_200, fees_fen=0, penalty_fen=12_000)
WISH = Proposal(
    kind=Kind.INSTALMENTS, first_due_on=FIRST, instalments=36, monthly_payment_fen=53_000, waive_interest=True
)


@given(
    principal=st.integers(1_000, 20_000_000),
    interest=st.integers(0, 500_000),
    count=st.integers(1, 60),
    more=st.integers(0, 50_000),
    waives=st.booleans(),
)
def test_no_payment_is_above_the_one_that_was_named(
    principal: int, interest: int, count: int, more: int, waives: bool
) -> None:
    owed = Amounts(principal_fen=principal, interest_fen=interest, fees_fen=0, penalty_fen=0)
    debt = principal + (0 if waives else interest)
    monthly = -(-debt // count) + more
    wish = replace(WISH, instalments=count, monthly_payment_fen=monthly, waive_interest=waives)
    terms = terms_as_asked(wish, owed)
    assert (terms.principal_fen, terms.instalments, terms.first_due_on) == (debt, count, FIRST)
    assert terms.annual_rate_percent is not None
    assert 0 <= terms.annual_rate_percent <= ASSUMED_RATE
    rows = schedule_of(terms, signed_on=TODAY).rows
    # The last one takes what rounding left, less than a fen a row.
    assert all(row.total_fen <= monthly for row in rows[:-1])
    assert rows[-1].total_fen <= monthly + count
    assert terms.principal_fen + terms.waived.total_fen == owed.total_fen


@pytest.mark.parametrize(
    ("monthly", "rate", "method"),
    [
        (53_000, "2.01", Method.EQUAL_INSTALMENT),
        (60_000, "3.60", Method.EQUAL_INSTALMENT),
        (51_389, "0.00", Method.INTEREST_FREE),
    ],
)
def test_the_rate_is_the_highest_that_keeps_to_the_wish_and_never_above_the_one_it_was_made_with(
    monthly: int, rate: str, method: Method
) -> None:
    terms = terms_as_asked(replace(WISH, monthly_payment_fen=monthly), OWED)
    assert (terms.annual_rate_percent, terms.method) == (Decimal(rate), method)


def test_a_wish_that_leaves_a_part_of_the_debt_open_is_the_banks_to_decide() -> None:
    with pytest.raises(InvalidValue) as refused:
        terms_as_asked(replace(WISH, monthly_payment_fen=51_388), OWED)
    assert (refused.value.code, refused.value.params) == ("wish_pays_too_little", {"short_fen": 32})
    with pytest.raises(InvalidValue, match="wish_without_rate"):
        terms_as_asked(
            Proposal(kind=Kind.LOWER_MINIMUM, first_due_on=FIRST, months=12, minimum_percent=Decimal("5.00")), OWED
        )


def test_every_other_kind_is_as_it_was_asked_for() -> None:
    settled = terms_as_asked(Proposal(kind=Kind.SETTLEMENT, first_due_on=FIRST, settlement_fen=1_200_000), OWED)
    assert (settled.principal_fen, settled.principal_fen + settled.waived.total_fen) == (1_200_000, OWED.total_fen)
    deferred = terms_as_asked(
        Proposal(kind=Kind.DEFERRAL, first_due_on=FIRST, months=6, waive_interest=True), OWED, kept_fen=500_000
    )
    assert (deferred.principal_fen, deferred.months) == (1_350_000, 6)
    lowered = terms_as_asked(
        Proposal(kind=Kind.LOWER_MINIMUM, first_due_on=FIRST, months=12, minimum_percent=Decimal("5.00")),
        OWED,
        rate_of_bank=Decimal("18.25"),
    )
    assert (lowered.minimum_percent, lowered.annual_rate_percent) == (Decimal("5.00"), Decimal("18.25"))
    reduced = terms_as_asked(
        replace(WISH, kind=Kind.REDUCTION, waive_interest=False, waived=Waived(principal_fen=350_000)), OWED
    )
    assert reduced.principal_fen == OWED.total_fen - 350_000
