"""Appointments in a real browser: when, whom a person meets, and the form that books a time."""

from __future__ import annotations

from datetime import date

import pytest

from hub.demo import people as demo_people
from hub.domain.actor import HUB
from hub.domain.appointment import AppointmentWish
from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.bank import Bank
from hub.domain.booking import Booking
from hub.services.accounts import subjects
from hub.services.appointments import banks_steps, booking
from hub.wiring import Hub
from tests.applications import CMB, ICBC
from tests.browser.conftest import (
    PHONE,
    SCREEN,
    BrowserPage,
    LiveHub,
    assert_accessible,
    assert_fits,
    look_at,
    submit,
)
from tests.services.appointments.meeting import STAFF, offered

pytestmark = pytest.mark.slow

SIZES = {"phone": PHONE, "screen": SCREEN}
DAY = date(2026, 11, 24)
PERSON = "cardholder-1"


@pytest.fixture
def booked(hub: Hub, banks: dict[str, Bank], live: LiveHub) -> dict[str, str]:
    """Appointments of a person with two banks at the same hour, of which one bank has said who comes."""
    found = {}
    for code in (ICBC, CMB):
        [slot, _] = offered(hub, code, DAY, (10, 11))
        with hub.writing(HUB) as tx:
            client = demo_people.cardholder(tx, PERSON)["client_id"]
            subject = subjects.of_client(tx, client, demo_people.CARDHOLDERS[PERSON].subject)
            wish = AppointmentWish(kind=AppointmentKind.BRANCH, purpose=AppointmentPurpose.PAPERS, called="王先生")
            found[code] = booking.book(tx, subject, Booking(bank_code=code, slot_id=slot, wish=wish)).id
    for more in (25, 26, 27):
        offered(hub, ICBC, date(2026, 11, more), (9, 10, 14, 15))
    with hub.writing(HUB) as tx:
        banks_steps.confirm(tx, found[CMB], STAFF, bank_code=CMB)
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", sorted(SIZES))
def test_a_person_reads_whom_they_meet(
    browser_page: BrowserPage, booked: dict[str, str], language: str, size: str
) -> None:
    page = browser_page(javascript=True, size=SIZES[size], person=PERSON)
    page.goto(f"/calculator?lang={language}")
    own = [f"/my/appointments/{each}" for each in booked.values()]
    for number, address in enumerate(["/my/appointments", *own, f"/my/appointments/new?bank={ICBC}", "/my/"]):
        page.goto(address)
        look_at(page, f"appointments-{size}-{language}-{number}")


@pytest.mark.parametrize("size", sorted(SIZES))
def test_an_administrator_sets_appointments_up(browser_page: BrowserPage, booked: dict[str, str], size: str) -> None:
    page = browser_page(javascript=True, size=SIZES[size], person=f"bank-admin-{CMB}")
    page.goto("/portal/appointments/set-up")
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("javascript", [False, True])
def test_a_day_of_times_is_opened_and_a_time_on_it_booked(
    browser_page: BrowserPage, booked: dict[str, str], javascript: bool
) -> None:
    page = browser_page(javascript=javascript, size=PHONE, person=PERSON)
    page.goto(f"/my/appointments/new?bank={ICBC}")
    day = page.locator("details", has_text="11 月 26 日")
    time = day.locator(".option", has_text="14:00")
    assert not time.is_visible()
    day.locator("summary").click()
    time.locator("input").check()
    page.locator(".option", has_text="交材料").locator("input").check()
    page.get_by_label("怎么称呼您").fill("王先生")
    submit(page.get_by_role("button", name="提交预约"))
    assert "2026 年 11 月 26 日（周四）14:00" in page.inner_text("#when").replace("\u00a0", " ")
