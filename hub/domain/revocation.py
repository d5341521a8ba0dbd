"""The revocation of an authorisation to deduct as a request to each receiver, and a reported deduction as one."""

from enum import StrEnum
from typing import Final

from hub.domain.service_request import RequestKind, RequestRules

ANSWER_DAYS: Final = 3
"""Working days, make-up days among them, in which a receiver answers a revocation or a reported deduction."""


class RevocationStatus(StrEnum):
    """Where a revocation stands with one receiver."""

    SENT = "sent"
    WITH_BANK = "with_bank"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class RevocationEvent(StrEnum):
    """What can happen to it."""

    ARRIVED = "arrived"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class ReportStatus(StrEnum):
    """Where a reported deduction stands with the creditor."""

    SENT = "sent"
    WITH_BANK = "with_bank"
    ANSWERED = "answered"


class ReportEvent(StrEnum):
    """What can happen to it."""

    ARRIVED = "arrived"
    ANSWERED = "answered"


REVOCATION: Final = RequestRules(
    kind=RequestKind.REVOCATION,
    first=RevocationStatus.SENT,
    steps={
        RevocationStatus.SENT: {RevocationEvent.ARRIVED: RevocationStatus.WITH_BANK},
        RevocationStatus.WITH_BANK: {
            RevocationEvent.CONFIRMED: RevocationStatus.CONFIRMED,
            RevocationEvent.REFUSED: RevocationStatus.REFUSED,
        },
        RevocationStatus.CONFIRMED: {},
        RevocationStatus.REFUSED: {},
    },
    banks_turn=frozenset({RevocationStatus.WITH_BANK}),
    over=frozenset({RevocationStatus.CONFIRMED, RevocationStatus.REFUSED}),
    arrived=RevocationEvent.ARRIVED,
    response_days=ANSWER_DAYS,
)
DEDUCTION_REPORT: Final = RequestRules(
    kind=RequestKind.DEDUCTION,
    first=ReportStatus.SENT,
    steps={
        ReportStatus.SENT: {ReportEvent.ARRIVED: ReportStatus.WITH_BANK},
        ReportStatus.WITH_BANK: {ReportEvent.ANSWERED: ReportStatus.ANSWERED},
        ReportStatus.ANSWERED: {},
    },
    banks_turn=frozenset({ReportStatus.WITH_BANK}),
    over=frozenset({ReportStatus.ANSWERED}),
    arrived=ReportEvent.ARRIVED,
    response_days=ANSWER_DAYS,
)
