"""Reminders of bills: once a bill, stage and day, in the person's hours, and with neither bank nor sum nor card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from hub.domain.actor import HUB
from hub.domain.bill import BillContents
from hub.domain.bill_reminder import BillReminder
from hub.domain.clock import FixedClock
from hub.domain.preferences import NoticeChannel
from hub.services.accounts import subjects
from hub.services.bills import bills, reminders
from hub.services.notifications import outgoing_sms
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage.records import MailRecord
from tests.applications import ICBC
from tests.services.notifications.test_outgoing_sms import Gateway
from tests.services.posting import Posting

READER = "calendar@example.com"
MOBILE = "13900001234"
BILL = BillContents(
    bank_code=ICBC, card_last4="4407", due_on=date(2026, 12, 15), statement_fen=123_456, minimum_fen=12_345
)
BY_MAIL = BillReminder(days_before=(3, 0), email=READER, mobile=MOBILE)
SUBJECT, TODAY = "有一笔到期提醒", "今天有一笔到期提醒"


@pytest.fixture
def posting(hub: Hub, clock: FixedClock) -> Posting:
    posting = Posting(hub=hub, clock=clock)
    posting.at("2026-12-01 10:00")
    return posting


def do(hub: Hub, act: Callable[[HubTransaction, subjects.Subject], object]) -> None:
    with hub.writing(HUB) as tx:
        act(tx, subjects.of_client(tx, "some-app", "person-1"))


def put(hub: Hub, contents: BillContents = BILL, name: str = "one") -> None:
    do(hub, lambda tx, subject: bills.put(tx, subject, name, contents))


def remind(hub: Hub, reminder: BillReminder = BY_MAIL, name: str = "one") -> None:
    do(hub, lambda tx, subject: reminders.choose(tx, subject, name, reminder))


def fates(hub: Hub) -> list[tuple[str, str]]:
    with hub.reading(HUB) as tx:
        return [(row.kind, row.status) for row in tx.session.query(MailRecord).order_by(MailRecord.id)]


def test_one_reminder_a_bill_stage_and_due_date_ever(hub: Hub, posting: Posting) -> None:
    put(hub)
    remind(hub)
    assert posting.at("2026-12-12 08:59") == []
    assert posting.at("2026-12-12 09:00") == [(READER, SUBJECT)]
    for again in (put, remind):
        again(hub)
        assert posting.at("2026-12-12 11:00") == []
    assert posting.at("2026-12-15 09:00") == [(READER, TODAY)]
    remind(hub)
    assert posting.at("2026-12-15 19:00") == []
    assert posting.at("2026-12-20 10:00") == []
    assert fates(hub) == [("bill_due", "sent"), ("bill_due_today", "sent")]


def test_a_moved_due_date_plans_anew(hub: Hub, posting: Posting) -> None:
    put(hub)
    remind(hub)
    assert posting.at("2026-12-12 09:00") == [(READER, SUBJECT)]
    put(hub, replace(BILL, due_on=date(2026, 12, 20)))
    assert posting.at("2026-12-15 09:00") == []
    assert posting.at("2026-12-17 09:00") == [(READER, SUBJECT)]
    assert posting.at("2026-12-20 09:00") == [(READER, TODAY)]


def test_no_mail_names_bank_sum_or_card(hub: Hub, posting: Posting) -> None:
    put(hub)
    remind(hub)
    posting.at("2026-12-12 09:00")
    posting.at("2026-12-15 09:00")
    assert len(posting.kept.sent) == 2
    for mail in posting.kept.sent:
        said = str(mail["Subject"]) + "".join(
            part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"
        )
        for words in ("工商", "ICBC", "Industrial", ICBC, "4407", "1,234", "123.45", "12345", "123456", "person-1"):
            assert words not in said, words
        assert "/my/calendar" in said


def test_what_is_late_waits_for_the_persons_hours(hub: Hub, posting: Posting) -> None:
    put(hub)
    remind(hub)
    assert posting.at("2026-12-12 20:00") == []
    assert posting.at("2026-12-13 08:29") == []
    assert posting.at("2026-12-13 08:30") == [(READER, SUBJECT)]


def test_what_is_due_today_is_told_in_the_next_hours_of_the_day(hub: Hub, posting: Posting) -> None:
    posting.at("2026-12-15 14:00")
    put(hub)
    remind(hub)
    assert posting.send() == [(READER, TODAY)]


@pytest.mark.parametrize(
    "settle",
    [
        lambda hub: put(hub, replace(BILL, paid_fen=123_456)),
        lambda hub: do(hub, lambda tx, subject: bills.remove(tx, subject, "one")),
        lambda hub: remind(hub, BillReminder(days_before=())),
    ],
    ids=["paid", "removed", "turned off"],
)
def test_nothing_is_told_of_what_is_settled_even_if_it_waits_already(
    hub: Hub, posting: Posting, settle: Callable[[Hub], None]
) -> None:
    put(hub)
    remind(hub)
    posting.at("2026-12-12 21:00")
    settle(hub)
    assert posting.at("2026-12-13 09:00") == []
    assert posting.at("2026-12-15 09:00") == []
    assert fates(hub) == [("bill_due", "not_needed")]


def test_a_text_message_goes_out_only_where_it_was_chosen(hub: Hub, posting: Posting) -> None:
    gateway = Gateway()
    for name, card, channel in (("one", "4407", NoticeChannel.SMS), ("two", "4408", NoticeChannel.MAIL)):
        put(hub, replace(BILL, card_last4=card), name)
        remind(hub, replace(BY_MAIL, channel=channel), name)
    assert posting.at("2026-12-12 09:00") == [(READER, SUBJECT)]
    outgoing_sms.send_due(hub, gateway, posting.machine)
    [(mobile, text)] = gateway.sent
    assert mobile == MOBILE
    assert text.startswith("有一笔到期提醒。请登录查看：")
    assert "/my/calendar" in text
    assert "4407" not in text


def test_a_bank_that_is_not_here_has_bills_too(hub: Hub, posting: Posting) -> None:
    put(hub, replace(BILL, bank_code="01050000"))
    remind(hub)
    assert posting.at("2026-12-12 09:00") == [(READER, SUBJECT)]
