"""What the sides tell each other beside offers: messages, and records of calls."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.domain.application import Consent, EvidenceReference
from hub.domain.terms import Terms

CALL_WITH_ZH = "对方："
"""What stands in front of whom a person spoke to, in the first line of their record of a call."""
CALL_OUTCOME_ZH = "结果："
"""What stands in front of how a call ended, in the first line of a bank's words of it that a clerk chose."""
CALL_TOLD_ZH = "已告知通话录音。"
"""The last line of a bank's words of a call where a clerk ticked that the customer was told of the recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardholderMessage:
    """What a cardholder writes to the bank; `answers`: also the bank's open request for evidence, without a file.

    `consents` are those that its files need and that were not given before.
    """

    text: str
    evidence: tuple[EvidenceReference, ...]
    answers: bool
    consents: tuple[Consent, ...] = ()


class Direction(StrEnum):
    """Who called, as the bank sees it."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """What somebody noted of a call; all but the first two are the bank's alone. `terms`: an oral agreement's.

    `reason_over_80` is what `BankOffer` has of those terms.
    """

    at: datetime
    text: str
    direction: Direction | None = None
    recording_reference: str | None = None
    terms: Terms | None = None
    reason_over_80: str = ""
