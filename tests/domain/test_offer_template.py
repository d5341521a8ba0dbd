"""Templates of offers: for whom they are meant, what they waive, and what they say of a plan."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.amounts import Amounts
from hub.domain.offer_template import OfferTemplate, template_faults
from hub.domain.terms import Kind, Method

OWED = Amounts(principal_fen=1_000_000, interest_fen=10_001, fees_fen=0, penalty_fen=333)


def test_it_is_meant_for_debts_up_to_its_limit_while_it_is_on() -> None:
    assert OfferTemplate(name="x", kind=Kind.SETTLEMENT).fits(OWED)
    assert OfferTemplate(name="x", kind=Kind.SETTLEMENT, most_owed_fen=OWED.total_fen).fits(OWED)
    assert not OfferTemplate(name="x", kind=Kind.SETTLEMENT, most_owed_fen=OWED.total_fen - 1).fits(OWED)
    assert not OfferTemplate(name="x", kind=Kind.SETTLEMENT, is_on=False).fits(OWED)


@given(
    owed=st.builds(
        Amounts, **{f"{part}_fen": st.integers(0, 10**12) for part in ("principal", "interest", "fees", "penalty")}
    ),
    percent=st.integers(0, 100),
)
def test_it_waives_a_part_of_what_is_owed_and_never_more(owed: Amounts, percent: int) -> None:
    template = OfferTemplate(name="x", kind=Kind.INSTALMENTS, waived_percent={"interest": percent, "penalty": percent})
    waived = template.waived(owed)
    assert (waived.fees_fen, waived.principal_fen) == (0, 0)
    assert 0 <= waived.interest_fen <= owed.interest_fen
    assert abs(waived.penalty_fen * 100 - owed.penalty_fen * percent) <= 50


def test_it_says_only_what_a_plan_of_its_kind_has() -> None:
    deferral = OfferTemplate(
        name="x",
        kind=Kind.DEFERRAL,
        instalments=36,
        months=6,
        annual_rate_percent=Decimal("3.6"),
        method=Method.EQUAL_PRINCIPAL,
    )
    assert deferral.terms == {"months": 6, "annual_rate_percent": "3.60"}


@pytest.mark.parametrize(
    ("template", "faults"),
    [
        (OfferTemplate(name="x", kind=Kind.DEFERRAL, months=12), []),
        (OfferTemplate(name="x", kind=Kind.DEFERRAL, months=13), [("/months", "too_large")]),
        (
            OfferTemplate(name="x", kind=Kind.REDUCTION, method=Method.INTEREST_FREE, annual_rate_percent=Decimal(1)),
            [("/annual_rate_percent", "interest_free_needs_rate_zero")],
        ),
    ],
)
def test_what_no_plan_could_be_is_refused(template: OfferTemplate, faults: list[tuple[str, str]]) -> None:
    assert [(each.pointer, each.code) for each in template_faults(template)] == faults
