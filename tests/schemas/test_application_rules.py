"""The rules of an application, one a row: what is changed, where the fault is, and its code."""

from typing import Any

import pytest

from hub.domain.errors import Fault
from schemas.application import load_application
from tests.schemas.bodies import APPLICATION, GIVEN_AT, NOW, REMOVED, codes, two_banks, with_change, with_proposals

TRUTHFUL = {"purpose": "truthful", "version": "2026-11", "given_at": GIVEN_AT}
SETTLEMENT = {"kind": "settlement", "first_due_on": "2026-12-20"}
HELPER = {"name": "李雷", "relation": "儿子", "mobile": "13900139000"}


def faults_with(*changes: tuple[str, Any]) -> list[tuple[str, str]]:
    body = APPLICATION
    for pointer, value in changes:
        body = with_change(body, pointer, value)
    return codes(load_application(body, now=NOW).faults)


@pytest.mark.parametrize(
    "pointer",
    [
        "/applicant/email",
        "/accounts/0/overdue_since",
        "/hardship/since",
        "/hardship/description",
        "/finances/dependants",
        "/proposal/down_payment_fen",
        "/proposal/waive_interest",
        "/proposal/note",
        "/evidence",
    ],
)
def test_what_may_be_left_out_may(pointer: str) -> None:
    assert faults_with((pointer, REMOVED)) == []


NEEDED = [
    "/channel",
    "/applicant",
    "/applicant/subject",
    "/applicant/name",
    "/applicant/id_type",
    "/applicant/id_number",
    "/applicant/mobile",
    "/accounts",
    "/accounts/0/bank_code",
    "/accounts/0/card_number",
    "/accounts/0/currency",
    "/accounts/0/principal_fen",
    "/accounts/0/interest_fen",
    "/accounts/0/fees_fen",
    "/accounts/0/penalty_fen",
    "/hardship",
    "/hardship/reasons",
    "/finances",
    "/finances/monthly_income_fen",
    "/finances/monthly_essential_spending_fen",
    "/finances/other_debt_payments_fen",
    "/proposal",
    "/proposal/kind",
    "/proposal/instalments",
    "/proposal/monthly_payment_fen",
    "/proposal/first_due_on",
    "/consents",
    "/consents/0/purpose",
    "/consents/0/bank_code",
    "/consents/0/version",
    "/consents/0/given_at",
    "/evidence/0/id",
    "/evidence/0/kind",
]


@pytest.mark.parametrize("pointer", NEEDED)
def test_what_is_needed_is_named(pointer: str) -> None:
    assert (pointer, "required") in faults_with((pointer, REMOVED))


@pytest.mark.parametrize(
    "pointer", ["", "/applicant", "/accounts/0", "/hardship", "/finances", "/proposal", "/evidence/0", "/consents/3"]
)
def test_an_unknown_field_is_refused_by_name(pointer: str) -> None:
    assert faults_with((f"{pointer}/extra", 1)) == [(f"{pointer}/extra", "unknown_field")]


@pytest.mark.parametrize("pointer", ["/hardship/description", "/proposal/note"])
def test_nor_is_it_taken_in_words(pointer: str) -> None:
    assert faults_with((pointer, "卡的有效期 12/28，安全码是 123")) == [(pointer, "card_secret_refused")]


# JR/T 0171-2020, class C3: what opens a card or an account is never collected.
@pytest.mark.parametrize("name", ["cvn2", "cvv", "expiry", "valid_thru", "pin", "password", "track2", "sms_code"])
@pytest.mark.parametrize("pointer", ["/accounts/0", "/applicant"])
def test_what_opens_a_card_is_never_taken(pointer: str, name: str) -> None:
    loaded = load_application(with_change(APPLICATION, f"{pointer}/{name}", "987"), now=NOW)
    assert codes(loaded.faults) == [(f"{pointer}/{name}", "card_secret_refused")]
    assert "987" not in str(loaded.faults)


