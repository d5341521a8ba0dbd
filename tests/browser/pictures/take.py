"""`make pictures`: every page of a cardholder in every state, to be looked at. A page more is a line more.

Not among the tests, since nothing here can fail but what is wider than a phone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, Response
from playwright.sync_api import Page

from hub.demo import people as demo_people
from hub.domain.actor import HUB
from hub.domain.agreement_end import EndReason
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.web.access import public
from hub.web.pages.errors import page_of
from hub.web.problems import Problem
from hub.wiring import Hub
from storage.records import NegotiationRecord
from tests.applications import CITIC, ICBC, person
from tests.browser.conftest import BrowserPage, LiveHub
from tests.browser.pictures.camera import Camera
from tests.browser.test_whole_way import apply
from tests.conftest import Submit
from tests.services.case import Case

ERRORS = {
    "not_allowed": 403,
    "not_found": 404,
    "status_conflict": 409,
    "idempotency_key_busy": 409,
    "too_large": 413,
    "malformed": 400,
    "too_many_tries": 429,
    "server_error": 500,
    "unavailable": 503,
}
OpenCase = Callable[..., Case]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application, with an address for each kind of error."""

    def failing(code: str) -> Response:
        params: dict[str, str | int] = {"seconds": 60, "status": "已结束", "limit_mib": 10}
        return page_of(Problem(status=ERRORS[code], kind=code, code=code, detail_code=code, params=params))

    app.add_url_rule("/my/failing/<code>", view_func=public(failing))
    return app


@pytest.fixture
def camera(live: LiveHub, banks: dict[str, Bank], browser_page: BrowserPage) -> Iterator[Callable[..., Camera]]:
    """A way to have a camera of one's own: `camera()` for a stranger, `camera("cardholder-1")` signed in."""
    too_wide: list[str] = []

    def make(who: str | None = None, *, javascript: bool = True) -> Camera:
        page = browser_page(javascript=javascript, size=PHONE, person=who)
        return Camera(page=page, url=live.url, too_wide=too_wide)

    yield make
    assert not too_wide, "\n".join(too_wide)


@pytest.fixture
def open_case(hub: Hub, clock: FixedClock, submitted: Submit, work_off: Callable[[], int]) -> OpenCase:
    """A way to have a negotiation of the first person of the demo in the queue of a bank."""

    def make(code: str = ICBC, **changes: Any) -> Case:
        somebody = demo_people.CARDHOLDERS["cardholder-1"]
        who = person(name=somebody.name, id_number=somebody.id_number, mobile=somebody.mobile, subject=somebody.subject)
        sent = submitted(code, applicant=who, **changes)
        made = Case(hub=hub, clock=clock, work_off=work_off, sent=sent, bank_code=code)
        work_off()
        with hub.writing(HUB) as tx:
            sent_over_by = demo_people.cardholder(tx, "cardholder-1")["client_id"]
            tx.session.execute(sa.update(NegotiationRecord).values(launch_client_id=sent_over_by))
        return made

    return make


def press(name_zh: str, name_en: str) -> Callable[[Page], None]:
    """Presses the button of that name in either language."""

    def act(page: Page) -> None:
        named = page.get_by_role("button", name=name_zh, exact=True).or_(page.get_by_role("button", name=name_en))
        named.first.click()
        page.wait_for_load_state()

    return act


def open_the_menu(page: Page) -> None:
    """The menu of the header is open."""
    page.locator(".menu > summary").click()


def lose_the_line(page: Page) -> None:
    """The phone has no connection any more, and the page knows."""
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.context.set_offline(False)


save = press("保存并继续", "Save and continue")


def work_it_out(page: Page) -> None:
    page.fill("[name=debt_fen]", "10000")
    page.fill("[name=monthly_fen]", "500")
    press("算一算", "Work it out")(page)


