"""The shape and the bounds of terms, kind by kind."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hub.domain.errors import Fault, InvalidValue
from hub.domain.terms import (
    FIELDS_BY_KIND,
    Kind,
    Method,
    Terms,
    Waived,
    due_dates,
    faults_of,
    last_due_on,
)

TODAY = date(2026, 11, 21)
FIRST = date(2026, 12, 21)
INSTALMENTS = Terms(
    kind=Kind.INSTALMENTS,
    principal_fen=1_200_000,
    first_due_on=FIRST,
    instalments=12,
    annual_rate_percent=Decimal("3.60"),
    method=Method.EQUAL_INSTALMENT,
)
REDUCTION = replace(INSTALMENTS, kind=Kind.REDUCTION, waived=Waived(interest_fen=46_200))
DEFERRAL = Terms(
    kind=Kind.DEFERRAL,
    principal_fen=1_200_000,
    first_due_on=FIRST,
    months=6,
    annual_rate_percent=Decimal(0),
)
SETTLEMENT = Terms(kind=Kind.SETTLEMENT, principal_fen=1_200_000, first_due_on=FIRST)
LOWER_MINIMUM = Terms(
    kind=Kind.LOWER_MINIMUM,
    principal_fen=1_200_000,
    first_due_on=FIRST,
    months=6,
    minimum_percent=Decimal("2.50"),
    annual_rate_percent=Decimal("18.25"),
)
EVERY_KIND = [INSTALMENTS, REDUCTION, DEFERRAL, SETTLEMENT, LOWER_MINIMUM]


def codes(terms: Terms) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in faults_of(terms, today=TODAY)]


@pytest.mark.parametrize("terms", EVERY_KIND, ids=lambda terms: terms.kind.value)
def test_good_terms_of_every_kind_have_no_fault(terms: Terms) -> None:
    assert faults_of(terms, today=TODAY) == []


def test_every_kind_says_which_fields_it_takes() -> None:
    assert set(FIELDS_BY_KIND) == set(Kind)
    assert FIELDS_BY_KIND[Kind.SETTLEMENT].taken == frozenset()
    assert FIELDS_BY_KIND[Kind.REDUCTION].optional == ("down_payment_fen", "fee_fen")


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.SETTLEMENT])
def test_whether_there_is_interest_is_always_said(kind: Kind) -> None:
    [terms] = [each for each in EVERY_KIND if each.kind is kind]
    assert codes(replace(terms, annual_rate_percent=None)) == [("/annual_rate_percent", "required")]


@pytest.mark.parametrize(
    ("terms", "name"),
    [(terms, name) for terms in EVERY_KIND for name in FIELDS_BY_KIND[terms.kind].required],
    ids=lambda each: each if isinstance(each, str) else each.kind.value,
)
def test_a_required_field_that_is_missing_is_named(terms: Terms, name: str) -> None:
    change: dict[str, Any] = {name: None}
    assert codes(replace(terms, **change)) == [(f"/{name}", "required")]


FOREIGN = {
    "instalments": 12,
    "annual_rate_percent": Decimal(1),
    "method": Method.EQUAL_PRINCIPAL,
    "down_payment_fen": 1,
    "fee_fen": 1,
    "months": 3,
    "minimum_percent": Decimal(5),
}


@pytest.mark.parametrize(
    ("terms", "name"),
    [(terms, name) for terms in EVERY_KIND for name in FOREIGN if name not in FIELDS_BY_KIND[terms.kind].taken],
    ids=lambda each: each if isinstance(each, str) else each.kind.value,
)
def test_a_field_of_another_kind_is_refused(terms: Terms, name: str) -> None:
    change: dict[str, Any] = {name: FOREIGN[name]}
    assert faults_of(replace(terms, **change), today=TODAY) == [
        Fault(f"/{name}", "not_for_this_kind", {"kind": terms.kind.value})
    ]


@pytest.mark.parametrize(
    ("terms", "changes", "expected"),
    [
        (INSTALMENTS, {"principal_fen": 0}, [("/principal_fen", "out_of_range")]),
        (INSTALMENTS, {"principal_fen": 10**12}, []),
        (INSTALMENTS, {"principal_fen": 10**12 + 1}, [("/principal_fen", "out_of_range")]),
        (INSTALMENTS, {"instalments": 0}, [("/instalments", "out_of_range")]),
        (INSTALMENTS, {"instalments": 60}, []),
        (INSTALMENTS, {"instalments": 61}, [("/instalments", "out_of_range")]),
        (INSTALMENTS, {"instalments": 10**9}, [("/instalments", "out_of_range")]),
        (INSTALMENTS, {"down_payment_fen": 1_199_999}, []),
        (
            INSTALMENTS,
            {"down_payment_fen": 1_200_000},
            [("/down_payment_fen", "down_payment_not_below_principal")],
        ),
        (INSTALMENTS, {"down_payment_fen": -1}, [("/down_payment_fen", "out_of_range")]),
        (INSTALMENTS, {"fee_fen": -1}, [("/fee_fen", "out_of_range")]),
        (INSTALMENTS, {"fee_fen": 10**12 + 1}, [("/fee_fen", "out_of_range")]),
        (INSTALMENTS, {"waived": Waived(penalty_fen=-1)}, [("/waived/penalty_fen", "out_of_range")]),
        (INSTALMENTS, {"waived": Waived(fees_fen=10**12 + 1)}, [("/waived/fees_fen", "out_of_range")]),
        (DEFERRAL, {"months": 0}, [("/months", "out_of_range")]),
        (DEFERRAL, {"months": 12}, []),
        (DEFERRAL, {"months": 13}, [("/months", "out_of_range")]),
        (LOWER_MINIMUM, {"months": 60}, []),
        (LOWER_MINIMUM, {"months": 61}, [("/months", "out_of_range")]),
    ],
)
def test_amounts_and_counts_have_bounds(terms: Terms, changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert codes(replace(terms, **changes)) == expected


@pytest.mark.parametrize(
    ("rate", "method", "expected"),
    [
        ("0.01", Method.EQUAL_INSTALMENT, []),
        ("100", Method.EQUAL_PRINCIPAL, []),
        ("100.01", Method.EQUAL_PRINCIPAL, [("/annual_rate_percent", "out_of_range")]),
        ("-0.01", Method.EQUAL_PRINCIPAL, [("/annual_rate_percent", "out_of_range")]),
        ("3.605", Method.EQUAL_PRINCIPAL, [("/annual_rate_percent", "too_many_decimals")]),
        ("NaN", Method.EQUAL_INSTALMENT, [("/annual_rate_percent", "out_of_range")]),
        ("Infinity", Method.INTEREST_FREE, [("/annual_rate_percent", "out_of_range")]),
        ("0", Method.EQUAL_PRINCIPAL, []),
        ("0.00", Method.INTEREST_FREE, []),
        ("0.00", Method.EQUAL_INSTALMENT, [("/method", "equal_instalment_needs_a_rate")]),
        ("0.01", Method.INTEREST_FREE, [("/annual_rate_percent", "interest_free_needs_rate_zero")]),
    ],
)
def test_a_rate_has_bounds_and_fits_its_method(rate: str, method: Method, expected: list[tuple[str, str]]) -> None:
    terms = replace(INSTALMENTS, annual_rate_percent=Decimal(rate), method=method)
    assert codes(terms) == expected


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        ("0.01", []),
        ("100", []),
        ("0", [("/minimum_percent", "not_above_zero")]),
        ("-1", [("/minimum_percent", "out_of_range")]),
        ("100.01", [("/minimum_percent", "out_of_range")]),
        ("1.005", [("/minimum_percent", "too_many_decimals")]),
        ("sNaN", [("/minimum_percent", "out_of_range")]),
    ],
)
def test_a_minimum_is_a_percent_above_zero(percent: str, expected: list[tuple[str, str]]) -> None:
    assert codes(replace(LOWER_MINIMUM, minimum_percent=Decimal(percent))) == expected


def test_the_first_date_is_tomorrow_at_the_earliest() -> None:
    assert codes(replace(SETTLEMENT, first_due_on=date(2026, 11, 22))) == []
    assert faults_of(replace(SETTLEMENT, first_due_on=TODAY), today=TODAY) == [
        Fault("/first_due_on", "too_early", {"earliest": "2026-11-22"})
    ]


@pytest.mark.parametrize(
    ("terms", "first", "within"),
    [
        (replace(INSTALMENTS, instalments=60), date(2026, 12, 21), True),
        (replace(INSTALMENTS, instalments=60), date(2026, 12, 22), False),
        (replace(INSTALMENTS, instalments=57), date(2027, 3, 21), True),
        (replace(INSTALMENTS, instalments=58), date(2027, 3, 21), False),
        (DEFERRAL, date(2031, 5, 21), True),
        (DEFERRAL, date(2031, 5, 22), False),
        (SETTLEMENT, date(2031, 11, 21), True),
        (SETTLEMENT, date(2031, 11, 22), False),
        (LOWER_MINIMUM, date(2031, 6, 21), True),
        (LOWER_MINIMUM, date(2031, 6, 22), False),
        (replace(INSTALMENTS, instalments=60), date(9999, 12, 31), False),
    ],
)
def test_the_last_date_is_within_five_years(terms: Terms, first: date, *, within: bool) -> None:
    expected = [] if within else [Fault("/first_due_on", "beyond_five_years", {"latest": "2031-11-21"})]
    assert faults_of(replace(terms, first_due_on=first), today=TODAY) == expected


def test_every_fault_is_named_at_once() -> None:
    terms = replace(
        INSTALMENTS,
        principal_fen=0,
        instalments=None,
        annual_rate_percent=Decimal(101),
        months=3,
        first_due_on=TODAY,
    )
    assert codes(terms) == [
        ("/instalments", "required"),
        ("/months", "not_for_this_kind"),
        ("/principal_fen", "out_of_range"),
        ("/annual_rate_percent", "out_of_range"),
        ("/first_due_on", "too_early"),
    ]


@pytest.mark.parametrize(
    ("first", "count", "expected"),
    [
        ("2027-01-31", 4, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        ("2028-01-30", 3, ["2028-01-30", "2028-02-29", "2028-03-30"]),
        ("2026-12-20", 2, ["2026-12-20", "2027-01-20"]),
        ("2027-02-28", 2, ["2027-02-28", "2027-03-28"]),
    ],
)
def test_dates_are_monthly_on_the_first_dates_day_or_the_months_last(
    first: str, count: int, expected: list[str]
) -> None:
    assert [day.isoformat() for day in due_dates(date.fromisoformat(first), count)] == expected


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (INSTALMENTS, date(2027, 11, 21)),
        (DEFERRAL, date(2027, 6, 21)),
        (SETTLEMENT, FIRST),
        (LOWER_MINIMUM, date(2027, 5, 21)),
        (replace(DEFERRAL, first_due_on=date(2026, 12, 31), months=2), date(2027, 2, 28)),
    ],
)
def test_the_last_payment_is_due(terms: Terms, expected: date) -> None:
    assert last_due_on(terms) == expected


def test_the_last_payment_is_unknown_without_a_count() -> None:
    with pytest.raises(InvalidValue, match="required"):
        last_due_on(replace(INSTALMENTS, instalments=None))


def test_all_that_is_waived_is_added_up() -> None:
    assert Waived(interest_fen=1, penalty_fen=20, fees_fen=300, principal_fen=4000).total_fen == 4321
