"""A person's agreement at the pages: what is still owed, what is missed, who collects, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.operating import banks
from hub.wiring import Hub
from tests.applications import ICBC, terms
from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import filled_in, launched
from tests.web.pages.reader import Page

WorkOff = Callable[[], int]
Tell = Callable[..., Any]


@pytest.fixture
def icbc(bank_app: Callable[[str], Caller]) -> Caller:
    """The bank's own program."""
    return bank_app(ICBC)


@pytest.fixture
def agreed(app: Flask, host_app: Caller, icbc: Caller, work_off: WorkOff, sms: SentMessages) -> Page:
    """The page of a negotiation whose agreement was signed on 2026-11-21; payments are due on the 20th."""
    done = filled_in(launched(app, host_app), taken=1).press("提交给 1 家银行")
    work_off()
    page = done.reader.open(next(each for each in done.links if each.startswith("/my/negotiations/")))
    offer = made(icbc.post(f"{path_of(page)}/offers", {"terms": terms()}))["id"]
    before = page.reader.open(f"{page.address}/offers/{offer}/accept").press("发送确认码")
    before.press("同意并签署", {"agreed": ["1"], "confirmation_code": sms.sent[-1][1][:6]})
    return page.reader.open(page.address)


def path_of(page: Page) -> str:
    """Where the bank's program finds the negotiation of the page."""
    return f"/bank/negotiations/{page.address.split('/')[3].partition('#')[0]}"


def read(page: Page, below: str = "") -> str:
    """What the page says now."""
    text: str = page.reader.open(page.address.partition("#")[0] + below).text
    return text


@pytest.fixture
def tell(icbc: Caller, agreed: Page) -> Tell:
    """A way for the bank to say something of the agreement; gives the answer's JSON."""

    def said(deed: str, **body: Any) -> Any:
        answer = icbc.post(f"{path_of(agreed)}/agreement/{deed}", body)
        assert answer.status_code in {200, 201}, answer.get_data(as_text=True)
        return answer.get_json()

    return said


def test_the_paper_is_offered_once_it_is_printed(agreed: Page, work_off: WorkOff) -> None:
    for below in ("", "/agreement"):
        page = agreed.reader.open(agreed.address.partition("#")[0] + below)
        assert "协议正在生成，通常几秒内完成" in page.text
        assert not any(each.endswith("/agreement.pdf") for each in page.links)
    work_off()
    for below in ("", "/agreement"):
        page = agreed.reader.open(agreed.address.partition("#")[0] + below)
        assert "正在生成" not in page.text
        assert any(each.endswith("/agreement.pdf") for each in page.links)


def test_what_is_owed_next_counts_what_came(agreed: Page, tell: Tell) -> None:
    rows = tell("payments", number=1, paid_on="2026-11-21", amount_fen=10_000)["payments"]
    left = f"{(rows[0]['total_fen'] - 10_000) / 100:,.2f} 元"
    for below in ("", "/agreement"):
        assert f"下一次还款：2026 年 12 月 20 日（周日），{left}" in read(agreed, below)
    assert f"已还 100.00 元，还差 {left}" in read(agreed, "/agreement")


def test_a_payment_past_its_day_is_not_called_the_next(agreed: Page, clock: FixedClock) -> None:
    clock.at += timedelta(days=30)
    for below in ("", "/agreement"):
        text = read(agreed, below)
        assert "2026 年 12 月 20 日（周日）的还款，银行还没有登记到账：" in text
        assert "下一次还款" not in text


def test_a_missed_payment_is_told_with_a_way_to_write_and_gone_when_taken_back(
    agreed: Page, tell: Tell, clock: FixedClock
) -> None:
    clock.at += timedelta(days=40)
    tell("missed", number=1)
    page = agreed.reader.open(f"{agreed.address}/agreement")
    assert "2026 年 12 月 20 日（周日）的还款还没有到账" in page.text
    assert any(each.endswith("/message") for each in page.links)
    # Wherever the person looks first; and what is missed is not what comes next.
    for text in (read(agreed), agreed.reader.open("/my/").text):
        assert "2026 年 12 月 20 日（周日）的还款还没有到账" in text
        assert "下一次还款：2027 年 1 月 20 日（周三）" in text
    tell("missed/withdraw", number=1, text="登记错了。")
    assert "还没有到账" not in read(agreed, "/agreement")
    assert "登记错了。" in read(agreed)


