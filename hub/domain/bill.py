"""Bills of a person's cards: what falls due when, the few statuses there are, and the one table of what leads where.

A bill is the person's own note of their dates, or what a bank told with their consent. The hub pays none of them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from hub.domain.errors import Fault, InvalidValue, Refused
from hub.domain.identifiers import normalised_digits
from hub.domain.issuers import same_bank
from hub.domain.transitions import step

MOST_BILLS: Final = 200
"""How many bills are kept for one person."""
KEPT_AFTER_DUE: Final = timedelta(days=92)
"""How long a bill outlives its day or its last change, whichever is later: a quarter, and it is of no use."""
FRESH_FOR: Final = timedelta(days=5)
"""How long the figures of a bank's feed count as today's."""

_MOST_AHEAD: Final = timedelta(days=400)
_MOST_YEARS: Final = 10
_MOST_BEHIND: Final = timedelta(days=365 * _MOST_YEARS)


class BillSource(StrEnum):
    """Who says what stands in a bill."""

    TYPED = "typed"  # the person, or their host app for them
    BANK_FEED = "bank_feed"  # the bank, with the person's consent
    AGREEMENT = "agreement"  # a row of an agreement in force: worked out on reading, never kept


class BillStatus(StrEnum):
    """Where a bill stands."""

    OPEN = "open"
    PAID = "paid"
    OVERDUE = "overdue"  # by the bank's or the person's word; a day that has passed proves nothing by itself
    SUPERSEDED = "superseded"  # a newer statement of the same card took its place


class BillEvent(StrEnum):
    """What can happen to a bill."""

    PAID_IN_FULL = "paid_in_full"
    DUE_PASSED = "due_passed"
    RESTATED = "restated"  # what was said before is mended: it is owed, and not overdue
    REPLACED = "replaced"


TRANSITIONS: Final[dict[BillStatus, dict[BillEvent, BillStatus]]] = {
    BillStatus.OPEN: {
        BillEvent.PAID_IN_FULL: BillStatus.PAID,
        BillEvent.DUE_PASSED: BillStatus.OVERDUE,
        BillEvent.RESTATED: BillStatus.OPEN,
        BillEvent.REPLACED: BillStatus.SUPERSEDED,
    },
    BillStatus.OVERDUE: {
        BillEvent.PAID_IN_FULL: BillStatus.PAID,
        BillEvent.DUE_PASSED: BillStatus.OVERDUE,
        BillEvent.RESTATED: BillStatus.OPEN,
        BillEvent.REPLACED: BillStatus.SUPERSEDED,
    },
    BillStatus.PAID: {
        BillEvent.PAID_IN_FULL: BillStatus.PAID,
        BillEvent.DUE_PASSED: BillStatus.OVERDUE,
        BillEvent.RESTATED: BillStatus.OPEN,
    },
    BillStatus.SUPERSEDED: {},
}


def next_status(status: BillStatus, event: BillEvent) -> BillStatus:
    """The status that `event` leads to from `status`; raises `StatusConflict` where the table has no such step."""
    return step(TRANSITIONS, status, event)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillContents:
    """What a bill says. Sums in fen; `statement_on` is None where nobody said when the statement was made.

    Raises `Refused` `minimum_above_statement` where the least sum to pay is more than the whole.
    """

    bank_code: str
    card_last4: str
    due_on: date
    statement_fen: int
    minimum_fen: int
    paid_fen: int = 0
    statement_on: date | None = None
    currency: str = "CNY"
    is_overdue: bool = False

    def __post_init__(self) -> None:
        faults = []
        if self.minimum_fen > self.statement_fen:
            faults.append(Fault("/minimum_fen", "minimum_above_statement"))
        if self.statement_on is not None and self.statement_on > self.due_on:
            faults.append(Fault("/statement_on", "statement_after_due"))
        if faults:
            raise Refused(*faults)

    def require_near(self, today: date) -> None:
        """Raises `Refused` `bill_day_far` for a day that no bill of now has: it would be kept until after it; and
        `date_too_long_ago` for a statement of before that.
        """
        earliest = today - _MOST_BEHIND
        if not earliest <= self.due_on <= today + _MOST_AHEAD:
            raise Refused(Fault("/due_on", "bill_day_far", {"days": _MOST_AHEAD.days, "years": _MOST_YEARS}))
        if self.statement_on is not None and self.statement_on < earliest:
            raise Refused(Fault("/statement_on", "date_too_long_ago"))

    @property
    def event(self) -> BillEvent:
        """What the contents say happened: paid where all is paid, else overdue where somebody says so."""
        if self.paid_fen >= self.statement_fen:
            return BillEvent.PAID_IN_FULL
        return BillEvent.DUE_PASSED if self.is_overdue else BillEvent.RESTATED

    def is_of_card(self, other: "BillContents") -> bool:
        """Whether both are of one card, whichever of its codes the bank is named by."""
        return self.card_last4 == other.card_last4 and same_bank(self.bank_code, other.bank_code)

    def replaces(self, other: "BillContents") -> bool:
        """Whether this is a later statement of the same card."""
        if not self.is_of_card(other) or self.statement_on is None or other.statement_on is None:
            return False
        return other.statement_on < self.statement_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """One bill as its person is shown it. `as_of`: when what it says was said.

    Of a row of an agreement `card_last4` is empty where it is over several cards, and the sums are 0 where the row's
    is not known beforehand.
    """

    id: str
    source: BillSource
    status: BillStatus
    contents: BillContents
    as_of: datetime

    def may_have_changed(self, now: datetime) -> bool:
        """Whether the bank told the figures so long ago that they may be others by now."""
        return self.source is BillSource.BANK_FEED and now - self.as_of > FRESH_FOR


def last4(text: str) -> str:
    """The last four digits of a card; raises `InvalidValue` `card_last4_form`, also for a whole number."""
    digits = normalised_digits(text)
    if not (len(digits) == 4 and digits.isascii() and digits.isdigit()):
        raise InvalidValue("card_last4_form")
    return digits