def test_before_anybody_signs_in(camera: Callable[..., Camera]) -> None:
    stranger = camera()
    stranger.take("a0-sign-in", "/sign-in/")
    stranger.take("a0-sign-in-error", "/sign-in/", press("发送验证码", "Send"))
    stranger.take("a0-launch-over", "/launch?code=x")
    stranger.take("a0-signed-out", "/sign-in/gone")
    stranger.take("a0-demo", "/demo/")
    stranger.take("a1-start", "/apply/")
    stranger.take("a1-start-menu", "/apply/", open_the_menu)
    stranger.take("a2-calculator", "/calculator")
    stranger.take("a2-calculator-error", "/calculator", press("算一算", "Work it out"))
    stranger.take("a2-calculator-figures", "/calculator", work_it_out)
    for code, status in ERRORS.items():
        stranger.take(f"error-{status}-{code}", f"/my/failing/{code}")


STEPS = ("cards", "reason", "money", "evidence", "plan", "contact")


def test_an_application(camera: Callable[..., Camera]) -> None:
    phone = camera("cardholder-2")
    for step in STEPS:
        phone.take(f"a3-{step}-empty", f"/apply/{step}")
        phone.take(f"a3-{step}-error", f"/apply/{step}", save)
    phone.take("a2-tasks-empty", "/apply/steps")
    phone.take("a11-check-empty", "/apply/check")
    apply(camera("cardholder-3", javascript=False).page, lambda page: None)
    phone = camera("cardholder-3")
    phone.take("a1-start-begun", "/apply/")
    phone.take("a2-tasks", "/apply/steps")
    for step in STEPS:
        phone.take(f"a3-{step}", f"/apply/{step}")
    phone.take("a3-reason-offline", "/apply/reason", lose_the_line)
    phone.take("a11-check", "/apply/check")
    phone.page.goto("/apply/check?lang=zh")
    phone.page.get_by_role("button", name="提交给 1 家银行").click()
    phone.take("a11-done", phone.page.url)


def test_a_place_of_ones_own(camera: Callable[..., Camera]) -> None:
    phone = camera("cardholder-2")
    phone.take("a12-place-empty", "/my/")
    phone.take("a12-devices", "/my/sessions")


def test_a_negotiation(camera: Callable[..., Camera], open_case: OpenCase) -> None:
    case, phone = open_case(), camera("cardholder-1")
    here = f"/my/negotiations/{case.id}"
    phone.take("a12-place", "/my/")
    phone.take("a12-waiting", here)
    for below in ("message", "call", "withdraw", "record", "rights", "readings"):
        phone.take(f"a13-{below}", f"{here}/{below}")
    phone.take("a13-consent", f"{here}/consents/share_with_bank")
    case.ask()
    phone.take("a13-asked", here)
    offer = case.offer()
    phone.take("a15-place-offered", "/my/")
    phone.take("a15-offered", here)
    phone.take("a15-offer", f"{here}/offers/{offer}")
    for below in ("accept", "decline"):
        phone.take(f"a15-{below}", f"{here}/offers/{offer}/{below}")
    phone.take("a16-counter", f"{here}/counter")
    case.accept(offer)
    phone.take("a17-agreed", here)
    phone.take("a18-agreement", f"{here}/agreement")
    for below in ("collection-report", "credit-note", "pay-day", "early-settlement"):
        phone.take(f"a18-{below}", f"{here}/{below}")
    case.at("2027-01-24 10:00")
    case.miss(1)
    case.miss(2)
    phone.take("a18-missed", here)
    case.end(EndReason.DEFAULTED, "连续两期未还，多次联系未获答复。")
    phone.take("a18-ended", here)


def test_negotiations_with_several_banks(camera: Callable[..., Camera], open_case: OpenCase) -> None:
    first, second = open_case(), open_case(CITIC)
    phone = camera("cardholder-1")
    phone.take("a12-place-two", "/my/")
    first.reject()
    phone.take("a22-refused", f"/my/negotiations/{first.id}")
    second.at("2026-12-10 10:00")
    second.sweep()
    phone.take("a12-late", f"/my/negotiations/{second.id}")
    second.withdraw()
    phone.take("a12-withdrawn", f"/my/negotiations/{second.id}")


def test_pages_across_banks_and_of_oneself(camera: Callable[..., Camera], open_case: OpenCase) -> None:
    first, second = open_case(), open_case(CITIC)
    first.accept(first.offer())
    second.offer()
    phone = camera("cardholder-1")
    for name in ("calendar", "calendar/new", "load", "months", "offers", "settings", "banks", "phones"):
        phone.take(f"a23-{name}", f"/my/{name}")
