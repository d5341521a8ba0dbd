"""Authorisations to deduct: who may take what from which account until when, and the one table of what leads where.

The register is the person's own note of what they once allowed. The hub stops no deduction: it delivers the person's
revocation and proves that it did.
"""

import calendar
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from hub.domain.bill_reminder import told_at
from hub.domain.card_secrets import without_separators
from hub.domain.china import china_instant
from hub.domain.errors import Fault, InvalidValue, Refused
from hub.domain.identifiers import normalised_digits
from hub.domain.people import says_nothing
from hub.domain.retention import TEN_YEARS, THREE_YEARS
from hub.domain.transitions import step
from hub.domain.working_days import Calendar

MOST_MANDATES: Final = 100
"""How many mandates are kept for one person."""
MOST_CAP_FEN: Final = 10**12
TOLD_DAYS_BEFORE: Final = 3
"""How many days before a deduction its person is told."""

_FULL_NUMBER: Final = re.compile(r"[0-9]{13,}")
_DATE: Final = re.compile(r"(?<![0-9])20[0-9]{2}-[0-9]{2}-[0-9]{2}(?![0-9])")
_FULL_NUMBER_NAMES: Final = frozenset(
    {
        *("accountnumber", "accountno", "account", "bankaccount", "cardnumber", "cardno", "card", "pan", "iban"),
        *("账号", "卡号", "银行卡号", "银行账号"),
    }
)
_MOST_YEARS: Final = 30
_A_YEAR: Final = 366


class PayeeKind(StrEnum):
    """Who may deduct."""

    CREDITOR = "creditor"  # a bank or lender, by its code
    PAYMENT_COMPANY = "payment_company"  # by its name: none of them is on the hub


class MandateFrequency(StrEnum):
    """How often may be deducted."""

    ONCE = "once"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ON_DEMAND = "on_demand"  # whenever the payee asks


class MandateStatus(StrEnum):
    """Where a mandate stands."""

    RECORDED = "recorded"
    REVOKING = "revoking"
    REVOKED = "revoked"
    REVOCATION_REFUSED = "revocation_refused"
    ENDED = "ended"  # its term is over


class MandateEvent(StrEnum):
    """What can happen to a mandate."""

    REVOCATION_SENT = "revocation_sent"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    TERM_OVER = "term_over"
    CHANGED = "changed"


TRANSITIONS: Final[dict[MandateStatus, dict[MandateEvent, MandateStatus]]] = {
    MandateStatus.RECORDED: {
        MandateEvent.CHANGED: MandateStatus.RECORDED,
        MandateEvent.REVOCATION_SENT: MandateStatus.REVOKING,
        MandateEvent.TERM_OVER: MandateStatus.ENDED,
    },
    MandateStatus.REVOKING: {
        MandateEvent.CONFIRMED: MandateStatus.REVOKED,
        MandateEvent.REFUSED: MandateStatus.REVOCATION_REFUSED,
        MandateEvent.TERM_OVER: MandateStatus.ENDED,
    },
    # The person may mend what was wrong and ask anew.
    MandateStatus.REVOCATION_REFUSED: {
        MandateEvent.CHANGED: MandateStatus.RECORDED,
        MandateEvent.TERM_OVER: MandateStatus.ENDED,
    },
    MandateStatus.REVOKED: {},
    MandateStatus.ENDED: {},
}

ACTIVE: Final = frozenset(
    {MandateStatus.RECORDED, MandateStatus.REVOKING, MandateStatus.REVOCATION_REFUSED},
)
"""Where something may still be deducted, as far as anybody told."""


def next_status(status: MandateStatus, event: MandateEvent) -> MandateStatus:
    """The status that `event` leads to from `status`; raises `StatusConflict` where the table has no such step."""
    return step(TRANSITIONS, status, event)


