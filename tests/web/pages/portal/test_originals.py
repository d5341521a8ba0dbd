"""The original of a file: for a supervisor with a reason, as a download, on record where the person sees it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from hub.domain.active_content import ActiveContent
from hub.domain.actor import HUB
from hub.domain.evidence import CleanCopy, MediaType
from hub.services.operating import many_readings, operator_tasks
from hub.services.reading import reading_log
from hub.wiring import Hub
from storage.records import AccessRecord
from tests.applications import CMB, pdf
from tests.services.case import Case
from tests.web.pages.clerk import Clerk, forms_of
from tests.web.pages.portal.test_evidence import ALL_SHUT
from tests.web.pages.visitor import Visitor

WHY = "核验电子签名"
SENT = pdf("客户自己的文件")
COPY = CleanCopy(
    media_type=MediaType.PDF,
    content=b"%PDF-1.7 pages alone",
    removed=(ActiveContent.SCRIPT, ActiveContent.ATTACHMENT),
    was_signed=True,
)


@pytest.fixture
def file(case: Case) -> str:
    """The id of a signed PDF with a script, which was sent with a message."""
    sent = case.upload(content=SENT)
    case.write("流水", sent)
    case.judge(sent.id, COPY)
    case.work_off()
    return sent.id


def taken(hub: Hub) -> list[str]:
    with hub.reading(HUB) as tx:
        return [each.what for each in tx.session.query(AccessRecord) if each.what.startswith("original/")]


def test_the_page_says_what_an_original_may_hold_and_that_the_customer_sees_the_reason(chief: Clerk, file: str) -> None:
    text = chief.read(f"/evidence/{file}/original")
    assert "没有清理" in text
    assert "这个文件的副本去掉了：脚本、附件。" in text
    assert "签名只能用原件核验" in text
    assert "客户能看到这条记录和原因" in text
    assert f'href="{chief.address}/evidence/{file}/original"' in chief.read(f"/evidence/{file}/view")


def test_it_is_a_download_that_can_do_nothing_and_the_copy_is_still_what_everybody_else_gets(
    hub: Hub, case: Case, chief: Clerk, file: str
) -> None:
    answer = chief.send(f"/evidence/{file}/original", chief.form(f"/evidence/{file}/original") | {"why": WHY})
    assert (answer.status_code, answer.data) == (200, SENT)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == ALL_SHUT
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert chief.get(f"{chief.address}/evidence/{file}").data == COPY.content
    assert taken(hub) == [f"original/{file}/{WHY}"]
    with hub.reading(HUB) as tx:
        [line] = [each for each in reading_log.readings_of(tx, case.id) if each.what == "original"]
    assert (line.reader, line.words) == ("supervisor", WHY)


@pytest.mark.parametrize("why", ["", "  ", "x" * 37, "a\x00b"])
def test_without_a_reason_of_one_short_line_nothing_is_handed_out(hub: Hub, chief: Clerk, file: str, why: str) -> None:
    fields = chief.form(f"/evidence/{file}/original") | {"why": why}
    answer = chief.send(f"/evidence/{file}/original", fields)
    assert answer.status_code in (400, 422)
    assert SENT not in answer.data
    assert taken(hub) == []


def test_an_old_proof_is_asked_for_anew_before_anything_is_handed_out(hub: Hub, chief: Clerk, file: str) -> None:
    fields = chief.form(f"/evidence/{file}/original") | {"why": WHY}
    with hub.database.writing() as session:
        session.execute(sa.text("UPDATE page_session SET proved_at = NULL"))
    asked = chief.send(f"/evidence/{file}/original", fields)
    assert (asked.status_code, SENT in asked.data, taken(hub)) == (401, False, [])
    assert "请确认是您本人" in asked.get_data(as_text=True)
    held = forms_of(asked)["original"]
    assert held["why"] == [WHY]
    answer = chief.send(f"/evidence/{file}/original", held | {"confirm.press": "1"})
    assert (answer.status_code, answer.data) == (200, SENT)
    assert taken(hub) == [f"original/{file}/{WHY}"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_is_no_supervisor_may_not(hub: Hub, clerk: Clerk, file: str, method: str) -> None:
    address = f"{clerk.address}/evidence/{file}/original"
    answer = clerk.get(address) if method == "get" else clerk.send(f"/evidence/{file}/original", {"why": WHY})
    assert answer.status_code in (400, 403)
    assert "/original" not in clerk.read(f"/evidence/{file}/view")
    assert taken(hub) == []


def test_another_banks_and_an_unknown_file_are_not_there(app: Flask, hub: Hub, chief: Clerk, file: str) -> None:
    stranger = Visitor(app, f"supervisor-{CMB}")
    assert stranger.get(f"{chief.address}/evidence/{file}/original").status_code == 404
    assert stranger.post(f"{chief.address}/evidence/{file}/original", {"why": WHY}).status_code == 404
    assert chief.get(f"{chief.address}/evidence/{'0' * 32}/original").status_code == 404
    assert taken(hub) == []


def test_many_originals_in_a_short_time_are_a_task_of_the_operator(
    hub: Hub, chief: Clerk, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_readings, "MANY_ORIGINALS", 1)
    chief.send(f"/evidence/{file}/original", chief.form(f"/evidence/{file}/original") | {"why": WHY})
    with hub.reading(HUB) as tx:
        assert "many_cases_read" in [each.kind for each in operator_tasks.open_tasks(tx)]
