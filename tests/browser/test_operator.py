"""The operator's pages in a real browser: nothing stands in anybody's way, and nothing is wider than the window."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest

from hub.domain.errors import RefusedForGood, TryAgain
from hub.services.delivery import bank_events
from hub.wiring import Hub
from tests.applications import CMB, ICBC
from tests.banks.fixtures import banks, hub, simulated
from tests.banks.simulated import SimulatedBank
from tests.browser.conftest import BrowserPage, LiveHub, assert_accessible, assert_fits
from tests.conftest import Submit
from tests.web.pages.ops.stuck import reference_of, refuse_a_mail

__all__ = ["banks", "hub", "simulated"]

pytestmark = pytest.mark.slow

PAGES = (
    "/ops/",
    "/ops/tasks",
    "/ops/deliveries",
    "/ops/jobs",
    "/ops/mails",
    "/ops/mails?show=waiting",
    "/ops/mails?show=sent&by=sms",
    "/ops/clocks",
    "/ops/calendar",
    "/ops/calendar/import",
    "/ops/banks",
    f"/ops/banks/{CMB}",
    f"/ops/banks/{ICBC}",
    "/ops/keys",
    "/ops/audit",
    "/ops/retention",
    "/ops/security",
    "/ops/security/authenticator",
    "/ops/sessions",
)


@pytest.fixture
def reference(hub: Hub, simulated: SimulatedBank, submitted: Submit, work_off: Callable[[], int]) -> str:
    """Of a negotiation whose message a bank refused; another waits, a mail came back, an event was refused."""
    simulated.answers.extend([RefusedForGood("no"), TryAgain("away")])
    given_up = submitted(CMB)
    submitted(ICBC)
    work_off()
    submitted(CMB)
    work_off()
    refuse_a_mail(hub)
    with hub.writing(bank_events.actor_of(CMB)) as tx:
        bank_events.keep_refusal(tx, bank_code=CMB, code="signature_wrong", digest="d" * 64, negotiation="f" * 32)
    return reference_of(hub, given_up)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 720, 390])
def test_every_page_of_an_operator_fits_and_is_accessible(
    reference: str, live: LiveHub, browser_page: BrowserPage, width: int, scheme: str
) -> None:
    page = browser_page(javascript=True, person="operator", size={"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for language in ("zh", "en"):
        for address in (*PAGES, f"/ops/negotiations/{reference}"):
            page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
            if folder := os.environ.get("TEST_PICTURES"):
                place = re.sub(r"\W+", "-", address.strip("/"))
                name = f"{place}-{width}-{scheme}-{language}.png"
                page.screenshot(path=f"{folder}/{name}", full_page=True)
            assert_fits(page)
            assert_accessible(page)


def test_every_column_of_the_audit_is_in_sight(reference: str, browser_page: BrowserPage) -> None:
    page = browser_page(javascript=True, person="operator", size={"width": 1280, "height": 900})
    page.goto("/ops/audit")
    assert page.get_by_text("登录方式").count()
    assert page.eval_on_selector(".table-scroll", "each => each.scrollWidth - each.clientWidth") <= 0
