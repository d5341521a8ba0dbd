"""How sure the hub is that an applicant is who they say, and what follows from it.

Who signed in by text message has shown a mobile and nothing else: the bank compares before an offer opens. After the
E-Signature Law, article 13: what signs has to belong to the signer alone.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class IdentityLevel(StrEnum):
    """Who stands up for the person."""

    MOBILE = "mobile"  # nobody: they hold the phone
    HOST = "host"  # the host app that made the application or sent them over
    VERIFIED = "verified"  # a checker of name, document, mobile and card

    @property
    def rank(self) -> int:
        """0 where nobody stands up for the person, otherwise 1: a lower one never blocks a higher."""
        return 0 if self is IdentityLevel.MOBILE else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityQuestion:
    """Whether these four belong to one person."""

    name: str
    id_type: str
    id_number: str
    mobile: str
    card_number: str


class IdentityChecker(Protocol):
    """An outside party that knows."""

    def matches(self, question: IdentityQuestion) -> bool:
        """Whether all four belong to one person; raises `TryAgain` where there was no answer in time."""


def blocks(first: IdentityLevel, *, confirmed: bool, second: IdentityLevel) -> bool:
    """Whether an open negotiation of level `first` keeps the same person's application of level `second` out.

    `confirmed`: the bank has said that the first one's person is its customer.
    """
    return confirmed or first.rank >= second.rank


def needs_confirmation(level: IdentityLevel, confirmed: bool | None) -> bool:
    """Whether no offer may open before the bank has said that the person is its customer."""
    return level is IdentityLevel.MOBILE and not confirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityComparison:
    """What the bank found when it compared the applicant with its customer, and its words."""

    matches: bool
    text: str
