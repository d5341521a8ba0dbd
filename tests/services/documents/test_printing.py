"""What the application form shows of cards, filled from what was submitted."""

from __future__ import annotations

from typing import Any

import pytest

from hub.services.delivery import packets
from hub.services.documents.printing import form_of
from tests import applications
from tests.services.conftest import OpenCase

NOTHING: dict[str, Any] = {"principal_fen": 0, "interest_fen": 0, "fees_fen": 0, "penalty_fen": 0}


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: nothing here is asked of the database that another kind would answer otherwise."""
    return sqlite_database


def test_parts_shared_accounts_and_supplementary_cards_stand_below_their_row(open_case: OpenCase) -> None:
    parts = [
        {"kind": "revolving", "principal_fen": 1_250_000},
        {"kind": "cash_instalment", "principal_fen": 600_000, "remaining_terms": 25},
    ]
    first = applications.account(components=parts, account_group="主账户")
    second = applications.account(card_number=applications.card(number=8), account_group="主账户", **NOTHING)
    third = applications.account(card_number=applications.card(number=9), role="supplementary", **NOTHING)
    case = open_case(accounts=[first, second, third])
    with case.row() as (tx, row):
        rows = form_of(tx, row).accounts
        packet = packets.packet_of(tx, row)["accounts"]
    shared = "与其他卡共用账户（主账户），欠款只列一次"
    assert [each.lines for each in rows] == [
        ("本金中：未办理分期 12,500.00 元；现金分期 6,000.00 元（剩余 25 期）", shared),
        (shared,),
        ("附属卡，欠款由主卡持卡人承担",),
    ]
    assert [each.notes for each in rows] == [("现金分期的剩余期数超过 24 期，请核实。",), (), ()]
    # The packet says the same to the bank's own system, and nothing where nothing was said.
    assert packet[0]["components"] == parts
    assert (packet[1]["account_group"], packet[2]["role"]) == ("主账户", "supplementary")
    assert "role" not in packet[0]
