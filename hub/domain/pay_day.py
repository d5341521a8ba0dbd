"""Another day of the month to pay on: which rows move to it, and to when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from hub.domain.amendment import AmendedRow, AmendmentContents, AmendmentKind
from hub.domain.errors import Fault, Refused
from hub.domain.payments import DueRow, PaymentRow

LEAST_DAYS_AHEAD = 3
LAST_DAY = 31
_MOST_MONTHS_LATER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PayDayRequest:
    """One side's wish for another day of the month; the last day where a month has no such day."""

    day: int
    text: str = ""


def rows_to_move(rows: Sequence[PaymentRow], *, today: date) -> list[PaymentRow]:
    """The rows that can move: something is owed of them, and their day has not come."""
    return [row for row in rows if row.is_open and row.due_on > today]


def moved_days(rows: Sequence[PaymentRow], day: int, *, today: date, latest: date) -> dict[int, date]:
    """The new day of each row that moves, by its number: one row a month as before, the first at least 3 days ahead.

    A row keeps its month where the first can; else all move on by one or two months alike. Raises `Refused`
    `pay_day_same` where nothing would move, and `pay_day_beyond_five_years` where the last would come after `latest`.
    """
    moving = rows_to_move(rows, today=today)
    days: dict[int, date] = {}
    for months in range(_MOST_MONTHS_LATER + 1):
        days = {row.number: row.due_on + relativedelta(months=months, day=day) for row in moving}
        if all(each >= today + timedelta(days=LEAST_DAYS_AHEAD) for each in days.values()):
            break
    if all(days[row.number] == row.due_on for row in moving):
        raise Refused(Fault("/day", "pay_day_same"))
    if max(days.values()) > latest:
        raise Refused(Fault("/day", "pay_day_beyond_five_years", {"latest": latest.isoformat()}))
    return days


def moved(due: Sequence[DueRow], days: Mapping[int, date]) -> list[DueRow]:
    """The rows with the days that were agreed for some of them; numbers and amounts stay."""
    return [replace(row, due_on=days.get(row.number, row.due_on)) for row in due]


def contents_of(
    rows: Sequence[PaymentRow],
    days: Mapping[int, date],
    *,
    day: int,
    agreement_number: str,
    agreement_digest: str,
) -> AmendmentContents:
    """What both sides sign: the rows of `days` move, and nothing else changes."""
    moving = [row for row in rows if row.number in days]
    return AmendmentContents(
        kind=AmendmentKind.PAY_DAY,
        agreement_number=agreement_number,
        agreement_digest=agreement_digest,
        before=tuple(AmendedRow(number=row.number, due_on=row.due_on, total_fen=row.total_fen or 0) for row in moving),
        after=tuple(
            AmendedRow(number=row.number, due_on=days[row.number], total_fen=row.total_fen or 0) for row in moving
        ),
        day=day,
        text_zh=(
            f"下表所列各期的还款日改为每月 {day} 日，当月没有该日的，为当月最后一日。"
            "各期的期数和金额不变，不因此增加或者减少利息和费用。\n"
            "除以上约定外，原协议的其他内容不变；表中没有列出的各期，还款日不变。"
        ),
    )
