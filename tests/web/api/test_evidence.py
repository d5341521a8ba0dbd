"""Evidence by API: both ways in, the same way out, and nothing left behind by what was refused."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import TestResponse

from hub.domain.clock import FixedClock
from hub.domain.evidence import MAX_FILE_SIZE
from hub.web.limits import UPLOADS_FOR_NOBODY
from hub.wiring import Hub
from tests.applications import pdf, png
from tests.conftest import Submit
from tests.storage.statements import sent_by
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made

LONG_AFTER = datetime(2100, 1, 1, tzinfo=UTC)


def stored_files(hub: Hub) -> int:
    return len(list(hub.store.list_names(LONG_AFTER)))


def send_form(
    caller: Caller, content: bytes, *, name: str = "工资单.pdf", key: str = "", **fields: Any
) -> TestResponse:
    data = {"file": (io.BytesIO(content), name), "kind": "payslip", **fields}
    return caller.post("/evidence", key=key, data=data, content_type="multipart/form-data")


WAYS = pytest.mark.parametrize("way", [Caller.upload, send_form], ids=["body", "form"])


@pytest.mark.parametrize("subject", ["x" * 65, "a b", "张三"])
def test_a_persons_name_at_the_host_app_has_the_form_of_all_ids(hub: Hub, host_app: Caller, subject: str) -> None:
    assert faults_of(send_form(host_app, pdf(), subject=subject)) == {("/subject", "id_form")}
    assert stored_files(hub) == 0


@WAYS
def test_a_file_comes_in_and_goes_out_as_it_was_sent(host_app: Caller, way: Callable[..., TestResponse]) -> None:
    content = pdf("正文")
    answer = way(host_app, content)
    told = made(answer)
    assert answer.headers["Location"] == f"/api/v1/evidence/{told['id']}"
    assert told == {
        "id": told["id"],
        "kind": "payslip",
        "file_name": "工资单.pdf",
        "media_type": "application/pdf",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "status": "checking",
    }
    assert made(host_app.get(f"/evidence/{told['id']}"), 200) == told
    given_back = host_app.get(f"/evidence/{told['id']}/content")
    assert given_back.data == content
    assert given_back.headers["Content-Type"] == "application/pdf"
    assert given_back.headers["Content-Length"] == str(len(content))
    assert given_back.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E5%B7%A5%E8%B5%84%E5%8D%95.pdf"
    assert given_back.headers["X-Content-Type-Options"] == "nosniff"
    assert given_back.headers["Content-Security-Policy"].startswith("sandbox;")
    assert given_back.headers["Cache-Control"] == "private, no-store"


def test_a_file_without_a_key_costs_the_database_one_statement(hub: Hub, host_app: Caller) -> None:
    # Whose token it is, is known from now on for a moment, in which the machine's clock stands.
    hub.real_clock = FixedClock(hub.real_clock.now())
    made(host_app.upload(pdf("一")))
    with sent_by(hub.database.engine) as sent:
        told = made(host_app.upload(pdf("二"), key=None))
    [statement] = sent
    assert statement.text.startswith("INSERT INTO evidence")
    assert made(host_app.get(f"/evidence/{told['id']}"), 200) == told


def test_the_verdict_is_told(host_app: Caller, work_off: Callable[[], int]) -> None:
    told = made(host_app.upload())
    work_off()
    assert made(host_app.get(f"/evidence/{told['id']}"), 200)["status"] == "clean"


@WAYS
def test_ten_mebibytes_are_taken_and_one_byte_more_is_not(
    hub: Hub, host_app: Caller, way: Callable[..., TestResponse]
) -> None:
    assert made(way(host_app, pdf(size=MAX_FILE_SIZE)))["size"] == MAX_FILE_SIZE
    over = way(host_app, pdf(size=MAX_FILE_SIZE + 1))
    assert (over.status_code, over.get_json()["code"]) == (413, "too_large")
    assert over.get_json()["limit"] == MAX_FILE_SIZE
    assert stored_files(hub) == 1


def test_a_body_that_announces_too_much_is_refused_unread(host_app: Caller) -> None:
    class Unreadable(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _buffer: Any) -> int:
            raise AssertionError("the body was read")

    answer = host_app.post(
        "/evidence",
        query_string={"kind": "payslip"},
        environ_overrides={"wsgi.input": Unreadable(), "CONTENT_LENGTH": str(MAX_FILE_SIZE + 1)},
        content_type="application/pdf",
    )
    assert answer.status_code == 413


def test_a_body_without_a_length_is_411(host_app: Caller) -> None:
    answer = host_app.post(
        "/evidence",
        query_string={"kind": "payslip"},
        input_stream=io.BytesIO(pdf()),
        content_type="application/pdf",
        headers={"Transfer-Encoding": "chunked", "Content-Disposition": 'attachment; filename="a.pdf"'},
    )
    assert (answer.status_code, answer.get_json()["code"]) == (411, "length_required")


def test_a_body_that_ends_early_is_malformed_and_not_kept(hub: Hub, host_app: Caller) -> None:
    answer = host_app.post(
        "/evidence",
        query_string={"kind": "payslip"},
        data=pdf(),
        environ_overrides={"CONTENT_LENGTH": "5000"},
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="a.pdf"'},
    )
    assert (answer.status_code, answer.get_json()["code"]) == (400, "body_cut")
    assert stored_files(hub) == 0


@pytest.mark.parametrize(
    ("content", "name", "declared", "code"),
    [
        pytest.param(pdf(), "a.jpg", "application/pdf", "type_mismatch", id="another extension"),
        pytest.param(b"MZ\x90" + b"\0" * 99, "a.pdf", "application/pdf", "unsupported_type", id="a program"),
        pytest.param(b"PK\x03\x04" + b"\0" * 99, "a.docx", "application/octet-stream", "type_office", id="office"),
        pytest.param(b"PK\x03\x04" + b"\0" * 99, "a.ofd", "application/octet-stream", "type_ofd", id="OFD"),
        pytest.param(b"<html>", "a.html", "text/html", "unsupported_type", id="a declared type that is not taken"),
    ],
)
def test_what_is_not_taken_is_415_and_not_kept(
    hub: Hub, host_app: Caller, content: bytes, name: str, declared: str, code: str
) -> None:
    answer = host_app.upload(content, name=name, media_type=declared)
    assert (answer.status_code, answer.get_json()["code"]) == (415, code)
    assert stored_files(hub) == 0


@WAYS
def test_an_empty_file_is_bad_input_and_not_kept(hub: Hub, host_app: Caller, way: Callable[..., TestResponse]) -> None:
    answer = way(host_app, b"")
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.get_json()["errors"]] == [("/file", "file_empty")]
    assert stored_files(hub) == 0


@pytest.mark.parametrize("declared", ["image/jpg", "image/heif", "image/x-png", "image/webp", "image/png"])
def test_a_picture_is_taken_whatever_picture_it_is_called(host_app: Caller, declared: str) -> None:
    told = made(host_app.upload(png(), name="照片.jpg", media_type=declared))
    assert (told["media_type"], told["file_name"]) == ("image/png", "照片.jpg")


def test_a_pdf_is_taken_under_its_other_names(host_app: Caller) -> None:
    told = made(host_app.upload(pdf(), media_type="application/x-pdf"))
    assert told["media_type"] == "application/pdf"


def test_a_picture_is_taken_as_any_bytes_too(host_app: Caller) -> None:
    told = made(host_app.upload(png(), name="照片.PNG", media_type="application/octet-stream"))
    assert told["media_type"] == "image/png"


def test_everything_wrong_with_what_is_said_of_a_file_is_told_at_once(hub: Hub, host_app: Caller) -> None:
    answer = host_app.upload(kind="letter", name="..", subject="x" * 201)
    faults = {(each["pointer"], each["code"]) for each in answer.get_json()["errors"]}
    assert answer.status_code == 422
    assert faults == {("/kind", "unknown_choice"), ("/subject", "id_form"), ("/file_name", "file_name")}
    assert stored_files(hub) == 0


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        pytest.param({"kind": "letter"}, "/kind", "unknown_choice", id="an unknown kind"),
        pytest.param({"note": "x"}, "/note", "unknown_field", id="an unknown field"),
        pytest.param({"kind": ["payslip", "other"]}, "/kind", "listed_twice", id="a field twice"),
    ],
)
def test_a_form_with_something_else_in_it_is_refused(
    hub: Hub, host_app: Caller, fields: dict[str, Any], pointer: str, code: str
) -> None:
    answer = send_form(host_app, pdf(), **fields)
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.get_json()["errors"]] == [(pointer, code)]
    assert stored_files(hub) == 0


def test_a_form_with_another_file_is_refused(hub: Hub, host_app: Caller) -> None:
    answer = send_form(host_app, pdf(), more=(io.BytesIO(b"x"), "b.pdf"))
    assert answer.get_json()["errors"][0]["pointer"] == "/more"
    assert stored_files(hub) == 0


def test_a_form_without_a_file_is_refused(host_app: Caller) -> None:
    answer = host_app.post("/evidence", data={"kind": "payslip"}, content_type="multipart/form-data")
    assert answer.get_json()["errors"][0]["pointer"] == "/file"


def test_a_file_without_a_name_is_refused(host_app: Caller) -> None:
    answer = host_app.post("/evidence", query_string={"kind": "payslip"}, data=pdf(), content_type="application/pdf")
    assert answer.get_json()["errors"][0]["pointer"] == "/file_name"


def test_a_file_can_be_taken_back_while_nothing_names_it(hub: Hub, host_app: Caller) -> None:
    path = f"/evidence/{made(host_app.upload())['id']}"
    assert host_app.delete(path).status_code == 204
    assert host_app.get(path).status_code == host_app.delete(path).status_code == 404
    assert stored_files(hub) == 0


def test_a_file_of_an_application_stays(host_app: Caller, submitted: Submit) -> None:
    [file] = submitted(client=host_app.client).evidence
    refused = host_app.delete(f"/evidence/{file}")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "evidence_attached")
    assert host_app.get(f"/evidence/{file}/content").status_code == 200


@WAYS
def test_the_same_upload_again_gives_the_first_answer_and_no_second_file(
    hub: Hub, host_app: Caller, way: Callable[..., TestResponse]
) -> None:
    first, second = way(host_app, pdf(), key="k"), way(host_app, pdf(), key="k")
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.headers["Location"] == first.headers["Location"]
    assert first.get_json() == second.get_json()
    assert stored_files(hub) == 1


@pytest.mark.parametrize(
    "changes", [{"content": pdf("b")}, {"name": "b.pdf"}, {"kind": "other"}, {"subject": "someone"}]
)
def test_another_upload_under_the_same_key_is_refused_and_not_kept(
    hub: Hub, host_app: Caller, changes: dict[str, Any]
) -> None:
    host_app.upload(key="k")
    answer = host_app.upload(key="k", **changes)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_key_reused")
    assert stored_files(hub) == 1


def test_uploads_for_one_person_are_limited_and_others_are_not(host_app: Caller, hub: Hub) -> None:
    statuses = [host_app.upload(b"", subject="someone").status_code for _ in range(301)]
    assert statuses == [422] * 300 + [429]
    assert host_app.upload(subject="somebody-else").status_code == 201
    assert host_app.upload().status_code == 201


def test_uploads_for_nobody_are_limited_by_client(
    host_app: Caller, caller: Callable[..., Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(UPLOADS_FOR_NOBODY, amount=3)
    monkeypatch.setattr("hub.web.api.evidence.UPLOADS_FOR_NOBODY", few)
    statuses = [host_app.upload().status_code for _ in range(4)]
    assert statuses == [201, 201, 201, 429]
    assert host_app.upload(subject="somebody").status_code == 201
    assert caller("another", "applications:write").upload().status_code == 201


def test_a_damaged_file_is_an_error_and_not_half_an_answer(hub: Hub, host_app: Caller) -> None:
    evidence_id = made(host_app.upload())["id"]
    [file] = (hub.settings.home / "evidence").glob("??/*")
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.chmod(0o600)
    file.write_bytes(content)
    answer = host_app.get(f"/evidence/{evidence_id}/content")
    assert (answer.status_code, answer.get_json()["code"]) == (500, "evidence_damaged")
