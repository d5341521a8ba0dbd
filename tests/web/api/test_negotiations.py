"""Negotiations by API, as a host app sees them: lists, messages, corrections, the log, the end."""

import io
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.log_chain import NO_PREVIOUS
from hub.services.operating import banks as bank_deeds
from hub.wiring import Hub
from tests.applications import CMB, FINANCES, ICBC, account, pdf, person
from tests.conftest import Submit
from tests.jobs.working_off import working_off
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made


def test_a_negotiation_has_every_field_of_the_contract(host_app: Caller, delivered: str) -> None:
    told = made(host_app.get(delivered), 200)
    assert set(told) == {
        *("id", "reference", "bank", "status", "proposal", "clock", "clocks", "evidence_request"),
        *("faults", "offers", "agreement", "rejection", "updated_at"),
        *("identity", "decision_deferred", "renegotiation_of", "collection_reports", "proposed_accounts"),
        *("legal_stage", "court", "case_number", "transferred_to", "credit_notes", "call_word"),
        *("withdrawal_reason", "withdrawn_consents", "erased_at"),
    }
    assert told["bank"] == {
        "code": ICBC,
        "name_zh": "中国工商银行",
        "name_en": "Industrial and Commercial Bank of China",
        "hotline": "95588",
        "hotline_hours": "",
        "calls_from": "",
        "complaint_channel": "",
        "kind": "bank",
        "regulator": "nfra",
    }
    assert told["clock"]["due_at"] == "2026-12-01T18:00:00+08:00"
    assert {each["why"] for each in told["clock"]["explained"] if not each["counted"]} == {"周末"}


def test_the_clock_is_explained_in_english_too(host_app: Caller, delivered: str) -> None:
    told = made(host_app.get(delivered, headers={"Accept-Language": "en"}), 200)
    assert {each["why"].isascii() for each in told["clock"]["explained"]} == {True}


def test_pages_have_no_gaps_and_no_repeats(host_app: Caller, submitted: Submit) -> None:
    ids = [submitted(client=host_app.client, files=0).negotiation for _ in range(7)]
    seen: list[Any] = []
    cursor: dict[str, Any] = {}
    while True:
        page = made(host_app.get("/negotiations", query_string={"limit": 3, **cursor}), 200)
        seen += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        # One that comes meanwhile is newer than all that are still to be shown.
        submitted(client=host_app.client, files=0)
        cursor = {"cursor": page["next_cursor"]}
    assert seen == list(reversed(ids))


def test_a_list_can_be_cut_down_by_status_and_person(
    host_app: Caller, submitted: Submit, work_off: Callable[[], int]
) -> None:
    first = submitted(client=host_app.client, applicant=person(1), files=0).negotiation
    work_off()
    second = submitted(client=host_app.client, applicant=person(2), files=0).negotiation

    def found(**query: Any) -> list[str]:
        return [each["id"] for each in made(host_app.get("/negotiations", query_string=query), 200)["items"]]

    assert found() == [second, first]
    assert found(status="screening") == [second]
    assert found(status="screening,awaiting_bank") == found(status=["screening", "awaiting_bank"]) == [second, first]
    assert found(subject="host-app-user-1") == [first]
    assert found(subject="nobody") == []


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"status": "open"}, "/status", "unknown_choice"),
        ({"limit": "0"}, "/limit", "out_of_range"),
        ({"limit": "201"}, "/limit", "out_of_range"),
        ({"limit": "-1"}, "/limit", "out_of_range"),
        ({"limit": "ten"}, "/limit", "out_of_range"),
        ({"cursor": "x"}, "/cursor", "cursor"),
        ({"cursor": "x.y"}, "/cursor", "cursor"),
        ({"cursor": "王"}, "/cursor", "cursor"),
        ({"page": "2"}, "/page", "unknown_field"),
        ({"limit": ["1", "2"]}, "/limit", "listed_twice"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(
    host_app: Caller, query: dict[str, Any], pointer: str, code: str
) -> None:
    assert faults_of(host_app.get("/negotiations", query_string=query)) == {(pointer, code)}


def test_a_cursor_is_good_for_its_own_list_alone(host_app: Caller, submitted: Submit, delivered: str) -> None:
    submitted(client=host_app.client)
    cursor = made(host_app.get("/negotiations?limit=1"), 200)["next_cursor"]
    assert faults_of(host_app.get(f"{delivered}/communications", query_string={"cursor": cursor}))
    assert faults_of(host_app.get("/negotiations", query_string={"cursor": cursor + "x"}))


def test_the_log_is_chained_and_comes_page_by_page(host_app: Caller, delivered: str) -> None:
    for number in range(3):
        made(host_app.post(f"{delivered}/messages", {"text": f"第 {number} 条"}))
    whole = made(host_app.get(f"{delivered}/communications"), 200)["items"]
    assert [each["sequence"] for each in whole] == list(range(1, len(whole) + 1))
    assert whole[0]["previous"] == NO_PREVIOUS
    assert all(later["previous"] == earlier["digest"] for earlier, later in pairwise(whole))
    assert set(whole[0]) == {
        *("sequence", "at", "channel", "party", "kind", "text", "attachments", "digest", "previous"),
    }
    pages: list[Any] = []
    cursor: dict[str, Any] = {}
    while True:
        page = made(host_app.get(f"{delivered}/communications", query_string={"limit": 2, **cursor}), 200)
        pages += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert pages == whole


def test_a_message_reaches_the_log_with_its_files(host_app: Caller, delivered: str) -> None:
    file = made(host_app.upload())
    body = {"text": "见附件", "evidence": [{"id": file["id"], "kind": "bank_statement"}]}
    entry = made(host_app.post(f"{delivered}/messages", body))
    assert (entry["party"], entry["channel"], entry["text"]) == ("cardholder", "api", "见附件")
    [attached] = entry["attachments"]
    assert (attached["id"], attached["kind"], attached["sha256"]) == (file["id"], "bank_statement", file["sha256"])


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"text": ""}, ("/text", "text_required")),
        ({"text": "x\0"}, ("/text", "text_characters")),
        ({"text": "x", "evidence": [{"id": "unknown", "kind": "payslip"}]}, ("/evidence/0/id", "evidence_unknown")),
        ({"text": "x", "to": "all"}, ("/to", "unknown_field")),
    ],
)
def test_a_message_that_makes_no_sense_is_refused_and_not_written(
    host_app: Caller, delivered: str, body: dict[str, Any], fault: tuple[str, str]
) -> None:
    before = made(host_app.get(f"{delivered}/communications"), 200)["items"]
    assert faults_of(host_app.post(f"{delivered}/messages", body)) == {fault}
    assert made(host_app.get(f"{delivered}/communications"), 200)["items"] == before


