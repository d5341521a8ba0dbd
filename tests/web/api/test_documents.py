"""Documents by the API."""

from icalendar import Calendar

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import access_log
from tests.applications import CMB
from tests.conftest import Submit
from tests.web.caller import Caller


def test_the_agreement_is_404_without_one_and_409_before_it_is_printed(
    host_app: Caller, delivered: str, submitted: Submit
) -> None:
    assert host_app.get(f"{delivered}/agreement.pdf").status_code == 404
    waiting = submitted(CMB, client=host_app.client).negotiation
    early = host_app.get(f"/negotiations/{waiting}/application-form.pdf")
    assert (early.status_code, early.get_json()["code"]) == (409, "document_not_ready")
    assert early.headers["Retry-After"]


def test_a_document_is_saved_and_never_shown(host_app: Caller, delivered: str) -> None:
    form = host_app.get(f"{delivered}/application-form.pdf")
    assert form.headers["Content-Type"] == "application/pdf"
    assert form.headers["Content-Disposition"].startswith("attachment;")
    assert form.headers["Cache-Control"] == "private, no-store"


def test_the_days_of_the_payments_come_as_a_calendar_and_the_reading_is_on_record(
    host_app: Caller, agreed: str, hub: Hub
) -> None:
    answer = host_app.get(f"{agreed}/agreement.ics", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert {str(event["summary"]) for event in events} == {"Payment day"}
    with hub.reading(HUB) as tx:
        readings = access_log.list_readings(tx, agreed.rpartition("/")[2])
    assert readings[-1].what == "negotiation"


def test_without_an_agreement_there_is_no_calendar(host_app: Caller, delivered: str) -> None:
    assert host_app.get(f"{delivered}/agreement.ics").status_code == 404
