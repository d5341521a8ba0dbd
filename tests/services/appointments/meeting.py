"""Two appointments of one person, on the last day of a year, with everything that anybody is mailed of."""

from __future__ import annotations

from datetime import date, time, timedelta

from hub.domain.actor import HUB
from hub.domain.appointment import AppointmentWish
from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.booking import Booking
from hub.domain.china import china_day, china_instant
from hub.domain.visit import IdentityFound, Move, Visitor, VisitReport
from hub.domain.visiting_hours import PlaceDetails, SlotTime
from hub.services.accounts.subjects import Subject
from hub.services.appointments import banks_steps, booking, persons_steps, slots, visiting
from hub.wiring import Hub
from storage import appointments
from storage import banks as bank_rows
from tests.services.posting import Posting

STAFF = ("A1", "A2")


def offered(hub: Hub, bank_code: str, day: date, hours: tuple[int, ...]) -> list[str]:
    """The ids of times of a bank that offers appointments, an hour each."""
    with hub.writing(HUB) as tx:
        known = tx.bank(bank_code).rules.services
        bank_rows.set_settings(tx, bank_code, {"services": ",".join({*known, "appointments"})})
        for number, name in (("A1", "王小明"), ("A2", "李华")):
            slots.name_visitor(tx, Visitor(number=number, name=name), bank_code=bank_code, active=True)
        details = PlaceDetails(kind=AppointmentKind.BRANCH, name="西单支行", address="西单北大街 1 号")
        there = [each.id for each in slots.places_of(tx, bank_code) if each.name == details.name]
        place = slots.keep_place(tx, details, bank_code=bank_code, place_id=next(iter(there), None))
        times = [
            SlotTime(starts_at=china_instant(day, time(hour)), ends_at=china_instant(day, time(hour + 1)))
            for hour in hours
        ]
        return [each.id for each in slots.offer(tx, place.id, times, bank_code=bank_code)]


def booked(hub: Hub, subject: Subject, bank_code: str) -> str:
    """The id of an appointment that was asked for, on a working day of the next week."""
    with hub.reading(HUB) as tx:
        calendar, day = tx.calendar(), china_day(tx.now) + timedelta(days=7)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    [slot_id] = offered(hub, bank_code, day, (10,))
    wish = AppointmentWish(kind=AppointmentKind.BRANCH, purpose=AppointmentPurpose.PAPERS, called="王女士")
    with hub.writing(HUB) as tx:
        return booking.book(tx, subject, Booking(bank_code=bank_code, slot_id=slot_id, wish=wish)).id


def meet(hub: Hub, posting: Posting, subject: Subject, bank_code: str, email: str) -> None:
    """From 2026-12-30 on: one visit that begins, is asked for and reported; another that is moved and cancelled."""
    first, second, third = offered(hub, bank_code, date(2026, 12, 31), (10, 11, 15))
    wish = AppointmentWish(kind=AppointmentKind.BRANCH, purpose=AppointmentPurpose.PAPERS, called="王女士")
    with hub.writing(HUB) as tx:
        one, other = (
            booking.book(tx, subject, Booking(bank_code=bank_code, slot_id=each, wish=wish, email=email)).id
            for each in (first, second)
        )
        banks_steps.confirm(tx, one, STAFF, bank_code=bank_code)
        banks_steps.move(tx, other, Move(slot_id=third, staff=STAFF), bank_code=bank_code)
    posting.at("2026-12-30 08:50")
    posting.at("2026-12-30 09:30")
    posting.at("2026-12-31 09:50")
    with hub.writing(HUB) as tx:
        visiting.begin(tx, one, "wrong", bank_code=bank_code)
        persons_steps.cancel(tx, subject, other)
    posting.send()
    with hub.writing(HUB) as tx:
        code = appointments.pass_code_of(tx, appointments.get(tx, one)) or ""
        visiting.begin(tx, one, code, bank_code=bank_code)
    posting.at("2026-12-31 20:00")
    with hub.writing(HUB) as tx:
        visiting.report(tx, one, VisitReport(identity=IdentityFound.MATCHED), bank_code=bank_code)
    posting.send()
    posting.at("2027-01-04 08:50")