def test_the_person_writes_to_the_bank_after_the_signing(agreed: Page, tell: Tell) -> None:
    form = agreed.reader.open(f"{agreed.address}/message")
    form.press("发送", {"text": "下月可能晚两天。"})
    assert "下月可能晚两天。" in read(agreed)
    tell("end", reason="settled", text="余下的不再要求。", waive_rest=True)
    over = agreed.reader.open(f"{agreed.address}/message")
    assert "不能再留言" in over.text
    assert "/apply/" in over.links


def test_no_page_says_that_collection_stopped_or_all_is_paid_where_it_is_not(agreed: Page, tell: Tell) -> None:
    assert "应当停止催收" in read(agreed)
    assert "催收已停止" not in read(agreed) + read(agreed, "/agreement")
    tell("hold-applied", by="甲公司", at="2026-11-21T09:00:00+08:00")
    assert "甲公司 自 2026 年 11 月 21 日" in read(agreed, "/agreement")
    tell("end", reason="settled", text="余下的不再要求。", waive_rest=True)
    for below in ("", "/agreement"):
        text = read(agreed, below)
        assert "银行已确认结清" in text
        assert "全部还清" not in text
    assert "银行不再要求" in read(agreed, "/agreement")
    assert "已结清" in agreed.reader.open("/my/").text


def test_after_a_replaced_agreement_nothing_new_is_asked_for_there(agreed: Page, tell: Tell) -> None:
    tell("end", reason="replaced", text="已经在网点签署新的协议。")
    for below in ("", "/agreement"):
        text = read(agreed, below)
        assert ("这份协议已由新的协议替代" in text, "申请新的方案" in text) == (True, False)


def test_after_default_no_page_speaks_of_an_agreement_in_force(
    agreed: Page, tell: Tell, clock: FixedClock, work_off: WorkOff
) -> None:
    clock.at += timedelta(days=70)
    for number in (1, 2):
        tell("missed", number=number)
    tell("hold-applied", by="甲公司", at="2026-11-21T09:00:00+08:00")
    tell("end", reason="defaulted", text="连续两期未还。")
    for text in (read(agreed), read(agreed, "/agreement"), agreed.reader.open("/my/").text):
        assert "银行以没有按约还款为由结束了这份协议" in text
        assert not any(words in text for words in ("协议已生效", "催收已停止", "下一次还款"))
    for below in ("", "/agreement"):
        assert "连续两期未还。" in read(agreed, below)
        assert "起生效；在这之前，银行和受托机构不应催收。" in read(agreed, below)
        assert "可以在生效之前给银行留言" in read(agreed, below)
        assert "12378" in read(agreed, below)
    agreed.reader.open(f"{agreed.address}/message").press("发送", {"text": "我已经还了第二期。"})
    assert "终止通知书正在生成" in read(agreed)
    work_off()
    for below in ("", "/agreement"):
        page = agreed.reader.open(agreed.address.partition("#")[0] + below)
        [notice] = [each for each in page.links if each.endswith("/default-notice.pdf")]
        assert agreed.reader.web.get(notice).data.startswith(b"%PDF-")
    clock.at += timedelta(days=4)
    for below in ("", "/agreement"):
        assert ("终止已于" in read(agreed, below), "不应催收" in read(agreed, below)) == (True, False)
        assert "可以在生效之前给银行留言" not in read(agreed, below)
    assert "不能再留言" in read(agreed, "/message")
    assert "未到账" in read(agreed, "/agreement")
    assert "甲公司" not in read(agreed, "/agreement")
    for below in ("", "/agreement"):
        assert "重新申请" in read(agreed, below)