def test_a_withdrawn_negotiation_takes_no_more_messages(host_app: Caller, delivered: str) -> None:
    assert made(host_app.post(f"{delivered}/withdraw", {"text": "已还清"}), 200)["status"] == "withdrawn"
    refused = host_app.post(f"{delivered}/messages", {"text": "还在吗"})
    told = refused.get_json()
    assert (refused.status_code, told["code"]) == (409, "status_conflict")
    assert (told["status"], told["status_now"], told["event"]) == (409, "withdrawn", "message")
    # Asking for what is so already is answered, not refused.
    assert made(host_app.post(f"{delivered}/withdraw"), 200)["status"] == "withdrawn"


@pytest.fixture
def returned(hub: Hub, host_app: Caller, submitted: Submit) -> str:
    """The path of a negotiation that came back for a file nobody can open."""
    there = submitted(ICBC, client=host_app.client)
    working_off(hub, inspect=lambda _chunks, _type: "unreadable", printer=lambda _: pdf())()
    return f"/negotiations/{there.negotiation}"


def corrected(host_app: Caller, *accounts: dict[str, Any]) -> dict[str, Any]:
    file = made(host_app.upload())["id"]
    return {
        "accounts": list(accounts) or [account(ICBC)],
        "finances": dict(FINANCES),
        "evidence": [{"id": file, "kind": "payslip"}],
    }


def test_what_has_to_be_put_right_is_told_in_a_sentence(host_app: Caller, returned: str) -> None:
    told = made(host_app.get(returned), 200)
    assert told["status"] == "returned"
    [fault] = told["faults"]
    assert fault["code"] == "evidence_unreadable"
    assert fault["message"]
    english = made(host_app.get(returned, headers={"Accept-Language": "en"}), 200)["faults"][0]["message"]
    assert english.isascii()


def test_a_correction_is_screened_again(host_app: Caller, returned: str, work_off: Callable[[], int]) -> None:
    answer = host_app.put(f"{returned}/correction", corrected(host_app))
    assert made(answer, 200)["status"] == "screening"
    work_off()
    assert made(host_app.get(returned), 200)["status"] == "awaiting_bank"


def test_a_correction_reaches_a_bank_that_was_closed_meanwhile(hub: Hub, host_app: Caller, returned: str) -> None:
    with hub.writing(HUB) as tx:
        bank_deeds.open_or_close(tx, ICBC, is_open=False)
    assert host_app.put(f"{returned}/correction", corrected(host_app)).status_code == 200


