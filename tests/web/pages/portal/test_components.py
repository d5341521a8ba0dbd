"""A clerk sees what of a debt is in instalments, and offers on it."""

from __future__ import annotations

from typing import Any

import pytest

from tests import applications
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.web.pages.clerk import Clerk
from tests.web.pages.portal.offer_forms import offer_form

BILL = {"kind": "bill_instalment", "principal_fen": 600_000, "remaining_terms": 72}
PARTS = [{"kind": "revolving", "principal_fen": 1_250_000}, BILL]
NOTHING: dict[str, Any] = {"principal_fen": 0, "interest_fen": 0, "fees_fen": 0, "penalty_fen": 0}


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A debt of which a part is in instalments, and a supplementary card."""
    supplementary = applications.account(card_number=applications.card(number=9), role="supplementary", **NOTHING)
    return open_case(accounts=[applications.account(components=PARTS), supplementary])


def test_the_case_shows_the_parts_what_they_mean_and_what_to_check(case: Case, clerk: Clerk) -> None:
    page = clerk.read()
    for words in (
        "未办理分期 12,500.00 元；账单分期 6,000.00 元（剩余 72 期）",
        "账单分期的剩余期数超过 60 期，请核实。",
        "降低最低还款额和延期不能包含这一部分",
        "附属卡：欠款由主卡持卡人承担。",
    ):
        assert words in page


def test_the_form_of_an_offer_begins_with_the_declared_parts(case: Case, clerk: Clerk) -> None:
    form = clerk.form("/offer")
    assert form["balances.0.components.0.principal_fen"] == ["6,000.00"]
    assert form["balances.0.components.1.principal_fen"] == [""]
    assert clerk.done("/offer", offer_form(clerk)) == "offer_open"
    [offer] = case.view()["offers"]
    assert offer["balances"][0]["components"] == [BILL, PARTS[0]] or offer["balances"][0]["components"] == PARTS
    assert "账单分期 6,000.00 元（剩余 72 期）" in clerk.read(f"/offers/{offer['id']}")


def test_a_lowered_minimum_over_instalments_comes_back(case: Case, clerk: Clerk) -> None:
    form = clerk.form("/offer?kind=lower_minimum", "offer")
    # It begins with what it can hold.
    assert form["terms.principal_fen"] == ["12,500.00"]
    typed = {
        "terms.principal_fen": "18500",
        "terms.minimum_percent": "5",
        "terms.months": "6",
        "terms.annual_rate_percent": "18",
        "terms.first_due_on": "2026-12-20",
    }
    waived = {name: "0" for name in form if name.startswith("terms.waived.")}
    answer = clerk.send("/offer", {**form, **waived, **typed})
    assert answer.status_code == 422
    assert "不能包含已办理分期的欠款（6,000.00 元）" in answer.get_data(as_text=True)
    assert case.view()["offers"] == []
    assert clerk.done("/offer", {**form, **waived, **typed, "terms.principal_fen": "12500"}) == "offer_open"


def test_a_part_without_its_terms_is_told_at_its_row(case: Case, clerk: Clerk) -> None:
    answer = clerk.send("/offer", offer_form(clerk, **{"balances.0.components.0.remaining_terms": ""}))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "f-balances-0-components-0-remaining_terms-error" in text
