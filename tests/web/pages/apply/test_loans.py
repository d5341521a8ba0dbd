"""Loans on the page of the cards, and what becomes of them on the way to the lender."""

from __future__ import annotations

from typing import Any

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage.records import NegotiationRecord
from storage.submissions import submission_of
from tests.applications import CITIC, CMB, ICBC
from tests.web.pages.cardholders import filled_in
from tests.web.pages.reader import Page, Reader

LOAN: dict[str, Any] = {
    "loans.0.creditor_code": CITIC,
    "loans.0.contract_last4": "80a6",
    "loans.0.product": "消费贷款",
    "loans.0.platform_name": "某购物 App",
    "loans.0.principal_fen": "8200",
}
_WRONG = {"loans.0.contract_last4": "8", "loans.0.principal_fen": "x"}
TOGETHER = {"loans.0.other_creditor": CMB, "loans.0.other_percent": "30"}


def with_a_loan(reader: Reader, **typed: Any) -> Page:
    """The page of the cards, on which a loan is asked for."""
    return reader.open("/apply/cards").press("添加一笔贷款", typed)


def test_a_loan_is_asked_for_by_its_contract_and_nothing_is_blamed_before(reader: Reader) -> None:
    page = reader.open("/apply/cards")
    assert "还有网贷、消费贷" in page.text
    assert "怎么找到合同里的出借人？" in page.text
    more = page.press("添加一笔贷款")
    assert more.status == 200
    assert "第 1 笔贷款" in more.text
    assert "合同编号的最后 4 位" in more.text


def test_the_first_page_says_what_to_have_at_hand_for_a_loan(reader: Reader) -> None:
    assert "借款合同上出借人的全称和合同编号" in reader.open("/apply/").text
    assert "number, from the contract" in reader.open("/apply/?lang=en").text


def test_a_loan_is_kept_in_the_draft_and_shown_again(reader: Reader) -> None:
    assert with_a_loan(reader).press("保存并继续", LOAN).address == "/apply/reason"
    again = reader.open("/apply/cards").form("保存并继续").fields
    assert ("loans.0.contract_last4", "80a6") in again
    assert ("loans.0.principal_fen", "8,200.00") in again


def test_what_is_wrong_with_a_loan_is_said_at_its_fields_all_at_once(reader: Reader) -> None:
    wrong = with_a_loan(reader).press("保存并继续", {**LOAN, **_WRONG})
    assert wrong.status == 422
    assert {"f-loans-0-contract_last4-error", "f-loans-0-principal_fen-error"} <= wrong.ids


def test_the_other_lender_has_a_share_that_is_a_share(reader: Reader) -> None:
    page = with_a_loan(reader)
    for percent in ("100", "0", "viel", ""):
        wrong = page.press("保存并继续", {**LOAN, **TOGETHER, "loans.0.other_percent": percent})
        assert wrong.status == 422
        assert "f-loans-0-other_percent-error" in wrong.ids
    twice = page.press("保存并继续", {**LOAN, **TOGETHER, "loans.0.other_creditor": CITIC})
    assert "f-loans-0-other_creditor-error" in twice.ids
    assert page.press("保存并继续", {**LOAN, **TOGETHER}).address == "/apply/reason"
    fields = reader.open("/apply/cards").form("保存并继续").fields
    assert ("loans.0.other_percent", "30") in fields


def test_a_loan_can_be_taken_off_again(reader: Reader) -> None:
    more = with_a_loan(reader).press("再添加一笔贷款", LOAN)
    assert "第 2 笔贷款" in more.text
    fewer = more.press("删除这笔贷款", {})
    assert "第 2 笔贷款" not in fewer.text


def test_an_application_over_a_card_and_a_joint_loan_goes_to_each_lender_with_its_part(
    hub: Hub, reader: Reader
) -> None:
    with_a_loan(reader).press("保存并继续", {**LOAN, **TOGETHER})
    check = filled_in(reader, taken=1)
    assert "贷款合同尾号 80A6" in check.text
    assert "每家只看到自己的份额" in check.text
    done = check.press("提交给 3 家银行")
    assert done.status == 200
    with hub.reading(HUB) as tx:
        rows = tx.session.query(NegotiationRecord).all()
        told = {row.bank_code: submission_of(tx, row) for row in rows}
    assert {code: [loan.principal_fen for loan in each.loans] for code, each in told.items()} == {
        ICBC: [],
        CITIC: [574_000],
        CMB: [246_000],
    }
