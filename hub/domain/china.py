"""China's one time zone, and the few turns between its days and UTC instants."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


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
