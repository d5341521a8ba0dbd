"""Every link of every kind of mail opens for its reader: signed in, and through the sign-in and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from passlib.totp import TOTP

from hub.domain.actor import HUB
from hub.domain.agreement_end import EndReason
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.collection import CollectionChannel, CollectionReport
from hub.domain.credit_note import CreditNote, CreditNoteKind
from hub.domain.reminders import NEWS_WITHIN
from hub.domain.retention import Periods
from hub.domain.staff import Role
from hub.mail.kinds import BESIDE_NEGOTIATIONS, TOGETHER, MailKind
from hub.services.accounts import staff, subjects
from hub.services.accounts.subjects import Subject
from hub.services.agreements import clearances, collection
from hub.services.bills import bills, reminders
from hub.services.consents import withdrawal as consent_withdrawal
from hub.services.erasure import requests
from hub.services.negotiations import answer_clocks, correspondence, credit_notes, further_accounts
from hub.services.notifications import notifications, staff_mails, staff_notices
from hub.services.operating import own_settings
from hub.wiring import Hub
from storage import banks as bank_rows
from storage import negotiation_locks
from storage.drafts import FORM_CLIENT
from storage.records import MailRecord, NegotiationRecord
from storage.submissions import submission_of
from tests import applications
from tests.applications import CMB, ICBC
from tests.conftest import SentMessages, Submit
from tests.services.agreements.amending import Amending
from tests.services.bills.test_reminders import BILL as DUE_BILL
from tests.services.bills.test_reminders import BY_MAIL
from tests.services.case import FURTHER, LARGE_OFFER, OFFER, Case
from tests.services.mandates.mailed import deduct_during_hold, mail_of_mandates
from tests.services.posting import DESK, PERSON, Posting
from tests.services.referrals.partner import referred
from tests.services.requests.asking import tiny_kind
from tests.web.pages.cardholders import texted
from tests.web.pages.conftest import Visit
from tests.web.pages.mailed_beside import ask_banks, change_a_told_bill, with_a_day_off_more
from tests.web.pages.reader import Page, Reader
from tests.web.pages.reading_aloud import foreign, said_in

__all__ = ["tiny_kind"]

PASSWORD = "four words in a row"
# What is wished for after the day that applications of tests begin on.
_LATER = {**applications.application()["proposal"], "first_due_on": "2027-02-20"}
_STRANGER = "13911119999"


@dataclass(frozen=True)
class Link:
    """A link of a mail: the mail's kind, where it leads, and the mobile of its reader; none for the bank."""

    kind: MailKind
    path: str
    mobile: str | None


