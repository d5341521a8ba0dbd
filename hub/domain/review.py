"""What a bank can say of a negotiation short of an offer."""

from dataclasses import dataclass
from enum import StrEnum

from hub.domain.evidence import EvidenceKind


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
