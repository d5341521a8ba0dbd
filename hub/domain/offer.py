"""An offer: whose terms it holds, where it stands, and the one table of what leads where.

`storage.offers.apply_event` is the only writer of its status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.domain.balances import Balance
from hub.domain.terms import Terms
from hub.domain.transitions import step


class OfferStatus(StrEnum):
    """Where an offer stands."""

    AWAITING_APPROVAL = "awaiting_approval"  # a second person of the bank must look at it
    RETURNED = "returned"  # that person sent it back to its maker
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUPERSEDED = "superseded"
    LAPSED = "lapsed"


class OfferEvent(StrEnum):
    """What can happen to an offer."""

    OPENED = "opened"
    SENT_BACK = "sent_back"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUPERSEDED = "superseded"
    LAPSED = "lapsed"


class OfferBy(StrEnum):
    """Whose terms they are."""

    BANK = "bank"
    CARDHOLDER = "cardholder"


TRANSITIONS: Mapping[OfferStatus, Mapping[OfferEvent, OfferStatus]] = {
    OfferStatus.AWAITING_APPROVAL: {
        OfferEvent.OPENED: OfferStatus.OPEN,
        OfferEvent.SENT_BACK: OfferStatus.RETURNED,
        # The negotiation went on or ended while the offer waited.
        OfferEvent.SUPERSEDED: OfferStatus.SUPERSEDED,
        OfferEvent.DECLINED: OfferStatus.DECLINED,
    },
    OfferStatus.OPEN: {
        OfferEvent.ACCEPTED: OfferStatus.ACCEPTED,
        OfferEvent.DECLINED: OfferStatus.DECLINED,
        OfferEvent.SUPERSEDED: OfferStatus.SUPERSEDED,
        OfferEvent.LAPSED: OfferStatus.LAPSED,
    },
    OfferStatus.RETURNED: {},
    OfferStatus.ACCEPTED: {},
    OfferStatus.DECLINED: {},
    OfferStatus.SUPERSEDED: {},
    OfferStatus.LAPSED: {},
}
# An offer that something can still happen to.
UNDECIDED = frozenset(status for status, leads in TRANSITIONS.items() if leads)


def next_status(status: OfferStatus, event: OfferEvent) -> OfferStatus:
    """The status that `event` leads to from `status`; raises `StatusConflict` where the table has no such step."""
    return step(TRANSITIONS, status, event)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankOffer:
    """What a bank puts forward. Without `balances` it confirms the declared ones; without an end, its usual one.

    `oral`: it was agreed on in a call, of which `recording_reference` names the recording. `reason_over_80`: why it may
    take more than can be borne of what is left a month, in words for the bank's own file; empty where none is given.
    """

    terms: Terms
    balances: tuple[Balance, ...] | None = None
    valid_until: datetime | None = None
    oral: bool = False
    recording_reference: str | None = None
    reason_over_80: str = ""
