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


PARTS = {
    "accounts.0.take": ["1"],
    "accounts.0.principal_fen": "18500",
    "accounts.0.components.1.principal_fen": "6000",
    "accounts.0.components.1.remaining_terms": "12",
}


def test_what_is_in_instalments_is_asked_in_a_fold_and_the_rest_revolves(reader: Reader) -> None:
    before = reader.open("/apply/cards")
    assert "关于这张卡还有别的情况" in before.text
    assert before.press("保存并继续", PARTS).address == "/apply/reason"
    again = dict(reader.open("/apply/cards").form("保存并继续").fields)
    assert again["accounts.0.components.0.principal_fen"] == ""
    assert again["accounts.0.components.1.remaining_terms"] == "12"
    assert "现金分期 6,000.00 元（剩余 12 期）；未办理分期 12,500.00 元" in reader.open("/apply/check").text


def test_a_fault_of_a_part_stands_at_its_own_row(reader: Reader) -> None:
    missing = {**PARTS, "accounts.0.components.1.remaining_terms": ""}
    refused = reader.open("/apply/cards").press("保存并继续", missing)
    assert refused.status == 422
    assert "f-accounts-0-components-1-remaining_terms-error" in refused.ids
    assert "请填写第 1 张卡的剩余期数。" in refused.text
    over = reader.open("/apply/cards").press("保存并继续", {**PARTS, "accounts.0.components.0.principal_fen": "13000"})
    assert over.status == 422
    assert "与总额 18,500.00 元不一致" in over.text


def test_cards_of_one_account_and_supplementary_ones_owe_nothing_themselves(reader: Reader) -> None:
    more = reader.open("/apply/cards").press("没有看到我的卡，添加一张")
    typed = {
        "accounts.0.take": ["1"],
        "accounts.0.principal_fen": "18500",
        "accounts.2.bank_code": ICBC,
        "accounts.2.card_number": card(ICBC, 42),
    }
    assert more.press("保存并继续", typed).status == 422
    shared = {**typed, "accounts.0.account_group": ["1"], "accounts.2.account_group": ["1"]}
    assert more.press("保存并继续", shared).address == "/apply/reason"
    checked = reader.open("/apply/check").text
    assert ("和另一张卡共用账户" in checked, "卡的种类" in checked, "诉讼情况" in checked) == (True, False, False)
    alone = {"accounts.0.take": ["1"], "accounts.0.principal_fen": "1", "accounts.0.role": ["supplementary"]}
    refused = more.press("保存并继续", alone)
    assert (refused.status, "请由主卡持卡人申请" in refused.text) == (422, True)
    assert more.press("保存并继续", {**typed, "accounts.2.role": ["supplementary"]}).address == "/apply/reason"
    assert "附属卡" in reader.open("/apply/check").text


def test_a_lower_minimum_is_told_to_be_of_what_revolves(reader: Reader) -> None:
    reader.open("/apply/cards").press("保存并继续", PARTS)
    assert "已办理分期的本金 6,000.00 元仍按原来的分期归还" in reader.open("/apply/plan?kind=lower_minimum").text
    whole = {**PARTS, "accounts.0.components.1.principal_fen": "18500"}
    reader.open("/apply/cards").press("保存并继续", whole)
    asked = {"lower_minimum.minimum_percent": "5", "lower_minimum.months": "6"}
    refused = reader.open("/apply/plan?kind=lower_minimum").press("保存并继续", asked)
    assert refused.status == 422
    assert "已办理分期的欠款没有最低还款额" in refused.text


def test_a_card_that_was_sued_for_is_said_so_and_a_court_alone_comes_back(reader: Reader) -> None:
    page = reader.open("/apply/cards")
    chosen = {"accounts.0.take": ["1"], "accounts.0.principal_fen": "100", "accounts.0.court": "某某人民法院"}
    refused = page.press("保存并继续", chosen)
    assert (refused.status, "请也选择诉讼情况" in refused.text) == (422, True)
    assert page.press("保存并继续", {**chosen, "accounts.0.legal_stage": ["sued"]}).address == "/apply/reason"
    again = dict(reader.open("/apply/cards").form("保存并继续").fields)
    assert (again["accounts.0.legal_stage"], again["accounts.0.court"]) == ("sued", "某某人民法院")