# Pages that a clerk, who opens all others here, may not open.
_NOT_OF_CLERKS = frozenset({"/portal/audit", "/portal/reviews"})


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind of database will do: nothing here asks it anything of its own."""
    return sqlite_database


@pytest.fixture
def posting(
    hub: Hub,
    clock: FixedClock,
    banks: dict[str, Bank],
    submitted: Submit,
    work_off: Callable[[], int],
    tiny_kind: None,
) -> Posting:
    """The mails of some months in which everything happens that anybody is mailed of."""
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, ICBC, {"desk_email": DESK})
        lead, _ = staff.add(tx, role=Role.SUPERVISOR, email="lead@icbc.example", bank_code=ICBC, at=tx.now)
        staff.add(tx, role=Role.BANK_ADMIN, email="admin@icbc.example", bank_code=ICBC, at=tx.now)
        clerk, token = staff.add(tx, role=Role.REVIEWER, email="clerk@icbc.example", bank_code=ICBC, at=tx.now)
        admin, _ = staff.add(tx, role=Role.BANK_ADMIN, email="second@icbc.example", bank_code=ICBC, at=tx.now)
        own_settings.change(tx, admin, {"max_counter_offers": "4", "four_eyes_above_fen": "9000000"})
        staff_mails.enrolment(tx, clerk.id, token, until=tx.now + staff.ENROLMENT_LIFE)
        for kind in (MailKind.RECOVERY_CODE_USED, MailKind.NEW_DEVICE):
            staff_mails.of_account(tx, clerk.id, kind, at=tx.now)
        staff_mails.many_readings(tx, ICBC, clerk.id)
        staff_mails.other_person(tx, ICBC, clerk.id)
    posting = Posting(hub=hub, clock=clock)
    numbers = iter(range(100))

    def opened(*bank_codes: str, **changes: Any) -> Case:
        # So that the desk is told of each by itself.
        clock.at += NEWS_WITHIN
        someone = {"applicant": applications.person(mobile=f"139000000{next(numbers):02d}")}
        sent = submitted(*(bank_codes or (ICBC,)), **{**someone, **changes})
        work_off()
        posting.send()
        return Case(hub=hub, clock=clock, work_off=work_off, sent=sent, bank_code=ICBC)

    def give(*cases: Case) -> None:
        with hub.writing(HUB) as tx:
            rows = [negotiation_locks.lock(tx, case.id) for case in cases]
            for row in rows:
                row.owner_id = clerk.id
            staff_notices.assigned(tx, rows, clerk.id)
        posting.later(minutes=2)

    give(opened(), opened())
    give(opened())
    for each in (opened(), opened()):
        each.offer(LARGE_OFFER)
        each.write("补充说明")
    posting.send()
    opened(ICBC, CMB)
    opened(accounts=[applications.account(), applications.account()])
    opened().withdraw()
    opened().reject()
    case = opened()
    opened().transfer()
    case.defer()
    case.ask()
    unreadable = case.upload()
    case.write("补充如下", unreadable, answers=True)
    case.judge(unreadable.id, "unreadable")
    case.work_off()
    case.write("没有流水", answers=True)
    with hub.writing(case.REVIEWER) as tx:
        correspondence.write_to_cardholder(tx, case.id, "请留意", bank_code=ICBC)
        further_accounts.propose(tx, case.id, FURTHER, bank_code=ICBC)
    # Two that nobody takes run out in one moment.
    for _ in range(2):
        opened().offer()
    another = opened()
    another.decline(another.offer())
    # Nobody else may look over what the only supervisor offers.
    opened().offer(LARGE_OFFER, by=lead.actor)
    large = opened()
    large.send_back(large.offer(LARGE_OFFER))
    large.offer(LARGE_OFFER)
    overtaken = opened()
    overtaken.offer(LARGE_OFFER)
    overtaken.offer(by=lead.actor)
    with hub.writing(HUB) as tx:
        # Here every bank takes what it is sent.
        notifications.undeliverable(tx, negotiation_locks.lock(tx, large.id))
        staff_notices.many_reveals(tx, negotiation_locks.lock(tx, large.id))
    taken_back, erased = opened(), opened()
    with hub.writing(taken_back.cardholder) as tx:
        consent_withdrawal.withdraw(tx, taken_back.id, "share_with_bank", client_id=taken_back.client_id)
    erased.reject()
    with hub.writing(HUB) as tx:
        requests.erase_by_letter(tx, negotiation_locks.lock(tx, erased.id).reference, Periods.parse(""))
    posting.send()
    case.offer()
    posting.at("2026-11-26 18:00")
    case.counter()
    posting.send()
    case.reject()
    case.accept(case.offer())
    case.work_off()
    posting.send()
    with hub.writing(case.cardholder) as tx:
        said = CollectionReport(at=clock.at, channel=CollectionChannel.PHONE, caller="", text="又来电话。")
        report = collection.report(tx, case.id, said, client_id=case.client_id)
        report_id = report.id
    posting.send()
    with hub.writing(case.REVIEWER) as tx:
        collection.answer(tx, case.id, report_id, "已通知停止。", bank_code=ICBC)
    posting.send()
    with hub.writing(case.cardholder) as tx:
        asked = CreditNote(kind=CreditNoteKind.SETTLED, text="请核对。")
        note_id = credit_notes.ask(tx, case.id, asked, client_id=case.client_id).id
    with hub.writing(case.REVIEWER) as tx:
        credit_notes.answer(tx, case.id, note_id, "已更新。", bank_code=ICBC)
    posting.send()
    settled = opened()
    settled.accept(settled.offer())
    settled.end(EndReason.SETTLED, waive_rest=True)
    with hub.writing(case.cardholder) as tx:
        clearances.ask(tx, settled.id, client_id=settled.client_id)
    posting.send()
    amended = opened()
    amended.accept(amended.offer())
    amending = Amending(case=amended)
    amending.agree(amending.ask_day())
    posting.send()
    # Never paid, so that it fails on 2026-12-14.
    amending.settling()
    posting.send()
    opened()
    answer_clocks.import_notice(hub, with_a_day_off_more(), actor=HUB)
    for day in range(1, 24):
        posting.at(f"2026-12-{day:02d} 08:50")
        posting.at(f"2026-12-{day:02d} 18:01")
        if day == 11:
            # Alone at its steps, where those before are told of together; and an offer that runs out alone.
            opened()
            opened().offer(replace(OFFER, first_due_on=date(2027, 1, 20)))
    case.miss()
    with hub.writing(case.REVIEWER) as tx:
        clearances.issue(tx, settled.id, "", file=None, bank_code=ICBC)
    work_off()
    with hub.writing(HUB) as tx:
        person = subjects.of_client(tx, "some-app", "person-1")
        for name, day in (("ahead", 27), ("today", 24)):
            bills.put(tx, person, name, replace(DUE_BILL, due_on=date(2026, 12, day)))
            reminders.choose(tx, person, name, BY_MAIL)
        change_a_told_bill(tx, person)
    referred(hub, _STRANGER, email="calendar@example.com")
    posting.at("2026-12-24 08:50")
    ask_banks(hub, posting, _STRANGER)
    again = opened(applicant=applications.person(77, mobile="13900000099"), proposal=_LATER)
    again.accept(again.offer(replace(OFFER, first_due_on=date(2027, 2, 20))))
    deduct_during_hold(hub, again.id)
    newer = opened(applicant=applications.person(77, mobile="13900000099"), proposal=_LATER)
    newer.accept(newer.offer(replace(OFFER, first_due_on=date(2027, 2, 20))))
    posting.send()
    with hub.reading(HUB) as tx:
        indexes = tuple(tx.keyring.indexes(_STRANGER, purpose="mobile"))
    mail_of_mandates(hub, posting, Subject(indexes=indexes, client_id=FORM_CLIENT), "own@example.com")
    return posting


@pytest.fixture
def links(hub: Hub, posting: Posting) -> list[Link]:
    """The links of all mails."""
    return _links_of(hub, posting)


def _links_of(hub: Hub, posting: Posting) -> list[Link]:
    found = []
    with hub.reading(HUB) as tx:
        rows: dict[str, list[MailRecord]] = {}
        for row in tx.session.query(MailRecord).filter_by(status="sent"):
            rows.setdefault(row.message_id, []).append(row)
        for mail in posting.kept.sent:
            row = rows[mail["Message-ID"]][0]
            mobile = None
            if row.kind in BESIDE_NEGOTIATIONS or mail["To"] == "own@example.com":
                mobile = _STRANGER
            elif mail["To"] == PERSON:
                about = tx.session.get_one(NegotiationRecord, row.negotiation_id)
                # Of an erased person the hub knows no mobile: to it they are as anybody else.
                mobile = _STRANGER if about.erased_at else submission_of(tx, about).applicant.mobile
            text = "".join(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
            addresses = set(re.findall(r"https?://[^\s\"<>]+", text))
            assert addresses, row.kind
            kinds = {MailKind(each.kind) for each in rows[mail["Message-ID"]]}
            kind = TOGETHER[MailKind(row.kind)] if len(rows[mail["Message-ID"]]) > 1 else MailKind(row.kind)
            kind = MailKind.DAILY_DIGEST if MailKind.DAILY_DIGEST in kinds else kind
            # A list tells each of its matters in one line, with a link of its own.
            found += [Link(each, urlsplit(one).path, mobile) for one in addresses for each in {kind, *kinds}]
        erased = tx.session.scalars(sa.select(NegotiationRecord.id).where(NegotiationRecord.erased_at.is_not(None)))
        gone = set(erased)
    return [each for each in found if not gone & set(each.path.split("/"))]


def enrolled(app: Flask, hub: Hub, clock: FixedClock) -> TOTP:
    """The authenticator of the desk's reviewer, whose account is set up."""
    with hub.writing(HUB) as tx:
        _, token = staff.add(tx, role=Role.REVIEWER, email=DESK, bank_code=ICBC, at=clock.at)
    asked = Reader(app.test_client()).open(f"/sign-in/enrol/{token}")
    shown = asked.press("下一步", {"password": PASSWORD, "again": PASSWORD})
    key = re.search(r"([A-Z2-7]{4}(?:-[A-Z2-7]{4}){5,})", shown.text)
    assert key is not None
    device = TOTP(key=key[1])
    assert "/portal/" in shown.press("完成设置并登录", {"code": device.generate(clock.at).token}).links
    return device


