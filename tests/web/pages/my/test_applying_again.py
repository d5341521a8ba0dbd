"""After an agreement that came to nothing the form opens with what is known, or says whom to call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage import banks
from tests.applications import ICBC, card
from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import fill_rest
from tests.web.pages.my.test_agreement import Tell, WorkOff, agreed, icbc, path_of, read, tell
from tests.web.pages.reader import Page

__all__ = ["agreed", "icbc", "tell"]
AGAIN = "申请新的方案"


@pytest.fixture
def broken(agreed: Page, tell: Tell, clock: FixedClock) -> Page:
    """Two payments of its agreement were missed, and the bank ended it."""
    clock.at += timedelta(days=70)
    for number in (1, 2):
        tell("missed", number=number)
    tell("end", reason="defaulted", text="连续两期未还。")
    return agreed.reader.open(agreed.address.partition("#")[0] + "/agreement")


def set_limit(hub: Hub, limit: int) -> None:
    with hub.writing(HUB) as tx:
        banks.set_settings(tx, ICBC, {"max_renegotiations": str(limit), "hotline": "95588"})


def sent_again(steps: Page) -> Page:
    """The page behind the sending, once what is of another day was filled in."""
    cards = steps.reader.open("/apply/cards")
    evidence = cards.press("保存并继续", {"accounts.0.principal_fen": "17000"}).reader.open("/apply/evidence")
    return fill_rest(evidence).press("提交给 1 家银行")


def test_the_form_opens_with_what_is_known_and_asks_for_what_is_of_today(broken: Page, icbc: Caller) -> None:
    steps = broken.press(AGAIN)
    assert steps.address == "/apply/steps?done=known"
    assert "已按您上次的申请填好一部分" in steps.text
    reader = broken.reader
    assert "住院三个月" in reader.open("/apply/reason").text
    shown = reader.open("/apply/money").html
    assert "6,200.00" in shown
    cards = reader.open("/apply/cards")
    assert [name for name, _ in cards.form("保存并继续").fields if name.endswith(".take")] == ["accounts.0.take"]
    assert "18,500" not in cards.html
    # What was left empty is asked for, and nothing else.
    assert "请填写" in cards.press("保存并继续").text


def test_what_is_sent_names_the_agreement_before(broken: Page, icbc: Caller, work_off: WorkOff) -> None:
    done = sent_again(broken.press(AGAIN))
    assert done.status == 200, done.text
    work_off()
    [waiting] = made(icbc.get("/bank/negotiations"), 200)["items"]
    told = made(icbc.get(f"/bank/negotiations/{waiting['id']}"), 200)
    assert told["renegotiation_of"] == path_of(broken).rpartition("/")[2]
    assert told["earlier_agreement"]["end_reason"] == "defaulted"
    page = broken.reader.open(f"/my/negotiations/{waiting['id']}")
    assert "这张卡以前签过协议" in page.text
    assert f"{broken.address.partition('#')[0]}" in page.links


def test_nothing_that_was_typed_is_lost(broken: Page) -> None:
    broken.reader.open("/apply/reason").press(
        "保存并继续", {"hardship.reasons": ["unemployment"], "hardship.description": "公司解散"}
    )
    broken.press(AGAIN)
    assert "公司解散" in broken.reader.open("/apply/reason").text


def test_a_missed_payment_is_reason_enough_and_one_in_force_is_none(
    agreed: Page, tell: Tell, clock: FixedClock
) -> None:
    assert AGAIN not in read(agreed) + read(agreed, "/agreement")
    clock.at += timedelta(days=40)
    tell("missed", number=1)
    assert AGAIN in read(agreed, "/agreement")


def test_a_bank_that_takes_no_more_is_called_and_nothing_is_typed_in_vain(
    broken: Page, hub: Hub, host_app: Caller
) -> None:
    set_limit(hub, 0)
    words = "不再在这里受理。您可以拨打银行热线"
    for text in (read(broken, ""), broken.reader.open("/apply/cards").text):
        assert words in text
    page = broken.reader.open(broken.address)
    assert (AGAIN in page.text, words in page.text) == (False, True)
    set_limit(hub, 1)
    assert AGAIN in broken.reader.open(broken.address).text


def test_a_card_that_is_typed_is_refused_at_once_too(
    app: Flask, broken: Page, hub: Hub, sms: SentMessages, clock: FixedClock
) -> None:
    set_limit(hub, 0)
    typed = {
        "accounts.2.bank_code": ICBC,
        "accounts.2.card_number": card(ICBC),
        "accounts.2.principal_fen": "17000",
    }
    more = broken.reader.open("/apply/cards").press("没有看到我的卡，添加一张")
    assert "重新协商次数有限" in more.press("保存并继续", typed).text
