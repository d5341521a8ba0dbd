"""What somebody at a bank asks of the queue: which cases, in which order."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.domain.application import HardshipReason
from hub.domain.lifecycle import Status


class Tab(StrEnum):
    """A way to look at the queue that everybody has."""

    ALL = "all"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    APPROVAL = "approval"
    COUNTERED = "countered"
    MESSAGES = "messages"
    ASKED = "asked"
    AGREED = "agreed"


class Urgency(StrEnum):
    """How urgent an answer is, the most urgent first."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    PAUSED = "paused"
    NONE = "none"  # no clock runs


class Order(StrEnum):
    """What the queue is sorted by."""

    DUE = "due"
    OWED = "owed"
    OPENED = "opened"


class OwedBand(StrEnum):
    """How much is owed, in a word of the address; bounds in whole yuan."""

    BELOW_10K = "below-10k"
    FROM_10K = "10k-30k"
    FROM_30K = "30k-50k"
    FROM_50K = "50k-100k"
    FROM_100K = "100k-200k"
    FROM_200K = "from-200k"

    @property
    def bounds(self) -> tuple[int, int | None]:
        """From how many yuan on, and below how many; None where there is no end."""
        return _BOUNDS[self]


_BOUNDS: Final = {
    OwedBand.BELOW_10K: (0, 10_000),
    OwedBand.FROM_10K: (10_000, 30_000),
    OwedBand.FROM_30K: (30_000, 50_000),
    OwedBand.FROM_50K: (50_000, 100_000),
    OwedBand.FROM_100K: (100_000, 200_000),
    OwedBand.FROM_200K: (200_000, None),
}

NOBODY: Final = "none"
"""Stands in `owner` for a case that is nobody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueQuestion:
    """Which cases are looked for; several things of one sort mean any of them, sorts together mean all of them.

    `owner` is the id of an account, or `NOBODY`. Without statuses it is the open cases.
    """

    tab: Tab = Tab.ALL
    due: Urgency | None = None
    statuses: tuple[Status, ...] = ()
    reasons: tuple[HardshipReason, ...] = ()
    owed: tuple[OwedBand, ...] = ()
    owner: str = ""
    replied: bool = False
    order: Order = Order.DUE
    down: bool = False