def test_a_correction_names_accounts_of_its_own_bank_alone(host_app: Caller, returned: str) -> None:
    body = corrected(host_app, account(CMB))
    assert faults_of(host_app.put(f"{returned}/correction", body)) == {
        ("/accounts/0/bank_code", "bank_not_in_negotiation")
    }
    assert made(host_app.get(returned), 200)["status"] == "returned"


def test_only_a_returned_negotiation_can_be_corrected(host_app: Caller, delivered: str) -> None:
    refused = host_app.put(f"{delivered}/correction", corrected(host_app))
    assert (refused.status_code, refused.get_json()["status_now"]) == (409, "awaiting_bank")


def test_a_record_of_a_call_is_logged_with_its_screenshot(host_app: Caller, delivered: str) -> None:
    data = {"at": "2026-11-20T15:00:00+08:00", "text": "客服说可以分期", "file": (io.BytesIO(pdf()), "截图.pdf")}
    path = f"{delivered}/call-records"
    entry = made(host_app.post(path, data=data, content_type="multipart/form-data", key="k"))
    assert entry["kind"] == "call_record"
    assert "客服说可以分期" in entry["text"]
    assert len(entry["attachments"]) == 1
    again = {**data, "file": (io.BytesIO(pdf()), "截图.pdf")}
    assert made(host_app.post(path, data=again, content_type="multipart/form-data", key="k")) == entry


SOUNDS = {
    "录音.amr": (b"#!AMR\n\x3c" + bytes(40), "audio/amr"),
    "新录音 12.m4a": (b"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00M4A mp42isom" + bytes(40), "audio/mp4"),
    "call_2026.M4A": (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(40), "audio/mp4"),
    "call.3gp": (b"\x00\x00\x00\x183gp4".replace(b"3gp4", b"ftyp3gp4") + bytes(40), "audio/mp4"),
    "call.mp3": (b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 20, "audio/mpeg"),
    "call.wav": (b"RIFF\x24\x08\x00\x00WAVEfmt " + bytes(40), "audio/x-wav"),
    "call.ogg": (b"OggS\x00\x02" + bytes(40), "audio/ogg"),
    "call.aac": (b"\xff\xf1\x50\x80" + bytes(40), "audio/aac"),
}


@pytest.mark.parametrize("name", list(SOUNDS))
def test_a_record_of_a_call_may_be_its_sound(
    host_app: Caller, delivered: str, bank_app: Callable[[str], Caller], work_off: Callable[[], int], name: str
) -> None:
    content, media_type = SOUNDS[name]
    data = {"at": "2026-11-20T15:00:00+08:00", "text": "录音", "file": (io.BytesIO(content), name)}
    entry = made(host_app.post(f"{delivered}/call-records", data=data, content_type="multipart/form-data"))
    [file] = entry["attachments"]
    work_off()
    assert made(host_app.get(f"/evidence/{file['id']}"), 200)["media_type"] == media_type
    given = bank_app(ICBC).get(f"/bank{delivered}/evidence/{file['id']}")
    assert (given.status_code, given.data, given.headers["Content-Type"]) == (200, content, media_type)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(40), "film.mp4", "type_call_record"),
        (b"MZ\x90\x00" + bytes(40), "call.mp3", "type_call_record"),
        (b"PK\x03\x04" + bytes(40), "call.zip", "type_archive"),
    ],
)
def test_a_record_of_a_call_is_nothing_else(
    host_app: Caller, delivered: str, content: bytes, name: str, code: str
) -> None:
    data = {"at": "2026-11-20T15:00:00+08:00", "text": "录音", "file": (io.BytesIO(content), name)}
    answer = host_app.post(f"{delivered}/call-records", data=data, content_type="multipart/form-data")
    assert (answer.status_code, answer.get_json()["code"]) == (415, code)


def test_sound_shows_nothing_that_an_application_says(host_app: Caller) -> None:
    content, _ = SOUNDS["call.mp3"]
    assert host_app.upload(content, name="call.mp3", media_type="audio/mpeg").status_code == 415


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"text": "x"}, ("/at", "required")),
        ({"at": "2026-11-20T15:00:00+08:00"}, ("/text", "required")),
        ({"at": "yesterday", "text": "x"}, ("/at", "time_form")),
        ({"at": "2026-11-20T15:00:00+08:00", "text": "x", "direction": "inbound"}, ("/direction", "unknown_field")),
    ],
)
def test_a_record_of_a_call_needs_its_time_and_words(
    host_app: Caller, delivered: str, fields: dict[str, str], fault: tuple[str, str]
) -> None:
    answer = host_app.post(f"{delivered}/call-records", data=fields, content_type="multipart/form-data")
    assert faults_of(answer) == {fault}
