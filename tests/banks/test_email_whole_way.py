"""The whole way of a case to a bank that is reached by mail, through the hub."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from hub.banks.adapters.email import Email
from hub.documents.printing import print_pdf
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.mail.message import when
from hub.services.notifications import outgoing_mail
from hub.services.operating import invariants
from hub.wiring import Hub
from storage import banks as bank_rows
from tests.applications import CMB, ICBC, card
from tests.banks.desk_mail import DESK, DUE, MOBILE, PASSWORD, adapter, database, hub, pages_of, post, settings
from tests.conftest import SentMessages, Submit
from tests.jobs.working_off import taken_for_clean, working_off
from tests.mail.server import Post, text_of
from tests.services.case import Case
from tests.web.caller import Caller, json_of
from tests.web.pages.clerk import Clerk, readings

__all__ = ["adapter", "database", "hub", "post", "settings"]

pytestmark = pytest.mark.slow


@pytest.fixture
def banks(hub: Hub) -> dict[str, Bank]:
    """ICBC is reached by mail, CMB is a neighbour in the portal."""
    with hub.writing(HUB) as tx:
        return {
            ICBC: bank_rows.add_bank(
                tx, code=ICBC, name_zh="中国工商银行", name_en="ICBC", adapter="email",
                settings={"desk_email": DESK, "attach_pdf": "true", "desk_mobile": MOBILE},
            ),
            CMB: bank_rows.add_bank(tx, code=CMB, name_zh="招商银行", name_en="CMB", adapter="portal", settings={}),
        }  # fmt: skip


OpenCase = Callable[..., Case]


@pytest.fixture
def work_off(hub: Hub) -> Callable[[], int]:
    """Runs every waiting job; files are taken for clean, documents are really printed."""
    return working_off(hub, inspect=taken_for_clean, printer=print_pdf)


@pytest.fixture
def open_case(hub: Hub, clock: FixedClock, submitted: Submit, work_off: Callable[[], int]) -> OpenCase:
    """A way to have a negotiation with ICBC, worked off."""

    def make(bank_code: str = ICBC, **changes: Any) -> Case:
        case = Case(hub=hub, clock=clock, work_off=work_off, sent=submitted(bank_code, **changes), bank_code=bank_code)
        work_off()
        return case

    return make


def test_the_case_is_the_banks_once_the_mail_is_taken(
    app: Flask, hub: Hub, open_case: OpenCase, post: Post, bank_app: Callable[[str], Caller]
) -> None:
    post.to_rcpt += ["450 4.2.0 greylisted"]
    case = open_case()
    program = bank_app(ICBC)
    clerk = Clerk(app, "reviewer", case)
    assert (case.status, case.due) == ("delivering", None)
    assert clerk.get(clerk.address).status_code == 404
    assert program.get(f"/bank/negotiations/{case.id}").status_code == 404
    assert json_of(program.get("/bank/negotiations"))["items"] == []
    case.clock.at += timedelta(seconds=10)
    case.sweep()
    assert (case.status, case.due) == ("awaiting_bank", "2026-12-01 18:00")
    [mail] = post.taken
    assert when(DUE) in mail["Subject"]
    assert clerk.address in text_of(mail)
    # The hub's own outbox tells the desk of nothing that this mail has told.
    outgoing_mail.send_due(hub, hub.mail, hub.real_clock)
    assert [readers for readers in post.readers if readers == [DESK]] == [[DESK]]
    assert json_of(program.get(f"/bank/negotiations/{case.id}"))["reference"] in mail["Subject"]
    assert program.post(f"/bank/negotiations/{case.id}/acknowledge").status_code < 300
    assert case.status == "in_review"
    with hub.reading(HUB) as tx:
        assert list(invariants.breaches(tx, hub.store)) == []


def test_the_desk_acts_in_the_portal_as_every_bank(app: Flask, open_case: OpenCase, post: Post) -> None:
    case = open_case()
    clerk = Clerk(app, "reviewer", case)
    assert clerk.address.rpartition("/")[2] in clerk.page("/portal/")
    assert clerk.done("/acknowledge", clerk.form("", "acknowledge")) == "acknowledged"
    assert case.status == "in_review"
    case.ask()
    case.write("补充如下", case.upload(), answers=True)
    case.work_off()
    assert case.status == "in_review"
    offer = case.offer()
    case.accept(offer)
    case.work_off()
    assert case.status == "agreed"
    assert [str(mail["Subject"]).partition("】")[0] for mail in post.taken if mail["To"] == DESK] == [
        "【新申请",
        "【新消息",
        "【协议成立",
    ]
    assert card() not in clerk.page(clerk.address)


def test_the_password_is_shown_to_the_banks_people_and_each_look_is_on_record(
    app: Flask, hub: Hub, open_case: OpenCase, post: Post, sms: SentMessages
) -> None:
    case = open_case()
    [mail] = post.taken
    clerk = Clerk(app, "reviewer", case)
    assert "邮件附件的密码" in clerk.read()
    [password] = [found[0] for found in PASSWORD.finditer(clerk.read("/file-passwords"))]
    # The form has pages of its own, and the payslip one.
    assert pages_of(mail, password) >= 2
    assert (MOBILE, password) in [(to, text.rpartition("：")[2]) for to, text in sms.sent]
    assert ("reviewer-01020000@demo.example", "file_passwords") in readings(hub, case)
    assert "查看了邮件附件的密码" in clerk.read("/readings")
    neighbour = Clerk(app, "reviewer", open_case(CMB))
    assert neighbour.get(f"{clerk.address}/file-passwords").status_code == 404
    assert "邮件附件的密码" not in neighbour.read()
    assert not PASSWORD.search(neighbour.read("/file-passwords"))


def test_a_file_that_is_not_yet_judged_travels_nowhere(open_case: OpenCase, post: Post, adapter: Email) -> None:
    case = open_case()
    post.taken.clear()
    unjudged, clean = case.upload(), case.upload()
    case.judge(unjudged.id, "infected")
    case.judge(clean.id)
    case.write("两份", unjudged, clean)
    case.work_off()
    [mail] = [mail for mail in post.taken if mail["To"] == DESK]
    with case.row() as (tx, _):
        [(to, text)] = [(each["To"], each["Message-ID"]) for each in [mail]]
        bank = tx.bank(ICBC)
    assert to == DESK
    password = adapter.password(text.strip("<>").partition("@")[0], bank)
    assert password is not None
    assert pages_of(mail, password) == 1


def test_a_reminder_of_the_clock_reaches_the_desk(hub: Hub, open_case: OpenCase, post: Post) -> None:
    case = open_case()
    post.taken.clear()
    case.at("2026-12-01 09:05")
    outgoing_mail.send_due(hub, hub.mail, hub.real_clock)
    assert any("今天" in mail["Subject"] for mail in post.taken if mail["To"] == DESK)
