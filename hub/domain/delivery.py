"""The delivery of a message to a bank: how far it got, the one table of what leads where, and when it is tried again.

`storage.deliveries` is the only writer of its status.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate

from hub.domain.transitions import step


class MessageKind(StrEnum):
    """What a message to a bank is, as the wire names it."""

    SUBMITTED = "negotiation.submitted"
    MESSAGE = "negotiation.message"
    COUNTER_OFFERED = "negotiation.counter_offered"
    ACCEPTED = "negotiation.accepted"
    WITHDRAWN = "negotiation.withdrawn"
    AGREEMENT_ENDED = "agreement.ended"
    AMENDMENT_REQUESTED = "agreement.amendment_requested"
    AMENDED = "agreement.amended"
    AMENDMENT_CLOSED = "agreement.amendment_closed"
    # About requests beside negotiations.
    REQUEST_MESSAGE = "request.message"
    MANDATE_REVOKED = "mandate.revoked"
    DEDUCTION_REPORTED = "deduction.reported"
    INSTALMENT_REQUESTED = "instalment.requested"
    INSTALMENT_ACCEPTED = "instalment.accepted"
    INSTALMENT_DECLINED = "instalment.declined"
    INSTALMENT_WITHDRAWN = "instalment.withdrawn"
    APPOINTMENT_REQUESTED = "appointment.requested"
    APPOINTMENT_CANCELLED = "appointment.cancelled"
    APPOINTMENT_MOVE_ACCEPTED = "appointment.move_accepted"


class DeliveryStatus(StrEnum):
    """How far a message got."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    CANCELLED = "cancelled"  # overtaken: the negotiation ended before the bank had heard of it


class DeliveryEvent(StrEnum):
    """What can happen to a message."""

    ARRIVED = "arrived"
    FAILED = "failed"
    GIVEN_UP = "given_up"
    CAME_BACK = "came_back"
    SENT_AGAIN = "sent_again"
    CANCELLED = "cancelled"


TRANSITIONS: Mapping[DeliveryStatus, Mapping[DeliveryEvent, DeliveryStatus]] = {
    DeliveryStatus.WAITING: {
        DeliveryEvent.ARRIVED: DeliveryStatus.DELIVERED,
        DeliveryEvent.FAILED: DeliveryStatus.WAITING,
        DeliveryEvent.GIVEN_UP: DeliveryStatus.UNDELIVERABLE,
        DeliveryEvent.CANCELLED: DeliveryStatus.CANCELLED,
    },
    DeliveryStatus.UNDELIVERABLE: {
        # The bank speaks of it, or it travelled once more with the others of its batch.
        DeliveryEvent.ARRIVED: DeliveryStatus.DELIVERED,
        DeliveryEvent.SENT_AGAIN: DeliveryStatus.WAITING,
        DeliveryEvent.CANCELLED: DeliveryStatus.CANCELLED,
    },
    # A mail server says only later that it could not hand the message over.
    DeliveryStatus.DELIVERED: {DeliveryEvent.CAME_BACK: DeliveryStatus.UNDELIVERABLE},
    # It was on its way already when it was cancelled.
    DeliveryStatus.CANCELLED: {DeliveryEvent.ARRIVED: DeliveryStatus.DELIVERED},
}


def next_status(status: DeliveryStatus, event: DeliveryEvent) -> DeliveryStatus:
    """The status that `event` leads to from `status`; raises `StatusConflict` where the table has no such step."""
    return step(TRANSITIONS, status, event)


def statuses_allowing(event: DeliveryEvent) -> list[DeliveryStatus]:
    """The statuses in which `event` may happen."""
    return [status for status, leads in TRANSITIONS.items() if event in leads]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an attempt came to; without a `detail` the bank's system has the message.

    `final`: it never will. `in_process`: it has not decided. `line_failed`: nobody was there to decide. `receipt` is
    what a bank's system said of a message that it has, fit for the log of machines.
    """

    detail: str = ""
    final: bool = False
    in_process: bool = False
    line_failed: bool = False
    receipt: str = ""

    @property
    def arrived(self) -> bool:
        """Whether the bank's system has the message."""
        return not self.detail


# Growing waits between attempts; the last one repeats until the bank's time to give up is over. The schedule that
# looks for what is due runs every five seconds, which comes on top of each.
WAITS = (
    timedelta(seconds=3),
    timedelta(seconds=45),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
_WAITED = tuple(accumulate(WAITS))


def next_wait(
    attempts: int,
    first_tried_at: datetime | None,
    now: datetime,
    give_up_after: timedelta,
    *,
    spread: float = 1.0,
) -> timedelta | None:
    """How long to wait after the attempt that just failed, or None when the bank's time to give up is over.

    `attempts` counts those before it; `spread` makes the wait a little longer or shorter. The last attempt is made
    just when the time to give up is over.
    """
    elapsed = timedelta() if first_tried_at is None else now - first_tried_at
    if elapsed >= give_up_after:
        return None
    # What is sent again after it was given up has many attempts behind it, and still begins with the short waits.
    place = min(attempts, bisect_right(_WAITED, elapsed), len(WAITS) - 1)
    return min(WAITS[place] * spread, give_up_after - elapsed)


def spread_of(delivery_id: str) -> float:
    """Between 0.9 and 1.1, by the random end of the id: what failed together does not come again together."""
    return 0.9 + 0.2 * int(delivery_id[-4:], 16) / 0xFFFF
