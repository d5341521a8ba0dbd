"""What cancelling an instalment deal, settling it early or shortening it comes to by money and time really used.

The hub's own estimate, which binds nobody: the bank's figure counts, and both are shown (银保监规〔2022〕13号).
Amounts are rounded half up to the fen; days since the last paid instalment are reckoned at the deal's own yearly cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Final

from hub.domain.annual_cost import AnnualCost, worth_fen
from hub.domain.errors import Fault
from hub.domain.instalment_deal import DealKind, FeeMode, InstalmentDeal, deal_faults
from hub.domain.repayment import ScheduleRow, half_up, level_instalment_fen, monthly_interest_fen


class CancellationKind(StrEnum):
    """What a person asks for."""

    REFUND = "refund"  # 退货，商户已退款
    CANCEL_BEFORE_FIRST = "cancel_before_first"  # 首期入账前取消
    SETTLE_EARLY = "settle_early"  # 提前结清
    SHORTEN = "shorten"  # 缩短期数


class DayCount(IntEnum):
    """By how many days a year the bank reckons."""

    BY_365 = 365
    BY_360 = 360


class PartialRefund(StrEnum):
    """What becomes smaller where a merchant gives back a part of the price."""

    LAST_TERMS = "last_terms"  # 期数减少，每期金额不变
    AMOUNT = "amount"  # 期数不变，每期金额减少


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What a bank sets of how it reckons."""

    day_count: DayCount = DayCount.BY_365
    partial_refund: PartialRefund = PartialRefund.LAST_TERMS


USUAL_RECKONING: Final = Reckoning()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked of a deal, for which day. `merchant_refund_fen` is of a refund, `terms_left` of a shorter deal."""

    kind: CancellationKind
    wanted_on: date
    merchant_refund_fen: int | None = None
    terms_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayFigures:
    """What is to be paid, by its parts. A fee that goes back is set against the others."""

    remaining_principal_fen: int
    interest_to_date_fen: int
    fees_due_fen: int = 0
    fees_refunded_fen: int = 0
    other_fen: int = 0

    @property
    def pay_fen(self) -> int:
        """All parts together; never below 0."""
        return max(0, self._balance_fen)

    @property
    def back_fen(self) -> int:
        """What goes back to the card account where more is given back than is owed."""
        return max(0, -self._balance_fen)

    @property
    def _balance_fen(self) -> int:
        asked_fen = self.remaining_principal_fen + self.interest_to_date_fen + self.fees_due_fen + self.other_fen
        return asked_fen - self.fees_refunded_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The hub's figures. `continues` is what the deal still asks afterwards; empty where it ends.

    `used_fen` is what the interest of `days` is reckoned on. `fees_refunded_pro_rata_fen` stands beside the refund by
    time really used, of an upfront fee alone. `to_card_fen`: what goes back to the card account.
    """

    as_of: date
    figures: PayFigures
    days: int
    day_count: DayCount
    used_fen: int
    annual_cost: AnnualCost
    not_charged_fen: int
    to_card_fen: int
    fees_refunded_pro_rata_fen: int | None = None
    continues: tuple[ScheduleRow, ...] = ()

    @property
    def pay_fen(self) -> int:
        """What is to be paid by this estimate."""
        return self.figures.pay_fen


def question_faults(deal: InstalmentDeal, wish: Wish, *, today: date) -> list[Fault]:
    """What is wrong with the deal, or with the wish where the deal is sound; both as they lie in a body."""
    faults = [each.under("/deal") for each in deal_faults(deal, today=today)]
    return faults or wish_faults(deal, wish, today=today)


