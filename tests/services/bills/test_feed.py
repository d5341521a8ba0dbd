"""What a bank told and then changed: told once a change, reminders follow, and neither bank nor sum is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from hub import steps
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.bill import BillContents
from hub.domain.bill_feed import FeedResult, FeedRow
from hub.domain.bill_reminder import BillReminder, ReminderHours
from hub.domain.clock import FixedClock
from hub.services.accounts import subjects
from hub.services.bills import bills, consents, feed, reminders
from hub.services.operating import banks as bank_services
from hub.wiring import Hub
from storage import bill_consents
from tests.applications import ICBC
from tests.services.bills.test_reminders import BY_MAIL, READER, SUBJECT, fates
from tests.services.posting import Posting

CHANGED = "有一笔提醒有变化"
TOLD = BillContents(
    bank_code=ICBC,
    card_last4="4407",
    statement_on=date(2026, 11, 25),
    due_on=date(2026, 12, 15),
    statement_fen=123_456,
    minimum_fen=12_345,
)


@pytest.fixture
def posting(hub: Hub, clock: FixedClock, banks: dict[str, Bank]) -> Posting:
    with hub.writing(HUB) as tx:
        bank_services.change(tx, ICBC, {"services": "reminders"})
        consents.give(tx, subjects.of_client(tx, "some-app", "person-1"), ICBC, card_last4="4407", mobile="13900001234")
    posting = Posting(hub=hub, clock=clock)
    posting.at("2026-12-01 10:00")
    return posting


def tell(hub: Hub, clock: FixedClock, contents: BillContents = TOLD) -> Sequence[FeedResult]:
    clock.at += timedelta(seconds=1)
    with hub.writing(HUB) as tx:
        [consent] = bill_consents.list_of_bank(tx, ICBC, limit=5)
        token = bill_consents.contact_of(tx, consent).token
        return feed.take(tx, ICBC, [FeedRow(token=token, contents=contents, as_of=clock.now())])


def remind(hub: Hub, reminder: BillReminder = BY_MAIL, due_on: date = TOLD.due_on) -> None:
    with hub.writing(HUB) as tx:
        person = subjects.of_client(tx, "some-app", "person-1")
        [bill] = bills.list_for(tx, person, first=due_on, last=due_on)
        reminders.choose(tx, person, bill.id, reminder)


def test_a_change_of_the_statement_is_told_once(hub: Hub, clock: FixedClock, posting: Posting) -> None:
    tell(hub, clock)
    remind(hub)
    changed = replace(TOLD, minimum_fen=15_000)
    assert tell(hub, clock, changed) == [FeedResult.CHANGED]
    assert posting.send() == [(READER, CHANGED)]
    tell(hub, clock, changed)
    tell(hub, clock, replace(changed, paid_fen=1))
    assert posting.send() == []
    # Going back is another change.
    tell(hub, clock)
    assert posting.send() == [(READER, CHANGED)]


def test_a_moved_due_date_plans_reminders_anew(hub: Hub, clock: FixedClock, posting: Posting) -> None:
    tell(hub, clock)
    remind(hub)
    assert posting.at("2026-12-12 09:00") == [(READER, SUBJECT)]
    tell(hub, clock, replace(TOLD, due_on=date(2026, 12, 20)))
    assert posting.send() == [(READER, CHANGED)]
    assert posting.at("2026-12-15 09:00") == []
    assert posting.at("2026-12-17 09:00") == [(READER, SUBJECT)]


def test_what_is_wanted_of_one_statement_is_wanted_of_the_next(hub: Hub, clock: FixedClock, posting: Posting) -> None:
    tell(hub, clock)
    remind(hub)
    tell(hub, clock, replace(TOLD, statement_on=date(2026, 12, 25), due_on=date(2027, 1, 15)))
    assert posting.at("2026-12-12 09:00") == []
    assert posting.at("2027-01-12 09:00") == [(READER, SUBJECT)]


def test_nobody_who_wants_no_reminder_is_told_of_a_change(hub: Hub, clock: FixedClock, posting: Posting) -> None:
    tell(hub, clock)
    tell(hub, clock, replace(TOLD, minimum_fen=1))
    assert posting.send() == []


def test_a_change_waits_for_the_hours_that_the_person_chose(hub: Hub, clock: FixedClock, posting: Posting) -> None:
    tell(hub, clock)
    remind(hub, replace(BY_MAIL, hours=ReminderHours.EVENING))
    tell(hub, clock, replace(TOLD, minimum_fen=1))
    assert posting.at("2026-12-01 17:59") == []
    assert posting.at("2026-12-01 18:00") == [(READER, CHANGED)]


def test_what_waits_is_not_told_once_the_consent_is_taken_back(hub: Hub, clock: FixedClock, posting: Posting) -> None:
    tell(hub, clock)
    remind(hub, replace(BY_MAIL, hours=ReminderHours.EVENING))
    tell(hub, clock, replace(TOLD, minimum_fen=1))
    with hub.writing(HUB) as tx:
        consents.withdraw(tx, subjects.of_client(tx, "some-app", "person-1"), ICBC)
    assert posting.at("2026-12-01 18:00") == []
    assert posting.at("2026-12-15 18:00") == []
    assert [each for each in fates(hub) if each[0].startswith("bill_")] == [("bill_changed", "not_needed")]


def test_no_mail_of_a_change_names_bank_sum_or_card(hub: Hub, clock: FixedClock, posting: Posting) -> None:
    tell(hub, clock)
    remind(hub)
    tell(hub, clock, replace(TOLD, minimum_fen=15_000))
    posting.send()
    [mail] = posting.kept.sent
    said = str(mail["Subject"]) + "".join(
        part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"
    )
    for words in ("工商", "ICBC", "Industrial", ICBC, "4407", "1,234", "123.45", "150.00", "15000", "person-1"):
        assert words not in said, words
    assert "/my/calendar" in said


@pytest.mark.parametrize("step", ["feed.taken", "bill.change_told"])
def test_what_breaks_off_in_the_middle_is_taken_whole_the_next_time_and_told_once(
    hub: Hub, clock: FixedClock, posting: Posting, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    tell(hub, clock)
    remind(hub)
    changed = replace(TOLD, minimum_fen=15_000)

    def die(name: str) -> None:
        if name == step:
            raise _Died

    with monkeypatch.context() as patched:
        patched.setattr(steps, "on_step", die)
        with pytest.raises(_Died):
            tell(hub, clock, changed)
    assert posting.send() == []
    with hub.reading(HUB) as tx:
        person = subjects.of_client(tx, "some-app", "person-1")
        [bill] = bills.list_for(tx, person, first=TOLD.due_on, last=TOLD.due_on)
        assert bill.contents == TOLD
    assert tell(hub, clock, changed) == [FeedResult.CHANGED]
    assert posting.send() == [(READER, CHANGED)]


class _Died(Exception):
    """The process ended here."""
