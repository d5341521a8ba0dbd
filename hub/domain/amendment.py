"""An amendment of an agreement in force: what was signed stays, and what is agreed later stands beside it.

`storage.amendments` is the only writer of its status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hub.domain.transitions import step


class AmendmentKind(StrEnum):
    """What is amended."""

    EARLY_SETTLEMENT = "early_settlement"  # 提前结清
    PAY_DAY = "pay_day"  # 还款日调整


class AmendmentStatus(StrEnum):
    """Where a request for an amendment stands."""

    WITH_BANK = "with_bank"
    QUOTED = "quoted"  # what the bank asks for an early settlement waits for the person
    PROPOSED = "proposed"  # another pay day waits for the person
    AWAITING_PAYMENT = "awaiting_payment"
    IN_FORCE = "in_force"
    DONE = "done"  # paid as agreed
    VOID = "void"  # not paid in time: the rows of before hold again
    LAPSED = "lapsed"
    REFUSED = "refused"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class AmendmentEvent(StrEnum):
    """What can happen to a request."""

    QUOTED = "quoted"
    PROPOSED = "proposed"
    AGREED = "agreed"  # the bank takes what the person asked for
    OUTDATED = "outdated"  # money came after the quote
    SIGNED = "signed"
    PAID = "paid"
    NOT_PAID = "not_paid"
    LAPSED = "lapsed"
    REFUSED = "refused"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


TRANSITIONS: Mapping[AmendmentKind, Mapping[AmendmentStatus, Mapping[AmendmentEvent, AmendmentStatus]]] = {
    AmendmentKind.EARLY_SETTLEMENT: {
        AmendmentStatus.WITH_BANK: {
            AmendmentEvent.QUOTED: AmendmentStatus.QUOTED,
            AmendmentEvent.REFUSED: AmendmentStatus.REFUSED,
            AmendmentEvent.WITHDRAWN: AmendmentStatus.WITHDRAWN,
            AmendmentEvent.LAPSED: AmendmentStatus.LAPSED,
        },
        AmendmentStatus.QUOTED: {
            AmendmentEvent.SIGNED: AmendmentStatus.AWAITING_PAYMENT,
            AmendmentEvent.DECLINED: AmendmentStatus.DECLINED,
            AmendmentEvent.OUTDATED: AmendmentStatus.WITH_BANK,
            AmendmentEvent.LAPSED: AmendmentStatus.LAPSED,
        },
        AmendmentStatus.AWAITING_PAYMENT: {
            AmendmentEvent.PAID: AmendmentStatus.DONE,
            AmendmentEvent.NOT_PAID: AmendmentStatus.VOID,
        },
    },
    AmendmentKind.PAY_DAY: {
        AmendmentStatus.WITH_BANK: {
            AmendmentEvent.AGREED: AmendmentStatus.IN_FORCE,
            AmendmentEvent.PROPOSED: AmendmentStatus.PROPOSED,
            AmendmentEvent.REFUSED: AmendmentStatus.REFUSED,
            AmendmentEvent.WITHDRAWN: AmendmentStatus.WITHDRAWN,
            AmendmentEvent.LAPSED: AmendmentStatus.LAPSED,
        },
        AmendmentStatus.PROPOSED: {
            AmendmentEvent.SIGNED: AmendmentStatus.IN_FORCE,
            AmendmentEvent.DECLINED: AmendmentStatus.DECLINED,
            AmendmentEvent.LAPSED: AmendmentStatus.LAPSED,
        },
    },
}
# One at a time: while one is here, no other is asked for.
OPEN = frozenset(
    {
        AmendmentStatus.WITH_BANK,
        AmendmentStatus.QUOTED,
        AmendmentStatus.PROPOSED,
        AmendmentStatus.AWAITING_PAYMENT,
    }
)
# The person's turn, and what they sign with a code.
WITH_PERSON = frozenset({AmendmentStatus.QUOTED, AmendmentStatus.PROPOSED})
# Signed by both, and counting.
COUNTING = frozenset({AmendmentStatus.AWAITING_PAYMENT, AmendmentStatus.IN_FORCE, AmendmentStatus.DONE})


def next_status(kind: AmendmentKind, status: AmendmentStatus, event: AmendmentEvent) -> AmendmentStatus:
    """Where `event` leads; raises `StatusConflict` where the table has no such step."""
    return step(TRANSITIONS[kind], status, event)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedRow:
    """One row of the agreement; `total_fen` is what is asked for it, of an early settlement what is still open."""

    number: int
    due_on: date
    total_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidRow:
    """A row that was paid when an early settlement was signed, and what had come for it."""

    number: int
    paid_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentContents:
    """All that an amendment says; its digest covers it whole, and is what both sides sign.

    `before` are the rows that it changes, `after` what they become. Of an early settlement `paid` are the rows that
    were paid by then, the figures are the bank's, and `grace_days` are those after which it fails.
    """

    kind: AmendmentKind
    agreement_number: str
    agreement_digest: str
    before: tuple[AmendedRow, ...]
    after: tuple[AmendedRow, ...]
    text_zh: str
    day: int | None = None
    paid: tuple[PaidRow, ...] = ()
    principal_fen: int = 0
    interest_fen: int = 0
    fee_fen: int = 0
    grace_days: int = 0

    @property
    def going_on_fen(self) -> int:
        """What the changed rows ask where nothing is changed."""
        return sum(row.total_fen for row in self.before)

    @property
    def pay_fen(self) -> int:
        """What they ask once they are changed."""
        return sum(row.total_fen for row in self.after)
