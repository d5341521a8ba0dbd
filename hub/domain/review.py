"""What a bank can say of a negotiation short of an offer."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hub.domain.errors import Fault
from hub.domain.evidence import EvidenceKind

# A bank that has not decided yet names a day that lies at most so far ahead.
MOST_DEFERRAL_DAYS = 30


class RejectionReason(StrEnum):
    """Why a bank says no."""

    INCOMPLETE = "incomplete"
    NOT_OVERDUE = "not_overdue"
    CAN_AFFORD = "can_afford"
    UNWILLING = "unwilling"
    FALSE_INFORMATION = "false_information"
    NOT_OUR_CUSTOMER = "not_our_customer"
    ALREADY_IN_PLAN = "already_in_plan"
    LEGAL_ACTION = "legal_action"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRequest:
    """What a bank still wants to see, and its words to the person."""

    kinds: tuple[EvidenceKind, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A bank's no, with its words to the person."""

    reason_code: RejectionReason
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDeferral:
    """The bank has registered the application and decides by that day of China, with its words to the person."""

    decision_by: date
    text: str

    def faults(self, *, today: date) -> list[Fault]:
        """Nothing for a day from tomorrow to `MOST_DEFERRAL_DAYS` ahead; otherwise `decision_by_range`."""
        if timedelta(days=1) <= self.decision_by - today <= timedelta(days=MOST_DEFERRAL_DAYS):
            return []
        return [Fault("/decision_by", "decision_by_range", {"most": MOST_DEFERRAL_DAYS})]