def wish_faults(deal: InstalmentDeal, wish: Wish, *, today: date) -> list[Fault]:
    """What cannot be asked of the deal. Assumes that the deal itself is sound.

    `overdue` where an instalment of before today is not paid: that is talked about with the bank instead.
    """
    if deal.is_overdue(today):
        return [Fault("/deal/paid_terms", "overdue")]
    faults = []
    if not today <= wish.wanted_on <= deal.next_on:
        params = {"earliest": today.isoformat(), "latest": deal.next_on.isoformat()}
        faults.append(Fault("/wanted_on", "day_range", params))
    is_refund, is_shorter = wish.kind is CancellationKind.REFUND, wish.kind is CancellationKind.SHORTEN
    if is_refund and deal.kind is not DealKind.MERCHANT:
        faults.append(Fault("/kind", "refund_of_merchant_deal"))
    is_posted = deal.paid_terms > 0 or wish.wanted_on >= deal.first_posted_on
    if wish.kind is CancellationKind.CANCEL_BEFORE_FIRST and is_posted:
        faults.append(Fault("/kind", "not_cancellable_after_posting"))
    faults += _own_field("/merchant_refund_fen", wish.merchant_refund_fen, is_refund, most=deal.principal_fen)
    faults += _own_field("/terms_left", wish.terms_left, is_shorter, most=deal.terms - deal.paid_terms - 1)
    return faults


def _own_field(pointer: str, value: int | None, is_its_kind: bool, *, most: int) -> list[Fault]:
    if not is_its_kind:
        return [] if value is None else [Fault(pointer, "not_for_this_cancellation")]
    if value is None:
        return [Fault(pointer, "required")]
    return [] if 1 <= value <= most else [Fault(pointer, "out_of_range", {"min": 1, "max": most})]


def estimate(deal: InstalmentDeal, wish: Wish, reckoning: Reckoning = USUAL_RECKONING) -> Estimate:
    """What the wish comes to on its day. Assumes that `deal_faults` and `wish_faults` found nothing."""
    cost, rows = deal.annual_cost, deal.rows
    open_rows, remaining_fen = rows[deal.paid_terms :], deal.remaining_fen
    back_fen = wish.merchant_refund_fen or 0
    kept = _kept(deal, wish, open_rows, reckoning.partial_refund)
    released_fen = remaining_fen - sum(row.principal_fen for row in kept)
    used_fen = _used_fen(deal, rows, open_rows, kept, released_fen)
    days = 0 if _never_used(deal, wish) else max(0, (wish.wanted_on - deal.last_paid_on).days)
    interest_fen = half_up(used_fen * int(cost.nominal_percent * 100) * days, 10_000 * reckoning.day_count)
    most_fen = monthly_interest_fen(used_fen, cost.nominal_percent)
    if deal.fee_mode is FeeMode.PER_TERM:
        most_fen = half_up(deal.fee_fen * released_fen, remaining_fen)
    is_upfront = deal.fee_mode is FeeMode.UPFRONT
    figures = PayFigures(
        remaining_principal_fen=0 if wish.kind is CancellationKind.REFUND else released_fen,
        # Months are equal and days are not: never more than the running month itself would ask.
        interest_to_date_fen=min(interest_fen, most_fen),
        fees_refunded_fen=released_fen - used_fen if is_upfront else 0,
    )
    return Estimate(
        as_of=wish.wanted_on,
        figures=figures,
        days=days,
        day_count=reckoning.day_count,
        used_fen=used_fen,
        annual_cost=cost,
        not_charged_fen=_charges_fen(open_rows) - _charges_fen(kept),
        to_card_fen=figures.back_fen + max(0, back_fen - remaining_fen),
        fees_refunded_pro_rata_fen=half_up(deal.fee_fen * released_fen, deal.principal_fen) if is_upfront else None,
        continues=kept,
    )


def _never_used(deal: InstalmentDeal, wish: Wish) -> bool:
    """Whether the deal is as if it had never been: what was split goes back to the bill it came from."""
    return wish.kind is CancellationKind.CANCEL_BEFORE_FIRST and deal.kind is not DealKind.CASH


def _charges_fen(rows: Sequence[ScheduleRow]) -> int:
    return sum(row.interest_fen + row.fee_fen for row in rows)


