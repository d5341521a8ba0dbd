"""The API for banks: the queue, the packet and its readings, what a bank does, calls and agreements."""

import io
import json
import wave
from collections.abc import Callable
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import access_log
from tests.applications import CMB, ICBC, application, card, person, terms
from tests.conftest import SentMessages, Submit
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made

AT = "2026-11-20T15:00:00+08:00"


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(1)
        recording.setframerate(8000)
        recording.writeframes(b"\x80" * 800)
    return out.getvalue()


def test_the_packet_holds_this_banks_part_alone_and_its_reading_is_on_record(
    hub: Hub, host_app: Caller, icbc: Caller, work_off: Callable[[], int]
) -> None:
    body = application(ICBC, CMB, applicant=person(3))
    there = made(host_app.post("/applications", body))["negotiations"][0]
    work_off()
    packet = made(icbc.get(f"/bank/negotiations/{there['id']}"), 200)
    assert packet["applicant"]["id_number"] == body["applicant"]["id_number"]
    assert [each["card_number"] for each in packet["accounts"]] == [card(ICBC)]
    assert card(CMB) not in json.dumps(packet)
    assert {each["bank_code"] for each in packet["consents"]} == {ICBC, None}
    assert (packet["negotiation"], packet["id"]) == (there["id"], there["id"])
    assert packet["status"] == "awaiting_bank"
    with hub.reading(HUB) as tx:
        [reading] = access_log.list_readings(tx, there["id"])
    assert (reading.what, reading.actor) == ("negotiation", f"bank:client/{icbc.client.id}")


def test_each_reading_of_a_file_is_on_record_and_one_of_another_negotiation_is_unknown(
    hub: Hub, host_app: Caller, icbc: Caller, submitted: Submit, work_off: Callable[[], int]
) -> None:
    first, second = (submitted(ICBC, client=host_app.client) for _ in range(2))
    work_off()
    path = f"/bank/negotiations/{first.negotiation}/evidence"
    [file] = first.evidence
    assert icbc.get(f"{path}/{file}").status_code == 200
    assert icbc.get(f"{path}/{second.evidence[0]}").status_code == 404
    with hub.reading(HUB) as tx:
        readings = [each.what for each in access_log.list_readings(tx, first.negotiation)]
    assert readings == [f"evidence/{file}"]


def test_the_queue_is_by_due_time_page_by_page(
    host_app: Caller, icbc: Caller, submitted: Submit, work_off: Callable[[], int]
) -> None:
    ids = {submitted(ICBC, client=host_app.client, files=0).negotiation for _ in range(5)}
    work_off()
    seen: list[Any] = []
    cursor: dict[str, Any] = {}
    while True:
        page = made(icbc.get("/bank/negotiations", query_string={"limit": 2, **cursor}), 200)
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert len(seen) == 5
    assert {each["id"] for each in seen} == ids
    places = [(each["clock"]["due_at"], each["id"]) for each in seen]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"due_before": "2026-12-02"}, 1),
        ({"due_before": "2026-12-01"}, 0),
        ({"due_before": "2026-12-01T18:00:01+08:00"}, 1),
        ({"due_before": "2026-12-01T10:00:00Z"}, 0),
        ({"status": "awaiting_bank"}, 1),
        ({"status": "in_review"}, 0),
    ],
)
def test_the_queue_can_be_cut_down(icbc: Caller, delivered: str, query: dict[str, str], found: int) -> None:
    assert len(made(icbc.get("/bank/negotiations", query_string=query), 200)["items"]) == found


@pytest.mark.parametrize("due_before", ["soon", "2026-13-01", "2026-12-01T18:00:00"])
def test_a_time_that_is_none_is_refused(icbc: Caller, due_before: str) -> None:
    answer = icbc.get("/bank/negotiations", query_string={"due_before": due_before})
    assert {pointer for pointer, _ in faults_of(answer)} == {"/due_before"}


def test_acknowledging_twice_is_answered_not_refused(icbc: Caller, delivered: str) -> None:
    assert made(icbc.post(f"/bank{delivered}/acknowledge"), 200)["status"] == "in_review"
    assert made(icbc.post(f"/bank{delivered}/acknowledge", {}), 200)["status"] == "in_review"
    assert faults_of(icbc.post(f"/bank{delivered}/acknowledge", {"by": "me"})) == {("/by", "unknown_field")}
    made(icbc.post(f"/bank{delivered}/request-evidence", {"kinds": ["payslip"], "text": ""}), 200)
    assert made(icbc.post(f"/bank{delivered}/acknowledge"), 200)["status"] == "awaiting_cardholder"


def test_what_is_in_review_by_an_answer_alone_is_acknowledged(icbc: Caller, host_app: Caller, delivered: str) -> None:
    made(icbc.post(f"/bank{delivered}/request-evidence", {"kinds": ["payslip"], "text": ""}), 200)
    made(host_app.post(f"{delivered}/messages", {"text": "都在申请里了。", "answers": True}))
    told = made(icbc.post(f"/bank{delivered}/acknowledge"), 200)
    assert told["status"] == "in_review"


