"""Settling a plan before its end: what is still open by the ledger, and what a bank may ask for it.

Interest is for money and time really used (银保监规〔2022〕13号). What came for a row in part went to fees, then
interest, then principal (Civil Code 561).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from hub.domain.amendment import AmendedRow, AmendmentContents, AmendmentKind, PaidRow
from hub.domain.amounts import yuan
from hub.domain.china import spoken_day
from hub.domain.errors import Fault
from hub.domain.payments import PaymentRow, RowStatus
from hub.domain.repayment import ScheduleRow, half_up

MOST_DAYS_AHEAD = 30
# A yearly percent with two decimals, times 100, over this number is a day's rate: 100 * 100 * 365.
_DAYS_RATE_DIVISOR = 3_650_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What an early settlement asks, by its parts."""

    principal_fen: int
    interest_fen: int
    fee_fen: int

    @property
    def total_fen(self) -> int:
        """All of it."""
        return self.principal_fen + self.interest_fen + self.fee_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlySettlementRequest:
    """A person's wish to pay all that is left on one day."""

    settle_on: date
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementQuote:
    """What the bank asks for it, and until when that can be accepted."""

    figures: Figures
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRow:
    """What is still open of one row, by its parts."""

    number: int
    due_on: date
    parts: Figures


def day_faults(settle_on: date, *, today: date) -> list[Fault]:
    """The fault `day_range` where the day is not after today and within thirty days."""
    earliest, latest = today + timedelta(days=1), today + timedelta(days=MOST_DAYS_AHEAD)
    if earliest <= settle_on <= latest:
        return []
    return [Fault("/settle_on", "day_range", {"earliest": earliest.isoformat(), "latest": latest.isoformat()})]


def open_rows(rows: Sequence[PaymentRow], schedule: Sequence[ScheduleRow]) -> list[OpenRow]:
    """The rows of which something is owed, with what is still open of each part; `schedule` is as signed."""
    parts = {row.number: row for row in schedule}
    return [
        OpenRow(number=row.number, due_on=row.due_on, parts=_still_open(parts[row.number], row.paid_fen))
        for row in rows
        if row.is_open
    ]


def _still_open(row: ScheduleRow, paid_fen: int) -> Figures:
    fee_fen = min(paid_fen, row.fee_fen)
    interest_fen = min(paid_fen - fee_fen, row.interest_fen)
    return Figures(
        principal_fen=row.principal_fen - (paid_fen - fee_fen - interest_fen),
        interest_fen=row.interest_fen - interest_fen,
        fee_fen=row.fee_fen - fee_fen,
    )


def sum_of(rows: Sequence[OpenRow]) -> Figures:
    """What the rows come to, by parts."""
    return Figures(
        principal_fen=sum(row.parts.principal_fen for row in rows),
        interest_fen=sum(row.parts.interest_fen for row in rows),
        fee_fen=sum(row.parts.fee_fen for row in rows),
    )


def estimate(
    rows: Sequence[PaymentRow],
    schedule: Sequence[ScheduleRow],
    *,
    annual_rate_percent: Decimal | None,
    signed_on: date,
    settle_on: date,
) -> Figures:
    """The hub's own reckoning: principal still open, interest to the day by 365 days a year, fees that fell due.

    Never more interest than the rows ask: a plan's months are equal, and days are not.
    """
    opened = open_rows(rows, schedule)
    fallen, ahead = _split(opened, settle_on)
    began_on = max((row.due_on for row in rows if row.due_on <= settle_on), default=signed_on)
    hundredths = int((annual_rate_percent or Decimal(0)) * 100)
    used_fen = half_up(
        sum(row.parts.principal_fen for row in ahead) * hundredths * (settle_on - began_on).days, _DAYS_RATE_DIVISOR
    )
    later = {row.number for row in rows if row.due_on > settle_on}
    asked_later_fen = sum(row.interest_fen for row in schedule if row.number in later)
    open_later_fen = sum_of(ahead).interest_fen
    # Interest of the running month that was paid with a row ahead of its day is not asked for again.
    running_fen = min(max(0, used_fen - (asked_later_fen - open_later_fen)), open_later_fen)
    return Figures(
        principal_fen=sum_of(opened).principal_fen,
        interest_fen=sum_of(fallen).interest_fen + running_fen,
        fee_fen=sum_of(fallen).fee_fen,
    )


def _split(rows: Sequence[OpenRow], settle_on: date) -> tuple[list[OpenRow], list[OpenRow]]:
    return [row for row in rows if row.due_on <= settle_on], [row for row in rows if row.due_on > settle_on]


