"""China's one time zone, and the few turns between its days and UTC instants."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
# A fortnight from either end of the calendar no week is broken off.
_FIRST_DAY: Final = date.min + timedelta(days=14)
_LAST_DAY: Final = date.max - timedelta(days=14)


def spoken_day(day: date) -> str:
    """`day` as it is written in China: 2026 年 11 月 28 日."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def spoken_moment(at: datetime) -> str:
    """`at` as it is written in China, to the minute: 2026 年 11 月 28 日 23:30."""
    local = at.astimezone(CHINA)
    return f"{spoken_day(local)} {local:%H:%M}"


def china_day(at: datetime) -> date:
    """The day it is in China at the instant `at`."""
    return at.astimezone(CHINA).date()


def china_instant(day: date, at: time) -> datetime:
    """The UTC instant of the wall-clock time `at` on `day` in China."""
    return datetime.combine(day, at, CHINA).astimezone(UTC)


def month_in_address(text: str) -> date | None:
    """The first day of the month that is written so, `2026-12`; None for what is none of this century."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first if 2000 <= first.year < 2100 and text == f"{first:%Y-%m}" else None


def day_in_address(text: str) -> date | None:
    """The day that is written so (ISO 8601); None for what is none, and where the calendar ends too soon around it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_DAY <= day <= _LAST_DAY else None
