"""The step of the cards."""

from __future__ import annotations

from flask import Flask

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import banks as bank_rows
from tests.applications import CMB, ICBC, card, id_number
from tests.conftest import SentMessages
from tests.web.caller import Caller
from tests.web.pages.cardholders import filled_in, launched, texted
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
    # Beside the other card of its bank.
    assert ("accounts.1.take", "1") in again.form("保存并继续").fields


def test_where_no_bank_is_joined_the_step_says_whom_to_call(reader: Reader, hub: Hub) -> None:
    nobody = "现在还没有银行接入这里"
    assert nobody not in reader.open("/apply/cards").text
    with hub.writing(HUB) as tx:
        for bank in bank_rows.list_banks(tx):
            bank_rows.set_open(tx, bank.code, is_open=False)
    assert nobody in reader.open("/apply/cards").text


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
    assert "请填写中国工商银行（尾号 0007）的剩余期数。" in refused.text
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


BALANCE = {"principal_fen": 1850000, "interest_fen": 46200, "overdue_since": "2026-08-12"}


def test_what_the_host_app_says_is_owed_stands_there_and_can_be_changed(app: Flask, host_app: Caller) -> None:
    cards = [
        {"bank_code": ICBC, "card_number": card(ICBC), **BALANCE},
        {"bank_code": CMB, "card_number": card(CMB)},
    ]
    reader = launched(app, host_app, cards=cards)
    page = reader.open("/apply/cards")
    shown = dict(page.form("保存并继续").fields)
    assert (shown["accounts.0.principal_fen"], shown["accounts.0.interest_fen"]) == ("18,500.00", "462.00")
    assert (shown["accounts.0.overdue_since"], shown["accounts.1.principal_fen"]) == ("2026-08-12", "")
    assert page.text.count("App 显示共欠 18,962.00 元，可以修改") == 1
    assert "accounts.0.take" not in shown
    # Nothing is taken: that is what is missing, and no amount.
    assert "请至少选一张卡，或填写一笔贷款。" in page.press("保存并继续").text
    reason = page.press("保存并继续", {"accounts.0.take": ["1"], "accounts.0.principal_fen": "17000"})
    assert reason.address == "/apply/reason"
    assert dict(reader.open("/apply/cards").form("保存并继续").fields)["accounts.0.principal_fen"] == "17,000.00"


def test_all_known_cards_can_be_taken_at_once(reader: Reader) -> None:
    taken = reader.open("/apply/cards").press("全选", {"accounts.1.principal_fen": "500"})
    fields = taken.form("保存并继续").fields
    assert {("accounts.0.take", "1"), ("accounts.1.take", "1"), ("accounts.1.principal_fen", "500")} <= set(fields)
    assert "全选" not in taken.form("保存并继续").buttons


def test_cards_stand_bank_by_bank_each_bank_named_once_as_a_heading(app: Flask, host_app: Caller) -> None:
    cards = [(ICBC, card(ICBC)), (CMB, card(CMB)), (ICBC, card(ICBC, 42))]
    reader = launched(app, host_app, cards=[{"bank_code": code, "card_number": number} for code, number in cards])
    page = reader.open("/apply/cards").html
    assert (page.count(">中国工商银行</h2>"), page.count(">招商银行</h2>")) == (1, 1)
    assert page.index(card(ICBC, 42)[-4:]) < page.index(">招商银行</h2>")


def test_a_fault_of_a_known_card_names_the_card(reader: Reader) -> None:
    refused = reader.open("/apply/cards").press("保存并继续", {"accounts.1.take": ["1"]})
    assert f"请填写招商银行（尾号 {card(CMB)[-4:]}）的欠款本金。" in refused.text


def test_who_is_known_by_the_mobile_alone_begins_with_the_first_card(
    app: Flask, sms: SentMessages, banks: object
) -> None:
    page = texted(app, sms, "13512345678").open("/apply/cards")
    assert ("第 1 张卡" in page.text, "没有看到我的卡" in page.text, "再添加一张卡" in page.text) == (True, False, True)
    two = page.press("再添加一张卡")
    assert (two.address, "第 2 张卡" in two.text) == ("/apply/cards?more=1&typed=1#card-1", True)


def test_a_bank_that_takes_no_applications_is_named_with_its_telephone(app: Flask, host_app: Caller, hub: Hub) -> None:
    reader = launched(app, host_app)
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, CMB, {"hotline": "95555"})
        bank_rows.set_open(tx, CMB, is_open=False)
    page = reader.open("/apply/cards")
    assert "这些银行还不能在这里申请" in page.text
    assert "tel:95555" in page.links
    assert f"尾号 {card(CMB)[-4:]}" not in page.text
