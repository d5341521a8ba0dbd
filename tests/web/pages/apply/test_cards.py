"""The step of the cards."""

from __future__ import annotations

from flask import Flask

from tests.applications import ICBC, card, id_number
from tests.web.caller import Caller
from tests.web.pages.cardholders import filled_in, launched
from tests.web.pages.reader import Reader


def test_a_card_that_is_not_there_can_be_added(reader: Reader) -> None:
    more = reader.open("/apply/cards").press("没有看到我的卡，添加一张", {"accounts.0.principal_fen": "５００"})
    assert more.status == 200
    assert 'value="５００"' in more.html
    number = card(ICBC, 42)
    wrong = more.press(
        "保存并继续",
        {"accounts.2.bank_code": ICBC, "accounts.2.card_number": number[:-1] + "0", "accounts.2.principal_fen": "100"},
    )
    assert "f-accounts-2-card_number-error" in wrong.ids
    # Whoever compares once more may say that the card has this number.
    assert wrong.press("保存并继续", {"accounts.2.as_printed": ["1"]}).address == "/apply/reason"
    spaced = f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}"
    reason = wrong.press("保存并继续", {"accounts.2.card_number": spaced})
    assert reason.address == "/apply/reason"
    again = reader.open("/apply/cards")
    assert number not in again.html
    assert f"尾号 {number[-4:]}" in again.text
    assert ("accounts.2.take", "1") in again.form("保存并继续").fields


def test_no_card_and_a_card_twice_are_refused(reader: Reader) -> None:
    assert reader.open("/apply/cards").press("保存并继续").status == 422
    more = reader.open("/apply/cards").press("没有看到我的卡，添加一张")
    twice = more.press(
        "保存并继续",
        {
            "accounts.0.take": ["1"],
            "accounts.0.principal_fen": "100",
            "accounts.2.bank_code": ICBC,
            "accounts.2.card_number": card(ICBC),
            "accounts.2.principal_fen": "100",
        },
    )
    assert twice.status == 422
    assert "同一张卡填写了两次" in twice.text


def test_a_bank_with_which_a_negotiation_is_open_is_not_asked_twice(app: Flask, host_app: Caller) -> None:
    body = {"id_number": id_number(6), "mobile": "13900000006"}
    reader = launched(app, host_app, **body)
    filled_in(reader, taken=1).press("提交给 1 家银行")
    again = reader.open("/apply/cards")
    assert "与这家银行的协商正在进行" in again.text
    address, data = again.sent("保存并继续", {})
    assert "accounts.0.take" not in {name for _, name, _ in again.form("保存并继续").boxes}
    data.update({"accounts.0.take": "1", "accounts.0.principal_fen": "100"})
    refused = reader.send(address, data)
    assert refused.status == 422
    assert "正在进行，编号 XS-" in refused.text
