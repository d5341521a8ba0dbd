"""What all plans of one person together ask of each month, whichever banks they are with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What a plan asks for on one day; None where only the bank's bill will say how much."""

    due_on: date
    fen: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan by what is still owed of it.

    `is_agreed`: it is signed and in force; else it is what would be signed. `replaces` is the id of the plan that ends
    when this one is signed, or empty.
    """

    id: str
    owed: tuple[Owed, ...]
    is_agreed: bool
    replaces: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What a month asks for, all that would be signed counted as signed.

    `first` is its first day. `shares` are what each plan counts for in `together_fen`, by its id; `agreed_fen` are
    those of signed plans. `late_fen` is what of `together_fen` fell due before this month and is still owed. `is_open`:
    a bill of unknown sum falls due as well.
    """

    first: date
    agreed_fen: int
    together_fen: int
    shares: Mapping[str, int]
    late_fen: int
    is_open: bool

    @property
    def asked_fen(self) -> int:
        """What of it would come with plans that are not signed yet."""
        return self.together_fen - self.agreed_fen

    def over_fen(self, left_fen: int) -> int:
        """By how much the month asks for more than what is left of it; 0 where it does not."""
        return max(0, self.together_fen - max(0, left_fen))


def months_of(plans: Sequence[Plan], *, today: date) -> list[Month]:
    """Each month from this one to the last in which something falls due, those that ask for nothing too.

    What fell due before and is still owed is asked for now. A plan that another one replaces does not count. Empty
    where nothing is owed.
    """
    this_month = today.replace(day=1)
    replaced = {plan.replaces for plan in plans if plan.replaces}
    lasting = [plan for plan in plans if plan.id not in replaced]
    days = [owed.due_on for plan in lasting for owed in plan.owed]
    if not days:
        return []
    last = max(this_month, max(days).replace(day=1))
    count = (last.year - this_month.year) * 12 + last.month - this_month.month + 1
    return [_month(lasting, this_month + relativedelta(months=number), this_month) for number in range(count)]


def _month(plans: Sequence[Plan], first: date, this_month: date) -> Month:
    due = {plan.id: [owed for owed in plan.owed if _counts_in(owed, this_month) == first] for plan in plans}
    shares = {id_: sum(owed.fen or 0 for owed in found) for id_, found in due.items() if found}
    every = [owed for found in due.values() for owed in found]
    return Month(
        first=first,
        agreed_fen=sum(shares.get(plan.id, 0) for plan in plans if plan.is_agreed),
        together_fen=sum(shares.values()),
        shares=shares,
        late_fen=sum(owed.fen or 0 for owed in every if owed.due_on < this_month),
        is_open=any(owed.fen is None for owed in every),
    )


def _counts_in(owed: Owed, this_month: date) -> date:
    return max(owed.due_on.replace(day=1), this_month)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Months one after another that ask for the same."""

    months: tuple[Month, ...]

    @property
    def first(self) -> Month:
        """The month with which it begins; the others are as this one."""
        return self.months[0]

    @property
    def last(self) -> Month:
        """The month with which it ends."""
        return self.months[-1]


def stretches_of(months: Sequence[Month]) -> list[Stretch]:
    """The months, those that ask each plan for the same put together: sixty rows are five."""

    def same(month: Month) -> tuple[object, ...]:
        return tuple(month.shares.items()), month.agreed_fen, month.late_fen, month.is_open

    return [Stretch(months=tuple(found)) for _, found in groupby(months, key=same)]


def dearest_of(months: Sequence[Month]) -> Month | None:
    """The first of the months that ask for most; None where there are none."""
    return max(months, key=lambda month: month.together_fen, default=None)
