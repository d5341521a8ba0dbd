"""What a person changes of their agreement at the pages: settling early, and another pay day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.pages.my.ways import bank_path
from tests.web.pages.reader import Page

Say = Callable[..., Any]


@pytest.fixture
def say(sent: Page, icbc: Caller) -> Say:
    """A way for the bank to say something of the agreement; gives the agreement's JSON."""

    def said(deed: str, **body: Any) -> Any:
        answer = icbc.post(f"{bank_path(sent)}/agreement/{deed}", body)
        assert answer.status_code in {200, 201}, answer.get_data(as_text=True)
        return answer.get_json()

    return said


def asked_of(icbc: Caller, sent: Page, kind: str) -> Any:
    return made(icbc.get(bank_path(sent)), 200)["agreement"][kind]


def test_an_early_settlement_is_asked_for_quoted_signed_and_paid(
    agreed: Page, sent: Page, icbc: Caller, say: Say, sms: SentMessages
) -> None:
    page = agreed.reader.open(f"{sent.address}/early-settlement")
    wrong = page.press("请银行报价", {"settle_on": "2027-12-10"})
    assert "日期请选在" in wrong.text
    waiting = wrong.press("请银行报价", {"settle_on": "2026-12-10"})
    assert ("等待银行答复" in waiting.text, "18,534.67" in waiting.text) == (True, True)
    asked = asked_of(icbc, sent, "early_settlement")["id"]
    until = "2026-12-09T18:00:00+08:00"
    say(f"early-settlement/{asked}/quote", principal_fen=1_850_000, interest_fen=3_000, fee_fen=0, valid_until=until)
    for below in ("", "/agreement"):
        assert "银行给出了提前结清的报价，请查看" in agreed.reader.open(f"{sent.address}{below}").text
    quoted = agreed.reader.open(f"{sent.address}/early-settlement")
    for figure in ("18,530.00", "30.00", "提前结清少还", "2026 年 12 月 14 日", "我们按还款记录和实际天数估算"):
        assert figure in quoted.text
    sent_code = quoted.press("发送确认码")
    assert "确认码已发出" in sent_code.text
    unread = sent_code.press("同意并签署", {"confirmation_code": "000000"})
    assert "请" in unread.text
    signed = unread.press("同意并签署", {"agreed": ["1"], "confirmation_code": sms.sent[-1][1][:6]})
    assert signed.address.endswith("/agreement")
    assert ("现在的还款计划" in signed.text, "已签署，等待还款" in signed.text) == (True, True)
    assert "签署协议时的还款计划" in signed.text
    assert "请在 2026 年 12 月 10 日" in agreed.reader.open(f"{sent.address}/early-settlement").text
    say("payments", number=1, paid_on="2026-11-21", amount_fen=1_853_000)
    assert "已结清" in agreed.reader.open(f"{sent.address}/agreement").text


def test_a_quote_is_declined_and_a_request_taken_back(agreed: Page, sent: Page, icbc: Caller, say: Say) -> None:
    page = agreed.reader.open(f"{sent.address}/early-settlement")
    taken_back = page.press("请银行报价", {"settle_on": "2026-12-10"}).press("撤回申请")
    assert "您已撤回，原来的还款计划继续" in taken_back.text
    taken_back.press("请银行报价", {"settle_on": "2026-12-12"})
    asked = asked_of(icbc, sent, "early_settlement")["id"]
    until = "2026-12-09T18:00:00+08:00"
    say(f"early-settlement/{asked}/quote", principal_fen=1_850_000, interest_fen=0, fee_fen=0, valid_until=until)
    declined = agreed.reader.open(f"{sent.address}/early-settlement").press("不提前结清了", {"text": "钱没到"})
    assert "您没有接受，原来的还款计划继续" in declined.text
    assert asked_of(icbc, sent, "early_settlement")["status"] == "declined"


def test_another_pay_day_shows_every_date_before_it_is_sent(agreed: Page, sent: Page, icbc: Caller, say: Say) -> None:
    page = agreed.reader.open(f"{sent.address}/pay-day")
    same = page.press("看看各期的日子", {"day": "20"})
    assert "还款日已经是这一天" in same.text
    assert "希望的还款日不能大于 31。" in same.press("看看各期的日子", {"day": "45"}).text
    looked = same.press("看看各期的日子", {"day": "5"})
    assert ("2026-12-05" in looked.text, asked_of(icbc, sent, "pay_day")) == (True, None)
    waiting = looked.press("发给银行", {"day": "5"})
    assert "等待银行答复" in waiting.text
    assert "另一项对协议的调整正在进行" in agreed.reader.open(f"{sent.address}/early-settlement").text
    say(f"pay-day/{asked_of(icbc, sent, 'pay_day')['id']}/agree")
    assert "2026-12-05" in agreed.reader.open(f"{sent.address}/agreement").text


def test_what_the_bank_proposes_is_signed_with_a_code(agreed: Page, sent: Page, say: Say, sms: SentMessages) -> None:
    say("pay-day", day=28, text="发薪之后。")
    page = agreed.reader.open(f"{sent.address}/pay-day")
    assert ("发薪之后。" in page.text, "2026-12-28" in page.text) == (True, True)
    page = page.press("发送确认码")
    assert [form.action.rpartition("#")[2] for form in page.forms if "确认码" in str(form.buttons)] == ["sign"]
    signed = page.press("同意并签署", {"agreed": ["1"], "confirmation_code": sms.sent[-1][1][:6]})
    assert ("2026-12-28" in signed.text, "补充协议" in signed.text) == (True, True)


def test_payments_that_changed_after_the_code_are_shown_again(
    agreed: Page, sent: Page, say: Say, sms: SentMessages
) -> None:
    say("pay-day", day=28)
    page = agreed.reader.open(f"{sent.address}/pay-day").press("发送确认码")
    say("payments", number=1, paid_on="2026-11-21", amount_fen=60_000)
    refused = page.press("同意并签署", {"agreed": ["1"], "confirmation_code": sms.sent[-1][1][:6]})
    assert "获取确认码之后，各期的情况有变化" in refused.text
