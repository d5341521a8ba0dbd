"""The calendar file of an agreement, at the pages."""

from __future__ import annotations

from datetime import date

from flask import Flask
from icalendar import Calendar

from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import texted
from tests.web.pages.my.ways import bank_path
from tests.web.pages.reader import Page


def days_in(content: bytes) -> list[date]:
    return [event.decoded("dtstart") for event in Calendar.from_ical(content).walk("VEVENT")]


def test_what_is_paid_is_not_in_it_and_an_amendment_moves_the_rest(agreed: Page, sent: Page, icbc: Caller) -> None:
    here = f"{sent.address}/agreement.ics"
    first = agreed.reader.web.get(here)
    assert first.headers["Content-Type"].startswith("text/calendar")
    assert "attachment" in first.headers["Content-Disposition"]
    assert days_in(first.data)[:2] == [date(2026, 12, 20), date(2027, 1, 20)]
    assert len(days_in(first.data)) == 36
    made(
        icbc.post(f"{bank_path(sent)}/agreement/payments", {"number": 1, "paid_on": "2026-11-21", "amount_fen": 54_291})
    )
    assert days_in(agreed.reader.web.get(here).data)[0] == date(2027, 1, 20)
    page = agreed.reader.open(f"{sent.address}/pay-day").press("看看各期的日子", {"day": "25"})
    page.press("发给银行", {"day": "25"})
    asked = made(icbc.get(bank_path(sent)), 200)["agreement"]["pay_day"]["id"]
    made(icbc.post(f"{bank_path(sent)}/agreement/pay-day/{asked}/agree", {}), 200)
    moved = agreed.reader.web.get(here).data
    assert days_in(moved)[0] == date(2027, 1, 25)
    assert {str(event["sequence"]) for event in Calendar.from_ical(moved).walk("VEVENT")} == {"1"}


def test_before_there_is_an_agreement_there_is_no_file_and_for_nobody_else_ever(
    sent: Page, app: Flask, sms: SentMessages
) -> None:
    assert sent.reader.web.get(f"{sent.address}/agreement.ics").status_code == 404
    other = texted(app, sms, "13911112222")
    assert other.web.get(f"{sent.address}/agreement.ics").status_code == 404
