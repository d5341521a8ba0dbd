"""The first page of an application: what applying means, said before anybody signs in or types anything."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import SentMessages
from tests.web.caller import Caller
from tests.web.pages.cardholders import fill_cards, filled_in, launched
from tests.web.pages.reader import Reader


@pytest.fixture
def stranger(app: Flask, web: object) -> Reader:
    """A browser in which nobody is signed in."""
    return Reader(app.test_client())


@pytest.mark.parametrize(
    "said",
    [
        "免费",
        "约 15 分钟",
        "银行收到后，应在规定的时间内答复您，通常是 7 个工作日",
        "提交申请不代表银行已经同意",
        "提交即表示承认这些欠款，银行可以起诉的期限（诉讼时效）会重新计算",
        "达成协议不会删除已有的逾期记录",
        "不会向征信机构报送任何信息",
        "没有也可以先提交",
        "本服务不收取任何费用",
        "信用卡卡号",
    ],
)
def test_it_promises_nothing_and_says_what_sending_does(stranger: Reader, said: str) -> None:
    page = stranger.open("/apply/")
    assert (page.status, page.address) == (200, "/apply/")
    assert said in page.text


def test_it_needs_no_script(stranger: Reader) -> None:
    assert "<script" not in stranger.open("/apply/").html


def test_one_button_leads_by_the_sign_in_to_the_cards(stranger: Reader, sms: SentMessages, banks: object) -> None:
    start = stranger.open("/apply/")
    assert start.links.count("/sign-in/?next=/apply/cards") == 1
    asked = stranger.open("/sign-in/?next=/apply/cards").press("发送验证码", {"mobile": "13512345678"})
    entered = asked.press("登录", {"code": sms.sent[-1][1][:6]})
    assert (entered.status, entered.address) == (200, "/apply/cards")


def test_who_has_begun_goes_on_and_who_has_sent_looks_at_it(app: Flask, host_app: Caller) -> None:
    reader = launched(app, host_app)
    assert "/apply/cards" in reader.open("/apply/").links
    fill_cards(reader)
    begun = reader.open("/apply/")
    assert ("/apply/steps" in begun.links, "/apply/cards" in begun.links) == (True, False)
    filled_in(reader).press("提交给 2 家银行")
    sent = reader.open("/apply/")
    assert "您已有正在进行的协商" in sent.text
    assert "继续填写" not in sent.text


def test_who_comes_back_stands_before_the_list_of_steps(app: Flask, host_app: Caller) -> None:
    person = {"id_number": "11010519491231002X", "mobile": "13900000005", "subject": "again"}
    fill_cards(launched(app, host_app, **person))
    assert launched(app, host_app, **person).entered == "/apply/steps"
