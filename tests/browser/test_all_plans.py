"""The pages that hold everything at once: all plans, the record, what can be kept; small, large and for everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from hub.demo import people as demo_people
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage.records import NegotiationRecord
from tests.applications import CITIC, ICBC, person
from tests.browser.conftest import BrowserPage, assert_accessible, assert_fits
from tests.conftest import Submit
from tests.services.case import OFFER, Case

pytestmark = pytest.mark.slow

WIDTHS = (320, 390)


@pytest.fixture
def cases(
    hub: Hub, banks: dict[str, Bank], clock: FixedClock, submitted: Submit, work_off: Callable[[], int]
) -> list[Case]:
    """An agreement with ICBC and two open offers of CITIC, of the first person of the demo."""
    somebody = demo_people.CARDHOLDERS["cardholder-1"]
    who = person(name=somebody.name, id_number=somebody.id_number, mobile=somebody.mobile, subject=somebody.subject)
    sent = submitted(ICBC, CITIC, applicant=who)
    made = [Case(hub=hub, clock=clock, work_off=work_off, sent=sent, bank_code=code) for code in (ICBC, CITIC)]
    work_off()
    with hub.writing(HUB) as tx:
        sent_over_by = demo_people.cardholder(tx, "cardholder-1")["client_id"]
        tx.session.execute(sa.update(NegotiationRecord).values(launch_client_id=sent_over_by))
    signed, offered = made
    signed.accept(signed.offer())
    offered.offer(replace(OFFER, first_due_on=date(2027, 1, 5)))
    offered.offer(replace(OFFER, instalments=24, first_due_on=date(2027, 1, 5), note="利率更低。"))
    work_off()
    return made


def test_every_page_fits_and_stands_in_nobodys_way(cases: list[Case], browser_page: BrowserPage) -> None:
    signed = f"/my/negotiations/{cases[0].id}"
    below = ("/record", "/downloads", "/readings", "/rights", "/complaint")
    paths = ["/my/months", "/my/offers", *(f"{signed}{each}" for each in below)]
    for width in WIDTHS:
        page = browser_page(javascript=True, size={"width": width, "height": 740}, person="cardholder-1")
        page.goto("/my/months")
        page.get_by_label("工资每月几号到账").fill("25")
        page.get_by_role("button", name="比一比").click()
        for name in ("标准字", "大字版"):
            # What was chosen on the other screen is kept.
            if page.get_by_role("link", name=name).count():
                page.get_by_role("link", name=name).click()
            for path in paths:
                page.goto(path)
                assert_accessible(page)
                assert_fits(page)


def test_in_english_they_fit_and_say_so_too(cases: list[Case], browser_page: BrowserPage) -> None:
    page = browser_page(javascript=True, person="cardholder-1")
    signed = f"/my/negotiations/{cases[0].id}"
    for path in ("/my/months", "/my/offers", f"{signed}/downloads", f"{signed}/rights", f"{signed}/complaint"):
        page.goto(f"{path}?lang=en")
        assert_accessible(page)
        assert_fits(page)
