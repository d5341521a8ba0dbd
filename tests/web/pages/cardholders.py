"""Cardholders in front of the pages: sent over by a host app or signed in by a text message, and what they fill in."""

from __future__ import annotations

from typing import Any

from flask import Flask

from tests.applications import CMB, ICBC, card, pdf, person
from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.pages.reader import Page, Reader

STEPS = ("cards", "reason", "money", "evidence", "plan", "contact")


def launched(app: Flask, host_app: Caller, **changes: Any) -> Reader:
    """A person at the pages, sent over by the host app with a card of ICBC and one of CMB."""
    return launched_in(Reader(app.test_client()), host_app, **changes)


def launched_in(reader: Reader, host_app: Caller, **changes: Any) -> Reader:
    """The same, in the browser of `reader`."""
    body = {name: value for name, value in person().items() if name != "email"}
    cards = [{"bank_code": code, "card_number": card(code)} for code in (ICBC, CMB)]
    url = made(host_app.post("/launches", {**body, "cards": cards, **changes}))["url"]
    entered = reader.open("/launch?" + url.partition("?")[2])
    assert entered.status == 200
    reader.entered = entered.address
    return reader


def texted(app: Flask, sms: SentMessages, mobile: str) -> Reader:
    """A person at the pages of whom nothing but the mobile is known."""
    reader = Reader(app.test_client())
    asked = reader.open("/sign-in/").press("发送验证码", {"mobile": mobile})
    assert asked.press("登录", {"code": sms.sent[-1][1][:6]}).status == 200
    return reader


def fill_cards(reader: Reader, *, taken: int = 2) -> Page:
    """The page behind that of the cards, the first `taken` known ones chosen."""
    values: dict[str, Any] = {}
    for number in range(taken):
        place = f"accounts.{number}"
        values |= {f"{place}.take": ["1"], f"{place}.principal_fen": "1.85万", f"{place}.interest_fen": "462"}
        values[f"{place}.penalty_fen"] = "120"
    return reader.open("/apply/cards").press("保存并继续", values)


def fill_reason(page: Page) -> Page:
    return page.press("保存并继续", {"hardship.reasons": ["illness"], "hardship.description": "住院三个月"})


def fill_month(page: Page) -> Page:
    """The page of the evidence, income and spending filled in."""
    month = {
        "finances.income.0.amount_fen": "６２００",
        "finances.income.1.amount_fen": "¥300",
        "finances.spending.0.amount_fen": "3,000",
        "finances.other_debt_payments_fen": "900元",
        "finances.dependants": "2",
    }
    evidence = page.press("保存并继续", month)
    assert evidence.address == "/apply/evidence", evidence.text
    return evidence


def longest_option(plan: Page) -> str:
    """The ready plan with the most instalments: the lightest, which stands first."""
    return next(value for _, name, value in plan.form("保存并继续").boxes if name == "option" and value.isdigit())


def fill_rest(page: Page, **identity: str) -> Page:
    """The page on which everything is checked, the rest filled in with one payslip, and `identity` where asked for."""
    there = page.press("上传", files={"files.income": ("工资单.pdf", pdf())})
    plan = there.press("保存并继续")
    contact = plan.press("保存并继续", {"option": [longest_option(plan)]})
    return contact.press("保存并继续", {"applicant.email": "xm@example.com", **consents(contact), **identity})


def consents(contact: Page) -> dict[str, list[str]]:
    """Every consent that the page asks for, given."""
    return {name: ["1"] for _, name, _ in contact.form("保存并继续").boxes if name.startswith("consents.")}


def filled_in(reader: Reader, *, taken: int = 2) -> Page:
    """The page on which a whole application is checked."""
    checked = fill_rest(fill_month(fill_reason(fill_cards(reader, taken=taken))))
    assert checked.address == "/apply/check", checked.text
    return checked
