"""A cardholder's negotiations at the pages: following, answering, agreeing, and what is refused on the way."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

from flask import Flask

from hub.demo import people as demo_people
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.services.notifications import outgoing_mail
from hub.services.operating import sweeps
from hub.wiring import Hub
from tests.applications import CMB, ICBC, card, person
from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import fill_month, fill_reason, fill_rest, texted
from tests.web.pages.my.ways import BankApp, WorkOff, bank_path
from tests.web.pages.reader import Page


def sign(page: Page, sms: SentMessages) -> Page:
    """The page behind the signature of the offer on `page`."""
    before = page.reader.open(f"{page.address}/accept").press("发送确认码")
    assert "确认码已发出" in before.text
    return before.press("同意并签署", {"agreed": ["1"], "confirmation_code": sms.sent[-1][1][:6]})


def test_the_whole_way_from_a_sent_application_to_the_papers(
    offered: Page, sms: SentMessages, work_off: WorkOff
) -> None:
    listed = offered.reader.open("/my/")
    assert "需要您处理" in listed.text
    assert "等您确认" in listed.text
    assert "36 期" in offered.text
    agreed = sign(offered, sms)
    assert agreed.address.endswith("/agreement")
    work_off()
    agreed = agreed.reader.open(agreed.address)
    assert "下一次还款：2026 年 12 月 20 日（周日）" in agreed.text
    here = agreed.address.removesuffix("/agreement")
    for name in ("application-form.pdf", "agreement.pdf"):
        paper = agreed.reader.web.get(f"{here}/{name}", buffered=True)
        assert paper.data.startswith(b"%PDF-")
        assert "attachment" in paper.headers["Content-Disposition"]
    record = agreed.reader.web.get(f"{here}/record.zip", buffered=True)
    with zipfile.ZipFile(io.BytesIO(record.data)) as archive:
        assert {"agreement.pdf", "log.jsonl", "verify.py"} <= set(archive.namelist())


def test_why_the_bank_did_not_take_a_counter_offer_stands_above_its_own(offered: Page, icbc: Caller) -> None:
    here = offered.address.partition("/offers")[0]
    offered.reader.open(f"{here}/counter").press("看一遍再发送", {"terms.instalments": "40"}).press("发给银行")
    made(icbc.post(f"{bank_path(offered)}/reject", {"reason_code": "other", "text": "期数最多 36 期。"}), 200)
    page = offered.reader.open(here).text
    assert page.index("银行这次没有采纳您的方案") < page.index("期数最多 36 期。") < page.index("查看方案并答复")


def test_a_rejection_says_why_and_what_else(sent: Page, icbc: Caller) -> None:
    no = {"reason_code": "can_afford", "text": "还款能力足够"}
    made(icbc.post(f"{bank_path(sent)}/reject", no), 200)
    page = sent.reader.open(sent.address)
    assert "还款能力足够" in page.text
    assert "12378" in page.text
    assert "没有达成一致" in page.text


def test_a_late_bank_is_told_of_without_blame(sent: Page, clock: FixedClock) -> None:
    assert "还剩" in sent.text
    clock.at += timedelta(days=20)
    late = sent.reader.open(sent.address)
    # The session is real time's, so the person is still signed in.
    assert "这不是您的责任" in late.text


def test_that_the_banks_lead_was_told_is_said_once_it_is_so(hub: Hub, sent: Page, clock: FixedClock) -> None:
    with hub.writing(HUB) as tx:
        demo_people.add_accounts(tx)
    clock.at += timedelta(days=11)
    sweeps.run_due(hub)
    outgoing_mail.send_due(hub, hub.mail, hub.real_clock)
    assert "我们已催办" in sent.reader.open(sent.address).text
    clock.at += timedelta(days=4)
    outgoing_mail.send_due(hub, hub.mail, hub.real_clock)
    for address in (sent.address, "/my/"):
        assert "我们已上报银行主管" in sent.reader.open(address).text


def test_a_bank_that_has_to_compare_who_the_person_is_is_told_of_calmly(
    app: Flask, sms: SentMessages, banks: dict[str, Bank], bank_app: BankApp, work_off: WorkOff
) -> None:
    reader = texted(app, sms, "13800138000")
    card_page = reader.open("/apply/cards").press(
        "保存并继续",
        {"accounts.0.bank_code": ICBC, "accounts.0.card_number": card(ICBC), "accounts.0.principal_fen": "18500"},
    )
    who = {"applicant.name": "王小明", "applicant.id_number": person()["id_number"]}
    done = fill_rest(fill_month(fill_reason(card_page)), **who).press("提交给 1 家银行")
    work_off()
    here = next(each for each in done.links if each.startswith("/my/negotiations/"))
    for address in (here, "/my/"):
        assert "银行会先把您填写的身份信息和预留信息核对一下" in reader.open(address).text
    made(bank_app(ICBC).post(f"/bank/negotiations/{here.split('/')[3]}/identity", {"matches": True, "text": ""}), 200)
    assert "核对一下" not in reader.open(here).text


def test_no_full_number_stands_on_any_page(sent: Page, app: Flask) -> None:
    pages = [
        sent.reader.open(each) for each in ("/my/", sent.address, f"{sent.address}/message", f"{sent.address}/correct")
    ]
    for page in pages:
        assert card(ICBC) not in page.html
        assert card(CMB) not in page.html
        assert "1101051" not in page.html
