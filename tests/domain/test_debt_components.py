"""Of what a principal is made: sums, terms, notes to the bank, and what terms may hold of it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain import balances
from hub.domain.amounts import owed_fen
from hub.domain.balances import Balance
from hub.domain.debt_components import (
    KEEPS_INSTALMENTS,
    Component,
    ComponentKind,
    ComponentNote,
    component_faults,
    has_no_minimum,
    in_instalments_fen,
    notes_on,
)
from hub.domain.errors import Refused
from hub.domain.plain import from_plain, to_plain
from hub.domain.terms import Kind, Method, Terms, Waived

REVOLVING, BILL, CASH = ComponentKind
TODAY = date(2026, 11, 21)
FIRST = date(2026, 12, 20)


def part(kind: ComponentKind, fen: int, terms: int | None = None) -> Component:
    return Component(kind=kind, principal_fen=fen, remaining_terms=terms)


def balance(*parts: Component, interest_fen: int = 0, principal_fen: int | None = None, last4: str = "0007") -> Balance:
    return Balance(
        card_last4=last4,
        currency="CNY",
        principal_fen=sum(each.principal_fen for each in parts) if principal_fen is None else principal_fen,
        interest_fen=interest_fen,
        fees_fen=0,
        penalty_fen=0,
        as_of=TODAY,
        components=parts,
    )


def terms(kind: Kind, amount_fen: int, **waived: int) -> Terms:
    of_kind = {
        Kind.INSTALMENTS: {"instalments": 12, "annual_rate_percent": Decimal(0), "method": Method.INTEREST_FREE},
        Kind.REDUCTION: {"instalments": 12, "annual_rate_percent": Decimal(0), "method": Method.INTEREST_FREE},
        Kind.DEFERRAL: {"months": 3, "annual_rate_percent": Decimal(0)},
        Kind.SETTLEMENT: {},
        Kind.LOWER_MINIMUM: {"months": 3, "annual_rate_percent": Decimal(18), "minimum_percent": Decimal(5)},
    }
    own = of_kind[kind]
    return Terms(kind=kind, principal_fen=amount_fen, first_due_on=FIRST, waived=Waived(**waived), **own)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "principal_fen", "faults"),
    [
        ([], 100, []),
        ([part(REVOLVING, 60), part(BILL, 40, 12)], 100, []),
        ([part(REVOLVING, 60), part(BILL, 41, 12)], 100, [("/components", "does_not_add_up")]),
        ([part(REVOLVING, 60), part(BILL, 40, 12)], None, []),
        ([part(BILL, 100)], 100, [("/components/0/remaining_terms", "required")]),
        ([part(REVOLVING, 60), part(CASH, 40)], 100, [("/components/1/remaining_terms", "required")]),
        ([part(REVOLVING, 100, 3)], 100, [("/components/0/remaining_terms", "not_of_revolving")]),
    ],
)
def test_parts_add_up_and_say_their_terms(
    parts: list[Component], principal_fen: int | None, faults: list[tuple[str, str]]
) -> None:
    assert [(each.pointer, each.code) for each in component_faults(parts, principal_fen)] == faults


def test_a_balance_whose_parts_do_not_add_up_does_not_exist() -> None:
    with pytest.raises(Refused, match="/components: does_not_add_up"):
        balance(part(REVOLVING, 60), principal_fen=61)


def test_a_balance_without_parts_is_spelt_as_before() -> None:
    plain = to_plain(balance(principal_fen=5))
    assert "components" not in plain
    assert from_plain(Balance, plain).components == ()
    whole = balance(part(REVOLVING, 60), part(CASH, 40, 6))
    assert from_plain(Balance, to_plain(whole)) == whole


@pytest.mark.parametrize(
    ("parts", "notes"),
    [
        ([part(BILL, 9_000_000, 60), part(CASH, 5_000_000, 24)], ()),
        ([part(BILL, 1, 61)], (ComponentNote.BILL_TERMS,)),
        ([part(CASH, 1, 25)], (ComponentNote.CASH_TERMS,)),
        ([part(CASH, 5_000_001, 24)], (ComponentNote.CASH_AMOUNT,)),
        ([part(CASH, 5_000_001, 25), part(CASH, 1, 61)], (ComponentNote.CASH_TERMS, ComponentNote.CASH_AMOUNT)),
    ],
)
def test_more_than_the_rules_let_a_bank_grant_is_a_note(
    parts: list[Component], notes: tuple[ComponentNote, ...]
) -> None:
    assert notes_on(parts) == notes
    assert list(component_faults(parts, sum(each.principal_fen for each in parts))) == []


OWED = balance(part(REVOLVING, 400), part(BILL, 600, 12), interest_fen=100)


@pytest.mark.parametrize(
    ("kind", "most_fen"),
    [
        # Article 70 alone puts instalments into instalments again, and a settlement pays them off.
        (Kind.INSTALMENTS, 1_100),
        (Kind.REDUCTION, 1_100),
        (Kind.SETTLEMENT, 1_100),
        (Kind.DEFERRAL, 500),
        (Kind.LOWER_MINIMUM, 500),
    ],
)
def test_only_a_plan_of_article_70_or_a_settlement_holds_what_is_in_instalments(kind: Kind, most_fen: int) -> None:
    assert balances.amount_faults(terms(kind, most_fen), [OWED]) == []
    [fault] = balances.amount_faults(terms(kind, most_fen + 1), [OWED])
    code = "holds_instalments" if kind in KEEPS_INSTALMENTS else "more_than_owed"
    assert (fault.pointer, fault.code) == ("/principal_fen", code)


def test_a_lowered_minimum_is_made_of_what_revolves_and_of_interest() -> None:
    found = balances.planned_of(terms(Kind.LOWER_MINIMUM, 450), [OWED])
    assert (found.principal_fen, found.interest_fen) == (400, 50)
    assert balances.planned_of(terms(Kind.INSTALMENTS, 450), [OWED]).principal_fen == 450


def test_without_parts_nothing_is_held_back() -> None:
    assert balances.amount_faults(terms(Kind.LOWER_MINIMUM, 1_000), [balance(principal_fen=1_000)]) == []


def test_all_in_instalments_has_no_minimum() -> None:
    assert has_no_minimum([balance(part(BILL, 600, 3)), balance(part(CASH, 5, 3))])
    assert not has_no_minimum([balance(part(BILL, 600, 3)), balance(principal_fen=1)])
    assert not has_no_minimum([balance(principal_fen=0, interest_fen=9)])


def test_the_bank_has_what_the_person_named_unless_its_principal_is_another() -> None:
    told = balance(principal_fen=1_000)
    assert balances.with_declared_components([told], [OWED])[0].components == OWED.components
    other = replace(told, principal_fen=900)
    assert balances.with_declared_components([other], [OWED]) == (other,)
    own = balance(part(REVOLVING, 1_000))
    assert balances.with_declared_components([own], [OWED]) == (own,)
    for kind in Kind:
        needed = balances.components_needed(kind, [other], [OWED])
        pointers = [(each.pointer, each.code) for each in needed]
        assert pointers == ([("/0/components", "components_needed")] if kind in KEEPS_INSTALMENTS else [])
        assert balances.components_needed(kind, [own], [OWED]) == []
    assert balances.components_needed(Kind.DEFERRAL, [replace(other, card_last4="9999")], [OWED]) == []


COMPONENT = st.builds(
    lambda kind, fen, terms: part(kind, fen, terms if kind.is_in_instalments else None),
    st.sampled_from(ComponentKind),
    st.integers(1, 10**6),
    st.integers(1, 60),
)
BALANCES = st.lists(
    st.builds(
        lambda parts, interest: balance(*parts, interest_fen=interest),
        st.lists(COMPONENT, min_size=1, max_size=4),
        st.integers(0, 10**5),
    ),
    min_size=1,
    max_size=3,
)


@given(BALANCES, st.sampled_from(Kind), st.integers(1, 10**7), st.integers(0, 10**6))
def test_what_may_be_planned_adds_up_and_never_touches_what_stays_in_instalments(
    owed: list[Balance], kind: Kind, amount_fen: int, waived_fen: int
) -> None:
    proposed = terms(kind, amount_fen, principal_fen=waived_fen)
    if balances.amount_faults(proposed, owed):
        return
    planned = balances.planned_of(proposed, owed)
    assert planned.total_fen == amount_fen
    assert owed_fen(owed) == amount_fen + waived_fen + balances.left_out_fen(proposed, owed)
    principal = sum(each.principal_fen for each in owed)
    kept = in_instalments_fen(owed) if kind in KEEPS_INSTALMENTS else 0
    assert planned.principal_fen <= principal - max(kept, waived_fen)
