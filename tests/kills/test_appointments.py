"""A hub that dies while an appointment is told of, or called off, does each once all the same."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.appointment_kind import AppointmentKind
from hub.domain.china import china_day, china_instant
from hub.domain.visit import Visitor
from hub.domain.visiting_hours import PlaceDetails, SlotTime
from hub.services.appointments import banks_steps, slots
from hub.services.operating import banks
from hub.wiring import Hub
from storage import communications, service_requests
from storage.log_tables import OF_REQUESTS
from storage.records import AppointmentRecord, MailRecord
from tests.applications import ICBC
from tests.kills.conftest import EVERY_STEP, Begin, Snapshots, Visit
from tests.kills.house import House
from tests.kills.story import APP
from tests.web.api.visits import HOME

pytestmark = pytest.mark.slow

STAFF = ("A1", "A2")
REMINDED = ("appointment.reminded", "mail.before_send", "mail.after_send")
CALLED_OFF = ("appointment.address_destroyed",)
_COMMITS = tuple(f"commit.{side}:{n}" for side in ("before", "after") for n in range(1, 8))


def _slot(house: House) -> str:
    """A time at people's homes, on a working day of the next week."""
    with house.opened() as hub, hub.writing(HUB) as tx:
        banks.change(tx, ICBC, {"services": "appointments"})
        for number, name in zip(STAFF, ("王小明", "李华"), strict=True):
            slots.name_visitor(tx, Visitor(number=number, name=name), bank_code=ICBC, active=True)
        place = slots.keep_place(tx, PlaceDetails(kind=AppointmentKind.HOME, name="西城区内"), bank_code=ICBC)
        day = _next_working_day(hub, china_day(tx.now) + timedelta(days=7))
        at = SlotTime(starts_at=china_instant(day, time(10)), ends_at=china_instant(day, time(11)))
        return slots.offer(tx, place.id, [at], bank_code=ICBC)[0].id


def _next_working_day(hub: Hub, day: date) -> date:
    with hub.reading(HUB) as tx:
        calendar = tx.calendar()
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day


def _wish(slot_id: str) -> dict[str, Any]:
    return {
        "subject": "person-1",
        "bank_code": ICBC,
        "slot_id": slot_id,
        "purpose": "papers",
        "called": "王女士",
        "email": "visited@example.com",
        **HOME,
    }


def _log(house: House, appointment: str) -> tuple[str, list[str]]:
    """The status of the appointment, and the kinds of its log."""
    with house.opened() as hub, hub.reading(HUB) as tx:
        [request] = service_requests.list_of_matter(tx, appointment)
        entries = communications.list_entries(tx, request.id, log=OF_REQUESTS)
        return request.status, [each.header.kind for each in entries]


def _mails(house: House, kind: str) -> list[str]:
    """The status of each mail of that kind."""
    with house.opened() as hub, hub.reading(HUB) as tx:
        return list(tx.session.scalars(sa.select(MailRecord.status).where(MailRecord.kind == kind)))


def _book(visit: Visit) -> str:
    """The id of an appointment that is asked for."""
    visit.house.start("up", "up", "--port", str(visit.house.port))
    booked = visit.story.clients[APP].post("/appointments", _wish(_slot(visit.house)))
    visit.house.end()
    return str(booked["id"])


def _day_before(house: House, appointment: str) -> None:
    """The bank has said who comes, and it is time to remind the person, whatever the hour is now."""
    with house.opened() as hub, hub.writing(HUB) as tx:
        banks_steps.confirm(tx, appointment, STAFF, bank_code=ICBC)
        tx.session.get_one(AppointmentRecord, appointment).act_at = tx.now


@pytest.mark.parametrize("step", (*REMINDED, *_COMMITS) if EVERY_STEP else REMINDED)
def test_a_hub_that_dies_reminds_of_an_appointment_once(snapshots: Snapshots, begin: Begin, step: str) -> None:
    visit = begin(snapshots["upload"])
    house = visit.house
    house.in_the_persons_hours()
    appointment = _book(visit)
    _day_before(house, appointment)
    house.start("up", "up", "--port", str(house.port), crash=step)
    house.wait_until(lambda: _log(house, appointment)[0] == "reminded", what="the reminder")
    house.wait_until(lambda: house.deaths or not house.mails_due(), what="the mails or a death")
    # A worker that died holds its mails for ten minutes, which are over now.
    house.let_go_of_mails()
    house.wait_until(lambda: _mails(house, "appointment_tomorrow") == ["sent"], what="the mail")
    assert _log(house, appointment)[1].count("appointment_reminded") == 1
    assert EVERY_STEP or house.deaths, f"nobody came to the step {step}"
    house.end()
    assert house.command("check", "--all") == 0


@pytest.mark.parametrize("step", (*CALLED_OFF, *_COMMITS) if EVERY_STEP else CALLED_OFF)
def test_a_hub_that_dies_calls_an_appointment_off_with_its_address(
    snapshots: Snapshots, begin: Begin, step: str
) -> None:
    visit = begin(snapshots["upload"])
    house, appointment = visit.house, _book(visit)
    house.start("up", "up", "--port", str(house.port), crash=step)
    visit.story.clients[APP].post(f"/appointments/{appointment}/cancel", {"subject": "person-1"})
    status, log = _log(house, appointment)
    assert status == "cancelled"
    assert (log.count("appointment_cancelled"), log.count("address_erased")) == (1, 1)
    with house.opened() as hub, hub.reading(HUB) as tx:
        kept = tx.session.get_one(AppointmentRecord, appointment)
        assert (kept.address_sealed, kept.address_key_sealed, kept.holds_slot) == (None, None, False)
    assert EVERY_STEP or house.deaths, f"nobody came to the step {step}"
    house.end()
    assert house.command("check", "--all") == 0
