"""A cardholder's negotiations at the pages: following, answering, agreeing, and what is refused on the way."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from hub.demo import people as demo_people
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.services.evidence import judging
from hub.services.notifications import outgoing_mail
from hub.services.operating import sweeps
from hub.wiring import Hub
from storage.evidence import file_name_of
from storage.records import EvidenceRecord
from tests.applications import CMB, ICBC, card, pdf, person, terms
from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import fill_month, fill_reason, fill_rest, filled_in, launched, texted
from tests.web.pages.reader import Page, Reader

BankApp = Callable[[str], Caller]
WorkOff = Callable[[], int]


@pytest.fixture
def reader(app: Flask, host_app: Caller) -> Reader:
    """A person whom the host app sent over."""
    return launched(app, host_app)


@pytest.fixture
def sent(reader: Reader, work_off: WorkOff) -> Page:
    """The page of the person's negotiation with ICBC, which the bank has."""
    done = filled_in(reader, taken=1).press("提交给 1 家银行")
    work_off()
    return reader.open(next(each for each in done.links if each.startswith("/my/negotiations/")))


@pytest.fixture
def icbc(bank_app: BankApp) -> Caller:
    """The bank's own program."""
    return bank_app(ICBC)


def bank_path(page: Page) -> str:
    """Where the bank's program finds the negotiation of the page."""
    return f"/bank/negotiations/{page.address.split('/')[3].partition('#')[0]}"


@pytest.fixture
def offered(sent: Page, icbc: Caller) -> Page:
    """The page of an open offer of the bank."""
    offer = made(icbc.post(f"{bank_path(sent)}/offers", {"terms": terms()}))
    return sent.reader.open(f"{sent.address}/offers/{offer['id']}")


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


def test_a_wrong_code_is_said_at_its_field_and_counts(offered: Page, sms: SentMessages) -> None:
    before = offered.reader.open(f"{offered.address}/accept").press("发送确认码")
    right = sms.sent[-1][1][:6]
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        before = before.press("同意并签署", {"agreed": ["1"], "confirmation_code": wrong})
        assert before.status == 422
        assert "确认码不对" in before.text
    used_up = before.press("同意并签署", {"agreed": ["1"], "confirmation_code": right})
    assert "输错次数过多" in used_up.text
    assert "等您确认" in offered.reader.open("/my/").text


def test_a_third_code_within_a_minute_is_put_off_on_the_same_page(offered: Page, sms: SentMessages) -> None:
    page = offered.reader.open(f"{offered.address}/accept").press("发送确认码")
    page = page.press("重新发送确认码")
    waits = page.press("重新发送确认码")
    assert (waits.status, waits.answer.headers["Retry-After"], len(sms.sent)) == (429, "60", 2)
    assert "请在 1 分钟后再获取" in waits.text
    signed = waits.press("同意并签署", {"agreed": ["1"], "confirmation_code": sms.sent[-1][1][:6]})
    assert signed.status == 200


def test_nobody_signs_without_saying_so(offered: Page, sms: SentMessages) -> None:
    before = offered.reader.open(f"{offered.address}/accept").press("发送确认码")
    refused = before.press("同意并签署", {"confirmation_code": sms.sent[-1][1][:6]})
    assert refused.status == 422
    assert "f-agreed" in refused.ids
    assert "有 1 处需要您看一下" in refused.text


def test_signing_twice_makes_one_agreement(offered: Page, sms: SentMessages) -> None:
    before = offered.reader.open(f"{offered.address}/accept").press("发送确认码")
    send = before.sent("同意并签署", {"agreed": ["1"], "confirmation_code": sms.sent[-1][1][:6]})
    first, second = before.reader.send(*send), before.reader.send(*send)
    assert first.address == second.address
    assert (first.status, second.status) == (200, 200)
    assert len(sms.sent) == 1


def test_a_declined_offer_is_the_banks_turn_again(offered: Page) -> None:
    answered = offered.reader.open(f"{offered.address}/decline").press("告诉银行", {"text": "每月太多"})
    assert "等银行答复" in answered.text
    assert "每月太多" in answered.text
    again = offered.reader.open(offered.address)
    assert "这个方案现在不能再选择" in again.text


def test_a_declined_offer_beside_another_leaves_the_choice(offered: Page, icbc: Caller) -> None:
    made(icbc.post(f"{bank_path(offered)}/offers", {"terms": terms()}))
    answered = offered.reader.open(f"{offered.address}/decline").press("告诉银行")
    assert "别的方案仍然有效" in answered.text
    assert "轮到银行" not in answered.text


