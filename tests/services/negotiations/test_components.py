"""What is in instalments already, and cards that share a debt, from the application to the agreement."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hub.domain.balances import Balance
from hub.domain.debt_components import Component, ComponentKind
from hub.domain.errors import Refused
from hub.domain.terms import Kind, Method, Terms, Waived
from hub.services.negotiations import counter_offers
from tests import applications
from tests.services.case import OFFER, Case
from tests.services.conftest import OpenCase

PARTS = [
    {"kind": "revolving", "principal_fen": 1_250_000},
    {"kind": "bill_instalment", "principal_fen": 600_000, "remaining_terms": 12},
]
MINIMUM = Terms(
    kind=Kind.LOWER_MINIMUM,
    principal_fen=1_250_000,
    first_due_on=date(2026, 12, 20),
    months=6,
    minimum_percent=Decimal("5.00"),
    annual_rate_percent=Decimal("18.00"),
)
NOTHING: dict[str, Any] = {
    "principal_fen": 0,
    "interest_fen": 0,
    "fees_fen": 0,
    "penalty_fen": 0,
    "overdue_since": None,
}


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: what is said of a debt is sealed and opened alike on both."""
    return sqlite_database


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A debt of which a part is in instalments."""
    return open_case(accounts=[applications.account(components=PARTS)])


def own(**changes: Any) -> Balance:
    """The bank's own figures of the card."""
    first = applications.card()
    figures: dict[str, Any] = {
        "principal_fen": 1_850_000,
        "interest_fen": 46_200,
        "fees_fen": 0,
        "penalty_fen": 12_000,
        **changes,
    }
    return Balance(card_last4=first[-4:], currency="CNY", as_of=date(2026, 11, 20), **figures)


def faults(case: Case, terms: Terms, **proposed: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        case.offer(terms, **proposed)
    assert case.view()["offers"] == []
    return [(each.pointer, each.code) for each in refused.value.faults]


def test_the_declared_parts_stand_in_the_offer_with_the_banks_own_figures(case: Case) -> None:
    for balances in (None, (own(),)):
        [balance] = case.offer_of(case.offer(OFFER, balances=balances))["balances"]
        assert balance["components"] == PARTS


def test_what_is_in_instalments_goes_into_a_plan_of_article_70_alone(case: Case) -> None:
    over = replace(MINIMUM, principal_fen=1_308_201)
    assert faults(case, over) == [("/terms/principal_fen", "holds_instalments")]
    deferral = Terms(
        kind=Kind.DEFERRAL,
        principal_fen=1_850_000,
        first_due_on=date(2026, 12, 20),
        months=3,
        annual_rate_percent=Decimal("0.00"),
    )
    assert faults(case, deferral) == [("/terms/principal_fen", "holds_instalments")]
    # What revolves, with its interest and penalty, may be lowered; all of it may be put into a plan.
    assert case.offer_of(case.offer(replace(MINIMUM, principal_fen=1_308_200)))["left_out_fen"] == 600_000
    assert case.offer_of(case.offer(OFFER))["planned"]["principal_fen"] == 1_850_000


def test_the_banks_own_parts_count_before_the_declared_ones(case: Case) -> None:
    revolving = Component(kind=ComponentKind.REVOLVING, principal_fen=1_850_000)
    whole = replace(MINIMUM, principal_fen=1_850_000)
    assert case.offer_of(case.offer(whole, balances=(own(components=(revolving,)),)))["left_out_fen"] == 58_200


def test_a_bank_with_another_principal_says_what_of_it_is_in_instalments(case: Case) -> None:
    figures = own(principal_fen=1_700_000)
    assert faults(case, MINIMUM, balances=(figures,)) == [("/balances/0/components", "components_needed")]
    case.offer(replace(OFFER, principal_fen=1_700_000), balances=(figures,))


def test_a_counter_offer_is_worked_out_and_judged_by_the_parts(case: Case) -> None:
    case.offer(OFFER)
    with case.hub.reading(case.cardholder) as tx:
        basis = counter_offers.counter_basis(tx, case.id, client_id=case.client_id)
    assert (basis.owed.total_fen, basis.instalments_fen, basis.rate_of_bank) == (1_908_200, 600_000, Decimal("3.60"))
    over = replace(MINIMUM, principal_fen=1_308_201)
    with case.hub.writing(case.cardholder) as tx, pytest.raises(Refused, match="holds_instalments"):
        counter_offers.counter(tx, case.id, over, client_id=case.client_id)


def test_an_account_with_several_cards_is_owed_once(open_case: OpenCase) -> None:
    case = open_case(
        accounts=[
            applications.account(account_group="A"),
            applications.account(card_number=applications.card(number=9), account_group="A", **NOTHING),
        ]
    )
    [balance] = case.offer_of(case.offer(OFFER))["balances"]
    assert balance["card_last4"] == applications.card()[-4:]
    # Both are cards of the negotiation: a bank may as well state the debt with the other one.
    other = replace(own(), card_last4=applications.card(number=9)[-4:])
    case.offer(OFFER, balances=(other,))


def test_an_agreement_lives_where_interest_alone_is_owed(open_case: OpenCase) -> None:
    amounts: dict[str, Any] = {"principal_fen": 0, "interest_fen": 46_200, "fees_fen": 0, "penalty_fen": 12_000}
    case = open_case(accounts=[applications.account(**amounts)])
    terms = replace(
        OFFER,
        principal_fen=46_200,
        waived=Waived(penalty_fen=12_000),
        instalments=6,
        annual_rate_percent=Decimal("0.00"),
        method=Method.INTEREST_FREE,
    )
    case.accept(case.offer(terms))
    case.work_off()
    agreement = case.view()["agreement"]
    assert agreement["planned"] == {"principal_fen": 0, "interest_fen": 46_200, "fees_fen": 0, "penalty_fen": 0}
    assert sum(row["total_fen"] for row in agreement["payments"]) == 46_200
    assert agreement["document"] is not None
