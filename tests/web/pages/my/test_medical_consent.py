"""Medical papers that a person sends after the application: asked for the consent they need, where none stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.evidence import judging
from hub.wiring import Hub
from storage.evidence import file_name_of
from storage.records import EvidenceRecord
from tests.applications import pdf
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import filled_in
from tests.web.pages.my.ways import WorkOff, bank_path
from tests.web.pages.reader import Page, Reader

WORDS = "我单独同意提供医疗材料，仅用于说明我的困难。"
TICK = "consents.medical_data"
FILE = {"file": ("诊断.pdf", pdf("diagnosis"))}


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind of database will do: nothing here asks it anything of its own."""
    return sqlite_database


def sent_with(form: Page, **values: object) -> Page:
    return form.press("发送", {"text": "见附件", "kind": "diagnosis", **values}, files=FILE)


def kinds_of_bank(icbc: Caller, page: Page) -> list[str]:
    return [each["kind"] for each in made(icbc.get(bank_path(page)), 200)["evidence"]]


def test_without_the_tick_the_form_comes_back_and_the_file_with_it(sent: Page) -> None:
    form = sent.reader.open(f"{sent.address}/message")
    assert WORDS in form.text
    assert "才需要勾选" in form.text
    back = sent_with(form)
    assert back.status == 422
    assert "还缺少一项同意" in back.html.split(f'id="f-{TICK.replace(".", "-")}"')[0].rsplit("field-error", 1)[1]
    assert "诊断.pdf" in back.text
    assert ("waiting_kind", "diagnosis") in back.form("发送").fields
    assert "见附件" not in sent.reader.open(f"{sent.address}/record").text


def test_with_the_tick_the_paper_goes_to_the_bank_and_nothing_is_asked_again(
    sent: Page, icbc: Caller, work_off: WorkOff
) -> None:
    back = sent_with(sent.reader.open(f"{sent.address}/message"))
    done = back.press("发送", {TICK: ["1"]})
    assert "见附件" in done.text
    work_off()
    assert "diagnosis" in kinds_of_bank(icbc, sent)
    assert WORDS not in sent.reader.open(f"{sent.address}/message").text
    rights = sent.reader.open(f"{sent.address}/rights")
    assert any(each.endswith("/consents/medical_data") for each in rights.links)


def test_other_papers_need_no_tick(sent: Page) -> None:
    form = sent.reader.open(f"{sent.address}/message")
    done = form.press("发送", {"text": "见附件", "kind": "payslip"}, files=FILE)
    assert (done.status, "见附件" in done.text) == (200, True)


def test_a_consent_that_was_taken_back_is_asked_for_anew(
    sent: Page, icbc: Caller, work_off: WorkOff, clock: FixedClock
) -> None:
    sent_with(sent.reader.open(f"{sent.address}/message"), **{TICK: ["1"]})
    clock.at += timedelta(minutes=1)
    sent.reader.open(f"{sent.address}/consents/medical_data").press("撤回同意")
    clock.at += timedelta(minutes=1)
    form = sent.reader.open(f"{sent.address}/message")
    assert WORDS in form.text
    again = form.press(
        "发送", {"text": "再发", "kind": "medical_bill", TICK: ["1"]}, files={"file": ("单.pdf", pdf("b"))}
    )
    assert again.status == 200, again.text
    work_off()
    assert [each for each in kinds_of_bank(icbc, sent) if each in {"diagnosis", "medical_bill"}] == ["medical_bill"]


def test_a_correction_asks_for_it_too(
    reader: Reader, app: Flask, hub: Hub, host_app: Caller, work_off: WorkOff
) -> None:
    checked = filled_in(reader, taken=1)
    reader.open("/apply/evidence").press("上传", files={"files.income": ("坏流水.pdf", b"%PDF-1.7 broken")})
    done = reader.open(checked.address).press("提交给 1 家银行")
    with hub.reading(HUB) as tx:
        [broken] = [each.id for each in tx.session.query(EvidenceRecord) if file_name_of(tx, each) == "坏流水.pdf"]
    judging.judge(hub, hub.store, lambda *_: "unreadable", [broken])
    work_off()
    here = next(each for each in done.links if each.startswith("/my/negotiations/"))
    form = reader.open(f"{here}/correct")
    assert WORDS in form.text
    back = form.press("更正并重新提交", {"kind": "diagnosis"}, files=FILE)
    assert (back.status, "诊断.pdf" in back.text, "还缺少一项同意" in back.text) == (422, True, True)
    sent = back.press("更正并重新提交", {TICK: ["1"]})
    assert sent.status == 200, sent.text
