"""No bank's answer, page, export or count holds another bank's bill, or what the person noted, or the month's load."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.demo import people as demo_people
from hub.domain.actor import HUB
from hub.domain.bill import BillContents
from hub.domain.bill_feed import FeedRow
from hub.domain.bill_reminder import BillReminder
from hub.domain.china import china_day
from hub.domain.clock import FixedClock
from hub.domain.staff import BANK_ROLES
from hub.services.accounts import subjects
from hub.services.accounts.subjects import Subject
from hub.services.bills import bills, consents, feed, loads, reminders
from hub.services.operating import banks as bank_services
from hub.services.transaction import HubTransaction
from storage import bill_consents
from storage.records import NegotiationRecord
from storage.submissions import submission_of
from tests.applications import CMB, ICBC
from tests.services.case import Case
from tests.services.posting import Posting
from tests.web.caller import API, Caller
from tests.web.pages.conftest import Visit
from tests.web.pages.test_another_bank import filled
from tests.web.pages.test_crawler import pages_for, rules_of

OWN_FEN, THEIR_FEN, NOTED_FEN = 88_001_177, 77_391_133, 66_173_911
READER = "bills-of-somebody@example.com"
# The sum in fen and in yuan, the least to pay, the card, and where the person is written to.
MARKERS = [
    *("77391133", "773,911.33", "773911.33", "66173911", "661,739.11", "661739.11"),
    *('"7391"', "尾号 7391", "尾号 6173", READER),
]


def person_of(tx: HubTransaction, case: Case) -> Subject:
    row = tx.session.get_one(NegotiationRecord, case.id)
    return subjects.of_client(tx, row.client_id, submission_of(tx, row).applicant.subject)


def contents(bank_code: str, last4: str, sum_fen: int, due_on: date) -> BillContents:
    return BillContents(
        bank_code=bank_code,
        card_last4=last4,
        statement_on=due_on - timedelta(days=20),
        due_on=due_on,
        statement_fen=sum_fen,
        minimum_fen=sum_fen,
    )


@pytest.fixture
def planted(case: Case, clock: FixedClock) -> Case:
    """The person of a case at ICBC lets both banks tell bills; each did, and the person noted one of a third."""
    with case.hub.writing(HUB) as tx:
        demo_people.add_accounts(tx)
        person, due_on = person_of(tx, case), china_day(tx.now)
        for code, last4, sum_fen in ((ICBC, "8800", OWN_FEN), (CMB, "7391", THEIR_FEN)):
            bank_services.change(tx, code, {"services": "reminders"})
            record = consents.give(tx, person, code, card_last4=last4, mobile="13900001234")
            token = bill_consents.contact_of(tx, record).token
            feed.take(tx, code, [FeedRow(token=token, contents=contents(code, last4, sum_fen, due_on), as_of=tx.now)])
        bills.put(tx, person, "noted", contents(ICBC, "6173", NOTED_FEN, due_on))
        for each in bills.list_for(tx, person, first=due_on, last=due_on):
            reminders.choose(tx, person, each.id, BillReminder(days_before=(0,), email=READER))
        load = loads.load_for(tx, person, due_on.replace(day=1))
        assert load.minimum_fen == OWN_FEN + THEIR_FEN + NOTED_FEN
    Posting(hub=case.hub, clock=clock).send()
    return case


def load_markers() -> list[str]:
    whole = OWN_FEN + THEIR_FEN + NOTED_FEN
    return [str(whole), f"{whole / 100:,.2f}"]


def held(answer: TestResponse) -> list[str]:
    """What of it is in the answer, also in a file."""
    shown = unescape(answer.get_data().decode(errors="replace"))
    return [each for each in (*MARKERS, *load_markers()) if each in shown]


@pytest.mark.parametrize("role", sorted(BANK_ROLES))
def test_no_page_of_a_bank_holds_another_banks_bill(app: Flask, visit: Visit, planted: Case, role: str) -> None:
    browser = visit(f"{role.replace('_', '-')}-{ICBC}")
    things = {"negotiation_id": planted.id}
    asked = 0
    for method, rule in pages_for(app, lambda said: role in said):
        known = {name: things.get(name, "0" * 32) for name in rule.arguments}
        if method == "GET":
            answer = browser.get(filled(rule, known))
            asked += answer.status_code == 200
            assert held(answer) == [], rule.rule
    assert asked > 3


def test_no_answer_of_a_banks_api_holds_another_banks_bill(
    app: Flask, planted: Case, bank_app: Callable[[str], Caller]
) -> None:
    icbc, things = bank_app(ICBC), {"negotiation_id": planted.id}
    answers = {}
    for rule, _ in rules_of(app):
        if rule.rule.startswith(f"{API}/bank/") and "GET" in (rule.methods or set()):
            known = {name: things.get(name, "0" * 32) for name in rule.arguments}
            answers[rule.rule] = icbc.get(filled(rule, known).removeprefix(API))
    for rule_text, answer in answers.items():
        assert held(answer) == [], rule_text
    consents_of_bank = answers[f"{API}/bank/bill-consents"].get_data(as_text=True)
    assert '"8800"' in consents_of_bank


def test_a_clerk_reads_that_reminders_are_on_and_whether_they_went_out(visit: Visit, planted: Case) -> None:
    page = unescape(visit(f"reviewer-{ICBC}").get(f"/portal/negotiations/{planted.id}").get_data(as_text=True))
    assert "客户开启了本行到期提醒。" in page
    # Of three bills one is this bank's word: the others are not counted.
    assert re.search(r"已发出 1 次，最近|还没有发出过", page)
    with planted.hub.writing(HUB) as tx:
        consents.withdraw(tx, person_of(tx, planted), ICBC)
    page = unescape(visit(f"reviewer-{ICBC}").get(f"/portal/negotiations/{planted.id}").get_data(as_text=True))
    assert "客户开启了本行到期提醒" not in page