def opened(page: Page, link: Link) -> None:
    """The page behind the link is there; what is asked beside a negotiation leads on to its own page."""
    _, is_request, id_ = link.path.partition("/requests/")
    is_there = page.address.endswith(f"/{id_}") if is_request else page.address == link.path
    assert (page.status, is_there) == (200, True), (link, page.address, page.text)


def test_every_kind_of_mail_is_looked_at(links: list[Link]) -> None:
    assert {link.kind for link in links} == set(MailKind)


def test_every_mail_says_nothing_of_another_language_and_nothing_of_the_machine(posting: Posting) -> None:
    names = frozenset(name for each in applications.BANK_NAMES.values() for name in each)
    wrong = set()
    for mail in posting.kept.sent:
        [page] = [part.get_content() for part in mail.walk() if part.get_content_type() == "text/html"]
        [text] = [part.get_content() for part in mail.walk() if part.get_content_type() == "text/plain"]
        chinese, english = said_in(page, "zh"), _english_of(page)
        assert english, mail["Subject"]
        wrong |= {*foreign([mail["Subject"], *chinese], "zh", names), *foreign(english, "en", names)}
        # Both parts say the same, word for word.
        said = {" ".join(each.split()) for each in text.split("\n") if each.strip()}
        wrong |= {f"only in one part: {each}" for each in english if " ".join(each.split()) not in said}
    assert not wrong


