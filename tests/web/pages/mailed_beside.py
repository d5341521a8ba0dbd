"""What people are mailed of beside their negotiations: bills, requests to banks, a calendar that moves days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hub.domain.actor import HUB
from hub.domain.bill_feed import FeedRow, bill_name
from hub.domain.entry_kind import EntryKind
from hub.domain.notices import PUBLISHED, Notice
from hub.mail.kinds import MailKind
from hub.services.accounts import subjects
from hub.services.accounts.subjects import Subject
from hub.services.bills import consents as bill_consents_service
from hub.services.bills import feed, reminders
from hub.services.instalments import quoting
from hub.services.negotiations.entries import spoken
from hub.services.notifications import request_mails
from hub.services.operating import banks as bank_services
from hub.services.requests import moving, owning
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage import bill_consents, service_requests, staff
from storage.drafts import FORM_CLIENT
from tests.applications import ICBC
from tests.services.appointments.meeting import meet
from tests.services.bills.test_reminders import BILL as DUE_BILL
from tests.services.bills.test_reminders import BY_MAIL
from tests.services.instalments import asked_about_instalments
from tests.services.instalments.test_mails import QUOTED
from tests.services.posting import Posting
from tests.services.requests.asking import open_one


def change_a_told_bill(tx: HubTransaction, person: Subject) -> None:
    """A bank told a bill that the person wants to be reminded of, and then told it otherwise."""
    bank_services.change(tx, ICBC, {"services": "reminders"})
    consent = bill_consents_service.give(tx, person, ICBC, card_last4="4407", mobile="13900001234")
    token = bill_consents.contact_of(tx, consent).token
    told = replace(DUE_BILL, statement_on=date(2026, 12, 5), due_on=date(2026, 12, 30))
    feed.take(tx, ICBC, [FeedRow(token=token, contents=told, as_of=tx.now - timedelta(minutes=1))])
    reminders.choose(tx, person, bill_name(consent.id, told), BY_MAIL)
    feed.take(tx, ICBC, [FeedRow(token=token, contents=replace(told, minimum_fen=15_000), as_of=tx.now)])


def ask_banks(hub: Hub, posting: Posting, mobile: str) -> None:
    """Requests of who holds that mobile: two at one moment, one alone, and news of it."""
    for count in (2, 1):
        with hub.writing(HUB) as tx:
            indexes = tuple(tx.keyring.indexes(mobile, purpose="mobile"))
            subject = subjects.Subject(indexes=indexes, client_id=FORM_CLIENT)
            asked = [open_one(tx, ICBC, subject=subject, contact={"email": "own@example.com"}).id for _ in range(count)]
        posting.later(hours=1)
    with hub.writing(HUB) as tx:
        clerk = staff.find_by_email(tx, "clerk@icbc.example")
        assert clerk is not None
        matter_id = service_requests.lock(tx, asked[0]).matter_id
        owning.assign(tx, matter_id, bank_code=ICBC, owner_id=clerk.id, seen_owner=None)
    posting.later(minutes=2)
    with hub.writing(HUB) as tx:
        request = service_requests.lock(tx, asked[0])
        request_mails.to_person(tx, request, MailKind.REQUEST_NEWS)
    for day in (25, 28, 29):
        posting.at(f"2026-12-{day} 08:50")
    with hub.writing(HUB) as tx:
        # Those of the first moment are answered, so that the last is told of by itself.
        for each in service_requests.list_of_person(tx, indexes, client_id=FORM_CLIENT)[1:]:
            moving.move(tx, service_requests.lock(tx, each.id), "answered", spoken(EntryKind.MESSAGE, HUB, "好的"))
    posting.at("2026-12-29 18:01")
    _quote(hub, subject)
    meet(hub, posting, subject, ICBC, "own@example.com")


def _quote(hub: Hub, subject: Subject) -> None:
    """The bank quoted what an instalment deal of theirs comes to."""
    today = date(2026, 12, 29)
    asked = asked_about_instalments(hub, today=today, person=subject, email="own@example.com")
    quoted = replace(QUOTED, as_of=today, valid_until=date(2027, 1, 4), pay_by=date(2027, 1, 8))
    with hub.writing(HUB) as tx:
        quoting.quote(tx, asked, quoted, bank_code=ICBC)


def with_a_day_off_more() -> Notice:
    """The notice of 2026 with one more day off."""
    [official] = [notice for notice in PUBLISHED if notice.year == 2026]
    return Notice(
        year=2026,
        notice="国办发明电〔2026〕1号",
        published_on=date(2026, 11, 1),
        off=official.off | {date(2026, 11, 30)},
        work=official.work,
    )
