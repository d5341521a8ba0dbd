"""The chart of what is still owed, as places in a drawing, so that the template computes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.domain.calculation import Way, WayKind
from hub.domain.card_debt import End

WIDTH: Final = 320
HEIGHT: Final = 180
DRAWN: Final = (WayKind.MINIMUM, WayKind.FIXED_SUM, WayKind.EQUAL_INSTALMENT, WayKind.PLAN)
"""The three methods of an instalment deal take the same months and nearly the same line: one of them stands for all."""

_MOST_MARKS: Final = 6
_STEPS: Final = (1, 2, 3, 6, 12, 24, 36, 60, 120)
# Months of the table below the chart, as far as it reaches.
_TOLD: Final = (0, 1, 3, 6, 12, 18, 24, 36, 48, 60, 84, 120, 180, 240, 300, 360)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One way: the points of its line as SVG takes them; empty where it is never paid off."""

    kind: WayKind
    points: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A month on the ground line of the chart."""

    x: float
    month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedRow:
    """What is still owed after so many months, by each way that is drawn; None where that is never paid off."""

    month: int
    owed_fen: list[int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostChart:
    """The lines, the months below them, the halves of the debt beside them, and all of it as a table."""

    lines: list[Line]
    marks: list[Mark]
    debt_fen: int
    rows: list[OwedRow]
    months: int

    @property
    def half_fen(self) -> int:
        """Half of the debt, at half the height."""
        return self.debt_fen // 2


def chart_of(ways: Sequence[Way], debt_fen: int) -> CostChart:
    """The chart of `ways` on a debt of `debt_fen`, as long as the longest of those that are paid off, or thirty years.

    What is never paid off has no line: words say it.
    """
    drawn = [way for kind in DRAWN for way in ways if way.kind is kind]
    owed = {way.kind: _owed(way, debt_fen) for way in drawn}
    months = max((len(each) - 1 for each in owed.values() if each), default=1)
    return CostChart(
        lines=[Line(kind=kind, points=_points(each, months, debt_fen)) for kind, each in owed.items()],
        marks=[Mark(x=_x(month, months), month=month) for month in _marks(months)],
        debt_fen=debt_fen,
        rows=[
            OwedRow(month=month, owed_fen=[_after(each, month) for each in owed.values()]) for month in _told(months)
        ],
        months=months,
    )


def _owed(way: Way, debt_fen: int) -> list[int]:
    """What is owed at first and after each month; empty where it is never paid off."""
    return [] if way.end is End.NEVER else [debt_fen, *(row.remaining_fen for row in way.schedule.rows)]


def _after(owed: list[int], month: int) -> int | None:
    if not owed:
        return None
    return owed[month] if month < len(owed) else 0


def _x(month: int, months: int) -> float:
    return round(WIDTH * month / months, 1)


def _points(owed: list[int], months: int, debt_fen: int) -> str:
    return " ".join(
        f"{_x(month, months)},{round(HEIGHT - HEIGHT * fen / debt_fen, 1)}" for month, fen in enumerate(owed)
    )


def _marks(months: int) -> range:
    step = next((each for each in _STEPS if months // each < _MOST_MARKS), _STEPS[-1])
    return range(0, months + 1, step)


def _told(months: int) -> list[int]:
    return sorted({*(month for month in _TOLD if month < months), months})