ROWS: list[tuple[str, Any, str]] = [
    ("/channel", "fax", "unknown_choice"),
    ("/applicant/id_type", "driving_licence", "unknown_choice"),
    ("/applicant/id_number", "110105194912310021", "id_check_character"),
    ("/applicant/id_number", "11010519491231002", "id_length"),
    ("/applicant/id_number", "110105194902310026", "id_birth_date"),
    ("/applicant/id_number", "110105201001010010", "under_age"),
    ("/applicant/name", " ", "name_required"),
    ("/applicant/name", "王\n明", "name_characters"),
    ("/applicant/mobile", "12800138000", "mobile"),
    ("/applicant/email", "nobody", "email"),
    ("/applicant/subject", "a b", "id_form"),
    ("/accounts", [], "required"),
    ("/accounts/0/currency", "USD", "unsupported_currency"),
    ("/accounts/0/card_number", "6222100000000008", "luhn"),
    ("/accounts/0/card_number", "622210000007", "card_length"),
    ("/accounts/0/card_number", "6224530000000003", "issuer_mismatch"),
    ("/accounts/0/card_number", "6216261000000000018", "debit_card"),
    ("/accounts/0/bank_code", "ICBC", "bank_code_form"),
    ("/accounts/0/principal_fen", -1, "too_small"),
    ("/accounts/0/as_printed", "yes", "type_true_or_false"),
    ("/accounts/0/principal_fen", 10**12 + 1, "too_large"),
    ("/accounts/0/principal_fen", 1.5, "type_whole_number"),
    ("/accounts/0/principal_fen", "1850000", "type_whole_number"),
    ("/accounts/0/principal_fen", True, "type_whole_number"),
    ("/accounts/0/interest_fen", -1, "too_small"),
    ("/accounts/0/overdue_since", "2026-11-22", "date_in_future"),
    ("/accounts/0/overdue_since", "1899-12-31", "date_too_long_ago"),
    ("/accounts/0/overdue_since", "22.11.2026", "date_form"),
    ("/hardship/since", "2026-11-22", "date_in_future"),
    ("/hardship/since", "0001-01-01", "date_too_long_ago"),
    ("/hardship/reasons", [], "too_few"),
    ("/hardship/reasons/0", "bad_luck", "unknown_choice"),
    ("/finances/monthly_income_fen", None, "null"),
    ("/finances/dependants", -1, "too_small"),
    ("/proposal/kind", "holiday", "unknown_choice"),
    ("/proposal/instalments", 0, "too_small"),
    ("/proposal/instalments", 61, "too_large"),
    ("/proposal/monthly_payment_fen", 0, "too_small"),
    ("/proposal/first_due_on", "2026-11-21", "too_early"),
    ("/proposal/first_due_on", "2028-12-22", "beyond_five_years"),
    ("/proposal/first_due_on", "9999-12-31", "beyond_five_years"),
    ("/proposal/waive_interest", "yes", "type_true_or_false"),
    ("/proposal/minimum_percent", 2.5, "percent_form"),
    ("/proposal/note", "x" * 1001, "text_too_long"),
    ("/evidence/1/kind", "selfie", "unknown_choice"),
    ("/evidence/1/id", "file-1", "evidence_listed_twice"),
    ("/consents/3/version", "2020-01", "consent_version"),
    ("/consents/3/given_at", "2026-11-21T10:00:00", "time_form"),
    ("/consents/3/given_at", "2026-11-21T10:05:01+08:00", "time_in_future"),
    ("/consents/0/given_at", "2030-01-01T00:00:00+08:00", "time_in_future"),
    ("/consents/1/given_at", "2026-10-31T23:59:59+08:00", "consent_before_its_text"),
    ("/consents/2/given_at", "1999-01-01T00:00:00Z", "consent_before_its_text"),
    ("/household_size", 0, "too_small"),
    ("/support_needs", ["sight", "sight"], "listed_twice"),
    ("/contact", {"channels": "phone"}, "type_list"),
]


