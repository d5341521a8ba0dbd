"""Loans that nobody can have are refused by name, whatever is sent, and nothing of them is written."""

from __future__ import annotations

from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.services.operating import banks as bank_deeds
from hub.wiring import Hub
from storage.records import NegotiationRecord
from tests.applications import CMB, ICBC, application, lenders, loan
from tests.lenders import LENDER, add_lender
from tests.web.caller import Caller

_HUGE = 10**15
_LOWER = {"kind": "lower_minimum", "months": 6, "minimum_percent": "2.50", "first_due_on": "2026-12-20"}


def refused(hub: Hub, host_app: Caller, body: dict[str, Any]) -> set[tuple[str, str]]:
    """(pointer, code) of each fault of an application of which nothing was written."""
    answer = host_app.post("/applications", body)
    assert answer.status_code == 422, answer.get_data(as_text=True)
    with hub.reading(HUB) as tx:
        assert tx.session.query(NegotiationRecord).count() == 0
    return {(fault["pointer"], fault["code"]) for fault in answer.get_json()["errors"]}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"creditor_code": "花呗"}, "/loans/0/creditor_code"),
        ({"creditor_code": "借呗 App"}, "/loans/0/creditor_code"),
        ({"creditor_code": None}, "/loans/0/creditor_code"),
        ({"creditor_code": [ICBC]}, "/loans/0/creditor_code"),
        ({"principal_fen": _HUGE}, "/loans/0/principal_fen"),
        ({"interest_fen": -1}, "/loans/0/interest_fen"),
        ({"annual_rate_percent": "9" * 400}, "/loans/0/annual_rate_percent"),
        ({"annual_rate_percent": "NaN"}, "/loans/0/annual_rate_percent"),
        ({"contract_last4": "80A6" * 9}, "/loans/0/contract_last4"),
        ({"co_lenders": lenders((ICBC, "70.00"), (CMB, "29.99"))}, "/loans/0/co_lenders"),
        ({"co_lenders": lenders((ICBC, "1E2"), (CMB, "0.00"))}, "/loans/0/co_lenders/1/share_percent"),
        ({"co_lenders": lenders((ICBC, "Infinity"), (CMB, "30.00"))}, "/loans/0/co_lenders/0/share_percent"),
        ({"co_lenders": lenders((ICBC, "70.00"), ("花呗", "30.00"))}, "/loans/0/co_lenders/1/creditor_code"),
        ({"co_lenders": "all"}, "/loans/0/co_lenders"),
        ({"password": "1"}, "/loans/0/password"),
    ],
)
def test_a_loan_nobody_can_have_is_refused_at_its_place(
    hub: Hub, host_app: Caller, changes: dict[str, Any], pointer: str
) -> None:
    found = refused(hub, host_app, application(ICBC, CMB, loans=[loan(**changes)]))
    assert pointer in {at for at, _ in found}


def test_a_lender_that_is_closed_takes_no_loan_as_second_lender_either(hub: Hub, host_app: Caller) -> None:
    add_lender(hub)
    with hub.writing(HUB) as tx:
        bank_deeds.open_or_close(tx, LENDER, is_open=False)
    together = lenders((ICBC, "70.00"), (LENDER, "30.00"))
    found = refused(hub, host_app, application(ICBC, LENDER, loans=[loan(co_lenders=together)]))
    assert ("/loans/0/co_lenders/1/creditor_code", "bank_closed") in found


def test_a_lowered_minimum_is_nothing_for_loans_alone(hub: Hub, host_app: Caller) -> None:
    add_lender(hub)
    body = application(LENDER, accounts=[], loans=[loan(LENDER)], proposal=_LOWER)
    assert ("/proposal/kind", "not_for_this_creditor") in refused(hub, host_app, body)
