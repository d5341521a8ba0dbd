"""A clerk asks for papers, or says no."""

from __future__ import annotations

from html import unescape

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import banks as bank_rows
from tests.applications import ICBC
from tests.services.case import Case
from tests.web.pages.clerk import Clerk, forms_of


def test_a_case_is_picked_up_once_however_often_the_button_is_pressed(case: Case, clerk: Clerk) -> None:
    form = clerk.form("", "acknowledge")
    assert [clerk.done("/acknowledge", form) for _ in range(2)] == ["acknowledged"] * 2
    assert case.kinds().count("acknowledged") == 1
    assert "已受理，客户能看到有人在处理" in clerk.read("?done=acknowledged")
    assert "受理</button>" not in clerk.read()


def test_a_case_that_a_colleague_picked_up_says_who_and_when(case: Case, clerk: Clerk, chief: Clerk) -> None:
    form = clerk.form("", "acknowledge")
    chief.done("/acknowledge", chief.form("", "acknowledge"))
    answer = clerk.send("/acknowledge", form)
    assert answer.status_code == 409
    text = unescape(answer.get_data(as_text=True))
    assert chief.name in text
    assert "2026 年 11 月 21 日" in text


def test_papers_are_asked_for_after_a_look_at_what_the_person_will_see(case: Case, clerk: Clerk) -> None:
    fields = {**clerk.form("/request-evidence"), "kinds": ["payslip", "bank_statement"], "text": "请补充流水。\n谢谢！"}
    answer = clerk.send("/request-evidence", fields, step="preview")
    text = unescape(answer.get_data(as_text=True))
    assert "请补充流水。\n谢谢！" in text
    assert "2026 年 11 月 27 日（周五）18:00 前补充" in text
    assert "计时照常" in text
    assert (case.status, case.kinds()[-1]) == ("awaiting_bank", "clock_opened")
    assert clerk.done("/request-evidence", forms_of(answer)["request-evidence"]) == "asked"
    request = case.view()["evidence_request"]
    assert (request["kinds"], request["text"]) == (["payslip", "bank_statement"], "请补充流水。\n谢谢！")
    assert "客户须在" in clerk.read()


def test_the_preview_of_a_request_says_that_the_clock_stops_where_the_bank_has_it_so(
    hub: Hub, case: Case, clerk: Clerk
) -> None:
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, ICBC, {"pause_on_evidence": "true"})
    fields = {**clerk.form("/request-evidence"), "kinds": "payslip"}
    text = unescape(clerk.send("/request-evidence", fields, step="preview").get_data(as_text=True))
    assert "计时会暂停，期限先移到 2026 年 12 月 8 日" in text
    assert case.due == "2026-12-01 18:00"


def test_a_request_for_nothing_comes_back_with_the_words(clerk: Clerk) -> None:
    fields = {**clerk.form("/request-evidence"), "text": "请补充"}
    text, form = clerk.refused("/request-evidence", fields, step="preview")
    assert "有 1 处需要您看一下" in text
    assert form["text"] == ["请补充"]


def test_a_no_needs_a_reason_and_words_and_is_shown_first(case: Case, clerk: Clerk) -> None:
    text, _ = clerk.refused("/reject", clerk.form("/reject"), step="preview")
    assert "有 2 处需要您看一下" in text
    fields = {**clerk.form("/reject"), "reason_code": "can_afford", "text": "收入足够，可先选择账单分期。"}
    answer = clerk.send("/reject", fields, step="preview")
    assert "提交后协商结束" in unescape(answer.get_data(as_text=True))
    assert case.status == "awaiting_bank"
    assert clerk.done("/reject", forms_of(answer)["reject"]) == "rejected"
    rejection = case.view()["rejection"]
    assert (rejection["reason_code"], rejection["text"]) == ("can_afford", "收入足够，可先选择账单分期。")
    assert "收入足够" in clerk.read()


def test_going_back_from_a_preview_keeps_what_was_typed(clerk: Clerk) -> None:
    fields = {**clerk.form("/reject"), "reason_code": "other", "text": "第一行\n第二行"}
    preview = forms_of(clerk.send("/reject", fields, step="preview"))["reject"]
    form = forms_of(clerk.send("/reject", preview, step="edit"))["reject"]
    assert (form["reason_code"], form["text"]) == (["other"], ["第一行\n第二行"])


def test_missing_papers_are_no_reason_before_a_request_went_unanswered(case: Case, clerk: Clerk) -> None:
    fields = {**clerk.form("/reject"), "reason_code": "incomplete", "text": "材料不全。"}
    text, form = clerk.refused("/reject", fields, step="preview")
    assert "只有补充材料的要求逾期未答复后" in text
    assert form["text"] == ["材料不全。"]
    assert case.status == "awaiting_bank"
