"""还款日历 on paper: what falls due when, of all cards, for the person alone. Printed when asked for, kept nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from hub.documents.typesetting import html_from


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarLine:
    """One day on which something is to be paid. Sums in fen; both are 0 where the sum is not known beforehand."""

    due_on: date
    bank_zh: str
    card_last4: str
    statement_fen: int
    minimum_fen: int
    is_overdue: bool
    is_agreed: bool
    may_have_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCalendar:
    """The paper: its lines by day."""

    lines: tuple[CalendarLine, ...]
    made_at: datetime

    @property
    def months(self) -> list[tuple[str, Sequence[CalendarLine], int]]:
        """(name, lines, sum of the least to pay in fen) of each month in which something falls due."""
        by_month = groupby(self.lines, key=lambda line: (line.due_on.year, line.due_on.month))
        listed = [(f"{year} 年 {month} 月", list(lines)) for (year, month), lines in by_month]
        return [(name, lines, sum(each.minimum_fen for each in lines)) for name, lines in listed]


def html_of(calendar: DueCalendar) -> str:
    """The paper as HTML, ready to print; the same value gives the same text."""
    return html_from("due-calendar.html", calendar=calendar)
