"""What the OpenAPI document says of creditors."""

from collections.abc import Mapping
from typing import Final

_KINDS = "`bank`, or a lender: `consumer_finance`, `small_loan`, or `assignee` of a claim; a lender has no credit cards"
PROPERTIES: Final[Mapping[str, str]] = {
    "regulator": "who supervises it and hears complaints: `nfra` (12378), or `local`, 地方金融管理局 of the place",
    "services": "what it offers beside negotiating",
}
OF_SCHEMAS: Final[Mapping[str, str]] = {
    f"{name}.kind": _KINDS for name in ("BankNameAnswer", "BankAnswer", "CreditorAnswer")
} | {
    "CreditorAnswer.code": "its code, which says nothing of it; no name of an app or platform is one",
}
