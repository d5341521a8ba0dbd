"""What happens to appointments by itself: told the day before, missed, asked for a report, and an address that ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.notifications import outgoing_sms
from hub.services.operating.invariants import breaches
from hub.wiring import Hub
from storage import appointments, deliveries, service_requests, tasks
from storage.communications import list_entries
from storage.log_tables import OF_REQUESTS
from storage.records import AppointmentRecord
from tests.applications import ICBC
from tests.conftest import Submit
from tests.services.notifications.test_outgoing_sms import Gateway
from tests.services.posting import Posting
from tests.web.api.faults import faults_of
from tests.web.api.visits import HOME, PERSON, REPORT, begun, booked, code_of, confirm, open_service, status_of
from tests.web.caller import Caller, json_of, made

DESK, READER = "desk@icbc.example", "xm@example.com"


@pytest.fixture
def posting(hub: Hub, clock: FixedClock, banks: Any) -> Posting:
    open_service(hub)
    return Posting(hub=hub, clock=clock)


@pytest.fixture
def icbc(bank_app: Callable[[str], Caller]) -> Caller:
    return bank_app(ICBC)


@pytest.fixture
def delivered(host_app: Caller, submitted: Submit, work_off: Callable[[], int], posting: Posting) -> str:
    there = submitted(ICBC, client=host_app.client, applicant=PERSON)
    work_off()
    posting.at("2026-11-21 10:00")
    return f"/negotiations/{there.negotiation}"


def subjects_to(posted: list[tuple[str, str]], reader: str) -> list[str]:
    return [subject for to, subject in posted if to == reader]


def entries(hub: Hub, one: str) -> list[tuple[str, str]]:
    with hub.reading(HUB) as tx:
        [request] = service_requests.list_of_matter(tx, one)
        return [(each.header.kind, each.text or "") for each in list_entries(tx, request.id, log=OF_REQUESTS)]


def who_cancelled(hub: Hub, one: str) -> str:
    """The party of the log's line that says so."""
    with hub.reading(HUB) as tx:
        [request] = service_requests.list_of_matter(tx, one)
        headers = [each.header for each in list_entries(tx, request.id, log=OF_REQUESTS)]
    [party] = [each.party for each in headers if each.kind == "appointment_cancelled"]
    return party


def messages(hub: Hub, one: str) -> list[str]:
    """The kinds of what was sent to its bank."""
    with hub.reading(HUB) as tx:
        [request] = service_requests.list_of_matter(tx, one)
        return [each.kind for each in deliveries.list_of_request(tx, request.id)]


def kinds_of_tasks(hub: Hub) -> list[str]:
    with hub.reading(HUB) as tx:
        return [each.kind for each in tasks.list_open(tx, limit=20) if each.kind.startswith("visit")]


def test_the_person_is_told_when_it_is_confirmed_and_the_day_before(
    host_app: Caller, icbc: Caller, delivered: str, posting: Posting
) -> None:
    one = booked(host_app, icbc, delivered)
    assert subjects_to(posting.at("2026-11-21 10:05"), DESK) != []
    made(confirm(icbc, one), 200)
    assert subjects_to(posting.at("2026-11-21 10:10"), READER) == ["您的预约已确认"]
    assert subjects_to(posting.at("2026-11-23 08:59"), READER) == []
    assert subjects_to(posting.at("2026-11-23 09:00"), READER) == ["明天有一个预约"]
    assert status_of(host_app, one) == "reminded"
    assert subjects_to(posting.at("2026-11-23 12:00"), READER) == []


def test_who_gave_no_address_is_told_by_text_message(
    hub: Hub, host_app: Caller, icbc: Caller, submitted: Submit, work_off: Callable[[], int], posting: Posting
) -> None:
    unmailed = {name: value for name, value in PERSON.items() if name != "email"}
    there = submitted(ICBC, client=host_app.client, applicant=unmailed)
    work_off()
    posting.at("2026-11-21 10:00")
    one = booked(host_app, icbc, f"/negotiations/{there.negotiation}")
    made(confirm(icbc, one), 200)
    posting.at("2026-11-21 10:10")
    gateway = Gateway()
    outgoing_sms.send_due(hub, gateway, posting.machine)
    texts = {(to, text.partition("。")[0]) for to, text in gateway.sent}
    assert (unmailed["mobile"], "您的预约已经确认") in texts