def _english_of(page: str) -> list[str]:
    """The paragraph of the mail that is marked as English."""
    [paragraph] = re.findall(r'<p lang="en"[^>]*>(.*?)</p>', page, re.DOTALL)
    return [unescape(paragraph)]


def test_every_link_opens_for_its_reader_who_is_signed_in(
    app: Flask, hub: Hub, sms: SentMessages, links: list[Link]
) -> None:
    desk = Reader(app.test_client())
    desk.web.post("/demo/sign-in", data={"person": f"reviewer-{ICBC}"})
    people = {mobile: texted(app, sms, mobile) for mobile in {link.mobile for link in links} if mobile}
    admin = Reader(app.test_client())
    admin.web.post("/demo/sign-in", data={"person": f"bank-admin-{ICBC}"})
    once = {(link.path, link.mobile): link for link in links if link.kind != MailKind.ENROLMENT}
    for link in once.values():
        at_the_bank = admin if link.path in _NOT_OF_CLERKS else desk
        reader = people[link.mobile] if link.mobile else at_the_bank
        opened(reader.open(link.path), link)


def test_every_link_leads_through_the_sign_in_and_back(
    app: Flask, hub: Hub, sms: SentMessages, links: list[Link]
) -> None:
    clock = FixedClock(hub.real_clock.now())
    hub.real_clock = clock
    device = enrolled(app, hub, clock)
    doors = {
        (link.path, link.mobile): link
        for link in links
        if link.kind != MailKind.ENROLMENT and link.path not in _NOT_OF_CLERKS
    }
    for link in doors.values():
        # One mobile gets so many codes an hour and a day.
        clock.at += timedelta(hours=3)
        reader = Reader(app.test_client())
        asked = reader.open(link.path)
        if link.mobile is None:
            code = asked.press("下一步", {"email": DESK, "password": PASSWORD})
            opened(code.press("登录", {"code": device.generate(clock.at).token}), link)
        else:
            sent = asked.press("发送验证码", {"mobile": link.mobile})
            opened(sent.press("登录", {"code": sms.sent[-1][1][:6]}), link)


def test_anothers_link_shows_what_an_unknown_one_shows(app: Flask, sms: SentMessages, links: list[Link]) -> None:
    stranger = texted(app, sms, _STRANGER)
    [unknown] = {stranger.open(f"/my/negotiations/{'0' * 32}").without_token}
    for path in {link.path for link in links if link.path.startswith("/my/negotiations/")}:
        page = stranger.open(path)
        assert page.status == 404
        assert page.without_token == unknown


@pytest.mark.parametrize(
    ("path", "door"),
    [
        ("/my/0123", "/sign-in/?next=/my/0123"),
        ("/my/negotiations/0123/no-such-page?a=1", "/sign-in/?next=/my/negotiations/0123/no-such-page%3Fa%3D1"),
        ("/apply/nothing", "/sign-in/?next=/apply/nothing"),
        ("/portal/0123", "/sign-in/staff?next=/portal/0123"),
        ("/ops/0123", "/sign-in/staff?next=/ops/0123"),
    ],
)
def test_a_stranger_at_an_address_that_leads_nowhere_is_asked_to_sign_in(visit: Visit, path: str, door: str) -> None:
    answer = visit().get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, door)


def test_an_address_that_leads_nowhere_is_not_found_by_those_who_are_signed_in(
    app: Flask, sms: SentMessages, visit: Visit, banks: dict[str, Bank]
) -> None:
    assert texted(app, sms, _STRANGER).open("/my/0123").status == 404
    assert visit(f"reviewer-{ICBC}").get("/portal/0123").status_code == 404
    assert visit().get("/nowhere").status_code == 404


def test_where_one_person_wanted_to_go_is_not_where_the_next_one_comes_to(app: Flask, sms: SentMessages) -> None:
    reader = Reader(app.test_client())
    reader.open(f"/my/negotiations/{'0' * 32}").press("发送验证码", {"mobile": "13911118888"})
    sent = reader.open("/sign-in/").press("发送验证码", {"mobile": _STRANGER})
    assert sent.press("登录", {"code": sms.sent[-1][1][:6]}).address == "/apply/"
