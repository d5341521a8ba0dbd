"""The viewer of files: pages as pictures, who may look, what a look leaves behind, and what is said of a file."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.evidence import CleanCopy, MediaType
from hub.services.evidence import viewing_copies
from hub.services.operating import audit, many_readings, operator_tasks
from hub.wiring import Hub
from storage import evidence
from storage import viewing_copies as stored
from storage.records import (
    AccessRecord,
    EvidenceCheckRecord,
    EvidencedFigureRecord,
    LogEntryRecord,
    OperatorTaskRecord,
    ViewingCopyRecord,
)
from tests.applications import CMB
from tests.services.case import Case
from tests.web.pages.apply.rows import count
from tests.web.pages.clerk import Clerk
from tests.web.pages.visitor import Visitor

ALL_SHUT = "sandbox; default-src 'none'; frame-ancestors 'none'"


@pytest.fixture
def file(case: Case) -> str:
    """The id of the case's only file, whose page is drawn."""
    return case.sent.evidence[0]


def looks(hub: Hub) -> list[str]:
    with hub.reading(HUB) as tx:
        return [each.what for each in tx.session.query(AccessRecord) if each.what.startswith("view/")]


def test_a_page_is_a_picture_beside_the_declared_numbers(clerk: Clerk, file: str) -> None:
    text = clerk.read(f"/evidence/{file}/view")
    assert f'<image href="{clerk.address}/evidence/{file}/pages/1" width="16" height="23"/>' in text
    assert "第 1 页，共 1 页" in text
    assert "第 1 份，共 1 份" in text
    assert f'class="view-mark" x="0" y="130">{clerk.email} 20' in text
    assert "客户填写的金额" in text
    assert re.search(r"<code>[0-9a-f]{64}</code>", text)


def test_the_bytes_of_a_page_are_shown_in_place_and_can_do_nothing(clerk: Clerk, file: str) -> None:
    answer = clerk.get(f"{clerk.address}/evidence/{file}/pages/1")
    assert answer.status_code == 200
    assert answer.content_type == "image/jpeg"
    assert answer.data.startswith(b"\xff\xd8\xff")
    assert answer.headers["Content-Security-Policy"] == ALL_SHUT
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    small = clerk.get(f"{clerk.address}/evidence/{file}/thumbnail")
    assert (small.status_code, small.content_type) == (200, "image/jpeg")
    assert small.headers["Content-Security-Policy"] == ALL_SHUT
    saved = clerk.get(f"{clerk.address}/evidence/{file}")
    assert saved.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("asked", "wide", "high", "moved"),
    [
        ("", 16, 23, ""),
        ("?zoom=200", 32, 46, ""),
        ("?zoom=100&turn=90", 23, 16, ' transform="translate(23 0) rotate(90)"'),
        ("?turn=180", 16, 23, ' transform="translate(16 23) rotate(180)"'),
        ("?turn=270", 23, 16, ' transform="translate(0 16) rotate(270)"'),
        ("?zoom=9999&turn=-5&page=99999999", 16, 23, ""),
    ],
)
def test_size_and_direction_are_asked_for_by_the_address(
    clerk: Clerk, file: str, asked: str, wide: int, high: int, moved: str
) -> None:
    text = clerk.read(f"/evidence/{file}/view{asked}")
    assert f'width="{wide}" height="{high}" data-width="16" data-height="23"' in text
    assert f'width="16" height="23"{moved}/>' in text


def test_a_look_is_on_record_once_a_person_and_day_and_the_person_sees_it(
    hub: Hub, case: Case, clerk: Clerk, chief: Clerk, file: str
) -> None:
    for _ in range(3):
        clerk.read(f"/evidence/{file}/view")
        clerk.get(f"{clerk.address}/evidence/{file}/pages/1")
    assert looks(hub) == [f"view/{file}"]
    chief.web.get(f"{chief.address}/evidence/{file}/pages/1")
    assert looks(hub) == [f"view/{file}"] * 2
    assert "查看了材料" in clerk.read("/readings")