def test_what_was_never_acknowledged_is_not_once_it_has_moved_on(icbc: Caller, delivered: str) -> None:
    made(icbc.post(f"/bank{delivered}/request-evidence", {"kinds": ["payslip"], "text": ""}), 200)
    late = icbc.post(f"/bank{delivered}/acknowledge")
    assert (late.status_code, late.get_json()["status_now"]) == (409, "awaiting_cardholder")


def test_papers_can_be_asked_for_once_at_a_time(icbc: Caller, delivered: str) -> None:
    body = {"kinds": ["payslip", "bank_statement"], "text": "近三个月"}
    told = made(icbc.post(f"/bank{delivered}/request-evidence", body), 200)
    assert told["status"] == "awaiting_cardholder"
    assert told["evidence_request"] == {**body, "due_at": "2026-11-27T18:00:00+08:00"}
    other = icbc.post(f"/bank{delivered}/request-evidence", {"kinds": ["identity"], "text": ""})
    assert (other.status_code, other.get_json()["status_now"]) == (409, "awaiting_cardholder")
    assert faults_of(icbc.post(f"/bank{delivered}/request-evidence", {"kinds": []})) == {("/kinds", "too_few")}


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"reason_code": "other"}, ("/text", "required")),
        ({"reason_code": "other", "text": " "}, ("/text", "text_required")),
        ({"reason_code": "tired", "text": "x"}, ("/reason_code", "unknown_choice")),
        ({"reason_code": "incomplete", "text": "x"}, ("/reason_code", "reason_incomplete_not_allowed")),
    ],
)
def test_a_no_needs_a_reason_and_words(
    icbc: Caller, delivered: str, body: dict[str, str], fault: tuple[str, str]
) -> None:
    assert faults_of(icbc.post(f"/bank{delivered}/reject", body)) == {fault}


def test_the_banks_words_reach_the_cardholder(host_app: Caller, icbc: Caller, delivered: str) -> None:
    made(icbc.post(f"/bank{delivered}/messages", {"text": "请接听来电"}))
    log = made(host_app.get(f"{delivered}/communications"), 200)["items"]
    assert (log[-1]["party"], log[-1]["text"]) == ("bank", "请接听来电")


def log_call(icbc: Caller, path: str, **fields: Any) -> Any:
    data = {"at": AT, "direction": "outbound", "text": "说明了方案", **fields}
    return icbc.post(f"/bank{path}/calls", data=data, content_type="multipart/form-data")


def test_a_call_is_logged(icbc: Caller, delivered: str) -> None:
    entry = made(log_call(icbc, delivered, recording_reference="LY-1"))
    assert (entry["kind"], entry["offer"]) == ("call", None)
    assert "LY-1" in entry["text"]


def test_a_call_without_a_file_may_come_as_a_plain_form(icbc: Caller, delivered: str) -> None:
    fields = {"at": AT, "direction": "outbound", "text": "说明了方案", "terms": json.dumps(terms())}
    path = f"/bank{delivered}/calls"
    assert faults_of(icbc.post(path, data=fields)) == {("/recording", "recording_required")}
    entry = made(icbc.post(path, data={**fields, "recording_reference": "LY-2"}))
    assert (entry["offer"]["oral"], entry["offer"]["status"]) == (True, "open")
    more = {**fields, "recording_reference": "LY-2", "colour": "red"}
    assert faults_of(icbc.post(path, data=more)) == {("/colour", "unknown_field")}


def test_terms_without_a_recording_or_its_reference_are_refused(icbc: Caller, delivered: str) -> None:
    answer = log_call(icbc, delivered, terms=json.dumps(terms()))
    assert faults_of(answer) == {("/recording", "recording_required")}


def test_an_oral_agreement_is_an_open_offer_until_the_person_confirms_it(
    host_app: Caller, icbc: Caller, delivered: str, sms: SentMessages, work_off: Callable[[], int]
) -> None:
    recording = (io.BytesIO(sound()), "通话.wav")
    entry = made(log_call(icbc, delivered, terms=json.dumps(terms()), recording=recording))
    offer = entry["offer"]
    assert (offer["status"], offer["oral"]) == ("open", True)
    [attached] = entry["attachments"]
    assert attached["kind"] == "recording"
    assert made(host_app.get(delivered), 200)["status"] == "offered"
    work_off()
    assert icbc.get(f"/bank{delivered}/evidence/{attached['id']}").data == sound()
    assert attached["id"] not in {each["id"] for each in made(icbc.get(f"/bank{delivered}"), 200)["evidence"]}
    path = f"{delivered}/offers/{offer['id']}"
    made(host_app.post(f"{path}/confirmation-codes"), 202)
    answer = host_app.post(f"{path}/accept", {"confirmation_code": sms.sent[0][1][:6]})
    assert made(answer, 200)["status"] == "agreed"


def test_a_recording_has_to_be_sound(icbc: Caller, delivered: str) -> None:
    answer = log_call(icbc, delivered, recording=(io.BytesIO(b"%PDF-1.7"), "a.wav"))
    assert (answer.status_code, answer.get_json()["code"]) == (415, "type_recording")
