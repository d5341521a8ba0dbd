"""Answers counted: weeks of China, ages without a gap, and a median that is one."""

from datetime import UTC, date, datetime, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.answers import (
    BreachCause,
    CaseAge,
    ExplainedBreach,
    median_of,
    reached_between,
    span_of,
    week_of,
    weeks_until,
)
from hub.domain.errors import InvalidValue

NOW = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)


def test_a_week_begins_on_monday_in_china() -> None:
    # Sunday 23:59 and Monday 00:00 in China.
    assert week_of(datetime(2026, 11, 22, 15, 59, tzinfo=UTC)) == date(2026, 11, 16)
    assert week_of(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == date(2026, 11, 23)
    since, before = span_of(date(2026, 11, 23))
    assert (since, before - since) == (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), timedelta(days=7))
    assert weeks_until(NOW)[-1] == date(2026, 11, 23)
    assert len(weeks_until(NOW)) == 12


@given(st.integers(0, 400))
def test_a_case_is_of_one_age(days: int) -> None:
    reached = NOW - timedelta(days=days, hours=1)
    of = []
    for age in CaseAge:
        after, until = reached_between(age, NOW)
        if reached <= until and (after is None or reached > after):
            of.append(age)
    assert len(of) == 1


@given(st.lists(st.integers(0, 15), min_size=1, max_size=40))
def test_the_median_of_counts_is_that_of_the_values(values: list[int]) -> None:
    assert median_of({each: values.count(each) for each in {*values, 16}}) == median(values)
    assert median_of({}) is None


def test_another_cause_needs_words() -> None:
    assert ExplainedBreach(cause=BreachCause.STAFFING).text == ""
    for text in ("", "  \u200b"):
        with pytest.raises(InvalidValue, match="text_required"):
            ExplainedBreach(cause=BreachCause.OTHER, text=text)
    with pytest.raises(InvalidValue, match="text_too_long"):
        ExplainedBreach(cause=BreachCause.SYSTEM, text="长" * 501)
