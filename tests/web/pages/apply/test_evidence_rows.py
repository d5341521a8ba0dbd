"""One file at a time, as the page's script sends it: once, in words where it is refused, and nobody else's."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from hub.documents.file_inspection import FileInspection
from hub.documents.inspection import Inspector
from hub.domain.actor import HUB
from hub.domain.errors import StoreFull
from hub.domain.evidence_category import MAX_FILES
from hub.services.evidence import judging
from hub.web.limits import UPLOADS_A_PERSON
from hub.web.pages import uploading
from hub.wiring import Hub
from storage.records import EvidenceRecord
from tests.applications import id_number, pdf
from tests.documents.pictures import MARKS, marked, noted
from tests.web.caller import Caller
from tests.web.pages.apply.rows import count
from tests.web.pages.cardholders import fill_cards, fill_month, fill_reason, launched
from tests.web.pages.reader import Page, Reader

Send = Callable[..., TestResponse]
PHOTO = noted(marked((300, 200)), "JPEG", 6)


@pytest.fixture
def evidence(reader: Reader) -> Page:
    """The page of the files."""
    return fill_month(fill_reason(fill_cards(reader)))


@pytest.fixture
def send(evidence: Page) -> Send:
    """A way to send one file as the script does."""
    token = dict(evidence.form("保存并继续").fields)["csrf_token"]

    def sent(name: str, content: bytes, *, key: str = "k" * 32, category: str = "income") -> TestResponse:
        headers = {
            "X-CSRFToken": token,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        }
        address = f"/apply/evidence/files?category={category}&key={key}"
        kind = "application/octet-stream"
        return evidence.reader.web.post(address, data=content, content_type=kind, headers=headers)

    return sent


def post(page: Page, address: str, **fields: str) -> TestResponse:
    token = dict(page.form("保存并继续").fields)["csrf_token"]
    return page.reader.web.post(address, data=fields, headers={"X-CSRFToken": token})


def id_in(answer: TestResponse) -> str:
    found = re.search(r'data-file="(\w+)"', answer.get_data(as_text=True))
    assert found is not None
    return found[1]


def judge(hub: Hub) -> None:
    with hub.reading(HUB) as tx:
        ids = [each.id for each in tx.session.query(EvidenceRecord)]
    with Inspector() as inspector:
        judging.judge(hub, hub.store, FileInspection(inspector, None), ids)


def test_a_file_is_answered_with_its_row_of_the_page(evidence: Page, send: Send) -> None:
    answer = send("10月工资条.pdf", pdf("one"))
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "private, no-store"
    row = answer.get_data(as_text=True).strip()
    assert "10月工资条.pdf" in row
    assert row in evidence.reader.open("/apply/evidence").html


def test_a_file_that_is_sent_again_under_its_key_is_there_once(hub: Hub, send: Send, evidence: Page) -> None:
    first = id_in(send("工资.pdf", pdf("one")))
    assert post(evidence, "/apply/evidence/kind", id=first, kind="other").status_code == 204
    assert id_in(send("工资.pdf", pdf("one"))) == first
    assert id_in(send("又一次.pdf", pdf("one"), key="l" * 32)) != first, "under another heading it is another"
    assert count(hub, EvidenceRecord) == 2


@pytest.mark.parametrize(
    ("name", "content", "status", "said"),
    [
        ("表.xlsx", b"PK\x03\x04" + b"0" * 64, 415, ""),
        ("空.pdf", b"", 422, "文件是空的，请重新选择。"),
        ("大.pdf", pdf(size=10 * 2**20 + 1), 413, "文件有 10.1 MB，最多 10 MB。"),
        ("太大.pdf", pdf(size=11 * 2**20), 413, "文件有 11 MB，最多 10 MB。"),
        ("名\u202efdp.exe", pdf("x"), 422, "文件名无法使用"),
    ],
    ids=["type", "empty", "too large", "not read", "name"],
)
def test_what_is_not_taken_is_said_in_words_and_nothing_is_kept(
    hub: Hub, send: Send, name: str, content: bytes, status: int, said: str
) -> None:
    answer = send(name, content)
    assert answer.status_code == status
    assert answer.content_type == "text/plain; charset=utf-8"
    assert said in answer.get_data(as_text=True)
    assert count(hub, EvidenceRecord) == 0
    assert [each for each in (hub.settings.home / "evidence").rglob("*") if each.is_file()] == []


def test_one_file_too_many_is_refused(hub: Hub, send: Send) -> None:
    for number in range(MAX_FILES):
        assert send(f"{number}.pdf", pdf(str(number)), key=f"{number:032}").status_code == 201
    answer = send("再一个.pdf", pdf("more"), key="m" * 32)
    assert answer.status_code == 422
    assert answer.get_data(as_text=True) == "“再一个.pdf”没有保存：每类材料最多 10 个文件，可以先删除一个。"
    assert count(hub, EvidenceRecord) == MAX_FILES


def test_who_sends_too_many_is_told_when_to_come_back(hub: Hub, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "UPLOADS_A_PERSON", replace(UPLOADS_A_PERSON, amount=1))
    assert send("一.pdf", pdf("one")).status_code == 201
    answer = send("二.pdf", pdf("two"), key="l" * 32)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert count(hub, EvidenceRecord) == 1


def test_a_full_store_says_so_and_keeps_nothing(hub: Hub, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise StoreFull("no room")

    monkeypatch.setattr(type(hub.store), "write", full)
    assert send("一.pdf", pdf("one")).status_code == 507
    assert count(hub, EvidenceRecord) == 0


@pytest.mark.parametrize("query", ["", "?category=income", "?category=x&key=" + "k" * 32, "?category=income&key=short"])
def test_an_address_that_no_page_gave_is_none(evidence: Page, query: str) -> None:
    assert post(evidence, f"/apply/evidence/files{query}").status_code == 404


def test_a_form_of_another_site_sends_nothing(evidence: Page, hub: Hub) -> None:
    answer = evidence.reader.web.post(f"/apply/evidence/files?category=income&key={'k' * 32}", data=pdf())
    assert answer.status_code == 400
    assert count(hub, EvidenceRecord) == 0


def test_the_verdict_comes_to_who_asks_for_it(evidence: Page, hub: Hub, send: Send) -> None:
    ids = [id_in(send("照片.jpg", PHOTO)), id_in(send("坏.pdf", b"%PDF-1.7 cut", key="l" * 32))]
    address = "/apply/evidence/rows?" + "&".join(f"id={each}" for each in ids)
    web = evidence.reader.web
    assert web.get(address).get_data(as_text=True).strip() == ""
    judge(hub)
    rows = web.get(address).get_data(as_text=True)
    assert "data-checking" not in rows
    assert f"/apply/evidence/{ids[0]}/thumbnail" in rows
    assert "文件打不开，或有一部分缺失。" in rows
    assert web.get("/apply/evidence/rows?id=" + "0" * 32).get_data(as_text=True).strip() == ""


def test_what_a_file_is_said_to_be_is_kept_at_once(evidence: Page, send: Send) -> None:
    there = id_in(send("工资.pdf", pdf("one")))
    assert post(evidence, "/apply/evidence/kind", id=there, kind="no_such_kind").status_code == 204
    assert (f"kinds.{there}", "payslip") in evidence.reader.open("/apply/evidence").form("保存并继续").fields
    assert post(evidence, "/apply/evidence/kind", id=there, kind="income_proof").status_code == 204
    assert (f"kinds.{there}", "income_proof") in evidence.reader.open("/apply/evidence").form("保存并继续").fields


def test_a_file_is_gone_once_it_is_taken_out(evidence: Page, hub: Hub, send: Send) -> None:
    there = id_in(send("工资.pdf", pdf("one")))
    for _ in range(2):
        assert post(evidence, "/apply/evidence/gone", id=there).status_code == 204
    assert count(hub, EvidenceRecord) == 0


def test_the_thumbnail_is_for_the_page_and_tells_nothing(evidence: Page, hub: Hub, send: Send) -> None:
    there = id_in(send("照片.jpg", PHOTO))
    web, address = evidence.reader.web, f"/apply/evidence/{there}/thumbnail"
    assert web.get(address).status_code == 404
    judge(hub)
    answer = web.get(address)
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert len(answer.data) <= 20 * 1024
    assert [mark for mark in MARKS if mark in answer.data] == []
    assert Image.open(io.BytesIO(answer.data)).size == (168, 168)


def test_a_file_opens_again_as_it_was_sent(evidence: Page, send: Send) -> None:
    there = id_in(send("照片.jpg", PHOTO))
    answer = evidence.reader.web.get(f"/apply/evidence/{there}/file", buffered=True)
    assert answer.data == PHOTO
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")


def test_nobody_reaches_a_file_of_another_draft(
    evidence: Page, hub: Hub, send: Send, app: Flask, host_app: Caller
) -> None:
    there = id_in(send("照片.jpg", PHOTO))
    judge(hub)
    other = launched(app, host_app, id_number=id_number(9), mobile="13900000077")
    theirs = fill_month(fill_reason(fill_cards(other)))
    for below in ("thumbnail", "file"):
        assert other.web.get(f"/apply/evidence/{there}/{below}").status_code == 404
        assert app.test_client().get(f"/apply/evidence/{there}/{below}").status_code == 303
    assert other.web.get(f"/apply/evidence/rows?id={there}").get_data(as_text=True).strip() == ""
    assert post(theirs, "/apply/evidence/gone", id=there).status_code == 204
    assert post(theirs, "/apply/evidence/kind", id=there, kind="other").status_code == 204
    assert evidence.reader.web.get(f"/apply/evidence/{there}/thumbnail").status_code == 200
    assert (f"kinds.{there}", "payslip") in evidence.reader.open("/apply/evidence").form("保存并继续").fields
