"""A great many appointments: none hides another that somebody has to look at, and a list costs no more than one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.plain import to_plain
from hub.services.accounts.subjects import of_client
from hub.services.appointments import views
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage import appointments
from storage.records import AppointmentRecord, ServiceRequestRecord, SlotRecord, new_id
from storage.sealed_json import seal_json
from tests.applications import ICBC
from tests.conftest import Submit
from tests.services.case import china
from tests.storage.statements import sent_by
from tests.web.api.visits import PERSON, booked, confirm, open_service, status_of
from tests.web.caller import Caller, made

MANY = 500
SUBJECT = PERSON["subject"]


@pytest.fixture
def icbc(bank_app: Callable[[str], Caller], hub: Hub, banks: Any) -> Caller:
    open_service(hub)
    return bank_app(ICBC)


@pytest.fixture
def one(host_app: Caller, icbc: Caller, submitted: Submit, work_off: Callable[[], int]) -> str:
    """The id of an appointment that was asked for, on 24 November at ten."""
    there = submitted(ICBC, client=host_app.client, applicant=PERSON)
    work_off()
    return booked(host_app, icbc, f"/negotiations/{there.negotiation}")


def values_of(row: Any) -> dict[str, Any]:
    return {each.key: getattr(row, each.key) for each in sa.inspect(row).mapper.column_attrs}


def copy(hub: Hub, one: str, number: int, *, first: datetime, status: str) -> None:
    """So many more appointments that stand so, each at a time of its own, a second after the one before."""
    slots, found, requests = [], [], []
    with hub.writing(HUB) as tx:
        appointment = appointments.get(tx, one)
        contents = appointments.contents_of(tx, appointment)
        query = sa.select(ServiceRequestRecord).where(ServiceRequestRecord.matter_id == one)
        request = tx.session.scalars(query).one()
        slot = tx.session.get_one(SlotRecord, appointment.slot_id)
        for place in range(number):
            time = {"starts_at": first + timedelta(seconds=place), "ends_at": first + timedelta(hours=1, seconds=place)}
            slots.append({**values_of(slot), **time, "id": new_id()})
            row = new_id()
            sealed = seal_json(tx, to_plain(contents), table="appointment", column="contents", row=row)
            of_slot = {"id": row, "slot_id": slots[-1]["id"], "contents_sealed": sealed}
            found.append({**values_of(appointment), **time, **of_slot})
            requests.append({**values_of(request), "id": new_id(), "matter_id": row, "status": status})
        tx.session.execute(sa.insert(SlotRecord), slots)
        tx.session.execute(sa.insert(AppointmentRecord), found)
        tx.session.execute(sa.insert(ServiceRequestRecord), requests)


def read(hub: Hub, look: Callable[[HubTransaction], list[views.AppointmentShown]]) -> tuple[list[str], int]:
    """The ids of what is shown, and how many statements that took."""
    with hub.reading(HUB) as tx, sent_by(tx.session.connection()) as sent:
        return [each.record.id for each in look(tx)], len(sent)


def test_what_went_wrong_is_not_hidden_by_what_was_booked_for_later(
    hub: Hub, host_app: Caller, icbc: Caller, one: str, clock: FixedClock
) -> None:
    def gone_wrong(tx: HubTransaction) -> list[views.AppointmentShown]:
        return views.list_gone_wrong(tx, since=tx.now - timedelta(days=92))

    copy(hub, one, MANY, first=china("2026-12-20 10:00"), status="confirmed")
    made(confirm(icbc, one), 200)
    clock.at = china("2026-11-24 10:30")
    assert read(hub, gone_wrong)[0] == []
    said = {"subject": SUBJECT, "trouble": "came_alone", "text": ""}
    made(host_app.post(f"/appointments/{one}/troubles", said), 200)
    assert status_of(host_app, one) == "confirmed"
    assert read(hub, gone_wrong)[0] == [one]
    made(icbc.post(f"/bank/appointments/{one}/missed", {"by": "bank"}), 200)
    assert read(hub, gone_wrong)[0] == [one]


def test_a_visit_that_was_missed_is_not_hidden_by_what_was_booked_for_later(
    hub: Hub, icbc: Caller, one: str, clock: FixedClock
) -> None:
    copy(hub, one, MANY, first=china("2026-12-20 10:00"), status="requested")
    made(confirm(icbc, one), 200)
    clock.at = china("2026-11-24 10:30")
    made(icbc.post(f"/bank/appointments/{one}/missed", {"by": "bank"}), 200)
    assert read(hub, lambda tx: views.list_gone_wrong(tx, since=tx.now - timedelta(days=92)))[0] == [one]


def test_what_waits_for_the_bank_is_not_hidden_by_what_it_has_confirmed(hub: Hub, one: str) -> None:
    copy(hub, one, MANY, first=china("2026-11-24 08:00"), status="confirmed")
    last = china("2026-12-05 00:00")
    assert read(hub, lambda tx: views.list_to_confirm(tx, ICBC, last=last))[0] == [one]


def test_a_list_of_five_takes_no_more_statements_than_one_of_one(hub: Hub, host_app: Caller, one: str) -> None:
    day = china("2026-11-24 00:00")

    def of_bank(tx: HubTransaction) -> list[views.AppointmentShown]:
        return views.list_of_bank(tx, ICBC, first=day, last=day + timedelta(days=1))

    def own(tx: HubTransaction) -> list[views.AppointmentShown]:
        return views.list_own(tx, of_client(tx, host_app.client.id, SUBJECT))

    alone = [read(hub, look) for look in (of_bank, own)]
    assert [len(ids) for ids, _ in alone] == [1, 1]
    copy(hub, one, 4, first=china("2026-11-24 14:00"), status="confirmed")
    several = [read(hub, look) for look in (of_bank, own)]
    assert [len(ids) for ids, _ in several] == [5, 5]
    assert [count for _, count in several] == [count for _, count in alone]


def test_who_looks_at_one_appointment_opens_no_other(hub: Hub, host_app: Caller, one: str) -> None:
    copy(hub, one, 1, first=china("2026-11-24 14:00"), status="confirmed")
    with hub.writing(HUB) as tx:
        # Whoever opened it would hear of it.
        of_others = AppointmentRecord.id != one
        tx.session.execute(sa.update(AppointmentRecord).where(of_others).values(contents_sealed=b""))
    with hub.reading(HUB) as tx:
        shown = views.get_own(tx, of_client(tx, host_app.client.id, SUBJECT), one)
    assert shown.contents.called == "王女士"