def test_who_only_looks_says_why_first(app: Flask, hub: Hub, case: Case, file: str) -> None:
    auditor = Clerk(app, "auditor", case)
    for path in ("view", "pages/1", "thumbnail"):
        answer = auditor.web.get(f"{auditor.address}/evidence/{file}/{path}")
        assert (answer.status_code, answer.location) == (303, f"{auditor.address}/reveal")
    assert looks(hub) == []
    assert f"/evidence/{file}/thumbnail" not in auditor.read()
    for path in ("checks", "figures"):
        assert auditor.web.post(f"{auditor.address}/evidence/{file}/{path}").status_code in {400, 403, 404}
    assert count(hub, EvidenceCheckRecord) == 0


def test_another_banks_people_find_nothing(app: Flask, hub: Hub, case: Case, clerk: Clerk, file: str) -> None:
    stranger = Visitor(app, f"reviewer-{CMB}")
    for path in ("view", "pages/1", "thumbnail"):
        assert stranger.get(f"{clerk.address}/evidence/{file}/{path}").status_code == 404
        assert clerk.get(f"{clerk.address}/evidence/{'0' * 32}/{path}").status_code == 404
    assert clerk.get(f"{clerk.address}/evidence/{file}/pages/2").status_code == 404
    assert looks(hub) == []


def test_a_file_of_an_older_hub_is_drawn_on_first_look(
    hub: Hub, clerk: Clerk, file: str, work_off: Callable[[], int]
) -> None:
    with hub.writing(HUB) as tx:
        stored.remove(tx, evidence.get_evidence(tx, file))
    answer = clerk.get(f"{clerk.address}/evidence/{file}/view")
    assert answer.headers["Refresh"] == "3"
    assert "正在准备" in answer.get_data(as_text=True)
    assert count(hub, ViewingCopyRecord) == 1
    work_off()
    answer = clerk.get(f"{clerk.address}/evidence/{file}/view")
    assert "Refresh" not in answer.headers
    assert "/pages/1" in answer.get_data(as_text=True)


def test_a_file_that_was_not_taken_is_said_so_calmly(clerk: Clerk, case: Case) -> None:
    sent = case.upload()
    case.write("账单", sent)
    assert "还在做安全检查" in clerk.read(f"/evidence/{sent.id}/view")
    case.judge(sent.id, "password")
    text = clerk.read(f"/evidence/{sent.id}/view")
    assert "这个文件有密码" in text
    assert "下载文件" not in text
    assert f"/request-evidence?clearer={sent.id}" in text
    assert clerk.get(f"{clerk.address}/evidence/{sent.id}/pages/1").status_code == 404


def test_a_file_of_which_nothing_can_be_drawn_can_be_saved(hub: Hub, case: Case, clerk: Clerk) -> None:
    sent = case.upload(name="照片.jpg", content=b"\xff\xd8\xff a picture")
    case.write("照片", sent)
    case.judge(sent.id, CleanCopy(media_type=MediaType.JPEG, content=b"\xff\xd8\xff a copy"))
    viewing_copies.draw_pages(hub, hub.store, lambda *_: iter(()), sent.id)
    text = clerk.read(f"/evidence/{sent.id}/view")
    assert "读不出来" in text
    assert "下载文件" in text


def test_a_longer_file_says_how_many_pages_are_not_shown(hub: Hub, clerk: Clerk, file: str) -> None:
    with hub.writing(HUB) as tx:
        tx.session.get_one(ViewingCopyRecord, file).left_out = 100
    assert "还有 100 页没有显示" in clerk.read(f"/evidence/{file}/view")


