"""The kinds of mail there are, and whom each is for."""

from enum import StrEnum

from hub.domain.reminders import Stage


class MailKind(StrEnum):
    """What a mail says. Its words are in `templates/email/words/<kind>.txt`."""

    # To the bank's desk: something arrived.
    ARRIVED_SUBMITTED = "arrived_submitted"
    ARRIVED_COUNTER_OFFERED = "arrived_counter_offered"
    ARRIVED_MESSAGE = "arrived_message"
    ARRIVED_ACCEPTED = "arrived_accepted"
    ARRIVED_WITHDRAWN = "arrived_withdrawn"
    # To the bank's desk: the ladder. The last one goes to its supervisors too.
    TWO_DAYS_BEFORE = "two_days_before"
    ONE_DAY_BEFORE = "one_day_before"
    ON_THE_DAY = "on_the_day"
    BREACHED = "breached"
    ESCALATED = "escalated"
    # To the cardholder.
    RECEIVED = "received"
    RETURNED = "returned"
    DELIVERED = "delivered"
    COUNTER_DELIVERED = "counter_delivered"
    ASKED = "asked"
    OFFERED = "offered"
    OFFER_ENDING = "offer_ending"
    AGREED = "agreed"
    REFUSED = "refused"
    COUNTER_REFUSED = "counter_refused"
    LATE = "late"
    MOVED = "moved"


# Ask for something within a running clock's time, and mean nothing once it is over or due at another time.
PRESSING = frozenset(
    {
        MailKind.TWO_DAYS_BEFORE,
        MailKind.ONE_DAY_BEFORE,
        MailKind.ON_THE_DAY,
        MailKind.BREACHED,
        MailKind.ESCALATED,
        MailKind.LATE,
    }
)
# Tell a clock's due time as it was when they were written.
OF_A_CLOCK = frozenset({MailKind.DELIVERED, MailKind.COUNTER_DELIVERED, MailKind.MOVED})


def kind_of(stage: Stage) -> MailKind:
    """The mail of a step of the ladder."""
    return MailKind(stage.value)
