"""The life of one negotiation: its statuses, the events that may meet it, and the one table of what leads where.

Nothing else decides a status; `storage.negotiations` is the only writer and asks `next_status` under the row's lock.
"""

from enum import StrEnum

from hub.domain.transitions import step


class Status(StrEnum):
    """Where a negotiation stands."""

    SCREENING = "screening"  # the machine looks whether anybody can act on it
    RETURNED = "returned"  # something must be put right by the cardholder first
    DELIVERING = "delivering"  # on its way into the bank's system
    UNDELIVERABLE = "undeliverable"  # the bank's system did not take it for days; an operator is told
    AWAITING_BANK = "awaiting_bank"  # the bank has it and its clock runs
    IN_REVIEW = "in_review"  # somebody at the bank has picked it up
    AWAITING_CARDHOLDER = "awaiting_cardholder"  # the bank asked for more papers
    OFFERED = "offered"  # the cardholder can accept, counter or decline
    AGREED = "agreed"  # signed by both
    REJECTED = "rejected"  # the bank said no, with a reason
    WITHDRAWN = "withdrawn"  # the cardholder ended it
    LAPSED = "lapsed"  # nobody answered in time


class Event(StrEnum):
    """What can happen to a negotiation."""

    SCREENED = "screened"
    FAULT_FOUND = "fault_found"
    CORRECTED = "corrected"
    CORRECTION_LAPSED = "correction_lapsed"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    SENT_AGAIN = "sent_again"
    ACKNOWLEDGED = "acknowledged"
    EVIDENCE_REQUESTED = "evidence_requested"
    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"
    OFFERED = "offered"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    COUNTERED = "countered"
    DECLINED = "declined"
    OFFER_LAPSED = "offer_lapsed"
    WITHDRAWN = "withdrawn"


ENDED = frozenset({Status.AGREED, Status.REJECTED, Status.WITHDRAWN, Status.LAPSED})

OVER = ENDED - {Status.AGREED}
"""Ended without an agreement: nothing leads out of them, and an erasure counts from the day it came to one."""
OPEN = frozenset(Status) - ENDED
# Where a bank that has been asked has not answered yet.
BANKS_TURN = frozenset({Status.AWAITING_BANK, Status.IN_REVIEW, Status.AWAITING_CARDHOLDER})

# How long a returned negotiation waits for its correction, in days.
CORRECTION_DAYS = 30

_WITH_THE_BANK = {
    Event.EVIDENCE_REQUESTED: Status.AWAITING_CARDHOLDER,
    Event.OFFERED: Status.OFFERED,
    Event.REJECTED: Status.REJECTED,
    # An earlier offer stays open through a counter-offer, so it can still be accepted on the bank's turn.
    Event.ACCEPTED: Status.AGREED,
    Event.WITHDRAWN: Status.WITHDRAWN,
}

TRANSITIONS: dict[Status, dict[Event, Status]] = {
    Status.SCREENING: {
        Event.SCREENED: Status.DELIVERING,
        Event.FAULT_FOUND: Status.RETURNED,
        Event.WITHDRAWN: Status.WITHDRAWN,
    },
    Status.RETURNED: {
        Event.CORRECTED: Status.SCREENING,
        Event.CORRECTION_LAPSED: Status.LAPSED,
        Event.WITHDRAWN: Status.WITHDRAWN,
    },
    Status.DELIVERING: {
        Event.DELIVERED: Status.AWAITING_BANK,
        Event.GIVEN_UP: Status.UNDELIVERABLE,
        Event.WITHDRAWN: Status.WITHDRAWN,
    },
    Status.UNDELIVERABLE: {
        Event.SENT_AGAIN: Status.DELIVERING,
        Event.WITHDRAWN: Status.WITHDRAWN,
    },
    Status.AWAITING_BANK: {Event.ACKNOWLEDGED: Status.IN_REVIEW, **_WITH_THE_BANK},
    Status.IN_REVIEW: dict(_WITH_THE_BANK),
    Status.AWAITING_CARDHOLDER: {
        Event.ANSWERED: Status.IN_REVIEW,
        Event.NOT_ANSWERED: Status.IN_REVIEW,
        Event.OFFERED: Status.OFFERED,
        Event.REJECTED: Status.REJECTED,
        Event.ACCEPTED: Status.AGREED,
        Event.WITHDRAWN: Status.WITHDRAWN,
    },
    Status.OFFERED: {
        Event.ACCEPTED: Status.AGREED,
        Event.COUNTERED: Status.AWAITING_BANK,
        Event.DECLINED: Status.AWAITING_BANK,
        Event.OFFERED: Status.OFFERED,
        Event.OFFER_LAPSED: Status.LAPSED,
        Event.WITHDRAWN: Status.WITHDRAWN,
    },
    Status.AGREED: {},
    Status.REJECTED: {},
    Status.WITHDRAWN: {},
    Status.LAPSED: {},
}

# An open offer of the bank cannot be taken back, so while another one is open these lead to it, not to an end.
WHILE_ANOTHER_OFFER_IS_OPEN: dict[tuple[Status, Event], Status] = {
    (Status.AWAITING_BANK, Event.REJECTED): Status.OFFERED,
    (Status.IN_REVIEW, Event.REJECTED): Status.OFFERED,
    (Status.AWAITING_CARDHOLDER, Event.REJECTED): Status.OFFERED,
    (Status.OFFERED, Event.DECLINED): Status.OFFERED,
    (Status.OFFERED, Event.OFFER_LAPSED): Status.OFFERED,
}


def next_status(status: Status, event: Event, *, another_offer_open: bool = False) -> Status:
    """The status that `event` leads to from `status`; raises `StatusConflict` where the table has no such step.

    `another_offer_open` says whether an offer of the bank, other than the one the event is about, can still be
    accepted.
    """
    after = step(TRANSITIONS, status, event)
    if another_offer_open:
        return WHILE_ANOTHER_OFFER_IS_OPEN.get((status, event), after)
    return after


def allows(status: Status, event: Event) -> bool:
    """Whether `event` may happen in `status` at all."""
    return event in TRANSITIONS[status]
