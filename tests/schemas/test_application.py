"""The contract's example loads whole, and every rule of it is a row: what is changed, where, which code."""

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain.affordability import IncomeKind, IncomeLine
from hub.domain.application import Application, HardshipReason, SupportNeed
from hub.domain.errors import Fault
from hub.domain.evidence import EvidenceKind
from hub.domain.references import References
from hub.domain.terms import Kind
from schemas.application import load_application, load_correction
from tests.schemas.bodies import APPLICATION, NOW, REMOVED, TODAY, codes, two_banks, with_change, with_proposals


def application(body: object = APPLICATION) -> Application:
    loaded = load_application(body, now=NOW)
    assert loaded.faults == []
    assert loaded.value is not None
    return loaded.value


def test_the_contracts_example_loads_whole() -> None:
    loaded = load_application(APPLICATION, now=NOW)
    read = application()
    assert read.applicant.id_number == "11010519491231002X"
    assert read.accounts[0].overdue_since == date(2026, 8, 12)
    assert read.accounts[0].total_fen == 1_908_200
    assert read.hardship.reasons == (HardshipReason.ILLNESS,)
    assert read.finances.dependants == 2
    assert read.proposal is not None
    assert (read.proposal.kind, read.proposal.instalments) == (Kind.INSTALMENTS, 36)
    assert [each.kind for each in read.evidence] == [EvidenceKind.PAYSLIP, EvidenceKind.MEDICAL_BILL]
    assert read.consents[0].purpose == "share_with_bank"
    assert loaded.references == References(
        bank_codes=(("/accounts/0/bank_code", "01020000"),),
        evidence=(("/evidence/0/id", "file-1", "payslip"), ("/evidence/1/id", "file-2", "medical_bill")),
    )


def test_numbers_come_into_their_one_form_and_names_stay() -> None:
    body = copy.deepcopy(APPLICATION)
    body["applicant"].update(name=" 王小明　", mobile="１３８ 0013 8000", email=None)
    body["applicant"]["id_number"] = "\u202a110105 19491231-002x\u202c"
    body["accounts"][0]["card_number"] = "6222-1000 0000 0007"
    read = application(body)
    assert (read.applicant.name, read.applicant.id_number) == ("王小明", "11010519491231002X")
    assert (read.applicant.mobile, read.applicant.email) == ("13800138000", None)
    assert read.accounts[0].card_number == "6222100000000007"


def test_the_banks_of_proposals_are_named_with_their_places() -> None:
    references = load_application(with_proposals("63020000", "01020000"), now=NOW).references
    assert references.bank_codes[2:] == (
        ("/proposals/0/bank_code", "63020000"),
        ("/proposals/1/bank_code", "01020000"),
    )


def test_every_fault_is_named_at_once() -> None:
    body = two_banks(second_consent=None)
    body["accounts"][0].update(card_number="6222100000000008", principal_fen="1", extra=1)
    body["accounts"][1].update(overdue_since="2027-01-01")
    body["applicant"].update(id_number="110105194912310021", mobile="1")
    body["hardship"] = {"reasons": ["other"]}
    body["finances"].update(income=[{"kind": "wage", "amount_fen": 1}])
    body["proposal"].update(instalments=None, first_due_on="2026-11-01")
    body["evidence"][1]["id"] = "file-1"
    body["consents"] = body["consents"][:1]
    assert codes(load_application(body, now=NOW).faults) == [
        ("/applicant/mobile", "mobile"),
        ("/accounts/0/principal_fen", "type_whole_number"),
        ("/accounts/0/extra", "unknown_field"),
        ("/applicant/id_number", "id_check_character"),
        ("/accounts/0/card_number", "luhn"),
        ("/accounts/1/overdue_since", "date_in_future"),
        ("/hardship/description", "description_required"),
        ("/finances/income", "does_not_add_up"),
        ("/proposal/instalments", "required"),
        ("/proposal/first_due_on", "too_early"),
        ("/evidence/1/id", "evidence_listed_twice"),
        ("/consents", "consent_missing"),
        ("/consents", "consent_missing"),
        ("/consents", "consent_missing"),
        ("/consents", "consent_missing_for_bank"),
    ]