def _used_fen(
    deal: InstalmentDeal,
    rows: Sequence[ScheduleRow],
    open_rows: Sequence[ScheduleRow],
    kept: Sequence[ScheduleRow],
    released_fen: int,
) -> int:
    """What of the money that ends was really in use after the last paid instalment.

    Of an upfront fee that is less than the principal: what no longer falls due, worth at the deal's own cost.
    """
    if deal.fee_mode is not FeeMode.UPFRONT:
        return released_fen
    still = [row.total_fen for row in kept] + [0] * (len(open_rows) - len(kept))
    less = [row.total_fen - left for row, left in zip(open_rows, still, strict=True)]
    return worth_fen(deal.in_use_fen, [row.total_fen for row in rows], later_fen=less)


def _kept(
    deal: InstalmentDeal, wish: Wish, open_rows: Sequence[ScheduleRow], partial_refund: PartialRefund
) -> tuple[ScheduleRow, ...]:
    """The instalments that go on. Never more of them than before, nor later: nothing is split anew."""
    if wish.terms_left is not None:
        return _first_terms(deal, open_rows, wish.terms_left)
    left_fen = deal.remaining_fen - (wish.merchant_refund_fen or 0)
    if wish.kind is not CancellationKind.REFUND or left_fen <= 0:
        return ()
    # Of fewer fen than instalments some would ask for nothing: then it is the first ones that go on.
    if partial_refund is PartialRefund.LAST_TERMS or left_fen < len(open_rows):
        return _run(deal, open_rows, left_fen, [_part_fen(deal, row) for row in open_rows])
    count = len(open_rows)
    if deal.fee_mode is FeeMode.INTEREST:
        level_fen = level_instalment_fen(left_fen, _rate(deal), count=count)
        return _run(deal, open_rows, left_fen, [level_fen] * count)
    return _run(deal, open_rows, left_fen, [left_fen // count] * count)


def _first_terms(deal: InstalmentDeal, open_rows: Sequence[ScheduleRow], count: int) -> tuple[ScheduleRow, ...]:
    """The next `count` instalments as they are; with interest, what they are worth at the deal's rate."""
    first = open_rows[:count]
    if deal.fee_mode is not FeeMode.INTEREST:
        left_fen = sum(row.principal_fen for row in first)
    else:
        totals = [row.total_fen for row in deal.rows]
        left_fen = worth_fen(deal.principal_fen, totals, later_fen=[row.total_fen for row in first])
    return _run(deal, first, left_fen, [_part_fen(deal, row) for row in first])


def _part_fen(deal: InstalmentDeal, row: ScheduleRow) -> int:
    """What a row gives towards principal, and of a deal with interest towards that too."""
    return row.total_fen if deal.fee_mode is FeeMode.INTEREST else row.principal_fen


def _run(
    deal: InstalmentDeal, rows: Sequence[ScheduleRow], left_fen: int, parts_fen: Sequence[int]
) -> tuple[ScheduleRow, ...]:
    """`left_fen` paid by such parts on the days of `rows`; the last one takes the rest."""
    kept = []
    for row, part_fen in zip(rows, parts_fen, strict=True):
        has_interest = deal.fee_mode is FeeMode.INTEREST
        interest_fen = monthly_interest_fen(left_fen, _rate(deal)) if has_interest else 0
        principal_fen = left_fen if row is rows[-1] else min(part_fen - interest_fen, left_fen)
        left_fen -= principal_fen
        kept.append(
            ScheduleRow(
                number=row.number,
                due_on=row.due_on,
                principal_fen=principal_fen,
                interest_fen=interest_fen,
                fee_fen=row.fee_fen,
                total_fen=principal_fen + interest_fen + row.fee_fen,
                remaining_fen=left_fen,
            )
        )
        if left_fen == 0:
            break
    return tuple(kept)


def _rate(deal: InstalmentDeal) -> Decimal:
    return deal.annual_percent or Decimal(0)