def test_why_the_bank_did_not_take_a_counter_offer_stands_above_its_own(offered: Page, icbc: Caller) -> None:
    here = offered.address.partition("/offers")[0]
    offered.reader.open(f"{here}/counter").press("发给银行", {"terms.instalments": "40"})
    made(icbc.post(f"{bank_path(offered)}/reject", {"reason_code": "other", "text": "期数最多 36 期。"}), 200)
    page = offered.reader.open(here).text
    assert page.index("银行这次没有采纳您的方案") < page.index("期数最多 36 期。") < page.index("查看方案并答复")


def test_an_offer_that_changed_meanwhile_says_who_changed_it(offered: Page) -> None:
    here = offered.address.partition("/offers")[0]
    page = offered.reader.open(f"{here}/message")
    offered.reader.open(f"{here}/withdraw").press("撤回", {"sure": ["1"]})
    stale = page.press("发送", {"text": "我写了很久的话"})
    assert stale.status == 409
    assert "更新的人：持卡人" in stale.text
    assert "我写了很久的话" in stale.text


def test_a_counter_offer_is_shown_before_it_is_sent(offered: Page, icbc: Caller) -> None:
    here = offered.address.partition("/offers")[0]
    form = offered.reader.open(f"{here}/counter")
    assert "还可以提 3 次" in form.text
    shown = form.press(
        "先算一算", {"terms.instalments": "60", "terms.annual_rate_percent": "0", "terms.note": "想慢慢还"}
    )
    assert shown.status == 200, shown.text
    assert "308.33" in shown.text
    assert "想慢慢还" in shown.html
    sent = shown.press("发给银行")
    assert "等银行答复" in sent.text
    [mine] = [each for each in made(icbc.get(f"{bank_path(sent)}"), 200)["offers"] if each["by"] == "cardholder"]
    assert (mine["terms"]["instalments"], mine["terms"]["method"]) == (60, "interest_free")


def test_a_counter_offer_keeps_what_was_typed_beside_its_faults(offered: Page) -> None:
    here = offered.address.partition("/offers")[0]
    form = offered.reader.open(f"{here}/counter")
    refused = form.press("发给银行", {"terms.instalments": "61", "terms.first_due_on": "昨天"})
    assert refused.status == 422
    assert {"f-terms-instalments-error", "f-terms-first_due_on-error"} <= refused.ids
    assert 'value="61"' in refused.html
    assert 'value="昨天"' in refused.html


def test_the_banks_question_is_answered_with_words_and_a_file(sent: Page, icbc: Caller, work_off: WorkOff) -> None:
    asked = {"kinds": ["bank_statement"], "text": "请补充三个月流水"}
    made(icbc.post(f"{bank_path(sent)}/request-evidence", asked), 200)
    page = sent.reader.open(sent.address)
    assert "请补充三个月流水" in page.text
    form = page.reader.open(f"{sent.address}/message")
    sending = form.sent("答复银行", {"text": "这是流水"}, files={"file": ("流水.pdf", pdf())})
    answered = form.reader.send(*sending)
    assert "这是流水" in answered.text
    work_off()
    assert "银行审核中" in answered.reader.open(sent.address).text
    assert len(made(icbc.get(bank_path(sent)), 200)["evidence"]) == 2


def test_more_time_can_be_asked_for_without_answering(sent: Page, icbc: Caller) -> None:
    made(icbc.post(f"{bank_path(sent)}/request-evidence", {"kinds": ["payslip"], "text": ""}), 200)
    form = sent.reader.open(f"{sent.address}/message")
    waiting = form.press("先留言，需要更多时间", {"text": "下周才能拿到"})
    assert "等您答复" in waiting.text
    assert "下周才能拿到" in waiting.text


def test_a_file_that_is_not_taken_is_refused_at_its_field_with_the_words_kept(sent: Page) -> None:
    form = sent.reader.open(f"{sent.address}/message")
    refused = form.press("发送", {"text": "见附件"}, files={"file": ("表.docx", b"PK\x03\x04" + b"0" * 100)})
    assert refused.status == 422
    assert "f-file-error" in refused.ids
    assert "见附件" in refused.html
    assert "PDF" in refused.text


