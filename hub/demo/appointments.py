"""Appointments of the demo's people with their banks' own: asked for, confirmed, moved, done, cancelled and missed."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from hub.demo.people import CARDHOLDERS, CMB, ICBC, Person
from hub.demo.stage import Stage, cardholder
from hub.domain.actor import HUB
from hub.domain.appointment import AppointmentWish
from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.booking import Booking
from hub.domain.china import china_day, china_instant
from hub.domain.client import Client
from hub.domain.lifecycle import OPEN
from hub.domain.visit import IdentityFound, Move, PaperHandling, PaperSeen, Trouble, Visitor, VisitReport
from hub.domain.visiting_hours import PlaceDetails, SlotTime
from hub.services.accounts import subjects
from hub.services.accounts.subjects import Subject, negotiations_of
from hub.services.appointments import banks_steps, booking, persons_steps, slots, visiting
from hub.services.transaction import HubTransaction
from storage import appointments

_BRANCH, _VIDEO, _HOME = AppointmentKind
_FILE, _IDENTITY, _PAPERS, _SIGN, _OTHER = AppointmentPurpose
_STAFF: Final = {
    ICBC: (("2031", "陈磊"), ("2077", "何雨"), ("2105", "李静")),
    CMB: (("118", "孙悦"), ("142", "马骏"), ("156", "白雪")),
}
_PLACES: Final = (
    PlaceDetails(kind=_BRANCH, name="西单支行", address="北京市西城区西单北大街（演示地址）", step_free=True),
    PlaceDetails(kind=_VIDEO, name="视频室"),
    PlaceDetails(kind=_HOME, name="西城区内"),
)
_HOURS: Final = (9, 10, 14, 15)
_CAPACITY: Final = 6
# How long ago the past ones were booked: even the longest holidays leave working days behind them.
_BOOKED_AGO: Final = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class _Plot:
    bank_code: str
    kind: AppointmentKind
    purpose: AppointmentPurpose
    becomes: str


_PAST: Final = (
    _Plot(ICBC, _BRANCH, _PAPERS, "done"),
    _Plot(CMB, _HOME, _IDENTITY, "done"),
    _Plot(ICBC, _BRANCH, _FILE, "missed_by_bank"),
    _Plot(CMB, _BRANCH, _PAPERS, "missed_by_person"),
    _Plot(ICBC, _VIDEO, _SIGN, "begun"),
)
_AHEAD: Final = (
    _Plot(ICBC, _BRANCH, _PAPERS, "requested"),
    _Plot(CMB, _HOME, _PAPERS, "confirmed"),
    _Plot(ICBC, _BRANCH, _FILE, "moved"),
    _Plot(CMB, _VIDEO, _OTHER, "confirmed"),
    _Plot(ICBC, _BRANCH, _IDENTITY, "cancelled"),
)


def add(stage: Stage, client: Client) -> None:
    """Two banks offer times, and whoever signs in at the demo's door has met their people, missed them, and will.

    The stage stands at the moment that it really is afterwards.
    """
    today = china_day(stage.now)
    stage.at(today - _BOOKED_AGO)
    with stage.hub.writing(HUB) as tx:
        met_on = tx.calendar().nth_working_day_after(stage.today(), 2)
        days = [met_on, *(tx.calendar().nth_working_day_after(today, n) for n in range(2, 10))]
        for code in _STAFF:
            _offer(tx, code, days)
    booked = [
        (person, plot, _book(stage, client, person, plot, met_on)) for person in CARDHOLDERS.values() for plot in _PAST
    ]
    stage.at(met_on - timedelta(days=1))
    stage.at(met_on, time(11))
    for person, plot, appointment_id in booked:
        _met(stage, client, person, plot, appointment_id)
    stage.at(met_on, time(21))
    stage.at(today + timedelta(days=1))
    for person in CARDHOLDERS.values():
        for place, plot in enumerate(_AHEAD):
            _book(stage, client, person, plot, days[1 + place])


def _offer(tx: HubTransaction, bank_code: str, days: list[date]) -> None:
    for number, name in _STAFF[bank_code]:
        slots.name_visitor(tx, Visitor(number=number, name=name), bank_code=bank_code, active=True)
    times = [
        SlotTime(
            starts_at=china_instant(day, time(hour)), ends_at=china_instant(day, time(hour + 1)), capacity=_CAPACITY
        )
        for day in days
        for hour in _HOURS
    ]
    for details in _PLACES:
        place = slots.keep_place(tx, details, bank_code=bank_code)
        slots.offer(tx, place.id, times, bank_code=bank_code)


def _book(stage: Stage, client: Client, person: Person, plot: _Plot, day: date) -> str:
    """The person has booked the first free time from that day on, and the bank has answered as the plot says."""
    with stage.hub.writing(cardholder(client)) as tx:
        subject = subjects.of_client(tx, client.id, person.subject)
        free = slots.free_slots(tx, plot.bank_code, first=day, kind=plot.kind)
        asked = Booking(
            bank_code=plot.bank_code,
            slot_id=free[0][0].id,
            wish=_wish(person, plot),
            negotiation_id=_negotiation_of(tx, subject, plot),
            mobile=person.mobile,
        )
        booked = booking.book(tx, subject, asked).id
        if plot.becomes == "cancelled":
            persons_steps.cancel(tx, subject, booked)
        later = free[1][0].id
    if plot.becomes in ("requested", "cancelled"):
        return booked
    staff = tuple(number for number, _ in _STAFF[plot.bank_code][:2])
    with stage.hub.writing(stage.clerk(plot.bank_code)) as tx:
        if plot.becomes == "moved":
            move = Move(slot_id=later, staff=staff, text="这个时间两位同事要开会。")
            banks_steps.move(tx, booked, move, bank_code=plot.bank_code)
        else:
            banks_steps.confirm(tx, booked, staff, bank_code=plot.bank_code)
    return booked


def _negotiation_of(tx: HubTransaction, subject: Subject, plot: _Plot) -> str | None:
    """For what is still to come: the negotiation with the bank that goes on, where there is one."""
    if plot not in _AHEAD:
        return None
    theirs = negotiations_of(tx, subject)
    return next((each.id for each in theirs if each.bank_code == plot.bank_code and each.status in OPEN), None)


def _wish(person: Person, plot: _Plot) -> AppointmentWish:
    at_home = plot.kind is _HOME
    words = "腿脚不便，出门要人陪" if at_home else "想问清楚方案怎么写" if plot.purpose is _OTHER else ""
    return AppointmentWish(
        kind=plot.kind,
        purpose=plot.purpose,
        called=person.name,
        own_words=words,
        address=f"北京市西城区示例胡同 {person.number} 号" if at_home else "",
        address_consent=at_home,
        recording_consent=plot.kind is _VIDEO,
    )


def _met(stage: Stage, client: Client, person: Person, plot: _Plot, appointment_id: str) -> None:
    if plot.becomes == "missed_by_bank":
        with stage.hub.writing(cardholder(client)) as tx:
            subject = subjects.of_client(tx, client.id, person.subject)
            persons_steps.report_trouble(tx, subject, appointment_id, Trouble.NOBODY_CAME, "等了一个小时")
        return
    with stage.hub.writing(stage.clerk(plot.bank_code)) as tx:
        if plot.becomes == "missed_by_person":
            banks_steps.missed(tx, appointment_id, by_person=True, bank_code=plot.bank_code)
            return
        code = appointments.pass_code_of(tx, appointments.get(tx, appointment_id)) or ""
        visiting.begin(tx, appointment_id, code, bank_code=plot.bank_code)
        if plot.becomes == "done":
            papers = (
                PaperSeen(name="身份证", handling=PaperHandling.SHOWN),
                PaperSeen(name="工资单复印件", handling=PaperHandling.TAKEN),
            )
            said = VisitReport(identity=IdentityFound.MATCHED, papers=papers, note="客户问了方案怎么写，已说明。")
            visiting.report(tx, appointment_id, said, bank_code=plot.bank_code)
