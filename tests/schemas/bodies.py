"""Good bodies, as the contract shows them, to be broken in one place at a time."""

import copy
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from hub.domain.errors import Fault

TODAY = date(2026, 11, 21)
GIVEN_AT = "2026-11-21T10:00:00+08:00"
NOW = datetime.fromisoformat(GIVEN_AT)
REMOVED = object()
"""In the place of a value: the field is left out."""

APPLICATION: dict[str, Any] = {
    "channel": "app",
    "applicant": {
        "subject": "host-app-user-1",
        "name": "王小明",
        "id_type": "resident_id",
        "id_number": "11010519491231002X",
        "mobile": "13800138000",
        "email": "xm@example.com",
    },
    "accounts": [
        {
            "bank_code": "01020000",
            "card_number": "6222100000000007",
            "currency": "CNY",
            "principal_fen": 1850000,
            "interest_fen": 46200,
            "fees_fen": 0,
            "penalty_fen": 12000,
            "overdue_since": "2026-08-12",
        }
    ],
    "hardship": {"reasons": ["illness"], "since": "2026-06-01", "description": "…"},
    "finances": {
        "monthly_income_fen": 620000,
        "monthly_essential_spending_fen": 410000,
        "other_debt_payments_fen": 90000,
        "dependants": 2,
    },
    "proposal": {
        "kind": "instalments",
        "instalments": 36,
        "monthly_payment_fen": 53000,
        "first_due_on": "2026-12-20",
        "down_payment_fen": 0,
        "waive_interest": True,
        "note": "",
    },
    "evidence": [{"id": "file-1", "kind": "payslip"}, {"id": "file-2", "kind": "medical_bill"}],
    "consents": [
        {"purpose": "share_with_bank", "bank_code": "01020000", "version": "2026-11", "given_at": GIVEN_AT},
        {"purpose": "sensitive_data", "version": "2026-11", "given_at": GIVEN_AT},
        {"purpose": "medical_data", "version": "2026-11", "given_at": GIVEN_AT},
        {"purpose": "truthful", "version": "2026-11", "given_at": GIVEN_AT},
    ],
}

TERMS: dict[str, Any] = {
    "kind": "instalments",
    "principal_fen": 1_200_000,
    "waived": {"interest_fen": 46_200, "penalty_fen": 12_000},
    "first_due_on": "2026-12-20",
    "note": "",
    "instalments": 12,
    "annual_rate_percent": "3.60",
    "method": "equal_instalment",
    "down_payment_fen": 0,
    "fee_fen": 0,
}

BALANCE: dict[str, Any] = {
    "card_last4": "0007",
    "currency": "CNY",
    "principal_fen": 1_850_000,
    "interest_fen": 0,
    "fees_fen": 0,
    "penalty_fen": 0,
    "as_of": "2026-11-20",
}


def with_change(body: Any, pointer: str, value: Any) -> Any:
    """A copy of `body` with `value` at `pointer`, or without the field where it is `REMOVED`."""
    changed = copy.deepcopy(body)
    *path, last = pointer.removeprefix("/").split("/")
    place = changed
    for part in path:
        place = place[int(part)] if isinstance(place, list) else place[part]
    if isinstance(place, list):
        place[int(last) :] = [value, *place[int(last) + 1 :]]
    elif value is REMOVED:
        del place[last]
    else:
        place[last] = value
    return changed


def codes(faults: Sequence[Fault]) -> list[tuple[str, str]]:
    """The place and the code of each fault."""
    return [(fault.pointer, fault.code) for fault in faults]


SECOND_ACCOUNT = {
    **APPLICATION["accounts"][0],
    "bank_code": "03020000",
    "card_number": "6224530000000003",
}


def two_banks(*, second_consent: str | None = "03020000") -> dict[str, Any]:
    """An application to two banks, with the consent for the second under `second_consent`."""
    body = copy.deepcopy(APPLICATION)
    body["accounts"].append(copy.deepcopy(SECOND_ACCOUNT))
    if second_consent:
        body["consents"].append({**body["consents"][0], "bank_code": second_consent})
    return body


def with_proposals(*bank_codes: str) -> dict[str, Any]:
    """An application to two banks, with a proposal for each of `bank_codes` in the place of the one for all."""
    body = two_banks()
    whole = body.pop("proposal")
    body["proposals"] = [{**whole, "bank_code": code} for code in bank_codes]
    return body