def quote_faults(
    figures: Figures, rows: Sequence[OpenRow], *, settle_on: date, may_charge_fee: bool = False
) -> list[Fault]:
    """What cannot be asked: more principal than is open, interest beyond the running month, a fee not agreed.

    With `may_charge_fee` the agreement's clauses leave the fee to the quote.
    """
    fallen, ahead = _split(rows, settle_on)
    most = Figures(
        principal_fen=sum_of(rows).principal_fen,
        interest_fen=sum_of([*fallen, *ahead[:1]]).interest_fen,
        fee_fen=sum_of(rows).fee_fen,
    )
    faults = [
        Fault(f"/{name}", "more_than_left", {"most_fen": getattr(most, name)})
        for name in ("principal_fen", "interest_fen")
        if getattr(figures, name) > getattr(most, name)
    ]
    if figures.fee_fen > most.fee_fen and not may_charge_fee:
        code, params = ("more_than_left", {"most_fen": most.fee_fen}) if most.fee_fen else ("fee_not_agreed", {})
        faults.append(Fault("/fee_fen", code, params))
    if figures.total_fen == 0:
        faults.append(Fault("/principal_fen", "not_above_zero"))
    return faults


def settled_early(rows: Sequence[PaymentRow], contents: AmendmentContents, *, tolerance_fen: int) -> list[PaymentRow]:
    """The rows once an early settlement is signed: those paid by then as they were, the open ones as one.

    `rows` are those of before, with all that ever came. The one row asks what the bank quoted, beside what had come
    for the rows that it stands for; whatever came since the signing is for it.
    """
    [settlement] = contents.after
    paid = {row.number: row.paid_fen for row in contents.paid}
    replaced = [row for row in rows if row.number not in paid]
    already_fen = sum(row.total_fen or 0 for row in replaced) - contents.going_on_fen
    came_fen = sum(row.paid_fen for row in rows) - sum(paid.values())
    since_fen = came_fen - already_fen
    kept = [replace(row, paid_fen=paid[row.number], status=RowStatus.PAID) for row in rows if row.number in paid]
    one = PaymentRow(
        number=settlement.number,
        due_on=settlement.due_on,
        total_fen=already_fen + settlement.total_fen,
        paid_fen=came_fen,
        status=_status(settlement.total_fen, since_fen, came_fen=came_fen, tolerance_fen=tolerance_fen),
        reported=tuple(sorted((each for row in replaced for each in row.reported), key=lambda each: each.at)),
        fails_on=fails_on(contents),
    )
    return sorted([*kept, one], key=lambda row: row.number)


def _status(asked_fen: int, since_fen: int, *, came_fen: int, tolerance_fen: int) -> RowStatus:
    if since_fen > 0 and asked_fen - since_fen <= tolerance_fen:
        return RowStatus.PAID
    return RowStatus.PART_PAID if came_fen > 0 else RowStatus.DUE


def contents_of(
    rows: Sequence[PaymentRow],
    figures: Figures,
    *,
    settle_on: date,
    grace_days: int,
    agreement_number: str,
    agreement_digest: str,
) -> AmendmentContents:
    """What both sides sign: the open rows become one of the quoted sum, and hold again where it is not paid."""
    opened = [row for row in rows if row.is_open]
    days = max(1, grace_days)
    return AmendmentContents(
        kind=AmendmentKind.EARLY_SETTLEMENT,
        agreement_number=agreement_number,
        agreement_digest=agreement_digest,
        before=tuple(AmendedRow(number=row.number, due_on=row.due_on, total_fen=row.open_fen) for row in opened),
        after=(AmendedRow(number=opened[0].number, due_on=settle_on, total_fen=figures.total_fen),),
        paid=tuple(PaidRow(number=row.number, paid_fen=row.paid_fen) for row in rows if not row.is_open),
        principal_fen=figures.principal_fen,
        interest_fen=figures.interest_fen,
        fee_fen=figures.fee_fen,
        grace_days=days,
        text_zh=(
            f"持卡人于 {spoken_day(settle_on)}前（含当日）一次归还人民币 {yuan(figures.total_fen)} 元，"
            f"其中本金 {yuan(figures.principal_fen)} 元，截至该日的利息 {yuan(figures.interest_fen)} 元，"
            f"费用 {yuan(figures.fee_fen)} 元。足额到账后，原协议全部结清，其余各期不再归还，"
            "其余各期的利息和费用不再收取。\n"
            f"自该日起 {days} 日内仍没有足额到账的，本补充协议失效，原协议的还款计划继续执行；"
            "已经归还的款项继续有效，计入原还款计划。\n"
            "除以上约定外，原协议的其他内容不变。"
        ),
    )


def fails_on(contents: AmendmentContents) -> date:
    """The first day, in China, on which a signed early settlement that was not paid has failed.

    The day that the days of grace begin with is not one of them (Civil Code 201), and the last of them is in time.
    """
    [settlement] = contents.after
    return settlement.due_on + timedelta(days=contents.grace_days + 1)