def test_a_file_is_checked_or_doubted_in_words_that_colleagues_alone_read(
    hub: Hub, case: Case, clerk: Clerk, chief: Clerk, file: str
) -> None:
    entries = count(hub, LogEntryRecord)
    address = f"/evidence/{file}/view"
    form = clerk.form(address, name="checks?page=1")
    refused = clerk.web.post(f"{clerk.address}/evidence/{file}/checks", data={**form, "verdict": "doubtful"})
    assert refused.status_code == 422
    assert "存疑的原因" in refused.get_data(as_text=True)
    assert count(hub, EvidenceCheckRecord) == 0
    done = clerk.web.post(
        f"{clerk.address}/evidence/{file}/checks?page=1", data={**form, "verdict": "doubtful", "text": "公章看不清"}
    )
    assert (done.status_code, done.location) == (303, f"{clerk.address}/evidence/{file}/view?page=1&done=doubtful")
    text = chief.read(address)
    assert "公章看不清" in text
    assert clerk.name in text
    assert count(hub, LogEntryRecord) == entries
    assert "公章看不清" not in str(case.view())
    assert "存疑" in chief.read()


def test_a_case_whose_files_are_all_checked_opens_with_the_first_of_them(clerk: Clerk, file: str) -> None:
    form = clerk.form(f"/evidence/{file}/view", name="checks?page=1")
    answer = clerk.web.post(f"{clerk.address}/evidence/{file}/checks", data={**form, "verdict": "checked"})
    assert answer.status_code == 303
    assert f'href="{clerk.address}/evidence/{file}/view" data-key="e"' in clerk.read()


def test_what_a_file_shows_is_noted_beside_it_and_taken_back(hub: Hub, clerk: Clerk, file: str) -> None:
    form = clerk.form(f"/evidence/{file}/view", name="figures?page=1")
    refused = clerk.web.post(
        f"{clerk.address}/evidence/{file}/figures", data={**form, "line": "income.lottery", "amount_fen": "58"}
    )
    assert refused.status_code == 422
    assert "申请里没有这一项" in refused.get_data(as_text=True)
    assert count(hub, EvidencedFigureRecord) == 0
    done = clerk.web.post(
        f"{clerk.address}/evidence/{file}/figures",
        data={**form, "line": "income", "amount_fen": "5800.50", "note": "均值"},
    )
    assert done.status_code == 303
    case_page = clerk.read()
    assert "1 项已核对" in case_page
    figures = clerk.read("/figures")
    assert "5,800.50" in figures
    assert f"/evidence/{file}/view" in figures
    taken_back = clerk.web.post(
        f"{clerk.address}/figures", data={**clerk.form("/figures", name="figures"), "line": "income", "do": "take_back"}
    )
    assert (taken_back.status_code, taken_back.location) == (303, f"{clerk.address}/figures?done=taken_back")
    assert "5,800.50" not in clerk.read("/figures")


def test_a_better_copy_is_asked_for_with_kind_and_words_filled_in(clerk: Clerk, case: Case, file: str) -> None:
    form = clerk.form(f"/request-evidence?clearer={file}", name="request-evidence")
    assert form["kinds"] == ["payslip"]
    assert "请换一份更清楚的" in form["text"][0]
    assert clerk.form(f"/request-evidence?clearer={'0' * 32}", name="request-evidence")["text"] == [""]
    preview = clerk.web.post(f"{clerk.address}/request-evidence", data={**form, "step": "preview"})
    assert preview.status_code == 200
    assert "客户会看到" in preview.get_data(as_text=True)


def test_who_reads_very_many_files_in_ten_minutes_is_a_task_of_the_operator(
    hub: Hub, case: Case, clerk: Clerk, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_readings, "MANY", 2)
    clerk.read(f"/evidence/{file}/view")
    with hub.reading(HUB) as tx:
        assert operator_tasks.open_tasks(tx) == []
    for _ in range(2):
        clerk.get(f"{clerk.address}/evidence/{file}")
    with hub.reading(HUB) as tx:
        [task] = operator_tasks.open_tasks(tx)
        assert (task.kind, task.params["who"]) == ("many_files_read", clerk.email)
        # Their address stands with their account alone.
        assert clerk.email not in str(tx.session.scalars(sa.select(OperatorTaskRecord.params)).all())
        assert [each.kind for each in audit.newest(tx)].count("many_files_read") == 1
