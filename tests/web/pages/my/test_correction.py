"""A person puts a returned negotiation right."""

from __future__ import annotations

from flask import Flask

from hub.domain.actor import HUB
from hub.services.evidence import judging
from storage.evidence import file_name_of
from storage.records import EvidenceRecord, NegotiationRecord
from storage.submissions import submission_of
from tests.applications import pdf
from tests.web.caller import Caller
from tests.web.pages.cardholders import filled_in
from tests.web.pages.my.ways import WorkOff
from tests.web.pages.reader import Reader


def test_a_returned_negotiation_is_put_right(reader: Reader, work_off: WorkOff, app: Flask, host_app: Caller) -> None:
    checked = filled_in(reader, taken=1)
    files = reader.open("/apply/evidence")
    files.press("上传", files={"files.income": ("坏流水.pdf", b"%PDF-1.7 broken")})
    done = reader.open(checked.address).press("提交给 1 家银行")
    _reject_file(app, "坏流水.pdf")
    work_off()
    here = next(each for each in done.links if each.startswith("/my/negotiations/"))
    returned = reader.open(here)
    assert "请您更正" in returned.text
    # Which file, and until when; and no paper is offered that was never printed.
    assert "坏流水.pdf" in returned.text.partition("您可以随时")[0]
    assert "2026 年 12 月 21 日" in returned.text
    assert not any(each.endswith("application-form.pdf") for each in returned.links)
    form = reader.open(f"{here}/correct")
    assert "坏流水.pdf" in form.text.partition("欠款和金额")[0]
    assert ("kind", "bank_statement") in form.form("更正并重新提交").fields
    sent = form.press("更正并重新提交", {"accounts.0.principal_fen": "2万"}, files={"file": ("好.pdf", pdf("again"))})
    assert sent.status == 200, sent.text
    work_off()
    assert "等银行答复" in reader.open(here).text


def test_what_has_ended_asks_for_no_correction(reader: Reader, work_off: WorkOff, app: Flask, host_app: Caller) -> None:
    filled_in(reader, taken=1)
    checked = reader.open("/apply/evidence").press("上传", files={"files.income": ("坏流水.pdf", b"%PDF-1.7 broken")})
    assert checked.status == 200
    done = reader.open("/apply/check").press("提交给 1 家银行")
    _reject_file(app, "坏流水.pdf")
    work_off()
    assert "请您更正" in reader.open("/my/").text
    here = next(each for each in done.links if each.startswith("/my/negotiations/"))
    ended = reader.open("/my/").reader.open(f"{here}/withdraw").press("撤回", {"sure": ["1"]})
    assert ended.status == 200
    assert "请您更正" not in reader.open("/my/").text


def _reject_file(app: Flask, name: str) -> None:
    hub = app.extensions["hub"].hub
    with hub.reading(HUB) as tx:
        [found] = [each.id for each in tx.session.query(EvidenceRecord) if file_name_of(tx, each) == name]
    judging.judge(hub, hub.store, lambda *_: "unreadable", [found])


def test_what_the_form_does_not_ask_again_stays(
    reader: Reader, work_off: WorkOff, app: Flask, host_app: Caller
) -> None:
    checked = filled_in(reader, taken=1)
    parts = {"accounts.0.components.0.principal_fen": "600", "accounts.0.components.0.remaining_terms": "12"}
    reader.open("/apply/cards").press("保存并继续", {**parts, "accounts.0.legal_stage": "sued"})
    reader.open("/apply/evidence").press("上传", files={"files.income": ("坏流水.pdf", b"%PDF-1.7 broken")})
    done = reader.open(checked.address).press("提交给 1 家银行")
    _reject_file(app, "坏流水.pdf")
    work_off()
    here = next(each for each in done.links if each.startswith("/my/negotiations/"))
    reader.open(f"{here}/correct").press("更正并重新提交", {"accounts.0.principal_fen": "2万"})
    work_off()
    hub = app.extensions["hub"].hub
    with hub.reading(HUB) as tx:
        row = tx.session.get_one(NegotiationRecord, here.rpartition("/")[2])
        [account] = submission_of(tx, row).accounts
    assert (row.version, account.principal_fen, account.legal_stage) == (2, 2_000_000, "sued")
    assert [(each.kind, each.principal_fen) for each in account.components] == [
        ("bill_instalment", 60_000),
        ("revolving", 1_940_000),
    ]