@pytest.mark.parametrize(("pointer", "value", "code"), ROWS, ids=[f"{row[0]} {row[2]}" for row in ROWS])
def test_a_broken_rule_is_the_one_fault_at_its_place(pointer: str, value: Any, code: str) -> None:
    place = {"listed_twice": "/1", "type_list": "/channels"}.get(code, "")
    assert faults_with((pointer, value)) == [(pointer + place, code)]


PAIRS: list[tuple[list[tuple[str, Any]], list[tuple[str, str]]]] = [
    (
        [("/hardship/reasons", ["other"]), ("/hardship/description", " ")],
        [("/hardship/description", "description_required")],
    ),
    ([("/hardship/reasons", ["illness", "illness"])], [("/hardship/reasons/1", "listed_twice")]),
    (
        [
            ("/accounts/0/card_number", "6999990000000002"),
            ("/accounts/0/bank_code", "01030000"),
            ("/consents/0/bank_code", "01030000"),
        ],
        [],
    ),
    (
        [("/accounts/0/card_number", "6216261000000000018"), ("/accounts/0/bank_code", "x")],
        [
            ("/accounts/0/bank_code", "bank_code_form"),
            ("/accounts/0/card_number", "debit_card"),
        ],
    ),
    ([("/finances/income", [{"kind": "wage", "amount_fen": 600000}])], [("/finances/income", "does_not_add_up")]),
    ([("/finances/income", [{"kind": "wage", "amount_fen": 600000}, {"kind": "rent", "amount_fen": 20000}])], []),
    (
        [("/finances/income", [{"kind": "wage", "amount_fen": "1"}])],
        [("/finances/income/0/amount_fen", "type_whole_number")],
    ),
    ([("/finances/spending", [{"kind": "food", "amount_fen": 1}])], [("/finances/spending", "does_not_add_up")]),
    ([("/household_size", 3), ("/finances/household_size", 4)], [("/household_size", "household_size_twice")]),
    ([("/household_size", 3), ("/finances/household_size", 3)], []),
    ([("/proposal", {**SETTLEMENT, "monthly_payment_fen": 0, "instalments": None})], []),
    ([("/proposal", {**SETTLEMENT, "first_due_on": "2031-11-21"})], []),
    (
        [("/proposal", {**SETTLEMENT, "first_due_on": "2031-11-22"})],
        [("/proposal/first_due_on", "beyond_five_years")],
    ),
    ([("/proposal", {**SETTLEMENT, "settlement_fen": 1_908_200, "waive_interest": True, "note": "一次还清"})], []),
    ([("/proposal", {**SETTLEMENT, "settlement_fen": 1_908_201})], [("/proposal/settlement_fen", "more_than_owed")]),
    ([("/proposal", {**SETTLEMENT, "settlement_fen": 0})], [("/proposal/settlement_fen", "too_small")]),
    (
        [("/proposal", {**SETTLEMENT, "months": 3, "minimum_percent": "5.00", "instalments": 12})],
        [
            ("/proposal/months", "not_for_this_kind"),
            ("/proposal/minimum_percent", "not_for_this_kind"),
        ],
    ),
    ([("/proposal/months", 3)], [("/proposal/months", "not_for_this_kind")]),
    ([("/proposal/waived", {"interest_fen": 1})], [("/proposal/waived", "not_for_this_kind")]),
    ([("/proposal/kind", "reduction"), ("/proposal/waived", {"interest_fen": 46_200})], []),
    (
        [("/proposal/kind", "reduction"), ("/proposal/waived", {"interest_fen": 46_201, "fees_fen": 1})],
        [("/proposal/waived/interest_fen", "more_than_owed"), ("/proposal/waived/fees_fen", "more_than_owed")],
    ),
    (
        [("/proposal/kind", "reduction"), ("/proposal/waived", {"interest_fen": "1"})],
        [("/proposal/waived/interest_fen", "type_whole_number")],
    ),
    ([("/proposal", {"kind": "deferral", "first_due_on": "2026-12-20", "months": 12})], []),
    (
        [("/proposal", {"kind": "deferral", "first_due_on": "2026-12-20", "months": 13})],
        [("/proposal/months", "out_of_range")],
    ),
    (
        [("/proposal", {"kind": "deferral", "first_due_on": "2031-11-20", "months": 12})],
        [("/proposal/first_due_on", "beyond_five_years")],
    ),
    ([("/proposal", {**SETTLEMENT, "kind": "lower_minimum", "months": 6, "minimum_percent": "2.5"})], []),
    ([("/proposal/first_due_on", "2026-11-22"), ("/proposal/instalments", 60)], []),
    (
        [("/proposal/first_due_on", "2026-12-22"), ("/proposal/instalments", 60)],
        [("/proposal/first_due_on", "beyond_five_years")],
    ),
    ([("/evidence/1/kind", "disability_proof"), ("/consents/2", TRUTHFUL)], [("/consents", "consent_missing")]),
    ([("/evidence/1/kind", "payslip"), ("/consents/2", TRUTHFUL)], []),
    ([("/consents", [])], [("/consents", "consent_missing")] * 3 + [("/consents", "consent_missing_for_bank")]),
    ([("/consents/0/bank_code", "03020000")], [("/consents", "consent_missing_for_bank")]),
    (
        [("/consents/0/purpose", "spam"), ("/consents/3/version", "1")],
        [
            ("/consents/0/purpose", "unknown_choice"),
            ("/consents/3/version", "consent_version"),
            ("/consents", "consent_missing_for_bank"),
        ],
    ),
    ([("/representative", HELPER)], []),
    ([("/representative", {**HELPER, "relation": "法务公司"})], []),
    (
        [("/representative", {**HELPER, "mobile": "+86 138 0013 8000"})],
        [("/representative/mobile", "representative_mobile_is_applicants")],
    ),
    ([("/representative", {**HELPER, "authority_evidence": "file-1"})], []),
    (
        [("/representative", {**HELPER, "authority_evidence": "file-9"})],
        [
            ("/representative/authority_evidence", "evidence_not_listed"),
        ],
    ),
    ([("/contact", {"channels": ["phone"], "hours": "18:00-20:00"}), ("/support_needs", ["sight", "stress"])], []),
    ([("/applicant/id_type", "passport"), ("/applicant/id_number", "E12345678")], []),
    ([("/applicant/id_type", "no"), ("/applicant/id_number", "?")], [("/applicant/id_type", "unknown_choice")]),
]


