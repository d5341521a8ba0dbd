"""What host apps and people read of their own negotiations stands in the access log, and is told without drowning."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.clock import FixedClock
from hub.services.reading import reading_log
from hub.wiring import Hub
from storage import access_log
from storage.records import AccessRecord, NegotiationRecord
from tests.applications import ICBC, person
from tests.conftest import SentMessages, Submit, Submitted
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import texted

MOBILE = "13800138041"


@pytest.fixture
def sent(submitted: Submit, host_app: Caller, work_off: Callable[[], int]) -> Submitted:
    """A negotiation of the host app, screened and printed."""
    there = submitted(ICBC, client=host_app.client, applicant=person(41, mobile=MOBILE))
    work_off()
    return there


def readings(hub: Hub, negotiation: str) -> list[tuple[str, str]]:
    with hub.reading(HUB) as tx:
        return [(each.actor.partition("/")[0], each.what) for each in access_log.list_readings(tx, negotiation)]


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/negotiations", "negotiation"),
        ("/negotiations/{negotiation}", "negotiation"),
        ("/negotiations/{negotiation}/communications", "negotiation"),
        ("/applications/{id}", "negotiation"),
        ("/negotiations/{negotiation}/application-form.pdf", "application_form"),
        ("/negotiations/{negotiation}/record.zip", "record"),
        ("/evidence/{evidence}/content", "evidence/{evidence}"),
    ],
)
def test_every_reading_of_a_host_app_is_on_record(
    hub: Hub, host_app: Caller, sent: Submitted, path: str, what: str
) -> None:
    names = {"negotiation": sent.negotiation, "id": sent.id, "evidence": sent.evidence[0]}
    assert host_app.get(path.format(**names)).status_code == 200
    assert readings(hub, sent.negotiation) == [("cardholder:client", what.format(**names))]


def test_a_program_that_asks_every_minute_is_a_line_in_ten_and_a_paper_one_each_time(
    hub: Hub, host_app: Caller, sent: Submitted, clock: FixedClock
) -> None:
    for _ in range(21):
        host_app.get(f"/negotiations/{sent.negotiation}")
        clock.at += timedelta(minutes=1)
    assert len(readings(hub, sent.negotiation)) == 3
    for _ in range(2):
        host_app.get(f"/negotiations/{sent.negotiation}/application-form.pdf")
    assert len(readings(hub, sent.negotiation)) == 5


def test_what_is_refused_is_no_reading(hub: Hub, host_app: Caller, sent: Submitted) -> None:
    assert host_app.get(f"/negotiations/{sent.negotiation}/agreement.pdf").status_code == 404
    assert readings(hub, sent.negotiation) == []


def test_the_persons_own_reading_is_on_record(hub: Hub, app: Flask, sent: Submitted, sms: SentMessages) -> None:
    reader = texted(app, sms, MOBILE)
    for below in ("", "/application-form.pdf", "/record.zip", "/withdraw"):
        answer = reader.web.get(f"/my/negotiations/{sent.negotiation}{below}", buffered=True)
        assert answer.status_code == 200
    said = readings(hub, sent.negotiation)
    assert [what for _, what in said] == ["negotiation", "application_form", "record"]
    assert {actor for actor, _ in said} == {"cardholder:person"}


def test_the_person_reads_who_looked_by_day_with_role_and_reason(
    hub: Hub, app: Flask, sent: Submitted, sms: SentMessages, clock: FixedClock
) -> None:
    program = Actor(party=Party.BANK, id="client/a-bank", channel=Channel.API)
    with hub.writing(HUB) as tx:
        row = tx.session.get_one(NegotiationRecord, sent.negotiation)
        access_log.note_reading(tx, row, program, "negotiation")
        access_log.note_reading(tx, row, program, "negotiation")
        access_log.note_reading(tx, row, program, "in_full/identity/核对")
    reader = texted(app, sms, MOBILE)
    for _ in range(3):
        page = reader.open(f"/my/negotiations/{sent.negotiation}")
        clock.at += timedelta(minutes=11)
    page = reader.open(f"/my/negotiations/{sent.negotiation}")
    assert "银行系统：查看了申请 当天 2 次" in page.text
    assert "查看了完整的姓名和号码（原因：核对身份）" in page.text
    assert page.text.count("您本人") == 1
    with hub.reading(HUB) as tx:
        grouped = reading_log.readings_by_day(tx, sent.negotiation, most=50)
    assert (grouped[0].reader, len(grouped)) == ("self", 3)


def test_a_host_app_is_told_page_by_page_who_read(
    hub: Hub, host_app: Caller, sent: Submitted, bank_app: Callable[[str], Caller]
) -> None:
    below = f"/negotiations/{sent.negotiation}/accesses"
    assert made(host_app.get(below), 200) == {"items": [], "next_cursor": None}
    with hub.writing(HUB) as tx:
        row = tx.session.get_one(NegotiationRecord, sent.negotiation)
        access_log.note_reading(tx, row, HUB, "in_full/identity/核对")
        access_log.note_reading(tx, row, HUB, "export/法院调取")
    bank_app(ICBC).get(f"/bank/negotiations/{sent.negotiation}")
    host_app.get(f"/negotiations/{sent.negotiation}/application-form.pdf")
    first = made(host_app.get(f"{below}?limit=3"), 200)
    rest = made(host_app.get(f"{below}?limit=3&cursor={first['next_cursor']}"), 200)
    said = [(each["role"], each["what"], each["reason"]) for each in (*first["items"], *rest["items"])]
    assert said == [
        ("hub", "in_full", "identity"),
        ("hub", "export", "法院调取"),
        ("bank_system", "negotiation", None),
        ("host_app", "application_form", None),
    ]
    assert (set(first["items"][0]), rest["next_cursor"]) == ({"at", "role", "what", "reason"}, None)


def test_neither_another_client_nor_the_bank_is_told_who_read(
    host_app: Caller, sent: Submitted, bank_app: Callable[[str], Caller], caller: Callable[..., Caller]
) -> None:
    below = f"/negotiations/{sent.negotiation}/accesses"
    assert caller("another app", "applications:read").get(below).status_code == 404
    assert bank_app(ICBC).get(below).status_code == 403


def test_of_a_long_log_only_the_newest_lines_are_read_and_each_day_is_counted_whole(
    hub: Hub, sent: Submitted, clock: FixedClock, request: pytest.FixtureRequest
) -> None:
    program = Actor(party=Party.BANK, id="client/a-bank", channel=Channel.API)
    for times in [1] * 30 + [3, 40, 2]:
        with hub.writing(HUB) as tx:
            row = tx.session.get_one(NegotiationRecord, sent.negotiation)
            for _ in range(times):
                access_log.note_reading(tx, row, program, "negotiation")
            access_log.note_reading(tx, row, HUB, "record")
        newest_at = clock.at
        clock.at += timedelta(days=1)
    loaded: list[object] = []

    def note_load(*each: object) -> None:
        loaded.append(each)

    sa.event.listen(AccessRecord, "load", note_load)
    request.addfinalizer(lambda: sa.event.remove(AccessRecord, "load", note_load))
    with hub.reading(HUB) as tx:
        assert reading_log.bank_looked_at(tx, sent.negotiation) == newest_at
        assert loaded == []
        found = reading_log.readings_by_day(tx, sent.negotiation, most=2)
        assert {(each.reader, each.times) for each in found} == {("bank_system", 2), ("hub", 1)}
        assert len(loaded) == 20
    with hub.reading(HUB) as tx:
        # So it is where more lines than are read at first fall on one of the days.
        found = reading_log.readings_by_day(tx, sent.negotiation, most=4)
    assert sorted(each.times for each in found) == [1, 1, 2, 40]
