"""A hub that dies while it tells somebody of a bill tells them all the same, and once a bill, stage and day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.bill import BillContents
from hub.domain.bill_reminder import BillReminder, told_at
from hub.domain.china import china_day
from hub.services.accounts import subjects
from hub.services.bills import bills, reminders
from hub.wiring import Hub
from storage import bills as rows
from storage.records import BillRecord, ClientRecord, MailRecord
from tests.applications import ICBC
from tests.kills.conftest import EVERY_STEP, Begin, Snapshots
from tests.kills.house import House
from tests.kills.story import APP

pytestmark = pytest.mark.slow

READER = "calendar@example.com"
# The stage of seven days before came yesterday at nine.
STAGE, AHEAD = 7, timedelta(days=6)
STEPS = ("bill.told", "mail.before_send", "mail.after_send")
EVERY = (*STEPS, *(f"commit.{side}:{n}" for side in ("before", "after") for n in range(1, 8)))


def _put_down(house: House) -> date:
    """The app's person has a bill that is to be told of; gives its day."""
    hub = Hub(house.settings)
    try:
        with hub.writing(HUB) as tx:
            client_id = tx.session.scalars(sa.select(ClientRecord.id).where(ClientRecord.name == APP)).one()
            person = subjects.of_client(tx, client_id, "person-1")
            due_on = china_day(tx.now) + AHEAD
            contents = BillContents(
                bank_code=ICBC, card_last4="4407", due_on=due_on, statement_fen=123_456, minimum_fen=12_345
            )
            bills.put(tx, person, "one", contents)
            record = reminders.choose(tx, person, "one", BillReminder(days_before=(STAGE,), email=READER))
            record.remind_at = told_at(due_on, STAGE)
    finally:
        hub.close()
    return due_on


def _told(house: House) -> list[MailRecord]:
    """The mails of bills."""
    hub = Hub(house.settings)
    try:
        with hub.reading(HUB) as tx:
            found = list(tx.session.scalars(sa.select(MailRecord).where(MailRecord.kind.like("bill%"))))
            tx.session.expunge_all()
            return found
    finally:
        hub.close()


def _still_planned(house: House) -> bool:
    hub = Hub(house.settings)
    try:
        with hub.reading(HUB) as tx:
            return bool(rows.list_to_remind(tx, tx.now, 1) or tx.session.scalar(sa.select(BillRecord.remind_at)))
    finally:
        hub.close()


@pytest.mark.parametrize("step", EVERY if EVERY_STEP else STEPS)
def test_a_hub_that_dies_tells_of_a_bill_once_all_the_same(snapshots: Snapshots, begin: Begin, step: str) -> None:
    house = begin(snapshots["upload"]).house
    house.in_the_persons_hours()
    due_on = _put_down(house)
    house.start("up", "up", "--port", str(house.port), crash=step)
    house.wait_until(lambda: _told(house), what="the reminder in the outbox")
    house.wait_until(lambda: house.deaths or not house.mails_due(), what="the mail or a death")
    # A worker that died holds its mails for ten minutes, which are over now.
    house.let_go_of_mails()
    house.wait_until(lambda: {each.status for each in _told(house)} == {"sent"}, what="the mail")
    [mail] = _told(house)
    assert (mail.kind, mail.key.rpartition(":")[2]) == ("bill_due", f"{due_on:%Y%m%d}")
    assert not _still_planned(house)
    written = list((house.home / "mail").glob("*.eml"))
    # What was handed over just before the death goes out again under the same name, which is one mail to its reader.
    assert len(written) == 1
    assert EVERY_STEP or house.deaths, f"nobody came to the step {step}"
    house.end()
    assert house.command("check", "--all") == 0
