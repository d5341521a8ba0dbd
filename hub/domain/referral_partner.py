"""Licensed lenders that a person may be pointed to, and what borrowing from one costs, worked out by one rule.

A partner without the number of its licence, or dearer than its own ceiling, is none: `partner_not_licensed`.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from hub.domain.annual_cost import AnnualCost, annual_cost_of, percent_by_dates
from hub.domain.creditor import is_licence_number
from hub.domain.errors import Fault, InvalidValue, PartnerNotLicensed, Refused

HIGHEST_PERCENT: Final = Decimal(24)
"""No partner's ceiling may be above this, whatever its licence allows."""
MOST_MONTHS: Final = 60
_CODE: Final = re.compile(r"[a-z][a-z0-9-]{1,31}")


class LoanKind(StrEnum):
    """How what is lent is paid back."""

    AT_THE_END = "at_the_end"
    INSTALMENTS = "instalments"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanExample:
    """What a partner says that one loan costs: all interest and fees of it, in fen, over so many months."""

    principal_fen: int
    cost_fen: int
    months: int

    @property
    def total_fen(self) -> int:
        """All that is paid back."""
        return self.principal_fen + self.cost_fen

    def payments_fen(self, kind: LoanKind) -> tuple[int, ...]:
        """What is paid back after each month: all at the end, or level sums of which the last takes the rest."""
        if kind is LoanKind.AT_THE_END:
            return (*[0] * (self.months - 1), self.total_fen)
        level = self.total_fen // self.months
        return (*[level] * (self.months - 1), self.total_fen - level * (self.months - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanCost:
    """One way to pay the example back, and its yearly cost by equal months and by the days from a given one on."""

    kind: LoanKind
    payments_fen: tuple[int, ...]
    days: tuple[date, ...]
    cost: AnnualCost

    @property
    def level_fen(self) -> int:
        """What is paid each time; of instalments the first."""
        return next(each for each in self.payments_fen if each)


def cost_of(example: LoanExample, kind: LoanKind, *, first_day: date) -> LoanCost:
    """What the example costs where it is lent on `first_day` and paid back on the same day of the months after."""
    payments = example.payments_fen(kind)
    days = tuple(_months_after(first_day, month) for month in range(1, example.months + 1))
    by_months = annual_cost_of(example.principal_fen, payments_fen=payments)
    by_days = {(day - first_day).days: fen for day, fen in zip(days, payments, strict=True) if fen}
    cost = AnnualCost(
        nominal_percent=by_months.nominal_percent,
        effective_percent=by_months.effective_percent,
        by_dates_percent=percent_by_dates(example.principal_fen, by_days),
    )
    return LoanCost(kind=kind, payments_fen=payments, days=days, cost=cost)


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralPartner:
    """One licensed lender, as an operator keeps it. `url` is its own page for people.

    `max_annual_percent` is its ceiling: the most that any loan of it costs a year, all fees in it, nominal.
    `handover_url` is where it takes what is handed over. Raises `Refused` with every fault; one without a licence's
    number, above the hub's ceiling or dearer than its own has `partner_not_licensed` among them.
    """

    code: str
    name_zh: str
    name_en: str
    licence_no: str
    kinds: tuple[LoanKind, ...]
    max_annual_percent: Decimal
    example: LoanExample
    url: str
    handover_url: str

    def __post_init__(self) -> None:
        faults = [*self._faults()]
        if faults:
            raise Refused(*faults)

    def _faults(self) -> Sequence[Fault]:
        faults = []
        if not _CODE.fullmatch(self.code):
            faults.append(Fault("/code", "partner_code"))
        if not is_licence_number(self.licence_no):
            faults.append(Fault("/licence_no", "partner_not_licensed"))
        if not Decimal(0) < self.max_annual_percent <= HIGHEST_PERCENT:
            most = {"most": str(HIGHEST_PERCENT)}
            faults.append(Fault("/max_annual_percent", "partner_above_ceiling", most))
        elif self.kinds and self.dearest_percent > self.max_annual_percent:
            asked = {"percent": str(self.dearest_percent), "most": str(self.max_annual_percent)}
            faults.append(Fault("/example_cost_fen", "partner_not_licensed", asked))
        return faults

    @property
    def dearest_percent(self) -> Decimal:
        """The nominal yearly cost of the example, paid back the dearer way."""
        paid = (self.example.payments_fen(kind) for kind in self.kinds)
        return max(annual_cost_of(self.example.principal_fen, payments_fen=each).nominal_percent for each in paid)

    def require_within_ceiling(self, percent: Decimal) -> None:
        """Raises `PartnerNotLicensed` where a loan of that yearly cost is above what the partner is allowed here."""
        if percent > self.max_annual_percent:
            raise PartnerNotLicensed(self.code)

    def costs(self, *, first_day: date) -> tuple[LoanCost, ...]:
        """What the example costs, each way that it can be paid back; over one month they are all the same one."""
        kinds = self.kinds[:1] if self.example.months == 1 else self.kinds
        return tuple(cost_of(self.example, kind, first_day=first_day) for kind in kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPartner:
    """A partner as the register has it. `has_secret`: both sides can sign, so that something may be handed over."""

    partner: ReferralPartner
    added_at: datetime
    off_at: datetime | None
    has_secret: bool

    @property
    def is_offered(self) -> bool:
        """Whether people are shown it."""
        return self.off_at is None and self.has_secret


def partner_code(text: str) -> str:
    """The code of a partner; raises `InvalidValue` `partner_code`."""
    if not _CODE.fullmatch(text):
        raise InvalidValue("partner_code")
    return text
