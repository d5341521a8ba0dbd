"""The load of a month: what a person's open bills ask for at least, beside what they earn. For them alone.

Worked out when it is asked for, never kept, and no bank is told: to collect, arrange and give out what shows whether
somebody is good for a debt is a licensed business (《征信业务管理办法》 2021).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from hub.domain.bill import Bill, BillStatus

_BEARABLE_PERCENT: Final = 55
"""What all debts may take of an income where a bank lends for a house: 《商业银行房地产贷款风险管理指引》 36."""


class LoadBand(StrEnum):
    """How heavy a month is."""

    BEARABLE = "bearable"
    TIGHT = "tight"
    TOO_HIGH = "too_high"  # more than comes in


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSnapshot:
    """One month. `debts` are its open bills; sums in fen. `income_fen` is None where the person named none.

    `due_fen` is what is still open of them, `minimum_fen` the least to pay of them, of a plan its rows.
    """

    month: date
    income_fen: int | None
    due_fen: int
    minimum_fen: int
    debts: tuple[Bill, ...]

    @property
    def paid_of_least_fen(self) -> int:
        """How much of the least is paid already; the load counts the least whole, whatever was paid of it."""
        return paid_of_least_fen(self.debts)

    @property
    def percent(self) -> int | None:
        """The least to pay in percent of the income, rounded up; None without an income: there is no ratio then."""
        if not self.income_fen:
            return None
        return -(-self.minimum_fen * 100 // self.income_fen)

    @property
    def band(self) -> LoadBand | None:
        """How heavy the month is; None without an income."""
        if not self.income_fen:
            return None
        if self.minimum_fen > self.income_fen:
            return LoadBand.TOO_HIGH
        is_bearable = self.minimum_fen * 100 <= self.income_fen * _BEARABLE_PERCENT
        return LoadBand.BEARABLE if is_bearable else LoadBand.TIGHT

    @property
    def has_overdue(self) -> bool:
        """Whether one of them is overdue."""
        return any(each.status is BillStatus.OVERDUE for each in self.debts)

    @property
    def should_negotiate(self) -> bool:
        """Whether the next step is to talk to a bank: something is overdue, or the month is more than bearable."""
        return self.has_overdue or self.band in (LoadBand.TIGHT, LoadBand.TOO_HIGH)


def paid_of_least_fen(bills: Iterable[Bill]) -> int:
    """How much of the least to pay of these bills is paid."""
    return sum(min(each.contents.paid_fen, each.contents.minimum_fen) for each in bills)


def load_of(month: date, bills: Iterable[Bill], *, income_fen: int | None) -> LoadSnapshot:
    """The load of the month that begins on `month`; bills of other months, paid and superseded ones do not count."""
    debts = tuple(
        each
        for each in bills
        if each.status in (BillStatus.OPEN, BillStatus.OVERDUE)
        and (each.contents.due_on.year, each.contents.due_on.month) == (month.year, month.month)
    )
    return LoadSnapshot(
        month=month,
        income_fen=income_fen,
        due_fen=sum(each.contents.statement_fen - each.contents.paid_fen for each in debts),
        minimum_fen=sum(each.contents.minimum_fen for each in debts),
        debts=debts,
    )
