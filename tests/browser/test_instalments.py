"""Instalment deals in a real browser: the estimate, requests and a clerk's forms, on a phone and on a screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.demo import people as demo_people
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.china import china_day
from hub.domain.clock import FixedClock
from hub.domain.instalment_estimate import PayFigures
from hub.domain.instalment_quote import QuoteContents
from hub.services.accounts import subjects
from hub.services.instalments import asking, quoting
from hub.wiring import Hub
from storage import banks as bank_rows
from tests.applications import ICBC
from tests.browser.conftest import PHONE, SCREEN, BrowserPage, LiveHub, look_at
from tests.services.instalments import CONTACT, MATTER

pytestmark = pytest.mark.slow

SIZES = {"phone": PHONE, "screen": SCREEN}


@pytest.fixture
def asked(hub: Hub, banks: dict[str, Bank], clock: FixedClock, live: LiveHub) -> dict[str, str]:
    """Requests of a person: one with the bank, and one that is quoted with a difference and the bank's words."""
    today = china_day(clock.at)
    found = {}
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, ICBC, {"services": "instalments", "hotline": "95588"})
        client = demo_people.cardholder(tx, "cardholder-1")["client_id"]
        person = subjects.of_client(tx, client, demo_people.CARDHOLDERS["cardholder-1"].subject)
        for name, deal_no in (("waiting", "FQ-1"), ("quoted", "FQ-2")):
            wish = replace(MATTER.wish, wanted_on=today + timedelta(days=3))
            matter = replace(MATTER, deal_no=deal_no, wish=wish, reason="想早点还清")
            found[name] = asking.ask(tx, person, matter, CONTACT).matter_id
        figures = PayFigures(remaining_principal_fen=21_388_215, interest_to_date_fen=5_000, other_fen=123_456)
        quoted = QuoteContents(
            as_of=today + timedelta(days=3),
            valid_until=today + timedelta(days=6),
            pay_by=today + timedelta(days=10),
            figures=figures,
            pay_fen=figures.pay_fen,
            basis="按合同第五条，计至次日；另有一笔保险费。",
        )
        quoting.quote(tx, found["quoted"], quoted, bank_code=ICBC)
    return found


def pages_of(asked: dict[str, str], who: str) -> list[str]:
    if who == "cardholder-1":
        own = [f"/my/instalments/{each}" for each in asked.values()]
        return ["/my/instalments", "/my/instalments/new", *own, "/calculator/instalments"]
    portal = [f"/portal/instalments/{each}" for each in asked.values()]
    forms = [f"/portal/instalments/{asked['waiting']}/{form}" for form in ("quote", "refuse")]
    return ["/portal/requests?kind=instalments", *portal, *forms]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", sorted(SIZES))
@pytest.mark.parametrize("who", ["cardholder-1", f"reviewer-{ICBC}"], ids=["person", "clerk"])
def test_everybody_reads_it(
    browser_page: BrowserPage, asked: dict[str, str], language: str, size: str, who: str
) -> None:
    page = browser_page(javascript=True, size=SIZES[size], person=who)
    page.goto(f"/calculator?lang={language}")
    for number, address in enumerate(pages_of(asked, who)):
        page.goto(address)
        look_at(page, f"{who[:4]}-{size}-{language}-{number}")
        hidden = page.locator(".table-scroll:has(.parts-table)").evaluate_all(
            "all => all.filter(each => each.scrollWidth > each.clientWidth).length"
        )
        assert hidden == 0, f"{address} hides a part of what is compared"


@pytest.mark.parametrize("size", sorted(SIZES))
def test_an_estimate_stands_above_its_form(browser_page: BrowserPage, size: str) -> None:
    page = browser_page(javascript=True, size=SIZES[size])
    page.goto("/calculator/instalments")
    page.check("input[name=kind][value=settle_early]")
    for name, value in {
        "wanted_on": "2026-11-24",
        "deal.principal_fen": "12000",
        "deal.terms": "12",
        "deal.paid_terms": "5",
        "deal.first_posted_on": "2026-07-10",
        "deal.fee_fen": "864",
    }.items():
        page.fill(f"[name='{name}']", value)
    page.select_option("[name='deal.kind']", "merchant")
    page.select_option("[name='deal.fee_mode']", "upfront")
    page.locator("main form .button").click()
    page.wait_for_selector("#result")
    assert "316.10" in page.inner_text("#result")
    look_at(page, f"estimate-{size}")
