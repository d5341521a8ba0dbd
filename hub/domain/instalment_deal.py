"""An instalment deal on a card: a contract of its own, with what it charges, its payments, and what it costs a year.

Its kinds are those that banks sell: for one purchase, for a bill, and in cash. A plan of Article 70 is none of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from dateutil.relativedelta import relativedelta

from hub.domain.annual_cost import AnnualCost, annual_cost_of
from hub.domain.errors import Fault
from hub.domain.repayment import ScheduleRow, schedule_of
from hub.domain.terms import MAX_INSTALMENTS, Kind, Method, Terms, due_dates

MOST_ANNUAL_PERCENT: Final = 100
_NOTHING: Final = Decimal("0.00")
_MOST_YEARS_APART: Final = 6


class DealKind(StrEnum):
    """What was split into instalments."""

    MERCHANT = "merchant"  # 商户分期
    BILL = "bill"  # 账单分期
    CASH = "cash"  # 现金分期


class FeeMode(StrEnum):
    """How the deal charges."""

    PER_TERM = "per_term"  # a fee with each instalment
    UPFRONT = "upfront"  # one fee when it was concluded
    INTEREST = "interest"  # interest by a yearly rate, equal instalments


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentDeal:
    """One deal as it was concluded, and how many of its instalments are paid.

    `fee_fen` is the fee of each instalment, or of an upfront fee all of it; with interest it is 0 and `annual_percent`
    says the rate, which is None otherwise. `first_posted_on` is the day of the first instalment.
    """

    kind: DealKind
    principal_fen: int
    terms: int
    paid_terms: int
    fee_mode: FeeMode
    first_posted_on: date
    fee_fen: int = 0
    annual_percent: Decimal | None = None

    @property
    def rows(self) -> tuple[ScheduleRow, ...]:
        """Every instalment as it was concluded; an upfront fee is in none of them."""
        has_interest = self.fee_mode is FeeMode.INTEREST
        terms = Terms(
            kind=Kind.INSTALMENTS,
            principal_fen=self.principal_fen,
            first_due_on=self.first_posted_on,
            instalments=self.terms,
            annual_rate_percent=self.annual_percent if has_interest else _NOTHING,
            method=Method.EQUAL_INSTALMENT if has_interest else Method.INTEREST_FREE,
            fee_fen=self.fee_fen * self.terms if self.fee_mode is FeeMode.PER_TERM else 0,
        )
        return schedule_of(terms, signed_on=self.began_on).rows

    @property
    def began_on(self) -> date:
        """The day from which the money counts as used: a month before the first instalment."""
        return self.first_posted_on - relativedelta(months=1)

    @property
    def in_use_fen(self) -> int:
        """What the person really had at first: an upfront fee was gone at once."""
        return self.principal_fen - (self.fee_fen if self.fee_mode is FeeMode.UPFRONT else 0)

    @property
    def annual_cost(self) -> AnnualCost:
        """What the deal costs a year if it runs to its end."""
        return annual_cost_of(self.in_use_fen, payments_fen=[row.total_fen for row in self.rows])

    @property
    def days(self) -> list[date]:
        """The days of all instalments."""
        return due_dates(self.first_posted_on, self.terms)

    @property
    def last_paid_on(self) -> date:
        """The day of the last instalment that is paid; without one, the day from which the money counts as used."""
        return self.days[self.paid_terms - 1] if self.paid_terms else self.began_on

    @property
    def next_on(self) -> date:
        """The day of the next instalment that is not paid."""
        return self.days[self.paid_terms]

    @property
    def remaining_fen(self) -> int:
        """The principal that is not repaid."""
        return self.rows[self.paid_terms - 1].remaining_fen if self.paid_terms else self.principal_fen

    def is_overdue(self, today: date) -> bool:
        """Whether an instalment of before today is not paid."""
        return self.next_on < today


def deal_faults(deal: InstalmentDeal, *, today: date) -> list[Fault]:
    """What cannot be of a deal, each at its place. Assumes that every number is within its own bounds."""
    return list(_charge_faults(deal)) or list(_day_faults(deal, today))


def _charge_faults(deal: InstalmentDeal) -> Iterator[Fault]:
    if deal.paid_terms >= deal.terms:
        yield Fault("/paid_terms", "all_terms_paid")
    if deal.principal_fen < deal.terms:
        yield Fault("/terms", "instalment_too_small")
    if deal.fee_mode is FeeMode.INTEREST:
        if deal.annual_percent is None:
            yield Fault("/annual_percent", "required")
        elif deal.annual_percent <= 0:
            yield Fault("/annual_percent", "not_above_zero")
        elif deal.annual_percent > MOST_ANNUAL_PERCENT:
            yield Fault("/annual_percent", "out_of_range", {"min": 0, "max": MOST_ANNUAL_PERCENT})
        if deal.fee_fen:
            yield Fault("/fee_fen", "not_for_this_fee_mode")
    elif deal.annual_percent is not None:
        yield Fault("/annual_percent", "not_for_this_fee_mode")
    elif deal.fee_fen * (deal.terms if deal.fee_mode is FeeMode.PER_TERM else 1) >= deal.principal_fen:
        yield Fault("/fee_fen", "fee_not_below_principal")


def _day_faults(deal: InstalmentDeal, today: date) -> Iterator[Fault]:
    earliest = today - relativedelta(years=_MOST_YEARS_APART)
    latest = today + timedelta(days=92)
    if not earliest <= deal.first_posted_on <= latest:
        yield Fault("/first_posted_on", "day_range", {"earliest": earliest.isoformat(), "latest": latest.isoformat()})


assert MAX_INSTALMENTS == 60  # noqa: S101 - the years above leave room for them
