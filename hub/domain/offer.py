"""An offer: whose terms it holds and where it stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.domain.balances import Balance
from hub.domain.terms import Terms


class OfferStatus(StrEnum):
    """Where an offer stands."""

    AWAITING_APPROVAL = "awaiting_approval"  # a second person of the bank must look at it
    RETURNED = "returned"  # that person sent it back to its maker
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUPERSEDED = "superseded"
    LAPSED = "lapsed"


class OfferBy(StrEnum):
    """Whose terms they are."""

    BANK = "bank"
    CARDHOLDER = "cardholder"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankOffer:
    """What a bank puts forward. Without `balances` it confirms the declared ones; without an end, its usual one.

    `oral`: it was agreed on in a call, of which `recording_reference` names the recording.
    """

    terms: Terms
    balances: tuple[Balance, ...] | None = None
    valid_until: datetime | None = None
    oral: bool = False
    recording_reference: str | None = None