def test_a_message_that_is_sent_twice_stands_in_the_log_once(sent: Page) -> None:
    form = sent.reader.open(f"{sent.address}/message")
    address, data = form.sent("发送", {"text": "只说一次"})
    first = form.reader.send(address, data)
    _, again = form.sent("发送", {"text": "只说一次"})
    second = form.reader.send(address, again)
    assert first.text.count("只说一次") == second.text.count("只说一次") == 1


def test_a_call_is_put_into_the_record(sent: Page) -> None:
    form = sent.reader.open(f"{sent.address}/call")
    kept = form.press("保存到记录", {"at": "2026-11-20 9:30", "text": "客服说可以分期"})
    assert "客服说可以分期" in kept.text
    assert "通话时间：2026 年 11 月 20 日 09:30" in kept.text


def test_withdrawing_asks_first(sent: Page) -> None:
    form = sent.reader.open(f"{sent.address}/withdraw")
    unsure = form.press("撤回", {"text": "家里帮忙"})
    assert unsure.status == 422
    assert "家里帮忙" in unsure.html
    ended = unsure.press("撤回", {"sure": ["1"]})
    assert "您已撤回" in ended.text


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


def test_a_returned_negotiation_is_put_right(reader: Reader, work_off: WorkOff, app: Flask, host_app: Caller) -> None:
    checked = filled_in(reader, taken=1)
    files = reader.open("/apply/evidence")
    files.press("上传", {"kind": "bank_statement"}, files={"file": ("坏.pdf", b"%PDF-1.7 broken")})
    done = checked.press("提交给 1 家银行")
    _reject_file(app, "坏.pdf")
    work_off()
    here = next(each for each in done.links if each.startswith("/my/negotiations/"))
    returned = reader.open(here)
    assert "请您更正" in returned.text
    # Which file, and until when; and no paper is offered that was never printed.
    assert "坏.pdf" in returned.text.partition("您可以随时")[0]
    assert "2026 年 12 月 21 日" in returned.text
    assert not any(each.endswith("application-form.pdf") for each in returned.links)
    form = reader.open(f"{here}/correct")
    assert "坏.pdf" in form.text.partition("卡和金额")[0]
    assert ("kind", "bank_statement") in form.form("更正并重新提交").fields
    sent = form.press("更正并重新提交", {"accounts.0.principal_fen": "2万"}, files={"file": ("好.pdf", pdf("again"))})
    assert sent.status == 200, sent.text
    work_off()
    assert "等银行答复" in reader.open(here).text


def _reject_file(app: Flask, name: str) -> None:
    hub = app.extensions["hub"].hub
    with hub.reading(HUB) as tx:
        [found] = [each.id for each in tx.session.query(EvidenceRecord) if file_name_of(tx, each) == name]
    judging.judge(hub, hub.store, lambda *_: "unreadable", [found])


def test_another_persons_negotiation_is_as_unknown_as_none(
    sent: Page, app: Flask, host_app: Caller, sms: SentMessages
) -> None:
    here = sent.address
    nothing = here.rpartition("/")[0] + "/" + "0" * 32
    for other in (launched(app, host_app), texted(app, sms, "13911112222")):
        for below in ("", "/message", "/call", "/withdraw", "/counter", "/correct", "/agreement", "/record.zip"):
            theirs, none = other.open(here + below), other.open(nothing + below)
            assert (theirs.status, theirs.without_token) == (404, none.without_token)
        form = other.open("/apply/cards").form("保存并继续")
        token = dict(form.fields)["csrf_token"]
        for below in ("/message", "/withdraw", "/counter", "/correct"):
            posted = other.web.post(here + below, data={"csrf_token": token, "text": "x", "sure": "1"})
            assert posted.status_code == 404


def test_the_same_mobile_finds_the_negotiation_by_text_message(
    app: Flask, sms: SentMessages, host_app: Caller, work_off: WorkOff
) -> None:
    mobile = "13677778888"
    filled_in(launched(app, host_app, mobile=mobile), taken=2).press("提交给 2 家银行")
    work_off()
    listed = texted(app, sms, mobile).open("/my/")
    assert "中国工商银行" in listed.text
    assert "招商银行" in listed.text


def test_no_full_number_stands_on_any_page(sent: Page, app: Flask) -> None:
    pages = [
        sent.reader.open(each) for each in ("/my/", sent.address, f"{sent.address}/message", f"{sent.address}/correct")
    ]
    for page in pages:
        assert card(ICBC) not in page.html
        assert card(CMB) not in page.html
        assert "1101051" not in page.html
