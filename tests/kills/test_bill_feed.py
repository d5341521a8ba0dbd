"""A hub that dies while a bank tells it a bill has the bill once, and tells its person once what has changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.bill import BillContents
from hub.domain.bill_feed import FeedResult, FeedRow
from hub.domain.bill_reminder import BillReminder
from hub.domain.china import china_day
from hub.services.accounts import subjects
from hub.services.bills import bills, consents, feed, reminders
from hub.services.operating import banks
from storage import bill_consents
from storage import bills as rows
from storage.records import BillRecord, ClientRecord, MailRecord
from tests.applications import ICBC
from tests.kills.conftest import EVERY_STEP, Begin, Snapshots
from tests.kills.house import House
from tests.kills.story import APP

pytestmark = pytest.mark.slow

READER = "calendar@example.com"
STEPS = ("feed.taken", "bill.change_told", "mail.before_send", "mail.after_send")
EVERY = (*STEPS, *(f"commit.{side}:{n}" for side in ("before", "after") for n in range(1, 8)))
MINIMUM_FEN, NEW_MINIMUM_FEN = 12_345, 23_456


def _told_before(house: House) -> dict[str, Any]:
    """The bank told a bill an hour ago, of which its person wants to hear; gives what it tells of it now."""
    with house.opened() as hub, hub.writing(HUB) as tx:
        banks.change(tx, ICBC, {"services": "reminders"})
        client_id = tx.session.scalars(sa.select(ClientRecord.id).where(ClientRecord.name == APP)).one()
        person = subjects.of_client(tx, client_id, "person-1")
        consent = consents.give(tx, person, ICBC, card_last4="4407", mobile="13900001234")
        token = bill_consents.contact_of(tx, consent).token
        today = china_day(tx.now)
        told = BillContents(
            bank_code=ICBC,
            card_last4="4407",
            statement_on=today - timedelta(days=5),
            due_on=today + timedelta(days=20),
            statement_fen=123_456,
            minimum_fen=MINIMUM_FEN,
        )
        before = tx.now - timedelta(hours=1)
        assert feed.take(tx, ICBC, [FeedRow(token=token, contents=told, as_of=before)]) == [FeedResult.TAKEN]
        [bill] = bills.list_for(tx, person, first=told.due_on, last=told.due_on)
        reminders.choose(tx, person, bill.id, BillReminder(days_before=(3,), email=READER))
        return {
            "token": token,
            "card_last4": "4407",
            "statement_on": f"{told.statement_on}",
            "due_on": f"{told.due_on}",
            "statement_fen": 123_456,
            "minimum_fen": NEW_MINIMUM_FEN,
            "as_of": (before + timedelta(minutes=30)).isoformat(),
        }


def _changes_told(house: House) -> list[str]:
    """The status of each mail that says that a statement has changed."""
    with house.opened() as hub, hub.reading(HUB) as tx:
        return list(tx.session.scalars(sa.select(MailRecord.status).where(MailRecord.kind == "bill_changed")))


def _minimums(house: House) -> list[int | None]:
    with house.opened() as hub, hub.reading(HUB) as tx:
        return [rows.contents_of(tx, each).minimum_fen for each in tx.session.scalars(sa.select(BillRecord))]


@pytest.mark.parametrize("step", EVERY if EVERY_STEP else STEPS)
def test_a_hub_that_dies_takes_a_banks_bill_once_all_the_same(snapshots: Snapshots, begin: Begin, step: str) -> None:
    visit = begin(snapshots["upload"])
    house = visit.house
    house.in_the_persons_hours()
    told = _told_before(house)
    house.start("up", "up", "--port", str(house.port), crash=step)
    answer = visit.story.clients[ICBC].post("/bank/bills", {"items": [told]})
    # Whatever was lost on the way, the bank hears what became of its row the first time.
    assert [each["result"] for each in answer["items"]] == ["changed"]
    assert _minimums(house) == [NEW_MINIMUM_FEN]
    house.wait_until(lambda: house.deaths or not house.mails_due(), what="the mail or a death")
    # A worker that died holds its mails for ten minutes, which are over now.
    house.let_go_of_mails()
    house.wait_until(lambda: _changes_told(house) == ["sent"], what="the mail")
    assert len(list((house.home / "mail").glob("*.eml"))) == 1
    assert EVERY_STEP or house.deaths, f"nobody came to the step {step}"
    house.end()
    assert house.command("check", "--all") == 0
