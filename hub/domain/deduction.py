"""Deductions that a person reports, and whether one came during a hold: an agreement is in force, and it took more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from hub.domain.errors import Fault, Refused
from hub.domain.mandate import MOST_CAP_FEN, holds_full_number
from hub.domain.payments import PaymentRow

MOST_DEDUCTIONS: Final = 500
"""How many reports are kept for one person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """What was taken, when, and by whom: by a mandate of the register, or by a creditor that is named.

    Raises `Refused` with every fault.
    """

    at: datetime
    amount_fen: int
    account_last4: str
    mandate_id: str | None = None
    creditor_code: str | None = None
    text: str = ""

    def __post_init__(self) -> None:
        faults = []
        if (self.mandate_id is None) == (self.creditor_code is None):
            faults.append(Fault("/creditor_code", "mandate_or_creditor"))
        if not 0 < self.amount_fen <= MOST_CAP_FEN:
            faults.append(Fault("/amount_fen", "cap_out_of_range", {"most": MOST_CAP_FEN}))
        if holds_full_number(self.text):
            faults.append(Fault("/text", "full_number_refused"))
        if faults:
            raise Refused(*faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """An agreement with the creditor, from its signing until its end, if it has one, with its rows in force."""

    held_from: date
    held_until: date | None
    rows: Sequence[PaymentRow]

    def due_fen(self, day: date) -> int | None:
        """The row that falls due next from that day on, the last one afterwards; None where its sum is not known."""
        if not self.rows:
            return 0
        ordered = sorted(self.rows, key=lambda row: row.due_on)
        return next((row for row in ordered if row.due_on >= day), ordered[-1]).total_fen

    def forbids(self, day: date, amount_fen: int) -> bool:
        """Whether a deduction of that day lies inside the hold and above the row that was due."""
        if day < self.held_from or (self.held_until is not None and day > self.held_until):
            return False
        due_fen = self.due_fen(day)
        return due_fen is not None and amount_fen > due_fen
