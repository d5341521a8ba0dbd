"""The strip of a time to answer."""

from datetime import date

import pytest

from hub.domain.day_strip import StripDay, strip_of

# Friday, then Monday to Tuesday.
DAYS = [date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)]


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (date(2026, 11, 19), ["rest", "ahead", "ahead", "ahead"]),
        (date(2026, 11, 20), ["today", "ahead", "ahead"]),
        (date(2026, 11, 21), ["past", "rest", "ahead", "ahead"]),
        (date(2026, 11, 23), ["past", "today", "ahead"]),
        (date(2026, 11, 25), ["past", "past", "past"]),
    ],
)
def test_today_stands_among_the_days_also_where_it_does_not_count(today: date, shown: list[str]) -> None:
    strip = strip_of(DAYS, today)
    assert [each.standing for each in strip] == shown
    assert [each.day for each in strip] == sorted(each.day for each in strip)


def test_without_days_there_is_no_strip() -> None:
    assert strip_of([], date(2026, 11, 21)) == []
    assert StripDay.REST not in {each.standing for each in strip_of(DAYS, DAYS[0])}
