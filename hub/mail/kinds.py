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
    # To those of the bank who approve next: an offer waits for one of them; to its maker: it came back, or
    # another one was opened instead.
    REVIEW_WAITING = "review_waiting"
    OFFER_RETURNED = "offer_returned"
    OFFER_SUPERSEDED = "offer_superseded"
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
    # The same: more was deducted than the agreement's row asks for.
    DEDUCTION_DURING_HOLD = "deduction_during_hold"
    # To the bank's desk: a certificate of settlement was asked for, or is due soon; it is late, to its supervisors too.
    CLEARANCE_ASKED = "clearance_asked"
    CLEARANCE_DUE = "clearance_due"
    CLEARANCE_LATE = "clearance_late"
    # To the bank's desk: the person asks it to check an entry at the credit register.
    CREDIT_NOTE_ASKED = "credit_note_asked"
    # To the bank's supervisors: one of its people had many customers shown in full within an hour.
    MANY_REVEALS = "many_reveals"
    # To the bank's administrators: one of its people read or took out very much in a short time.
    MANY_READINGS = "many_readings"
    # The same: somebody else came by the bank's sign-on with the address of an account.
    OTHER_PERSON = "other_person"
    # To the bank's desk: the ladder. The last one goes to its supervisors too.
    TWO_DAYS_BEFORE = "two_days_before"
    ONE_DAY_BEFORE = "one_day_before"
    ON_THE_DAY = "on_the_day"
    BREACHED = "breached"
    ESCALATED = "escalated"
    # To one person at the bank: cases are theirs now.
    ASSIGNED = "assigned"
    # To each person at the bank who has something to do, each working day's morning; a week in figures, to who leads.
    DAILY_DIGEST = "daily_digest"
    WEEKLY_REPORT = "weekly_report"
    # To a person at the bank: how to enrol.
    ENROLMENT = "enrolment"
    # To the bank's administrators: its settings were changed; to supervisors too: a change waits for a second person.
    BANK_CHANGED = "bank_changed"
    BANK_CHANGE_ASKED = "bank_change_asked"
    # To a person at the bank, of their own account: a code on paper was used; they signed in on a device not known.
    RECOVERY_CODE_USED = "recovery_code_used"
    NEW_DEVICE = "new_device"
    # The same of several negotiations; only words, no mail of the outbox is of these kinds.
    SEVERAL_ARRIVED = "several_arrived"
    SEVERAL_REVIEWS = "several_reviews"
    SEVERAL_ASSIGNED = "several_assigned"
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
    # That a consent was taken back, and that the person was erased: both only what they asked for themselves.
    CONSENT_WITHDRAWN = "consent_withdrawn"
    ERASED = "erased"
    # To the cardholder, of a bill in their calendar: about no negotiation.
    BILL_DUE = "bill_due"
    BILL_DUE_TODAY = "bill_due_today"
    BILL_CHANGED = "bill_changed"
    # Of requests beside negotiations. To the bank's desk; that one is late to its supervisors too.
    REQUEST_ARRIVED = "request_arrived"
    REQUEST_DUE = "request_due"
    REQUEST_LATE = "request_late"
    # To the colleague to whom it was given.
    REQUEST_ASSIGNED = "request_assigned"
    SEVERAL_REQUESTS = "several_requests"
    # To the cardholder: something happened to it; the bank has not answered in time.
    REQUEST_NEWS = "request_news"
    REQUEST_UNANSWERED = "request_unanswered"
    # To the person: a quote for an instalment deal waits for them, and until when; told once more on its last day.
    INSTALMENTS_QUOTED = "instalments_quoted"
    # To the cardholder, of a lender that they let have their name: about no negotiation either.
    REFERRAL_ANSWERED = "referral_answered"
    # The same of what they allowed others to deduct: it is put down; a deduction comes in three days.
    MANDATE_RECORDED = "mandate_recorded"
    DEDUCTION_AHEAD = "deduction_ahead"
    REVOCATION_DELIVERED = "revocation_delivered"
    REVOCATION_CONFIRMED = "revocation_confirmed"
    REVOCATION_REFUSED = "revocation_refused"
    REVOCATION_LATE = "revocation_late"
    DEDUCTION_NOTED = "deduction_noted"
    # To the cardholder, of an appointment; the last one at once, since somebody stands before them.
    APPOINTMENT_CONFIRMED = "appointment_confirmed"
    APPOINTMENT_MOVED = "appointment_moved"
    APPOINTMENT_TOMORROW = "appointment_tomorrow"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    VISIT_REPORT_READY = "visit_report_ready"
    PASS_CODE_WRONG = "pass_code_wrong"  # noqa: S105 - a word, no secret
    # To the bank's desk, of an appointment.
    APPOINTMENT_CHANGED_TODAY = "appointment_changed_today"
    VISIT_REPORT_MISSING = "visit_report_missing"


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

