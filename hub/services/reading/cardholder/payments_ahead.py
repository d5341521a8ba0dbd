"""Which payment of an agreement comes next, as its person is shown it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hub.domain.payments import RowStatus
from hub.domain.plain import Plain
from hub.services.transaction import HubTransaction

_AHEAD = frozenset(RowStatus) - {RowStatus.PAID, RowStatus.MISSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPayment:
    """A payment that is not on record yet, and how much of it; None for what the card's bill will say.

    `is_past`: its day is over, and the bank has said nothing of it yet.
    """

    due_on: date
    lacks_fen: int | None
    is_past: bool


def next_of(rows: Iterable[Plain], today: date) -> NextPayment | None:
    """The first of `rows`, as the API shows them, of which something is still owed and that is not missed."""
    for row in rows:
        if row["status"] in _AHEAD:
            total = row["total_fen"]
            lacks_fen = None if total is None else total - row["paid_fen"]
            due_on = date.fromisoformat(row["due_on"])
            return NextPayment(due_on=due_on, lacks_fen=lacks_fen, is_past=due_on < today)
    return None


def days_of_rest(tx: HubTransaction, days: Iterable[str], *, language: str) -> dict[str, str]:
    """Why each of `days`, ISO dates, is no working day, in words; those that are one are left out."""
    calendar = tx.calendar()
    found = ((each, calendar.why(date.fromisoformat(each))) for each in days)
    return {each: why.name_en if language == "en" else why.name_zh for each, why in found if not why.works}
