"""The merchant's refund proof: given by host app or page, seen by its bank alone, exported, erased with the rest."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.delivery import MessageKind
from hub.domain.log_chain import verify
from hub.domain.retention import Periods
from hub.mail.kinds import MailKind
from hub.services.documents import person_exports
from hub.services.erasure import requests as erasures
from hub.services.evidence import judging
from hub.services.operating import many_readings, operator_tasks
from hub.services.operating.request_invariants import faults
from hub.services.requests import files
from hub.wiring import Hub
from storage import banks as bank_rows
from storage import communications, deliveries, service_requests
from storage.log_tables import OF_REQUESTS
from storage.records import (
    AuditRecord,
    DeliveryRecord,
    EvidenceRecord,
    MailRecord,
    RequestFileRecord,
    ServiceRequestRecord,
)
from tests.applications import CMB, ICBC, pdf, png
from tests.services.desk import acts
from tests.web.api.test_instalments import ASKED, PERSON
from tests.web.caller import Caller, made
from tests.web.pages.visitor import Visitor

REFUND: dict[str, Any] = {**ASKED, "kind": "refund", "merchant_refund_fen": 1_200_000}
LONG_AFTER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def offered_by_the_bank(hub: Hub, banks: dict[str, Bank]) -> None:
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, ICBC, {"services": "instalments"})


def uploaded(host_app: Caller, text: str = "退款凭证", kind: str = "refund") -> str:
    answer = host_app.upload(pdf(text), kind=kind, name="退款.pdf", subject="person-1")
    return str(made(answer)["id"])


@pytest.fixture
def file(host_app: Caller) -> str:
    return uploaded(host_app)


@pytest.fixture
def asked(host_app: Caller, file: str, work_off: Callable[[], int]) -> str:
    found = made(host_app.post("/instalment-requests", {**REFUND, "evidence": [file]}))
    work_off()
    return str(found["id"])


def kinds_of(hub: Hub, matter_id: str) -> list[str]:
    with hub.reading(HUB) as tx:
        (record,) = service_requests.list_of_matter(tx, matter_id)
        return [str(each.header.kind) for each in communications.list_entries(tx, record.id, log=OF_REQUESTS)]


def told(hub: Hub, kind: MessageKind) -> list[Any]:
    with hub.reading(HUB) as tx:
        rows = tx.session.scalars(sa.select(DeliveryRecord).where(DeliveryRecord.kind == kind))
        return [deliveries.body_of(tx, each)["data"]["evidence"] for each in rows]


def test_a_refund_is_asked_with_the_merchants_proof_which_the_bank_fetches(
    hub: Hub, host_app: Caller, icbc: Caller, file: str, asked: str
) -> None:
    found = made(icbc.get(f"/bank/instalment-requests/{asked}"), 200)
    (shown,) = found["evidence"]
    assert (shown["id"], shown["kind"], shown["file_name"], shown["status"]) == (file, "refund", "退款.pdf", "clean")
    answer = icbc.get(f"/bank/instalment-requests/{asked}/evidence/{file}")
    assert (answer.status_code, answer.data) == (200, pdf("退款凭证"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with hub.reading(HUB) as tx:
        (read,) = tx.session.scalars(sa.select(AuditRecord).where(AuditRecord.kind == "request_file_read"))
        assert (read.about, read.bank_code, read.details) == (found["reference"], ICBC, {"file": file})
    assert told(hub, MessageKind.INSTALMENT_REQUESTED) == [[{"id": file, "kind": "refund"}]]
    assert "instalments_proof_given" in kinds_of(hub, asked)
    assert made(host_app.delete(f"/evidence/{file}"), 409)["code"] == "evidence_attached"


def test_who_of_a_bank_reads_very_many_proofs_is_a_task_of_the_operator(
    hub: Hub, host_app: Caller, file: str, asked: str, work_off: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_readings, "MANY", 2)
    second = uploaded(host_app, "第二份")
    made(host_app.post(f"/instalment-requests/{asked}/evidence", {**PERSON, "evidence": [second]}), 200)
    work_off()
    for each, count in ((file, 0), (second, 1)):
        for _ in range(2):
            with hub.writing(acts("clerk")) as tx:
                record = service_requests.find_of_bank(tx, asked, bank_code=ICBC)
                files.content_for_bank(tx, hub.store, record, each)
        with hub.reading(HUB) as tx:
            assert [task.kind for task in operator_tasks.open_tasks(tx)].count("many_files_read") == count


def test_a_proof_given_later_is_told_to_the_bank_once(hub: Hub, host_app: Caller, asked: str) -> None:
    later = uploaded(host_app, "第二份")
    here = f"/instalment-requests/{asked}/evidence"
    for _ in range(2):
        found = made(host_app.post(here, {**PERSON, "evidence": [later]}), 200)
    assert [each["status"] for each in found["evidence"]] == ["clean", "checking"]
    assert told(hub, MessageKind.REQUEST_MESSAGE) == [[{"id": later, "kind": "refund"}]]
    assert kinds_of(hub, asked).count("instalments_proof_given") == 2


def test_a_file_is_the_banks_once_it_was_judged(host_app: Caller, icbc: Caller, asked: str) -> None:
    later = uploaded(host_app, "第二份")
    made(host_app.post(f"/instalment-requests/{asked}/evidence", {**PERSON, "evidence": [later]}), 200)
    answer = icbc.get(f"/bank/instalment-requests/{asked}/evidence/{later}")
    assert made(answer, 409)["code"] == "document_not_ready"


def test_another_bank_another_app_and_another_request_do_not_have_it(
    host_app: Caller, bank_app: Callable[[str], Caller], caller: Any, file: str, asked: str
) -> None:
    stranger = caller("another app", "applications:read", "applications:write")
    assert bank_app(CMB).get(f"/bank/instalment-requests/{asked}/evidence/{file}").status_code == 404
    here = f"/instalment-requests/{asked}/evidence"
    assert stranger.post(here, {**PERSON, "evidence": [file]}).status_code == 404
    assert host_app.post(here, {"subject": "person-2", "evidence": [file]}).status_code == 404
    elsewhere = str(uploaded(stranger))
    answer = made(host_app.post(here, {**PERSON, "evidence": [elsewhere]}), 422)
    assert [(each["pointer"], each["code"]) for each in answer["errors"]] == [("/evidence/0", "evidence_unknown")]


def test_a_file_of_another_kind_and_a_proof_of_no_refund_are_refused(
    hub: Hub, host_app: Caller, file: str, asked: str
) -> None:
    payslip = uploaded(host_app, kind="payslip")
    answer = made(host_app.post(f"/instalment-requests/{asked}/evidence", {**PERSON, "evidence": [payslip]}), 422)
    assert [(each["pointer"], each["code"]) for each in answer["errors"]] == [("/evidence/0", "unknown_choice")]
    answer = made(host_app.post("/instalment-requests", {**ASKED, "evidence": [file]}), 422)
    assert [(each["pointer"], each["code"]) for each in answer["errors"]] == [
        ("/evidence", "not_for_this_cancellation")
    ]
    with hub.reading(HUB) as tx:
        assert tx.session.scalar(sa.select(sa.func.count()).select_from(RequestFileRecord)) == 1


def test_nothing_is_added_once_it_is_over(host_app: Caller, icbc: Caller, asked: str) -> None:
    made(icbc.post(f"/bank/instalment-requests/{asked}/refuse", {"reason_code": "merchant_not_refunded"}), 200)
    later = uploaded(host_app, "第二份")
    answer = host_app.post(f"/instalment-requests/{asked}/evidence", {**PERSON, "evidence": [later]})
    assert made(answer, 409)["code"] == "status_conflict"


def test_an_export_of_the_person_names_the_file_and_has_its_bytes(hub: Hub, file: str, asked: str) -> None:
    with hub.writing(HUB) as tx:
        found = person_exports.of_subject(tx, client_id(tx), "person-1", Periods.parse(""), language="zh")
    (request,) = json.loads(json.dumps(found.areas["kept_for_you"], default=str))["requests"]
    assert [each["id"] for each in request["files"]] == [file]
    assert list(found.file_ids) == [file]


def client_id(tx: Any) -> str:
    return str(tx.session.scalar(sa.select(ServiceRequestRecord.client_id)))


def test_an_erasure_takes_rows_and_bytes_and_leaves_the_chain_whole(
    hub: Hub, icbc: Caller, asked: str, work_off: Callable[[], int]
) -> None:
    made(icbc.post(f"/bank/instalment-requests/{asked}/refuse", {"reason_code": "merchant_not_refunded"}), 200)
    assert list(hub.store.list_names(LONG_AFTER))
    with hub.writing(HUB) as tx:
        erasures.erase_subject(tx, client_id(tx), "person-1", Periods.parse(""))
    work_off()
    assert list(hub.store.list_names(LONG_AFTER)) == []
    with hub.reading(HUB) as tx:
        for table in (EvidenceRecord, RequestFileRecord):
            assert tx.session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
        (record,) = service_requests.list_of_matter(tx, asked)
        assert verify(communications.list_lines(tx, record.id, log=OF_REQUESTS)) is None
        assert list(faults(tx)) == []


def test_a_file_left_with_an_erased_request_is_found_by_the_check(hub: Hub, clock: FixedClock, asked: str) -> None:
    with hub.writing(HUB) as tx:
        (record,) = service_requests.list_of_matter(tx, asked, lock=True)
        record.erased_at = clock.now()
        assert ("erased_is_gone", f"request_file {record.id}", "still there after the erasure") in list(faults(tx))


@pytest.fixture
def asked_by_page(app: Flask) -> tuple[Visitor, str]:
    person = Visitor(app, "cardholder-1")
    form = {
        "bank_code": ICBC,
        "card_last4": "0007",
        "kind": "refund",
        "wanted_on": "2026-11-24",
        "merchant_refund_fen": "12000",
        "deal.kind": "merchant",
        "deal.principal_fen": "12000",
        "deal.terms": "12",
        "deal.paid_terms": "5",
        "deal.first_posted_on": "2026-07-10",
        "deal.fee_mode": "per_term",
        "deal.fee_fen": "72",
        "once": "a" * 32,
    }
    answer = person.post("/my/instalments/new", form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return person, answer.headers["Location"].split("?")[0]


def test_a_person_gives_a_picture_on_the_page_and_the_clerk_looks_at_its_pages(
    app: Flask, asked_by_page: tuple[Visitor, str], work_off: Callable[[], int]
) -> None:
    person, here = asked_by_page
    assert "交一份凭证" in person.page(here)
    form = {"once": "b" * 32, "file": (io.BytesIO(png()), "退款截图.png")}
    answer = person.post(f"{here}/evidence", form, content_type="multipart/form-data")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{here}?done=proof#proof")
    work_off()
    text = person.page(here)
    assert "退款截图.png" in text
    file = text.split(f'href="{here}/evidence/')[1].split('"')[0]
    assert person.get(f"{here}/evidence/{file}").data == png()
    clerk, desk = Visitor(app, f"reviewer-{ICBC}"), here.replace("/my/", "/portal/")
    assert f'href="{desk}/evidence/{file}"' in clerk.page(desk)
    looked = clerk.page(f"{desk}/evidence/{file}")
    assert f'<image href="{desk}/evidence/{file}/pages/1"' in looked
    assert clerk.get(f"{desk}/evidence/{file}/pages/1").content_type == "image/jpeg"
    assert clerk.get(f"{desk}/evidence/{file}/file").headers["Content-Disposition"].startswith("attachment")
    assert Visitor(app, f"bank-admin-{ICBC}").page("/portal/audit").count("查看了办理事项的材料") == 2
    other = Visitor(app, f"reviewer-{CMB}")
    for below in ("", "/pages/1", "/file"):
        assert other.get(f"{desk}/evidence/{file}{below}").status_code == 404
    assert Visitor(app, "cardholder-2").get(f"{here}/evidence/{file}").status_code == 404


@pytest.mark.parametrize(
    ("content", "says"), [(None, "请选择文件"), (b"no picture at all", "没有保存")], ids=["nothing", "no picture"]
)
def test_what_is_not_taken_is_said_at_the_form_and_nothing_is_kept(
    hub: Hub, asked_by_page: tuple[Visitor, str], content: bytes | None, says: str
) -> None:
    person, here = asked_by_page
    form: dict[str, Any] = {"once": "c" * 32}
    if content is not None:
        form["file"] = (io.BytesIO(content), "退款.txt")
    answer = person.post(f"{here}/evidence", form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    with hub.reading(HUB) as tx:
        assert tx.session.scalar(sa.select(sa.func.count()).select_from(RequestFileRecord)) == 0
    assert list(hub.store.list_names(LONG_AFTER)) == []


def test_a_file_that_cannot_be_opened_is_told_to_its_person_once(hub: Hub, host_app: Caller) -> None:
    broken, other = uploaded(host_app), uploaded(host_app, "另一份")
    made(host_app.post("/instalment-requests", {**REFUND, "evidence": [broken, other]}))
    before = news(hub)
    for _ in range(2):
        judging.judge(hub, hub.store, lambda *_: "unreadable", [broken, other])
    assert news(hub) == before + 1


def test_a_file_that_can_be_opened_is_no_news(hub: Hub, host_app: Caller) -> None:
    sound = uploaded(host_app)
    made(host_app.post("/instalment-requests", {**REFUND, "evidence": [sound]}))
    before = news(hub)
    judging.judge(hub, hub.store, lambda *_: None, [sound])
    assert news(hub) == before


def news(hub: Hub) -> int:
    with hub.reading(HUB) as tx:
        of_kind = MailRecord.kind == MailKind.REQUEST_NEWS
        return tx.session.scalar(sa.select(sa.func.count()).select_from(MailRecord).where(of_kind)) or 0


def test_a_rejected_file_says_so_to_its_person_and_is_not_the_banks(
    hub: Hub, asked_by_page: tuple[Visitor, str], app: Flask, work_off: Callable[[], int]
) -> None:
    person, here = asked_by_page
    form = {"once": "d" * 32, "file": (io.BytesIO(png()[:60]), "坏图.png")}
    person.post(f"{here}/evidence", form, content_type="multipart/form-data")
    with hub.writing(HUB) as tx:
        (row,) = tx.session.scalars(sa.select(EvidenceRecord))
        row.status, row.reason = "rejected", "unreadable"
    assert "文件打不开" in person.page(here)
    desk = here.replace("/my/", "/portal/")
    assert "坏图.png" not in Visitor(app, f"reviewer-{ICBC}").page(desk)
