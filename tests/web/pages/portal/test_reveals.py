"""What is shown in full, to whom, why and for how long; and that person and supervisors hear of it."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask

from hub.wiring import Hub
from tests.applications import person
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.web.pages.clerk import Clerk, readings


def reveal(clerk: Clerk, **fields: str) -> str:
    return clerk.done("/reveal", {**clerk.form("/reveal"), "reason": "contact", **fields})


def test_one_field_is_shown_alone_and_the_log_says_which(app: Flask, hub: Hub, case: Case, clerk: Clerk) -> None:
    assert f'href="{clerk.address}/reveal?field=mobile"' in clerk.read()
    assert clerk.form("/reveal?field=mobile")["field"] == ["mobile"]
    assert reveal(clerk, field="mobile", text="约回电时间") == "revealed"
    page = clerk.read()
    assert "138****" not in page.partition('id="applicant"')[2].partition("</section>")[0]
    assert "王小明" not in page
    assert (clerk.email, "in_full/contact+mobile/约回电时间") in readings(hub, case)
    assert "查看完整的手机号：联系客户 约回电时间" in clerk.read("/readings")
    text, _ = clerk.refused("/reveal", {**clerk.form("/reveal"), "reason": "contact", "field": "everything"})
    assert 'href="#f-field"' in text


def test_all_is_shown_with_what_is_left_of_the_time_and_hidden_at_once(case: Case, clerk: Clerk) -> None:
    reveal(clerk)
    page = clerk.read()
    assert "王小明" in page
    assert 'data-seconds="300"' in page or 'data-seconds="299"' in page
    assert clerk.send("/hide", clerk.form("", "hide")).status_code == 303
    assert "data-seconds" not in clerk.read()


@pytest.mark.parametrize("text", ["a\x00b", "\u202eab"])
def test_words_that_are_not_seen_as_they_are_are_refused(clerk: Clerk, text: str) -> None:
    answer = clerk.post(f"{clerk.address}/reveal", {"field": "all", "reason": "other", "text": text})
    assert (answer.status_code, "含有无法显示的字符" in answer.get_data(as_text=True)) == (422, True)


def test_supervisors_are_told_once_of_more_than_five_people_an_hour(app: Flask, open_case: OpenCase) -> None:
    cases = [open_case(applicant=person(number)) for number in range(10, 17)]
    clerk = Clerk(app, "reviewer", cases[0])
    for each in cases:
        clerk.address = f"/portal/negotiations/{each.id}"
        form = {**clerk.form("/reveal"), "reason": "identity"}
        answer = clerk.web.post(f"{clerk.address}/reveal", data=form)
        if answer.status_code == 401:
            pressed = {**form, "confirm.press": "1"}
            answer = clerk.web.post(f"{clerk.address}/reveal", data=pressed)
        assert answer.status_code == 303, unescape(answer.get_data(as_text=True))
    told = [row for each in cases for row in each.mails("many_reveals")]
    assert [row.reader for row in told] == ["supervisors"]


def test_own_words_stand_there_whole_as_a_quotation_and_needs_at_the_top(app: Flask, open_case: OpenCase) -> None:
    words = "住院三个月，" * 40
    made = open_case(
        hardship={"reasons": ["illness"], "since": "2026-08-01", "description": words}, support_needs=["hearing"]
    )
    page = Clerk(app, "reviewer", made).read()
    assert f">{words}</blockquote>" in page
    heading = page.partition("<h1>")[2].partition("</h1>")[0]
    assert "需要关怀：" in heading