def test_the_household_size_beside_the_finances_counts() -> None:
    assert application({**APPLICATION, "household_size": 3}).finances.household_size == 3


def test_optional_parts_become_values() -> None:
    lines = [{"kind": "wage", "amount_fen": 620_000}]
    body = with_change(APPLICATION, "/finances/income", lines)
    body.update(support_needs=["stress"], contact={"channels": ["phone"]})
    read = application(body)
    assert read.finances.income == (IncomeLine(kind=IncomeKind.WAGE, amount_fen=620_000),)
    assert read.support_needs == (SupportNeed.STRESS,)
    assert read.contact is not None
    assert (read.contact.channels, read.contact.hours) == (("phone",), "")


CORRECTION = {name: APPLICATION[name] for name in ("accounts", "finances", "evidence")}


def test_a_correction_is_the_three_parts_whole() -> None:
    correction, faults, references = load_correction(CORRECTION, today=TODAY)
    assert faults == []
    assert correction is not None
    assert correction.accounts == application().accounts
    assert references == load_application(APPLICATION, now=NOW).references


@pytest.mark.parametrize(
    ("pointer", "value", "expected"),
    [
        ("/accounts", REMOVED, [("/accounts", "required")]),
        ("/evidence", REMOVED, [("/evidence", "required")]),
        ("/proposal", {}, [("/proposal", "unknown_field")]),
        ("/accounts/0/overdue_since", "2027-01-01", [("/accounts/0/overdue_since", "date_in_future")]),
        ("/finances/income", [{"kind": "wage", "amount_fen": 1}], [("/finances/income", "does_not_add_up")]),
        ("/evidence/1/id", "file-1", [("/evidence/1/id", "evidence_listed_twice")]),
    ],
)
def test_a_correction_keeps_the_rules(pointer: str, value: Any, expected: list[tuple[str, str]]) -> None:
    correction, faults, _ = load_correction(with_change(CORRECTION, pointer, value), today=TODAY)
    assert correction is None
    assert codes(faults) == expected


def places_of(body: Any, pointer: str = "") -> list[str]:
    below = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    return [place for name, value in below for place in (f"{pointer}/{name}", *places_of(value, f"{pointer}/{name}"))]


FULL = {
    **with_proposals("01020000", "03020000"),
    "household_size": 3,
    "support_needs": ["sight"],
    "contact": {"channels": ["phone"], "hours": "any"},
    "representative": {"name": "李雷", "relation": "儿子", "mobile": "13900139000", "authority_evidence": "file-1"},
}  # fmt: skip
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["_schema", "9999-12-31", "0001-01-01", "01020000", "other", "instalments", "\x00", "1e9"]),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.text(max_size=4) | st.sampled_from(["kind", "id", "_schema", "purpose"]), inside, max_size=3
        )
    ),
    max_leaves=6,
)


def assert_documented(load: Callable[[], tuple[object, list[Fault]]]) -> None:
    value, faults = load()
    assert (value is None) == bool(faults)
    assert all(fault.pointer == "" or fault.pointer.startswith("/") for fault in faults)
    assert all(fault.code.isidentifier() for fault in faults)


@settings(max_examples=3 * settings().max_examples)
@given(
    place=st.sampled_from(sorted(places_of(FULL))),
    other=st.sampled_from(sorted(places_of(FULL))),
    values=st.tuples(JSON_VALUES, JSON_VALUES),
)
def test_any_json_at_any_place_is_read_or_refused(place: str, other: str, values: tuple[Any, Any]) -> None:
    body = with_change(FULL, place, values[0])
    if not other.startswith(place):
        body = with_change(body, other, values[1])

    def load() -> tuple[object, list[Fault]]:
        loaded = load_application(body, now=NOW)
        return loaded.value, loaded.faults

    assert_documented(load)


@settings(deadline=None)
@given(JSON_VALUES)
def test_any_json_is_no_correction_but_never_an_error(value: Any) -> None:
    assert_documented(lambda: load_correction(value, today=TODAY)[:2])
    assert load_application(value, now=NOW).faults
