"""The chart of answers by week as places in a drawing, so that the template computes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.services.reading.bank.answers import Share

WIDTH: Final = 720
HEIGHT: Final = 150
_STEP: Final = WIDTH // 12
_BAR: Final = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekBar:
    """One week of the chart: its bar stands on the ground, what was late on top of what was in time."""

    label: str
    week: str
    x: int
    middle: int
    width: int
    in_time_y: float
    in_time_height: float
    late_y: float
    late_height: float
    total: int
    late: int


def week_bars(weeks: Sequence[Share]) -> list[WeekBar]:
    """The bars of the weeks, the highest as high as the drawing."""
    most = max((each.total for each in weeks), default=0) or 1
    found = []
    for number, each in enumerate(weeks):
        in_time, late = (HEIGHT * part / most for part in (each.in_time, each.late))
        x = number * _STEP + (_STEP - _BAR) // 2
        found.append(
            WeekBar(
                label=each.name[5:],
                week=each.name,
                x=x,
                middle=x + _BAR // 2,
                width=_BAR,
                in_time_y=round(HEIGHT - in_time, 1),
                in_time_height=round(in_time, 1),
                late_y=round(HEIGHT - in_time - late, 1),
                late_height=round(late, 1),
                total=each.total,
                late=each.late,
            )
        )
    return found
