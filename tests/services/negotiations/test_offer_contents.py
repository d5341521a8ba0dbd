"""What an offer says, as it is shown: terms that could be sent back as they are."""

from datetime import date
from decimal import Decimal

import pytest

from hub.domain.terms import Kind, Method, Terms
from hub.services.negotiations.offer_contents import terms_view
from schemas.offers import load_terms
from tests.schemas.bodies import TODAY

INSTALMENTS = Terms(
    kind=Kind.INSTALMENTS,
    principal_fen=1_200_000,
    first_due_on=date(2026, 12, 20),
    instalments=12,
    annual_rate_percent=Decimal("3.6"),
    method=Method.EQUAL_INSTALMENT,
)
DEFERRAL = Terms(
    kind=Kind.DEFERRAL, principal_fen=5, first_due_on=date(2026, 12, 20), months=3, annual_rate_percent=Decimal(0)
)


@pytest.mark.parametrize("terms", [INSTALMENTS, DEFERRAL], ids=lambda terms: terms.kind)
def test_terms_that_were_shown_can_be_sent_again(terms: Terms) -> None:
    assert load_terms(terms_view(terms), today=TODAY) == (terms, [])


def test_terms_are_shown_with_the_fields_of_their_kind_alone() -> None:
    assert terms_view(DEFERRAL) == {
        "kind": "deferral",
        "principal_fen": 5,
        "waived": {"interest_fen": 0, "penalty_fen": 0, "fees_fen": 0, "principal_fen": 0},
        "first_due_on": "2026-12-20",
        "note": "",
        "months": 3,
        "annual_rate_percent": "0.00",
    }