@pytest.mark.parametrize(("changes", "expected"), PAIRS, ids=range(len(PAIRS)))
def test_rules_between_fields(changes: list[tuple[str, Any]], expected: list[tuple[str, str]]) -> None:
    assert faults_with(*changes) == expected


def test_sixteen_accounts_are_taken_and_no_more() -> None:
    account = APPLICATION["accounts"][0]
    assert faults_with(("/accounts", [account] * 16)) == []
    assert faults_with(("/accounts", [account] * 17)) == [("/accounts", "too_many")]


def test_a_bank_needs_its_own_consent_under_either_of_its_codes() -> None:
    assert load_application(two_banks(), now=NOW).faults == []
    assert load_application(two_banks(second_consent="63020000"), now=NOW).faults == []
    assert load_application(two_banks(second_consent=None), now=NOW).faults == [
        Fault("/consents", "consent_missing_for_bank", {"purpose": "share_with_bank", "bank_code": "03020000"})
    ]


@pytest.mark.parametrize(
    ("bank_codes", "expected"),
    [
        (("01020000", "03020000"), []),
        (("63020000", "01020000"), []),
        (("01020000",), [("/proposals", "proposal_missing_for_bank")]),
        (("01020000", "03020000", "63020000"), [("/proposals/2/bank_code", "proposal_twice")]),
        (("01020000", "03020000", "03030000"), [("/proposals/2/bank_code", "proposal_for_other_bank")]),
        ((), [("/proposal", "required")]),
    ],
)
def test_proposals_are_one_a_bank(bank_codes: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    assert codes(load_application(with_proposals(*bank_codes), now=NOW).faults) == expected


def test_a_proposal_or_proposals_never_both() -> None:
    body = {**with_proposals("01020000", "03020000"), "proposal": APPLICATION["proposal"]}
    assert codes(load_application(body, now=NOW).faults) == [("/proposals", "proposal_or_proposals")]


def test_the_rules_of_a_proposal_hold_for_each_of_several() -> None:
    body = with_change(with_proposals("01020000", "03020000"), "/proposals/1/instalments", None)
    body = with_change(body, "/proposals/0/first_due_on", "2026-01-01")
    assert codes(load_application(body, now=NOW).faults) == [
        ("/proposals/0/first_due_on", "too_early"),
        ("/proposals/1/instalments", "required"),
    ]


def test_a_proposal_to_one_bank_is_held_against_what_that_bank_is_owed() -> None:
    body = with_proposals("01020000", "63020000")
    body["proposals"] = [{**SETTLEMENT, "bank_code": code} for code in ("01020000", "63020000")]
    body["accounts"][1]["principal_fen"] = 100
    assert codes(load_application(with_change(body, "/proposals/0/settlement_fen", 1_908_200), now=NOW).faults) == []
    assert codes(load_application(with_change(body, "/proposals/1/settlement_fen", 58_301), now=NOW).faults) == [
        ("/proposals/1/settlement_fen", "more_than_owed")
    ]


@pytest.mark.parametrize("given_at", ["2026-11-01T00:00:00+08:00", "2026-11-21T10:05:00+08:00"])
def test_a_consent_is_given_from_the_first_day_of_its_text_on_and_clocks_may_differ(given_at: str) -> None:
    assert faults_with(("/consents/0/given_at", given_at)) == []


@pytest.mark.parametrize("part", ["interest_fen", "fees_fen", "penalty_fen"])
def test_a_card_may_owe_no_principal_where_something_else_is_owed(part: str) -> None:
    nothing = tuple((f"/accounts/0/{each}", 0) for each in ("principal_fen", "interest_fen", "fees_fen", "penalty_fen"))
    assert faults_with(*nothing, (f"/accounts/0/{part}", 1)) == []
    assert faults_with(*nothing) == [("/accounts/0/principal_fen", "account_owes_nothing")]


def test_a_card_whose_check_digit_is_unusual_is_taken_as_printed() -> None:
    typed = ("/accounts/0/card_number", "6222100000000008")
    assert faults_with(typed, ("/accounts/0/as_printed", False)) == [("/accounts/0/card_number", "luhn")]
    assert faults_with(typed, ("/accounts/0/as_printed", True)) == []


@pytest.mark.parametrize(
    ("number", "code"), [("6216261000000000019", "debit_card"), ("6224530000000004", "issuer_mismatch")]
)
def test_as_printed_excuses_the_check_digit_alone(number: str, code: str) -> None:
    changes = ("/accounts/0/card_number", number), ("/accounts/0/as_printed", True)
    assert faults_with(*changes) == [("/accounts/0/card_number", code)]


@pytest.mark.parametrize("kind", ["deferral", "settlement", "lower_minimum"])
def test_instalments_and_payments_are_taken_with_every_kind_and_left_out_where_it_has_none(kind: str) -> None:
    loaded = load_application(with_change(APPLICATION, "/proposal/kind", kind), now=NOW)
    assert loaded.faults == []
    assert loaded.value is not None
    proposal = loaded.value.proposal
    assert proposal is not None
    assert (proposal.instalments, proposal.monthly_payment_fen, proposal.down_payment_fen) == (None, None, 0)
