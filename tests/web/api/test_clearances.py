"""The certificate of settlement by API: asked for by a host app, issued by a bank."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pypdf
import pytest

from tests.applications import pdf, png
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made

NOTHING = {"asked_at": None, "due_at": None, "issued_at": None, "document": None}
NOW, DUE = "2026-11-21T10:00:00+08:00", "2026-12-01T18:00:00+08:00"
SETTLED = {"reason": "settled", "text": "余下的不再要求。", "waive_rest": True}


def of_bank(agreed: str) -> str:
    return f"/bank{agreed}/agreement"


def upload(icbc: Caller, agreed: str, content: bytes, *, name: str = "结清证明.pdf", **options: Any) -> Any:
    data = {"file": (BytesIO(content), name), "text": "特此证明。"}
    return icbc.post(f"{of_bank(agreed)}/clearance", data=data, content_type="multipart/form-data", **options)


def test_it_is_asked_for_once_everything_is_paid(host_app: Caller, icbc: Caller, agreed: str) -> None:
    path = f"{agreed}/agreement/clearance"
    assert made(host_app.get(path), 200) == NOTHING
    early = host_app.post(path)
    assert (early.status_code, early.get_json()["code"], early.get_json()["status_now"]) == (
        409,
        "rows_open",
        "in_force",
    )
    assert early.get_json()["detail"] == "还有 36 期没有还清，全部还清以后才能出具结清证明。"
    rows = made(icbc.get(f"/bank{agreed}"), 200)["agreement"]["payments"]
    whole = sum(row["total_fen"] for row in rows)
    made(icbc.post(f"{of_bank(agreed)}/payments", {"number": 1, "paid_on": "2026-11-21", "amount_fen": whole}))
    asked = {"asked_at": NOW, "due_at": DUE, "issued_at": None, "document": None}
    for key in ("one", "one", "two"):
        assert made(host_app.post(path, key=key)) == asked
    assert made(icbc.get(f"{of_bank(agreed)}/clearance"), 200) == asked
    assert made(host_app.get(agreed), 200)["agreement"]["clearance"] == asked
    assert host_app.get(f"{path}.pdf").status_code == 404
    assert faults_of(host_app.post(path, {"why": "x"})) == {("/why", "unknown_field")}


def test_the_banks_own_pdf_is_handed_on_as_it_is(host_app: Caller, icbc: Caller, agreed: str) -> None:
    made(icbc.post(f"{of_bank(agreed)}/end", SETTLED), 200)
    mine = pdf("certificate")
    issued = made(upload(icbc, agreed, mine))
    assert (issued["asked_at"], issued["due_at"], issued["issued_at"]) == (None, DUE, NOW)
    for who, path in ((host_app, agreed), (icbc, f"/bank{agreed}")):
        shown = made(who.get(f"{path}/agreement/clearance"), 200)["document"]
        assert shown["url"].endswith(f"/api/v1{path}/agreement/clearance.pdf")
        assert who.get(shown["url"].partition("/api/v1")[2]).data == mine
    # The same call again is the same certificate; another one replaces it.
    key = {"key": "again"}
    first = made(upload(icbc, agreed, pdf("new"), **key))
    assert made(upload(icbc, agreed, pdf("new"), **key)) == first
    assert first["document"]["sha256"] != issued["document"]["sha256"]
    entries = made(host_app.get(f"{agreed}/communications"), 200)["items"]
    assert [each["kind"] for each in entries if each["kind"].startswith("clearance_")] == [
        "clearance_opened",
        "clearance_issued",
        "clearance_reissued",
    ]


def test_without_a_file_the_hub_prints_it(
    host_app: Caller, icbc: Caller, agreed: str, work_off: Callable[[], int]
) -> None:
    made(icbc.post(f"{of_bank(agreed)}/end", SETTLED), 200)
    assert made(icbc.post(f"{of_bank(agreed)}/clearance"))["document"] is None
    assert host_app.get(f"{agreed}/agreement/clearance.pdf").status_code == 409
    work_off()
    assert host_app.get(f"{agreed}/agreement/clearance.pdf").data.startswith(b"%PDF-")
    made(icbc.post(f"{of_bank(agreed)}/clearance", {"text": "更正。"}))


def locked() -> bytes:
    out = BytesIO()
    writer = pypdf.PdfWriter(BytesIO(pdf()))
    writer.encrypt("secret")
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "fault"),
    [
        (png(), "结清证明.png", ("/file", "pdf_required")),
        (pdf()[:200], "结清证明.pdf", ("/file", "evidence_unreadable")),
        (locked(), "结清证明.pdf", ("/file", "evidence_password")),
        (b"", "结清证明.pdf", ("/file", "file_empty")),
    ],
)
def test_a_file_that_will_not_do_is_refused_by_name_and_nothing_is_issued(
    host_app: Caller, icbc: Caller, agreed: str, content: bytes, name: str, fault: tuple[str, str]
) -> None:
    made(icbc.post(f"{of_bank(agreed)}/end", SETTLED), 200)
    assert faults_of(upload(icbc, agreed, content, name=name)) == {fault}
    assert made(host_app.get(f"{agreed}/agreement/clearance"), 200)["issued_at"] is None


def test_what_is_not_settled_gets_none(icbc: Caller, agreed: str) -> None:
    refused = upload(icbc, agreed, pdf())
    assert (refused.status_code, refused.get_json()["code"]) == (409, "rows_open")


def test_nobody_elses_is_there(icbc: Caller, host_app: Caller, bank_app: Callable[[str], Caller], agreed: str) -> None:
    cmb = bank_app("03080000")
    made(icbc.post(f"{of_bank(agreed)}/end", SETTLED), 200)
    for path in ("/clearance", "/clearance.pdf"):
        assert cmb.get(f"{of_bank(agreed)}{path}").status_code == 404
    assert cmb.post(f"{of_bank(agreed)}/clearance").status_code == 404
    assert icbc.post(f"{agreed}/agreement/clearance").status_code == 403
    assert host_app.post(f"{agreed.rpartition('/')[0]}/unknown/agreement/clearance").status_code == 404
