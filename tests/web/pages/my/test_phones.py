"""By telephone: numbers, hours, who calls, and the record of a call one press away."""

from __future__ import annotations

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import banks
from tests.applications import ICBC
from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import texted
from tests.web.pages.my.ways import bank_path
from tests.web.pages.reader import Page, Reader


@pytest.fixture
def reachable(sent: Page, app: Flask) -> Page:
    """A bank that has said how it is reached, and from where it calls."""
    hub: Hub = app.extensions["hub"].hub
    settings = {
        "hotline": "95588",
        "hotline_hours": "每天 8:30 到 21:00",
        "complaint_channel": "拨打 95588 转 9",
        "calls_from": "95588、01066108608",
    }
    with hub.writing(HUB) as tx:
        banks.set_settings(tx, ICBC, settings)
    return sent


def test_each_bank_is_there_with_its_numbers_and_the_word_it_says(reachable: Page, icbc: Caller) -> None:
    sent = reachable
    word = made(icbc.get(bank_path(sent)), 200)["call_word"]
    for address in ("/my/phones", sent.address, f"{sent.address}/call"):
        page = sent.reader.open(address)
        for said in ("每天 8:30 到 21:00", "银行投诉渠道", "12378", word, "说不出的，请挂断"):
            assert said in page.text, (address, said)
        assert {"tel:95588", "tel:01066108608", "tel:12378"} <= set(page.links)
    assert f"{sent.address}/call" in sent.reader.open("/my/phones").links
    assert "/my/phones" in sent.reader.open("/my/").links


def test_nobody_elses_word_is_there(sent: Page, icbc: Caller, app: Flask, sms: SentMessages) -> None:
    word = made(icbc.get(bank_path(sent)), 200)["call_word"]
    other = texted(app, sms, "13911112222").open("/my/phones")
    assert (other.status, word in other.text) == (200, False)
    assert "还没有协商。" in other.text


def test_once_it_is_over_no_word_is_asked_for(sent: Page, icbc: Caller) -> None:
    word = made(icbc.get(bank_path(sent)), 200)["call_word"]
    made(icbc.post(f"{bank_path(sent)}/reject", {"reason_code": "other", "text": "情况不符"}), 200)
    page = sent.reader.open("/my/phones")
    assert ("已经结束的协商" in page.text, word in page.text) == (True, False)


def test_a_call_is_noted_with_time_and_bank_filled_in(sent: Page) -> None:
    reader: Reader = sent.reader
    form = reader.open(f"{sent.address}/call")
    fields = dict(form.form("保存到记录").fields)
    assert (fields["at"], fields["who"]) == ("2026-11-21 10:00", "中国工商银行")
    nothing = form.press("保存到记录", {})
    assert nothing.status == 422
    kept = nothing.press("保存到记录", {"who": "工号 1207", "text": "答应下周答复。"})
    assert ("对方：工号 1207" in kept.text, "答应下周答复。" in kept.text) == (True, True)
    english = reader.open(f"{sent.address}?lang=en")
    assert "With: 工号 1207" in english.text


def test_whom_one_spoke_to_can_be_left_out(sent: Page) -> None:
    kept = sent.reader.open(f"{sent.address}/call").press("保存到记录", {"who": "", "text": "没有说是谁。"})
    assert ("没有说是谁。" in kept.text, "对方：" in kept.text) == (True, False)
