"""The notices that come with the hub, and what an import file must be."""

import dataclasses
import json
from datetime import date, timedelta
from typing import Any

import pytest

from hub.domain.errors import Refused
from hub.domain.notices import PUBLISHED, Notice, parse_notice
from hub.domain.statutory_days import library_year


def form(**changes: Any) -> dict[str, Any]:
    """An import file's content: a small but right notice for 2027, with `changes`."""
    return {
        "year": 2027,
        "notice": "国办发明电〔2026〕9号",
        "published_on": "2026-11-25",
        "off": ["2027-01-01", "2027-01-02", "2027-01-03", "2027-02-05"],
        "work": ["2027-02-20"],
    } | changes


def faults_of(data: Any) -> list[tuple[str, str]]:
    """The places and codes of every fault that refuses `data`."""
    with pytest.raises(Refused) as refused:
        parse_notice(data)
    return [(fault.pointer, fault.code) for fault in refused.value.faults]


def run(first: str, last: str) -> set[date]:
    """The days from `first` to `last`."""
    start = date.fromisoformat(first)
    return {start + timedelta(days=n) for n in range((date.fromisoformat(last) - start).days + 1)}


def test_the_notice_for_2026_is_the_state_councils() -> None:
    notice = next(notice for notice in PUBLISHED if notice.year == 2026)
    assert (notice.notice, notice.published_on) == ("国办发明电〔2025〕7号", date(2025, 11, 4))
    assert notice.off == (
        run("2026-01-01", "2026-01-03")
        | run("2026-02-15", "2026-02-23")
        | run("2026-04-04", "2026-04-06")
        | run("2026-05-01", "2026-05-05")
        | run("2026-06-19", "2026-06-21")
        | run("2026-09-25", "2026-09-27")
        | run("2026-10-01", "2026-10-07")
    )
    made_up = {"2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"}
    assert notice.work == {date.fromisoformat(day) for day in made_up}


def test_the_notice_for_2025_is_the_state_councils() -> None:
    notice = next(notice for notice in PUBLISHED if notice.year == 2025)
    assert (notice.notice, notice.published_on) == ("国办发明电〔2024〕12号", date(2024, 11, 12))
    assert notice.off == (
        run("2025-01-01", "2025-01-01")
        | run("2025-01-28", "2025-02-04")
        | run("2025-04-04", "2025-04-06")
        | run("2025-05-01", "2025-05-05")
        | run("2025-05-31", "2025-06-02")
        | run("2025-10-01", "2025-10-08")
    )
    made_up = {"2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"}
    assert notice.work == {date.fromisoformat(day) for day in made_up}


@pytest.mark.parametrize("notice", PUBLISHED, ids=lambda notice: str(notice.year))
def test_a_published_notice_gives_all_thirteen_statutory_days_off(notice: Notice) -> None:
    statutory = library_year(notice.year).statutory
    assert len(statutory) == 13
    assert statutory <= notice.off


@pytest.mark.parametrize("notice", PUBLISHED, ids=lambda notice: str(notice.year))
def test_a_published_notice_names_where_it_was_read(notice: Notice) -> None:
    assert "https://www.gov.cn/" in notice.source


def test_an_import_file_becomes_a_notice() -> None:
    notice = parse_notice(json.loads(json.dumps(form())))
    assert notice.off == run("2027-01-01", "2027-01-03") | {date(2027, 2, 5)}
    assert notice.work == {date(2027, 2, 20)}
    assert (notice.year, notice.published_on, notice.source) == (2027, date(2026, 11, 25), "")


def test_an_import_file_may_say_where_it_was_read() -> None:
    assert parse_notice(form(source="中国政府网")).source == "中国政府网"


def test_a_notice_may_reach_back_into_december() -> None:
    notice = parse_notice(form(year=2019, off=["2018-12-31", "2019-01-01"], work=["2018-12-29"]))
    assert date(2018, 12, 31) in notice.off


def test_a_notice_may_make_no_weekend_work() -> None:
    assert parse_notice(form(work=[])).work == frozenset()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"colour": "red"}, ("/colour", "unknown_field")),
        ({"a/b~c": 1}, ("/a~1b~0c", "unknown_field")),
        ({"year": "2027"}, ("/year", "not_an_integer")),
        ({"year": True}, ("/year", "not_an_integer")),
        ({"year": 2027.0}, ("/year", "not_an_integer")),
        ({"year": 1999}, ("/year", "year_out_of_range")),
        ({"year": 20277}, ("/year", "year_out_of_range")),
        ({"notice": 9}, ("/notice", "not_text")),
        ({"notice": "  "}, ("/notice", "blank")),
        ({"notice": "字" * 65}, ("/notice", "too_long")),
        ({"source": None}, ("/source", "not_text")),
        ({"source": "s" * 501}, ("/source", "too_long")),
        ({"published_on": "25 November 2026"}, ("/published_on", "not_a_date")),
        ({"published_on": None}, ("/published_on", "not_a_date")),
        ({"off": "2027-01-01"}, ("/off", "not_a_list")),
        ({"off": []}, ("/off", "no_days_off")),
        ({"off": ["2027-02-30"]}, ("/off/0", "not_a_date")),
        ({"off": ["2027-01-01", "20270102"]}, ("/off/1", "not_a_date")),
        ({"off": ["2027-01-01", 5]}, ("/off/1", "not_a_date")),
        ({"off": ["2027-01-01", "2028-01-01"]}, ("/off/1", "day_outside_year")),
        ({"off": ["2027-01-01", "2026-12-19"]}, ("/off/1", "day_outside_year")),
        ({"off": ["2027-01-01", "2027-01-01"]}, ("/off/1", "day_twice")),
        ({"work": ["2027-02-19"]}, ("/work/0", "not_a_weekend")),
        ({"work": ["2027-02-20", "2027-01-02"]}, ("/work/1", "off_and_work")),
        ({"work": ["2026-02-28"]}, ("/work/0", "day_outside_year")),
        ({"work": {}}, ("/work", "not_a_list")),
    ],
)
def test_a_broken_rule_is_named_with_its_place(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert faults_of(form(**changes)) == [expected]


@pytest.mark.parametrize("name", ["year", "notice", "published_on", "off", "work"])
def test_a_missing_field_is_named(name: str) -> None:
    data = form()
    del data[name]
    assert faults_of(data) == [(f"/{name}", "required")]


@pytest.mark.parametrize("data", [None, [], "2027", 5])
def test_a_file_that_holds_no_object_is_refused(data: Any) -> None:
    assert faults_of(data) == [("", "not_an_object")]


def test_all_faults_are_named_at_once() -> None:
    broken = form(
        colour="red",
        published_on="soon",
        off=["x", "2030-01-01"],
        work=["2027-02-19", "2027-02-20", "2027-02-20"],
    )
    assert set(faults_of(broken)) == {
        ("/colour", "unknown_field"),
        ("/published_on", "not_a_date"),
        ("/off/0", "not_a_date"),
        ("/off/1", "day_outside_year"),
        ("/work/0", "not_a_weekend"),
        ("/work/2", "day_twice"),
    }


def test_a_notice_that_exists_is_valid() -> None:
    with pytest.raises(Refused) as refused:
        dataclasses.replace(PUBLISHED[-1], off=frozenset(), notice=" ")
    assert {fault.code for fault in refused.value.faults} == {"no_days_off", "blank"}