def test_no_mail_holds_an_address_a_bank_or_a_whole_name(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, posting: Posting
) -> None:
    one = booked(host_app, icbc, delivered, **HOME)
    made(confirm(icbc, one), 200)
    posting.kept.sent.clear()
    posting.at("2026-11-21 10:30")
    posting.at("2026-11-23 09:00")
    said = [
        str(mail["Subject"])
        + "".join(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
        for mail in posting.kept.sent
    ]
    ours = [each for each in said if f"/appointments/{one}" in each]
    assert len(ours) >= 2
    for words in ("胡同", "工商", "ICBC", "王小明", "李华", code_of(hub, one)):
        assert all(words not in each for each in ours), words
    confirmed = next(each for each in ours if "已确认" in each)
    assert "王**（工号 A1）" in confirmed
    assert "不收现金" in confirmed


def test_what_nobody_begins_the_bank_has_missed(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, posting: Posting
) -> None:
    one = booked(host_app, icbc, delivered)
    made(confirm(icbc, one), 200)
    # No worker ran on the day before: nobody is told of the time that has passed.
    posting.at("2026-11-24 19:59")
    assert status_of(host_app, one) == "confirmed"
    posting.at("2026-11-24 20:00")
    assert status_of(host_app, one) == "missed_by_bank"
    assert kinds_of_tasks(hub) == ["visit_missed"]


def test_a_report_is_asked_for_at_20_and_the_task_ends_with_it(
    hub: Hub, clock: FixedClock, host_app: Caller, icbc: Caller, delivered: str, posting: Posting
) -> None:
    one = booked(host_app, icbc, delivered)
    begun(hub, clock, icbc, one)
    assert [each for each in subjects_to(posting.at("2026-11-24 19:59"), DESK) if "见面记录" in each] == []
    assert [each for each in subjects_to(posting.at("2026-11-24 20:00"), DESK) if "缺少见面记录" in each]
    assert kinds_of_tasks(hub) == ["visit_not_reported"]
    made(icbc.post(f"/bank/appointments/{one}/report", REPORT), 200)
    assert kinds_of_tasks(hub) == []


def test_a_move_that_nobody_accepts_ends_when_its_time_comes_and_its_bank_is_told(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, posting: Posting
) -> None:
    one = booked(host_app, icbc, delivered)
    slot = made(icbc.get("/bank/slots"), 200)["items"][0]["id"]
    made(icbc.post(f"/bank/appointments/{one}/move", {"slot_id": slot, "staff": ["A1", "A3"]}), 200)
    posting.at("2026-11-24 09:59")
    assert status_of(host_app, one) == "moved"
    assert messages(hub, one) == ["appointment.requested"]
    posted = posting.at("2026-11-24 10:00")
    assert status_of(host_app, one) == "cancelled"
    assert messages(hub, one) == ["appointment.requested", "appointment.cancelled"]
    # Nobody cancelled it: nobody answered.
    assert who_cancelled(hub, one) == "hub"
    assert "【预约有变动】" in " ".join(subjects_to(posted, DESK))


def test_a_person_who_cancels_does_so_in_the_log_and_its_bank_is_told(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, posting: Posting
) -> None:
    one = booked(host_app, icbc, delivered)
    made(host_app.post(f"/appointments/{one}/cancel", {"subject": PERSON["subject"]}), 200)
    assert messages(hub, one) == ["appointment.requested", "appointment.cancelled"]
    assert who_cancelled(hub, one) == "cardholder"


def test_seven_days_after_the_visit_nobody_can_open_the_address_and_the_log_keeps_its_digest(
    hub: Hub, clock: FixedClock, host_app: Caller, icbc: Caller, delivered: str, posting: Posting
) -> None:
    one = booked(host_app, icbc, delivered, **HOME)
    assert made(icbc.get(f"/bank/appointments/{one}"), 200)["address"] is None
    with hub.reading(HUB) as tx:
        assert list(breaches(tx, hub.store)) == []
    made(confirm(icbc, one), 200)
    assert made(icbc.get(f"/bank/appointments/{one}"), 200)["address"] == HOME["address"]
    begun(hub, clock, icbc, one)
    made(icbc.post(f"/bank/appointments/{one}/report", REPORT), 200)
    assert made(icbc.get(f"/bank/appointments/{one}"), 200)["address"] is None
    posting.at("2026-12-01 09:59")
    with hub.reading(HUB) as tx:
        record = appointments.get(tx, one)
        assert appointments.address_of(tx, record) == HOME["address"]
        digest = appointments.contents_of(tx, record).address_digest
    posting.at("2026-12-01 10:00")
    with hub.reading(HUB) as tx:
        gone: AppointmentRecord = appointments.get(tx, one)
        assert (gone.address_sealed, gone.address_key_sealed) == (None, None)
    said = entries(hub, one)
    assert all(HOME["address"] not in text for _, text in said)
    assert [kind for kind, text in said if digest and digest in text] == ["home_visit_requested", "address_erased"]


def test_a_cancelled_visit_leaves_no_address(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, posting: Posting
) -> None:
    one = booked(host_app, icbc, delivered, **HOME)
    made(host_app.post(f"/appointments/{one}/cancel", {"subject": PERSON["subject"]}), 200)
    with hub.reading(HUB) as tx:
        assert appointments.address_of(tx, appointments.get(tx, one)) is None


def test_somebody_who_waited_alone_says_so_and_an_operator_looks(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, posting: Posting
) -> None:
    one = booked(host_app, icbc, delivered)
    made(confirm(icbc, one), 200)
    said = {"subject": PERSON["subject"], "trouble": "nobody_came", "text": "等了半小时"}
    posting.at("2026-11-24 10:29")
    before = entries(hub, one)
    refused = host_app.post(f"/appointments/{one}/troubles", said)
    assert faults_of(refused) == {("/trouble", "not_waited_yet")}
    assert "10:30" in json_of(refused)["errors"][0]["message"]
    assert (status_of(host_app, one), kinds_of_tasks(hub), entries(hub, one)) == ("confirmed", [], before)
    posting.at("2026-11-24 10:30")
    made(host_app.post(f"/appointments/{one}/troubles", said), 200)
    assert status_of(host_app, one) == "missed_by_bank"
    assert set(kinds_of_tasks(hub)) == {"visit_trouble", "visit_missed"}


def test_a_bank_waits_as_long_for_the_person_and_may_say_at_once_that_its_own_did_not_come(
    host_app: Caller, icbc: Caller, delivered: str, posting: Posting
) -> None:
    one = booked(host_app, icbc, delivered)
    made(confirm(icbc, one), 200)
    posting.at("2026-11-24 10:00")
    missed = f"/bank/appointments/{one}/missed"
    assert faults_of(icbc.post(missed, {"by": "person"})) == {("", "not_waited_yet")}
    assert status_of(host_app, one) == "confirmed"
    made(icbc.post(missed, {"by": "bank"}), 200)
    assert status_of(host_app, one) == "missed_by_bank"
