"""The two rows of a page and the parts of a principal: what is typed comes back as it was, and the rest revolves."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.errors import Fault
from hub.web.pages.component_rows import at_row, completed, shown

BILL: dict[str, Any] = {"kind": "bill_instalment", "principal_fen": 600, "remaining_terms": 12}
CASH: dict[str, Any] = {"kind": "cash_instalment", "principal_fen": 300, "remaining_terms": 6}
EMPTY = {"kind": "cash_instalment"}


def test_empty_rows_are_no_parts() -> None:
    assert completed({"principal_fen": 5, "components": [{"kind": "bill_instalment"}, EMPTY]}) == {"principal_fen": 5}


def test_the_rest_revolves() -> None:
    found = completed({"principal_fen": 1_000, "components": [BILL, EMPTY]})["components"]
    assert found == [BILL, {"kind": "revolving", "principal_fen": 400}]
    assert completed({"principal_fen": 600, "components": [BILL, EMPTY]})["components"] == [BILL]
    # More than there is, or what could not be read, is the schema's to judge.
    assert completed({"principal_fen": 500, "components": [BILL, EMPTY]})["components"] == [BILL]
    assert completed({"principal_fen": "viel", "components": [BILL, EMPTY]})["components"] == [BILL]


def test_several_of_one_kind_have_no_rows() -> None:
    assert shown({"principal_fen": 1_200, "components": [BILL, BILL]}) == {"principal_fen": 1_200}


@given(st.integers(1, 10**9), st.integers(0, 10**6), st.booleans(), st.booleans())
def test_what_is_shown_and_sent_again_is_the_same(revolving: int, cash_fen: int, bill: bool, cash: bool) -> None:
    parts: list[dict[str, Any]] = ([BILL] if bill else []) + ([{**CASH, "principal_fen": cash_fen + 1}] if cash else [])
    typed = {"principal_fen": revolving + sum(each["principal_fen"] for each in parts), "components": parts}
    once = completed(typed)
    assert completed(shown(once)) == once


def test_faults_stand_at_the_row_of_their_kind() -> None:
    accounts = [completed({"principal_fen": 1_000, "components": [{"kind": "bill_instalment"}, CASH]})]
    fault = Fault("/accounts/0/components/0/remaining_terms", "required")
    assert at_row(fault, accounts).pointer == "/accounts/0/components/1/remaining_terms"
    assert at_row(Fault("/accounts/0/components/1/principal_fen", "x"), accounts).pointer == "/accounts/0/components"
    other = Fault("/accounts/0/card_number", "luhn")
    assert at_row(other, accounts) == other
