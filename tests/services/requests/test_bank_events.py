"""What a bank's system says of each kind of request: one table, applied once, in the status that allows it alone."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.appointment import AppointmentWish
from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.bank import Bank
from hub.domain.bank_event import BankEvent, EventType
from hub.domain.booking import Booking
from hub.domain.clock import FixedClock
from hub.domain.errors import EventIdReused, NotFound, StatusConflict
from hub.domain.request_kinds import KINDS
from hub.services.accounts import subjects
from hub.services.appointments import booking
from hub.services.delivery.bank_events import actor_of, apply_event
from hub.services.delivery.request_events import ACTS
from hub.services.operating.invariants import breaches
from hub.wiring import Hub
from schemas.bank_events import load_call
from storage import service_requests
from storage.records import BankEventRecord
from tests.applications import CMB, ICBC
from tests.services.appointments.meeting import STAFF, offered
from tests.services.case import china
from tests.services.instalments import asked_about_instalments

QUOTED = {
    "as_of": "2026-11-21",
    "valid_until": "2026-11-25",
    "pay_by": "2026-11-29",
    "remaining_principal_fen": 1_100_000,
    "interest_to_date_fen": 4_320,
    "pay_fen": 1_104_320,
    "basis": "按合同计算。",
}
OVERDUE = {"reason_code": "overdue"}


def say(
    hub: Hub, type_: EventType, matter_id: str, data: dict[str, Any], *, id_: str = "1", bank_code: str = ICBC
) -> bool:
    """Whether the hub applied it for the first time."""
    content = json.dumps({"type": type_, "request": matter_id, "data": data}).encode()
    loaded = load_call(content, today=date(2026, 11, 21), type_=None).event_or_refuse()
    event = BankEvent(
        id=id_,
        bank_code=bank_code,
        negotiation=loaded.negotiation,
        request=loaded.request,
        type=loaded.type,
        content=loaded.content,
        digest=content.hex()[-64:],
    )
    with hub.writing(actor_of(bank_code)) as tx:
        return apply_event(tx, event)


def status_of(hub: Hub, matter_id: str) -> str:
    with hub.reading(actor_of(ICBC)) as tx:
        [found] = service_requests.list_of_matter(tx, matter_id)
        return found.status


@pytest.fixture
def asked(hub: Hub, banks: dict[str, Bank]) -> str:
    return asked_about_instalments(hub)


@pytest.fixture
def booked(hub: Hub, banks: dict[str, Bank]) -> str:
    [slot_id] = offered(hub, ICBC, date(2026, 11, 24), (10,))
    wish = AppointmentWish(kind=AppointmentKind.BRANCH, purpose=AppointmentPurpose.PAPERS, called="王女士")
    with hub.writing(actor_of(ICBC)) as tx:
        person = subjects.of_client(tx, "some-app", "person-1")
        given = Booking(bank_code=ICBC, slot_id=slot_id, wish=wish, email="wang@example.com")
        return booking.book(tx, person, given).id


def test_each_type_of_a_request_has_its_noun_and_each_kind_of_request_is_answered() -> None:
    assert set(ACTS) == {each for each in EventType if each.is_of_request}
    assert {kind for kind, _ in ACTS.values()} == set(KINDS)


def test_an_event_is_applied_once_by_its_id(hub: Hub, asked: str) -> None:
    assert say(hub, EventType.INSTALMENT_QUOTED, asked, QUOTED)
    assert not say(hub, EventType.INSTALMENT_QUOTED, asked, QUOTED)
    with pytest.raises(EventIdReused):
        say(hub, EventType.INSTALMENT_REFUSED, asked, OVERDUE)
    assert status_of(hub, asked) == "quoted"
    with hub.reading(actor_of(ICBC)) as tx:
        [row] = tx.session.scalars(sa.select(BankEventRecord))
        assert (row.negotiation_id, row.type) == (None, "instalment.quoted")
        assert list(breaches(tx, hub.store)) == []


def test_an_event_never_moves_a_request_backwards(hub: Hub, asked: str) -> None:
    assert say(hub, EventType.INSTALMENT_REFUSED, asked, OVERDUE)
    later: list[tuple[EventType, dict[str, Any]]] = [
        (EventType.INSTALMENT_QUOTED, QUOTED),
        (EventType.INSTALMENT_DONE, {"paid_on": "2026-11-21"}),
    ]
    for type_, data in later:
        with pytest.raises(StatusConflict):
            say(hub, type_, asked, data, id_=f"later {type_}")
    assert status_of(hub, asked) == "refused"


@pytest.mark.parametrize(
    ("named", "type_", "data", "bank_code"),
    [
        ("f" * 32, EventType.INSTALMENT_REFUSED, OVERDUE, ICBC),
        (None, EventType.INSTALMENT_REFUSED, OVERDUE, CMB),
        (None, EventType.MANDATE_CONFIRMED, {}, ICBC),
    ],
    ids=["unknown", "another bank's", "of another kind"],
)
def test_what_is_not_the_banks_is_unknown(
    hub: Hub, asked: str, named: str | None, type_: EventType, data: dict[str, Any], bank_code: str
) -> None:
    with pytest.raises(NotFound):
        say(hub, type_, named or asked, data, bank_code=bank_code)
    assert status_of(hub, asked) == "with_bank"


def test_a_visit_is_confirmed_and_missed_by_events(hub: Hub, clock: FixedClock, booked: str) -> None:
    assert say(hub, EventType.APPOINTMENT_CONFIRMED, booked, {"staff": list(STAFF)})
    assert status_of(hub, booked) == "confirmed"
    clock.at = china("2026-11-24 10:30")
    assert say(hub, EventType.APPOINTMENT_MISSED, booked, {"by": "person"}, id_="2")
    assert status_of(hub, booked) == "missed_by_person"
