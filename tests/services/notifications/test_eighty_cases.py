"""How many mails a desk, an owner and a lead get for eighty cases through their whole life."""

from __future__ import annotations

from collections import Counter

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.staff import Role
from hub.services.accounts import staff
from hub.services.notifications import staff_notices
from hub.wiring import Hub
from storage import negotiation_locks
from tests.applications import ICBC
from tests.services.case import Case, china
from tests.services.conftest import OpenCase, SetRules
from tests.services.posting import DESK, Posting

CASES = 80
OWNER, LEAD, ADMIN = "owner@icbc.example", "lead@icbc.example", "admin@icbc.example"
# For the life of all: eighty new, twenty written of, declined and countered each, sixty late, and a working day late.
# One mail a case and step was over three hundred to the desk alone.
TOLD = {DESK: 26, OWNER: 32, LEAD: 1, ADMIN: 1}


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind of database will do: it is counted."""
    return sqlite_database


@pytest.mark.long
def test_eighty_cases_are_a_handful_of_mails_to_each(
    hub: Hub, clock: FixedClock, set_rules: SetRules, open_case: OpenCase
) -> None:
    set_rules(desk_email=DESK)
    with hub.writing(HUB) as tx:
        owner, _ = staff.add(tx, role=Role.REVIEWER, email=OWNER, bank_code=ICBC, at=tx.now)
        staff.add(tx, role=Role.SUPERVISOR, email=LEAD, bank_code=ICBC, at=tx.now)
        staff.add(tx, role=Role.BANK_ADMIN, email=ADMIN, bank_code=ICBC, at=tx.now)
    posting = Posting(hub=hub, clock=clock)
    cases = []
    for _ in range(CASES):
        cases.append(open_case())
        posting.send()
    posting.later(minutes=31)
    _give(hub, cases, owner.id)
    posting.later(minutes=2)
    for day in ("23", "24", "25", "26", "27", "30"):
        posting.at(f"2026-11-{day} 08:46")
    for number, case in enumerate(cases):
        if number < 20:
            case.write("补充说明")
        elif number < 40:
            case.decline(case.offer())
        elif number < 60:
            case.offer()
            case.counter()
        clock.at = china(f"2026-11-30 {9 + number // 20:02d}:{number % 20 * 3:02d}")
        posting.send()
    for day in ("01", "02", "03", "04"):
        posting.at(f"2026-12-{day} 08:46")
        posting.at(f"2026-12-{day} 18:00")
        posting.at(f"2026-12-{day} 18:05")
    told = Counter(mail["To"] for mail in posting.kept.sent)
    assert {reader: told[reader] for reader in TOLD} == TOLD
    assert max(len(mail.as_bytes()) for mail in posting.kept.sent) < 60_000


def _give(hub: Hub, cases: list[Case], owner_id: str) -> None:
    with hub.writing(HUB) as tx:
        rows = [negotiation_locks.lock(tx, case.id) for case in cases]
        for row in rows:
            row.owner_id = owner_id
        staff_notices.assigned(tx, rows, owner_id)
