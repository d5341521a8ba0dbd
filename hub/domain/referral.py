"""Referrals: a person is shown a licensed lender, and only by their own word does the lender hear of them.

The hub takes no fee, ranks nobody and lends nothing. Nobody is referred who is overdue, or promised in an agreement
under Article 70 to take no new credit: a new loan that repays an old one is what they have to be kept from.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from hub.domain.china import china_day, china_instant
from hub.domain.consent_ledger import Door
from hub.domain.transitions import step
from hub.domain.working_days import Calendar

ANSWER_WORKING_DAYS: Final = 5
"""How long a partner has to answer once it has what was handed over."""
LAPSES_AFTER: Final = timedelta(days=30)
"""How long after it was shown a referral that nobody took up, or answered, is over."""
MOST_REFERRALS: Final = 50
"""How many are kept for one person."""


class ReferralStatus(StrEnum):
    """Where a referral stands."""

    SHOWN = "shown"  # the person saw the information sheet; the partner knows nothing
    HANDED_OVER = "handed_over"  # the person consented: the partner is given what they named, by the delivery's row
    CONTRACTED = "contracted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    REVOKED = "revoked"


class ReferralEvent(StrEnum):
    """What can happen to a referral."""

    CONSENTED = "consented"
    CONTRACTED = "contracted"
    DECLINED = "declined"
    TIME_PASSED = "time_passed"
    REVOKED = "revoked"


TRANSITIONS: Final[dict[ReferralStatus, dict[ReferralEvent, ReferralStatus]]] = {
    ReferralStatus.SHOWN: {
        ReferralEvent.CONSENTED: ReferralStatus.HANDED_OVER,
        ReferralEvent.TIME_PASSED: ReferralStatus.LAPSED,
    },
    ReferralStatus.HANDED_OVER: {
        ReferralEvent.CONTRACTED: ReferralStatus.CONTRACTED,
        ReferralEvent.DECLINED: ReferralStatus.DECLINED,
        ReferralEvent.TIME_PASSED: ReferralStatus.LAPSED,
        ReferralEvent.REVOKED: ReferralStatus.REVOKED,
    },
    ReferralStatus.CONTRACTED: {},
    ReferralStatus.DECLINED: {},
    ReferralStatus.LAPSED: {},
    ReferralStatus.REVOKED: {},
}
OPEN: Final = frozenset(status for status, leads in TRANSITIONS.items() if leads)


def next_status(status: ReferralStatus, event: ReferralEvent) -> ReferralStatus:
    """The status that `event` leads to from `status`; raises `StatusConflict` where the table has no such step."""
    return step(TRANSITIONS, status, event)


def answer_due_at(arrived_at: datetime, calendar: Calendar) -> datetime:
    """The end of the last working day on which the partner answers in time."""
    day = calendar.nth_working_day_after(china_day(arrived_at), ANSWER_WORKING_DAYS)
    return china_instant(day + timedelta(days=1), time())


class MessageKind(StrEnum):
    """What a message to a partner is, as the wire names it."""

    HANDED_OVER = "referral.handed_over"
    ENDED = "referral.ended"


class EndReason(StrEnum):
    """Why a partner is told that a referral is over."""

    REVOKED = "revoked"
    LAPSED = "lapsed"


class Outcome(StrEnum):
    """What a partner may answer."""

    CONTRACTED = "contracted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerAnswer:
    """What a partner says of one referral. `annual_percent` is what the loan costs a year, where there is one."""

    referral: str
    outcome: Outcome
    annual_percent: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """All that a partner is given of a person: what they are called and where they can be called."""

    name: str
    mobile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralConsent:
    """A person's word that one partner is given this, in the version of the text that they were shown.

    `email` is where they want to be told of the answer; the partner is not given it.
    """

    version: str
    given_at: datetime
    handed_over: HandedOver
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedConsent:
    """The consent as the ledger has it: words and times, and nothing that names the person."""

    version: str
    sha256: str
    given_at: datetime
    noted_at: datetime
    door: Door
    revoked_at: datetime | None = None
