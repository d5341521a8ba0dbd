"""The kinds of mail there are, and whom each is for."""

from collections.abc import Mapping
from enum import StrEnum

from hub.domain.reminders import Stage


class MailKind(StrEnum):
    """What a mail says. Its words are in `templates/email/words/<kind>.txt`."""

    # To the bank's desk: something arrived.
    ARRIVED_SUBMITTED = "arrived_submitted"
    ARRIVED_COUNTER_OFFERED = "arrived_counter_offered"
    ARRIVED_DECLINED = "arrived_declined"
    ARRIVED_MESSAGE = "arrived_message"
    ARRIVED_ACCEPTED = "arrived_accepted"
    ARRIVED_WITHDRAWN = "arrived_withdrawn"
    # To the bank's desk: its answer is due at another time.
    DUE_MOVED = "due_moved"
    # To those of the bank who approve next: an offer waits for one of them; to its maker: it came back.
    REVIEW_WAITING = "review_waiting"
    OFFER_RETURNED = "offer_returned"
    # To the bank's administrators: an offer waits, and there are too few who may approve it.
    NO_REVIEWER = "no_reviewer"
    ARRIVED_ENDED = "arrived_ended"
    ARRIVED_AMENDMENT_REQUESTED = "arrived_amendment_requested"
    ARRIVED_AMENDED = "arrived_amended"
    ARRIVED_AMENDMENT_CLOSED = "arrived_amendment_closed"
    # To the bank's desk: the person took no offer while one was open, and the negotiation is over.
    LAPSED = "lapsed"
    # To the bank's desk and its supervisors: somebody was collected from although an agreement is in force.
    COLLECTION_REPORTED = "collection_reported"
    # To the bank's desk: a certificate of settlement was asked for, or is due soon; it is late, to its supervisors too.
    CLEARANCE_ASKED = "clearance_asked"
    CLEARANCE_DUE = "clearance_due"
    CLEARANCE_LATE = "clearance_late"
    # To the bank's desk: the person asks it to check an entry at the credit register.
    CREDIT_NOTE_ASKED = "credit_note_asked"
    # To the bank's desk: the ladder. The last one goes to its supervisors too.
    TWO_DAYS_BEFORE = "two_days_before"
    ONE_DAY_BEFORE = "one_day_before"
    ON_THE_DAY = "on_the_day"
    BREACHED = "breached"
    ESCALATED = "escalated"
    # The same of several negotiations; only words, no mail of the outbox is of these kinds.
    SEVERAL_DUE = "several_due"
    SEVERAL_BREACHED = "several_breached"
    SEVERAL_ESCALATED = "several_escalated"
    SEVERAL_LAPSED = "several_lapsed"
    # To the cardholder.
    RECEIVED = "received"
    RETURNED = "returned"
    CORRECTION_ENDING = "correction_ending"
    CORRECTION_LAPSED = "correction_lapsed"
    UNDELIVERABLE = "undeliverable"
    DELIVERED = "delivered"
    COUNTER_DELIVERED = "counter_delivered"
    MESSAGE = "message"
    ASKED = "asked"
    DECISION_DEFERRED = "decision_deferred"
    CLAIM_TRANSFERRED = "claim_transferred"
    FILES_UNREADABLE = "files_unreadable"
    OFFERED = "offered"
    OFFER_ENDING = "offer_ending"
    OFFER_LAPSED = "offer_lapsed"
    AGREED = "agreed"
    PAPER_READY = "paper_ready"
    REFUSED = "refused"
    COUNTER_REFUSED = "counter_refused"
    LATE = "late"
    MOVED = "moved"
    PAYMENT_DUE = "payment_due"
    PAYMENT_MISSED = "payment_missed"
    AGREEMENT_ENDED = "agreement_ended"
    COLLECTION_ANSWERED = "collection_answered"
    CREDIT_NOTE_ANSWERED = "credit_note_answered"
    ACCOUNT_PROPOSED = "account_proposed"
    AMENDMENT_ANSWERED = "amendment_answered"
    AMENDED = "amended"
    AMENDMENT_LAPSED = "amendment_lapsed"
    CLEARANCE_ISSUED = "clearance_issued"


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
OF_A_CLOCK = frozenset({MailKind.DELIVERED, MailKind.COUNTER_DELIVERED, MailKind.MOVED, MailKind.DUE_MOVED})

# Told even to a person who wants no notices: that an agreement ended (《民法典》 565), that somebody else has the claim
# (《民法典》 546), and the answer about an entry at the credit register (《征信业管理条例》 25).
REQUIRED_BY_LAW = frozenset({MailKind.AGREEMENT_ENDED, MailKind.CLAIM_TRANSFERRED, MailKind.CREDIT_NOTE_ANSWERED})

_LADDER = (MailKind.TWO_DAYS_BEFORE, MailKind.ONE_DAY_BEFORE, MailKind.ON_THE_DAY)
# What one reader is told of many negotiations at one moment goes out as one mail: the kinds, and the words for several.
TOGETHER: Mapping[MailKind, MailKind] = {
    **dict.fromkeys(_LADDER, MailKind.SEVERAL_DUE),
    MailKind.BREACHED: MailKind.SEVERAL_BREACHED,
    MailKind.ESCALATED: MailKind.SEVERAL_ESCALATED,
    MailKind.LAPSED: MailKind.SEVERAL_LAPSED,
}
# What a bank can do without: whatever is due today or late is told all the same.
AHEAD = frozenset({MailKind.TWO_DAYS_BEFORE, MailKind.ONE_DAY_BEFORE})


def kind_of(stage: Stage) -> MailKind:
    """The mail of a step of the ladder."""
    return MailKind(stage.value)
