"""What a bank can say of a negotiation short of an offer."""

from enum import StrEnum


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