# What a customer did. A reader at a bank is told of it at once, and of much of it together.
NEWS = frozenset(kind for kind in MailKind if kind.startswith("arrived_"))
LADDER = frozenset({MailKind.TWO_DAYS_BEFORE, MailKind.ONE_DAY_BEFORE, MailKind.ON_THE_DAY})
# Told at night as well: what is late, and what a colleague has just asked for.
AT_ANY_HOUR = frozenset(
    {
        MailKind.BREACHED,
        MailKind.ESCALATED,
        MailKind.REVIEW_WAITING,
        MailKind.OFFER_RETURNED,
        MailKind.OFFER_SUPERSEDED,
        MailKind.NO_REVIEWER,
        MailKind.MANY_REVEALS,
        MailKind.MANY_READINGS,
        MailKind.OTHER_PERSON,
        MailKind.COLLECTION_REPORTED,
        MailKind.DEDUCTION_DURING_HOLD,
        MailKind.CLEARANCE_LATE,
        MailKind.REQUEST_LATE,
        MailKind.ENROLMENT,
        MailKind.BANK_CHANGED,
        MailKind.BANK_CHANGE_ASKED,
        MailKind.RECOVERY_CODE_USED,
        MailKind.NEW_DEVICE,
    }
)
OF_A_BILL = frozenset({MailKind.BILL_DUE, MailKind.BILL_DUE_TODAY, MailKind.BILL_CHANGED})
# Of a request beside a negotiation: to the bank, and to the person.
OF_A_REQUEST_TO_BANK = frozenset(
    {MailKind.REQUEST_ARRIVED, MailKind.REQUEST_DUE, MailKind.REQUEST_LATE, MailKind.REQUEST_ASSIGNED}
)
# That a colleague made something theirs: told once nobody has given them more for a moment, and if it still is theirs.
GIVEN = frozenset({MailKind.ASSIGNED, MailKind.REQUEST_ASSIGNED})
OF_A_REQUEST = OF_A_REQUEST_TO_BANK | {
    MailKind.REQUEST_NEWS,
    MailKind.REQUEST_UNANSWERED,
    MailKind.INSTALMENTS_QUOTED,
}
OF_A_MANDATE = frozenset(
    {
        MailKind.MANDATE_RECORDED,
        MailKind.DEDUCTION_AHEAD,
        MailKind.REVOCATION_DELIVERED,
        MailKind.REVOCATION_CONFIRMED,
        MailKind.REVOCATION_REFUSED,
        MailKind.REVOCATION_LATE,
        MailKind.DEDUCTION_NOTED,
    }
)
OF_A_REFERRAL = frozenset({MailKind.REFERRAL_ANSWERED})
# To a cardholder, and about no negotiation: they name no bank, sum or card.
BESIDE_NEGOTIATIONS = OF_A_BILL | OF_A_REFERRAL | OF_A_MANDATE
OF_AN_APPOINTMENT = frozenset(
    {
        MailKind.APPOINTMENT_CONFIRMED,
        MailKind.APPOINTMENT_MOVED,
        MailKind.APPOINTMENT_TOMORROW,
        MailKind.APPOINTMENT_CANCELLED,
        MailKind.VISIT_REPORT_READY,
        MailKind.PASS_CODE_WRONG,
        MailKind.APPOINTMENT_CHANGED_TODAY,
        MailKind.VISIT_REPORT_MISSING,
    }
)
# About no one negotiation, to a bank's people.
OF_NO_CASE = frozenset(
    {
        MailKind.DAILY_DIGEST,
        MailKind.WEEKLY_REPORT,
        MailKind.ENROLMENT,
        MailKind.MANY_READINGS,
        MailKind.OTHER_PERSON,
        MailKind.BANK_CHANGED,
        MailKind.BANK_CHANGE_ASKED,
        MailKind.RECOVERY_CODE_USED,
        MailKind.NEW_DEVICE,
    }
)
# What one reader is told of many negotiations at one moment goes out as one mail: the kinds, and the words for several.
TOGETHER: Mapping[MailKind, MailKind] = {
    **dict.fromkeys(LADDER, MailKind.SEVERAL_DUE),
    # The list of the morning names what is due today as well, so the two are one mail.
    MailKind.DAILY_DIGEST: MailKind.SEVERAL_DUE,
    **dict.fromkeys(NEWS, MailKind.SEVERAL_ARRIVED),
    MailKind.REVIEW_WAITING: MailKind.SEVERAL_REVIEWS,
    MailKind.ASSIGNED: MailKind.SEVERAL_ASSIGNED,
    MailKind.BREACHED: MailKind.SEVERAL_BREACHED,
    MailKind.ESCALATED: MailKind.SEVERAL_ESCALATED,
    MailKind.LAPSED: MailKind.SEVERAL_LAPSED,
    **dict.fromkeys(OF_A_REQUEST_TO_BANK, MailKind.SEVERAL_REQUESTS),
}
# Their words speak of a list of negotiations, which stands below them.
WITH_A_LIST = frozenset({*TOGETHER.values(), MailKind.DAILY_DIGEST})
# What a bank can do without: whatever is due today or late is told all the same.
AHEAD = frozenset({MailKind.TWO_DAYS_BEFORE, MailKind.ONE_DAY_BEFORE})
# What the desk is told of a case, its owner is told too; what lies ahead the owner instead of the desk.
OF_AN_OWNER = NEWS | LADDER | {MailKind.DUE_MOVED, MailKind.LAPSED, MailKind.BREACHED, MailKind.ESCALATED}


def kind_of(stage: Stage) -> MailKind:
    """The mail of a step of the ladder."""
    return MailKind(stage.value)
