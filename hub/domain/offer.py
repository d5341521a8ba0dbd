"""An offer: whose terms it holds and where it stands."""

from enum import StrEnum


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