def test_a_certificate_is_asked_for_once_all_is_paid_and_downloaded_when_it_is_there(
    agreed: Page, tell: Tell, clock: FixedClock, work_off: WorkOff
) -> None:
    address = agreed.address.partition("#")[0]
    assert "现在不需要申请" in read(agreed, "/clearance")
    rows = tell("payments", number=1, paid_on="2026-11-21", amount_fen=10_000)["payments"]
    left = sum(row["total_fen"] for row in rows) - 10_000
    tell("payments", number=1, paid_on="2026-11-21", amount_fen=left)
    for below in ("", "/agreement"):
        assert f"{address}/clearance" in agreed.reader.open(address + below).links
    asked = agreed.reader.open(f"{address}/clearance").press("请银行出具")
    assert "已经告诉银行。出具后会告诉您。" in asked.text
    for below in ("", "/agreement"):
        assert "银行应在 2026 年 12 月 1 日（周二）18:00 前出具结清证明" in read(agreed, below)
        assert f"{address}/clearance" not in agreed.reader.open(address + below).links
    clock.at += timedelta(days=11)
    assert "银行没有在 2026 年 12 月 1 日（周二）18:00 前出具结清证明" in read(agreed)
    tell("clearance")
    assert "文件正在生成" in read(agreed)
    work_off()
    for below in ("", "/agreement"):
        page = agreed.reader.open(address + below)
        assert ("银行已确认结清" in page.text, "只要按约还款" in page.text) == (True, False)
        assert f"{address}/clearance.pdf" in page.links
    assert agreed.reader.web.get(f"{address}/clearance.pdf").data.startswith(b"%PDF-")


def test_somebody_who_still_collects_is_reported_and_the_banks_answer_read(
    agreed: Page, tell: Tell, icbc: Caller
) -> None:
    form = agreed.reader.open(f"{agreed.address}/collection-report")
    blank = form.press("告诉银行和平台")
    assert blank.status == 422
    assert [words for words in ("请填写时间。", "请选择方式。", "请填写内容。") if words not in blank.text] == []
    said = {"at": "2026-11-21 09:00", "channel": ["phone"], "caller": "乙公司", "text": "又来电话。"}
    form.press("告诉银行和平台", said, files={"file": ("截图.png", b"not a picture")})
    assert "已经告诉银行和平台" in form.press("告诉银行和平台", said).text
    text = read(agreed)
    assert ("又来电话。" in text, "11 月 25 日（周三）18:00 前答复您" in text) == (True, True)
    [report] = made(icbc.get(path_of(agreed)), 200)["collection_reports"]
    made(icbc.post(f"{path_of(agreed)}/collection-reports/{report['id']}/answer", {"text": "已通知停止。"}))
    assert "已通知停止。" in read(agreed)
    tell("end", reason="settled", text="好", waive_rest=True)
    assert "现在没有生效的协议" in read(agreed, "/collection-report")


def test_how_to_pay_is_as_it_was_signed(agreed: Page, hub: Hub) -> None:
    with hub.writing(HUB) as tx:
        banks.change(tx, ICBC, {"payment_instructions": "请改到柜台还款。"})
    assert "请改到柜台还款" not in read(agreed, "/agreement")
    assert "24:00 之前" in read(agreed, "/agreement")


def test_the_person_sees_who_has_not_confirmed_that_they_stopped(agreed: Page, tell: Tell, hub: Hub) -> None:
    with hub.writing(HUB) as tx:
        banks.change(tx, ICBC, {"collection_agencies": "甲公司"})
    assert "还没有确认停止催收" in read(agreed, "/agreement")
    tell("hold-applied", by="本行", at="2026-11-21T09:00:00+08:00")
    text = read(agreed, "/agreement")
    assert "中国工商银行自 2026 年 11 月 21 日" in text
    assert "还没有确认停止催收： 甲公司" in text
    tell("hold-applied", by="甲公司", at="2026-11-21T09:00:00+08:00")
    assert "还没有确认停止催收" not in read(agreed, "/agreement")
