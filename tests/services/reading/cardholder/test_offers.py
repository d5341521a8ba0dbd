"""The figures of an offer as its person reads them."""

from typing import Any

import pytest

from hub.domain.offer import OfferBy, OfferStatus
from hub.services.reading.cardholder.offers import OwnOffer, own_offer

NOTHING_WAIVED = {"interest_fen": 0, "penalty_fen": 0, "fees_fen": 0, "principal_fen": 0}
DOWN = {"number": 0, "due_on": "2026-11-26", "total_fen": 50_000, "interest_fen": 0, "fee_fen": 0}
FIRST = {"number": 1, "due_on": "2026-12-20", "total_fen": 51_500, "interest_fen": 1_500, "fee_fen": 300}
SECOND = {"number": 2, "due_on": "2027-01-20", "total_fen": 51_000, "interest_fen": 1_000, "fee_fen": 300}


def shown(terms: dict[str, Any], schedule: list[dict[str, Any]], **changes: Any) -> OwnOffer:
    view = {
        "id": "a",
        "by": "bank",
        "status": "open",
        "valid_until": "2026-12-01T18:00:00+08:00",
        "terms": {"waived": NOTHING_WAIVED, **terms},
        "balances": [],
        "schedule": schedule,
        "total_fen": sum(row["total_fen"] for row in schedule),
        "left_out_fen": 0,
        "planned": NOTHING_WAIVED,
        "down_payment_days": 3,
        "clauses": None,
        "texts": {},
        "annual_cost": None,
        "digest": "",
        **changes,
    }
    return own_offer(view)


def test_a_down_payment_is_not_the_first_of_the_monthly_ones() -> None:
    figures = shown({"kind": "instalments", "instalments": 2}, [DOWN, FIRST, SECOND]).figures
    assert (figures.first, figures.monthly_fen, figures.payments) == (FIRST, 51_500, 2)
    assert (figures.interest_fen, figures.fee_fen) == (2_500, 600)


@pytest.mark.parametrize(
    ("terms", "schedule", "payments"),
    [
        ({"kind": "settlement"}, [FIRST], 1),
        ({"kind": "deferral", "months": 3}, [FIRST], 3),
        # A lowered minimum plans no payments of its own.
        ({"kind": "lower_minimum", "months": 6}, [], 6),
    ],
)
def test_only_instalments_cost_the_same_each_month(
    terms: dict[str, Any], schedule: list[dict[str, Any]], payments: int
) -> None:
    figures = shown(terms, schedule).figures
    assert (figures.monthly_fen, figures.payments) == (None, payments)
    assert figures.first == (schedule[0] if schedule else None)


def test_all_that_the_bank_gives_up_is_one_sum() -> None:
    waived = {"interest_fen": 1, "penalty_fen": 20, "fees_fen": 300, "principal_fen": 4_000}
    assert shown({"kind": "settlement", "waived": waived}, [FIRST]).figures.waived_fen == 4_321


@pytest.mark.parametrize(
    ("by", "status", "can_be"),
    [
        (OfferBy.BANK, OfferStatus.OPEN, True),
        (OfferBy.BANK, OfferStatus.DECLINED, False),
        (OfferBy.CARDHOLDER, OfferStatus.OPEN, False),
    ],
)
def test_only_an_open_offer_of_the_bank_can_be_accepted(by: OfferBy, status: OfferStatus, *, can_be: bool) -> None:
    assert shown({"kind": "settlement"}, [FIRST], by=by, status=status).can_be_accepted is can_be


@pytest.mark.parametrize(
    ("kind", "changes", "promises"),
    [
        ("instalments", {}, True),
        ("settlement", {"balances": [{"card_last4": "0012"}]}, True),
        ("lower_minimum", {}, False),
        ("instalments", {"legal_stage": "sued", "court": "", "case_number": ""}, False),
        ("deferral", {"balances": [{"contract_last4": "80A6"}]}, False),
    ],
)
def test_no_new_card_is_promised_on_loans_in_court_or_with_a_lowered_minimum(
    kind: str, changes: dict[str, Any], promises: bool
) -> None:
    assert shown({"kind": kind}, [FIRST], **changes).promises_no_new_card is promises
