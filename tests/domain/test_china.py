"""Days and instants of China's one time zone, on both sides of midnight."""

from datetime import UTC, date, datetime, time

import pytest

from hub.domain.china import china_day, china_instant, spoken_moment


@pytest.mark.parametrize(
    ("at", "day", "spoken"),
    [
        (datetime(2026, 11, 28, 15, 59, 59, tzinfo=UTC), date(2026, 11, 28), "2026 年 11 月 28 日 23:59"),
        (datetime(2026, 11, 28, 16, 0, tzinfo=UTC), date(2026, 11, 29), "2026 年 11 月 29 日 00:00"),
        (datetime(2026, 12, 31, 16, 5, tzinfo=UTC), date(2027, 1, 1), "2027 年 1 月 1 日 00:05"),
    ],
)
def test_a_day_in_china_begins_at_16_utc(at: datetime, day: date, spoken: str) -> None:
    assert china_day(at) == day
    assert spoken_moment(at) == spoken


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        (date(2026, 11, 28), time(18), datetime(2026, 11, 28, 10, tzinfo=UTC)),
        (date(2026, 11, 28), time(7, 59), datetime(2026, 11, 27, 23, 59, tzinfo=UTC)),
    ],
)
def test_a_wall_clock_time_in_china_is_eight_hours_earlier_in_utc(day: date, at: time, instant: datetime) -> None:
    assert china_instant(day, at) == instant
    assert china_instant(day, at).tzinfo is UTC