class RevocationRefusal(StrEnum):
    """Why a payee or bank does not take a revocation."""

    NOT_OURS = "not_ours"
    ALREADY_ENDED = "already_ended"
    REQUIRED_BY_CONTRACT = "required_by_contract"  # with the clause's text
    COURT_ORDER = "court_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationRefused:
    """A payee's or bank's reasoned no. Raises `Refused` `clause_text_required` where the clause is not quoted."""

    reason: RevocationRefusal
    text: str = ""

    def __post_init__(self) -> None:
        if self.reason is RevocationRefusal.REQUIRED_BY_CONTRACT and says_nothing(self.text):
            raise Refused(Fault("/text", "clause_text_required"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateContents:
    """What was authorised, and where its person is told of it. `cap_fen` is a ceiling for one deduction.

    `next_on`: the day of a deduction, from which the others follow. `valid_to` is None where no end was agreed.
    Raises `Refused` with every fault.
    """

    payee_kind: PayeeKind
    account_bank: str
    account_last4: str
    use: str
    cap_fen: int
    frequency: MandateFrequency
    valid_from: date
    source_doc: str
    mobile: str = field(repr=False)
    is_own_account: bool = True
    payee_code: str | None = None
    payee_name: str | None = None
    valid_to: date | None = None
    next_on: date | None = None
    email: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        faults = [*self._payee_faults(), *self._term_faults()]
        if not self.is_own_account:
            faults.append(Fault("/is_own_account", "mandate_of_third_person"))
        if not 0 < self.cap_fen <= MOST_CAP_FEN:
            faults.append(Fault("/cap_fen", "cap_out_of_range", {"most": MOST_CAP_FEN}))
        faults += [
            Fault(f"/{name}", "full_number_refused")
            for name in ("payee_name", "use", "source_doc")
            if holds_full_number(getattr(self, name) or "")
        ]
        if faults:
            raise Refused(*faults)

    def _payee_faults(self) -> list[Fault]:
        by_code = self.payee_kind is PayeeKind.CREDITOR
        needed, other = ("payee_code", "payee_name") if by_code else ("payee_name", "payee_code")
        faults = [] if getattr(self, needed) else [Fault(f"/{needed}", "required")]
        return faults if getattr(self, other) is None else [*faults, Fault(f"/{other}", "not_with_this_payee")]

    def _term_faults(self) -> list[Fault]:
        faults = []
        if self.valid_to is not None and self.valid_to < self.valid_from:
            faults.append(Fault("/valid_to", "term_ends_before_it_begins"))
        if self.next_on is not None and not self.valid_from <= self.next_on <= (self.valid_to or date.max):
            faults.append(Fault("/next_on", "next_run_outside_term"))
        return faults

    def require_near(self, today: date) -> None:
        """Raises `Refused` `term_far` for a term that nobody can mean: it would be kept until after it."""
        for name, day in (("valid_from", self.valid_from), ("valid_to", self.valid_to), ("next_on", self.next_on)):
            if day is not None and abs((day - today).days) > _MOST_YEARS * _A_YEAR:
                raise Refused(Fault(f"/{name}", "term_far", {"years": _MOST_YEARS}))

    @property
    def receivers(self) -> tuple[str, ...]:
        """Who has to be told of a revocation, by code: the payee where it has one, and the bank of the account."""
        codes = (self.payee_code, self.account_bank)
        return tuple(dict.fromkeys(code for code in codes if code is not None))

    @property
    def ends_at(self) -> datetime | None:
        """The instant at which its term is over: the end of its last day in China."""
        return None if self.valid_to is None else china_instant(self.valid_to + timedelta(days=1), time())

    def expires_at(self, changed_at: datetime) -> datetime:
        """How long it is kept: three years after its term, in which claims lapse; without one, ten from a change."""
        if self.valid_to is None:
            return changed_at + timedelta(days=TEN_YEARS)
        return max(changed_at, china_instant(self.valid_to, time())) + timedelta(days=THREE_YEARS)

    def next_run(self, today: date) -> date | None:
        """The first day from `today` on for which a deduction is known; None where none is."""
        if self.next_on is None or self.frequency is MandateFrequency.ON_DEMAND:
            return None
        day, number = self.next_on, 0
        while day < today:
            if self.frequency is MandateFrequency.ONCE:
                return None
            number += 1
            day = _later(self.next_on, self.frequency, number)
        return None if self.valid_to is not None and day > self.valid_to else day


def _later(day: date, frequency: MandateFrequency, number: int) -> date:
    """The `number`th run after that of `day`; of a month without that day its last one."""
    if frequency is MandateFrequency.WEEKLY:
        return day + timedelta(weeks=number)
    months = day.month - 1 + number * (3 if frequency is MandateFrequency.QUARTERLY else 1)
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def revoke_by(run_on: date, days: Calendar) -> date:
    """The last working day before a deduction: a revocation of a later day may come too late for it."""
    day = run_on - timedelta(days=1)
    while not days.is_working_day(day):
        day -= timedelta(days=1)
    return day


def told_of(run_on: date) -> datetime:
    """When the person is told of a deduction."""
    return told_at(run_on, TOLD_DAYS_BEFORE)


def holds_full_number(text: str) -> bool:
    """Whether the text holds what may be the whole number of a card or an account; days beside each other are none."""
    return _FULL_NUMBER.search(normalised_digits(_DATE.sub("/", text))) is not None


def is_full_number(name: str) -> bool:
    """Whether a field of that name asks for the whole number of a card or an account, however it is spelt."""
    return without_separators(name) in _FULL_NUMBER_NAMES


def account_last4(text: str) -> str:
    """The last four digits of an account; raises `InvalidValue` `full_number_refused` for a whole number."""
    digits = normalised_digits(text)
    if len(digits) > 4 and digits.isascii() and digits.isdigit():
        raise InvalidValue("full_number_refused")
    if not (len(digits) == 4 and digits.isascii() and digits.isdigit()):
        raise InvalidValue("account_last4_form")
    return digits
