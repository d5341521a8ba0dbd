"""The calendar at the operator's pages."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage.records import ClockRecord
from tests.applications import ICBC, application
from tests.conftest import Submit
from tests.web.pages.operator import Operator, forms_of

NOTICE_2027 = {
    "year": "2027",
    "notice": "国办发明电〔2026〕8号",
    "published_on": "2026-11-20",
    "off": "1月1日至1月3日\n2027-02-05 至 2027-02-11、4月3日~4月5日",
    "work": "2月14日",
}


def test_a_notice_is_looked_at_and_then_in_force(
    operator: Operator, hub: Hub, clock: FixedClock, submitted: Submit, work_off: Callable[[], int]
) -> None:
    clock.at += timedelta(days=35)
    submitted(ICBC, proposal={**application()["proposal"], "first_due_on": "2027-02-01"})
    work_off()
    assert "2027 年还没有正式放假安排" in operator.read("/ops/calendar")
    form = operator.form("/ops/calendar/import", "/ops/calendar/check")
    checked = operator.send("/ops/calendar/check", {**form, **NOTICE_2027})
    assert checked.status_code == 200
    assert "13 天" in checked.get_data(as_text=True)
    with hub.reading(HUB) as tx:
        assert tx.calendar().is_provisional(2027)
    [hidden] = forms_of(checked)["/ops/calendar/import"]
    assert len(json.loads(hidden["written"])["off"]) == 13
    changed = operator.send("/ops/calendar/import", {**hidden, "do": "edit"})
    assert "2027-02-11" in changed.get_data(as_text=True)
    with hub.reading(HUB) as tx:
        assert tx.calendar().is_provisional(2027)
    answers = [operator.send("/ops/calendar/import", hidden) for _ in range(2)]
    assert {each.location for each in answers} == {answers[0].location}
    assert re.fullmatch(r"/ops/calendar\?done=imported&moved=\d", answers[0].location)
    page = operator.read(answers[0].location)
    assert "国办发明电〔2026〕8号" in page
    assert "年还没有正式放假安排" not in page
    with hub.reading(HUB) as tx:
        assert not tx.calendar().is_provisional(2027)
        assert tx.session.scalars(sa.select(ClockRecord.provisional)).all() == [False]


def test_the_file_of_the_command_is_taken_too(operator: Operator) -> None:
    notice = {"year": 2027, "notice": "x", "published_on": "2026-11-20", "off": ["2027-01-01"], "work": []}
    form = operator.form("/ops/calendar/import", "/ops/calendar/check")
    upload = (io.BytesIO(json.dumps(notice).encode()), "2027.json")
    answer = operator.send("/ops/calendar/check", {**form, "file": upload})
    assert answer.status_code == 200
    assert "改为" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"year": "明年"}, "year", "哪一年请只填写数字"),
        ({"year": "1900"}, "year", "年份应在"),
        ({"notice": " "}, "notice", "请填写通知文号。"),
        ({"notice": "长" * 65}, "notice", "通知文号最多 64 个字"),
        ({"published_on": "某天"}, "published_on", "公布日期请填写真实的日期"),
        ({"off": "1月32日"}, "off", "放假的日子请填写真实的日期"),
        ({"off": "1月1日至12月1日"}, "off", "放假的日子请填写真实的日期"),
        ({"work": "2月30日"}, "work", "调休上班的周末请填写真实的日期"),
        ({"off": ""}, "off", "通知里没有放假日期"),
        ({"work": "2月15日"}, "work", "不是周末"),
        ({"work": "1月2日"}, "work", "同时列为放假和上班"),
        ({"work": "2028-01-01"}, "work", "不在"),
    ],
)
def test_a_wrong_notice_keeps_what_was_typed(
    operator: Operator, changes: dict[str, str], field: str, sentence: str
) -> None:
    form = operator.form("/ops/calendar/import", "/ops/calendar/check")
    answer = operator.send("/ops/calendar/check", {**form, **NOTICE_2027, **changes})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'<a href="#f-{field}">' in text
    assert text.count(sentence) >= 2
    for typed in {**NOTICE_2027, **changes}.values():
        assert typed in text


@pytest.mark.parametrize("content", [b"[]", b"\xff", b"{" * 10, b" " * 70_000, b'{"year": 2027, "more": 1}'])
def test_a_wrong_file_is_refused_at_its_field(operator: Operator, content: bytes) -> None:
    form = operator.form("/ops/calendar/import", "/ops/calendar/check")
    answer = operator.send("/ops/calendar/check", {**form, "file": (io.BytesIO(content), "a.json")})
    assert answer.status_code == 422
    assert "field-error" in answer.get_data(as_text=True)


@pytest.mark.parametrize("field", ["off", "work"])
def test_the_last_day_of_the_calendar_is_no_day_of_a_notice(operator: Operator, field: str) -> None:
    form = operator.form("/ops/calendar/import", "/ops/calendar/check")
    answer = operator.send("/ops/calendar/check", {**form, **NOTICE_2027, field: "9999-12-31"})
    assert (answer.status_code, "9999-12-31" in answer.get_data(as_text=True)) == (422, True)


def test_the_address_of_the_check_by_itself_leads_to_the_form(operator: Operator) -> None:
    assert operator.web.get("/ops/calendar/check").location == "/ops/calendar/import"


@pytest.mark.parametrize("written", ["", "[]", '{"year": 2027}', "null", '"x"'])
def test_what_was_written_over_on_the_way_is_refused(operator: Operator, written: str) -> None:
    form = operator.form("/ops/calendar/import", "/ops/calendar/check")
    answer = operator.send("/ops/calendar/import", {"csrf_token": form["csrf_token"], "written": written})
    assert answer.status_code == 422
