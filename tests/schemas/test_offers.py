"""Terms of every kind, the offers that hold them, and the faults of all of it at once."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain.errors import Fault
from hub.domain.terms import FIELDS_BY_KIND, Kind, Method, Terms, Waived, faults_of
from schemas.offers import load_bank_offer, load_counter_offer, load_quote, load_terms
from tests.schemas.bodies import BALANCE, REMOVED, TERMS, TODAY, codes, with_change

COMMON = {"principal_fen": 1_200_000, "first_due_on": "2026-12-20"}
OF_KIND: dict[str, dict[str, Any]] = {
    "instalments": TERMS,
    "reduction": {**TERMS, "kind": "reduction"},
    "deferral": {**COMMON, "kind": "deferral", "months": 6, "annual_rate_percent": "0"},
    "settlement": {**COMMON, "kind": "settlement"},
    "lower_minimum": {
        **COMMON,
        "kind": "lower_minimum",
        "months": 6,
        "minimum_percent": "2.5",
        "annual_rate_percent": "18.25",
    },
}
EVERY_FIELD: dict[str, Any] = {
    "instalments": 12,
    "annual_rate_percent": "3.60",
    "method": "equal_principal",
    "down_payment_fen": 0,
    "fee_fen": 0,
    "months": 3,
    "minimum_percent": "2.50",
}


def faults(data: object) -> list[tuple[str, str]]:
    return codes(load_terms(data, today=TODAY)[1])


def test_terms_become_a_value() -> None:
    terms, found = load_terms(TERMS, today=TODAY)
    assert found == []
    assert terms == Terms(
        kind=Kind.INSTALMENTS,
        principal_fen=1_200_000,
        first_due_on=date(2026, 12, 20),
        waived=Waived(interest_fen=46_200, penalty_fen=12_000),
        instalments=12,
        annual_rate_percent=Decimal("3.60"),
        method=Method.EQUAL_INSTALMENT,
    )


@pytest.mark.parametrize("kind", OF_KIND)
def test_good_terms_of_every_kind_are_taken(kind: str) -> None:
    assert faults(OF_KIND[kind]) == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind in Kind for name in EVERY_FIELD if name not in FIELDS_BY_KIND[kind].taken],
)
def test_a_field_of_another_kind_is_refused_whatever_it_says(kind: Kind, name: str) -> None:
    good = OF_KIND[kind]
    assert faults({**good, name: EVERY_FIELD[name]}) == [(f"/{name}", "not_for_this_kind")]
    assert faults({**good, name: "nonsense"}) == [(f"/{name}", "not_for_this_kind")]
    assert faults({**good, name: None}) == []


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in Kind for name in FIELDS_BY_KIND[kind].required])
def test_a_field_that_the_kind_needs_is_named(kind: Kind, name: str) -> None:
    assert faults(with_change(OF_KIND[kind], f"/{name}", REMOVED)) == [(f"/{name}", "required")]
    assert faults({**OF_KIND[kind], name: None}) == [(f"/{name}", "required")]


ROWS: list[tuple[str, Any, str]] = [
    ("/kind", "holiday", "unknown_choice"),
    ("/principal_fen", 0, "too_small"),
    ("/principal_fen", 10**12 + 1, "too_large"),
    ("/principal_fen", 1.0, "type_whole_number"),
    ("/waived/interest_fen", -1, "too_small"),
    ("/waived/extra", 1, "unknown_field"),
    ("/first_due_on", "2026-11-21", "too_early"),
    ("/first_due_on", "2031-01-01", "beyond_five_years"),
    ("/first_due_on", "soon", "date_form"),
    ("/instalments", 61, "too_large"),
    ("/instalments", 0, "too_small"),
    ("/annual_rate_percent", 3.6, "percent_form"),
    ("/annual_rate_percent", "3.601", "percent_form"),
    ("/annual_rate_percent", "101", "too_large"),
    ("/method", "balloon", "unknown_choice"),
    ("/method", "interest_free", "interest_free_needs_rate_zero"),
    ("/annual_rate_percent", "0.00", "equal_instalment_needs_a_rate"),
    ("/down_payment_fen", 1_200_000, "down_payment_not_below_principal"),
    ("/fee_fen", -1, "too_small"),
    ("/note", "\x00", "text_characters"),
    ("/extra", 1, "unknown_field"),
]
ELSEWHERE = {"interest_free_needs_rate_zero": "/annual_rate_percent", "equal_instalment_needs_a_rate": "/method"}


@pytest.mark.parametrize(("pointer", "value", "code"), ROWS, ids=[f"{row[0]} {row[2]}" for row in ROWS])
def test_a_broken_rule_is_the_one_fault(pointer: str, value: Any, code: str) -> None:
    assert faults(with_change(TERMS, pointer, value)) == [(ELSEWHERE.get(code, pointer), code)]


def test_deferral_is_for_twelve_months_at_most() -> None:
    assert load_terms({**OF_KIND["deferral"], "months": 13}, today=TODAY)[1] == [
        Fault("/months", "out_of_range", {"min": 1, "max": 12})
    ]


def test_every_fault_of_terms_is_named_at_once() -> None:
    assert faults({"kind": "instalments", "principal_fen": "1", "first_due_on": "2026-01-01", "months": 3, "x": 1}) == [
        ("/principal_fen", "type_whole_number"),
        ("/x", "unknown_field"),
        ("/months", "not_for_this_kind"),
        ("/instalments", "required"),
        ("/annual_rate_percent", "required"),
        ("/method", "required"),
        ("/first_due_on", "too_early"),
    ]


def test_without_a_kind_the_rules_of_every_kind_are_still_judged() -> None:
    assert faults({"first_due_on": "2026-01-01", "principal_fen": 5}) == [
        ("/kind", "required"),
        ("/first_due_on", "too_early"),
    ]


@pytest.mark.parametrize("data", [None, [], "x", 1])
def test_what_is_no_object_is_one_fault(data: object) -> None:
    assert faults(data) == [("", "type_object")]


def test_a_quote_takes_the_terms_bare_or_under_their_name() -> None:
    bare, _ = load_quote(TERMS, today=TODAY)
    named, _ = load_quote({"terms": TERMS}, today=TODAY)
    assert bare is not None
    assert bare == named
    assert codes(load_quote({"terms": {}}, today=TODAY)[1])[0] == ("/terms/kind", "required")
    assert codes(load_quote({}, today=TODAY)[1])[0] == ("/kind", "required")


def test_a_counter_offer_is_its_terms() -> None:
    terms, found = load_counter_offer({"terms": TERMS}, today=TODAY)
    assert found == []
    assert terms == load_terms(TERMS, today=TODAY)[0]
    assert codes(load_counter_offer({"terms": TERMS, "balances": []}, today=TODAY)[1]) == [
        ("/balances", "unknown_field")
    ]


OFFER = {"terms": TERMS, "balances": [BALANCE], "valid_until": "2026-11-28T18:00:00+08:00"}


def test_a_banks_offer_becomes_a_value() -> None:
    offer, found = load_bank_offer(OFFER, today=TODAY)
    assert found == []
    assert offer is not None
    assert offer.balances is not None
    assert offer.balances[0].total_fen == 1_850_000
    assert offer.valid_until == datetime(2026, 11, 28, 10, tzinfo=UTC)


def test_signs_that_nobody_sees_are_taken_off_the_digits_of_a_card() -> None:
    pasted = {**BALANCE, "card_last4": "\u200b7777\u200e", "card_first6": "\ufeff622210"}
    offer, found = load_bank_offer({**OFFER, "balances": [pasted]}, today=TODAY)
    assert found == []
    assert offer is not None
    assert offer.balances is not None
    assert (offer.balances[0].card_last4, offer.balances[0].card_first6) == ("7777", "622210")


@pytest.mark.parametrize("rest", [{}, {"balances": None, "valid_until": None}, {"balances": []}])
def test_balances_and_end_may_be_left_to_the_hub(rest: dict[str, Any]) -> None:
    offer, _ = load_bank_offer({"terms": TERMS, **rest}, today=TODAY)
    assert offer is not None
    assert (offer.balances, offer.valid_until) == (None, None)


@pytest.mark.parametrize(
    ("pointer", "value", "expected"),
    [
        ("/terms", REMOVED, [("/terms", "required")]),
        ("/terms", [], [("/terms", "type_object")]),
        ("/terms/instalments", 0, [("/terms/instalments", "too_small")]),
        ("/terms/first_due_on", "2026-11-21", [("/terms/first_due_on", "too_early")]),
        ("/balances/0/card_last4", "７777", [("/balances/0/card_last4", "four_digits")]),
        ("/balances/0/currency", "EUR", [("/balances/0/currency", "unsupported_currency")]),
        ("/balances/0/as_of", None, [("/balances/0/as_of", "null")]),
        ("/valid_until", "2026-11-28", [("/valid_until", "time_form")]),
    ],
)
def test_the_faults_of_an_offer_have_their_places(pointer: str, value: Any, expected: list[tuple[str, str]]) -> None:
    assert codes(load_bank_offer(with_change(OFFER, pointer, value), today=TODAY)[1]) == expected


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["9999-12-31", "0", "100", *Method]),
    lambda inside: st.lists(inside, max_size=2) | st.dictionaries(st.text(max_size=3), inside, max_size=2),
    max_leaves=3,
)


@settings(max_examples=3 * settings().max_examples)
@given(
    st.sampled_from(sorted(OF_KIND)),
    st.dictionaries(st.sampled_from([*TERMS, *EVERY_FIELD, "_schema"]), JSON_VALUES, max_size=3),
)
def test_whatever_is_taken_keeps_every_rule_of_the_domain(kind: str, changes: dict[str, Any]) -> None:
    terms, found = load_terms({**OF_KIND[kind], **changes}, today=TODAY)
    if terms is None:
        assert found
    else:
        assert faults_of(terms, today=TODAY) == []
