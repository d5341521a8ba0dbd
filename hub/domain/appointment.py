"""Appointments with a bank's own people: what they are for, where they stand, and the one table of what leads where.

Nobody collects at an appointment, and no money changes hands: there is no purpose for it and no field.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from hub.domain.application import SupportNeed
from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose, AskedBy
from hub.domain.china import CHINA, china_day, china_instant
from hub.domain.errors import Fault, Refused
from hub.domain.money_words import asks_for_money
from hub.domain.people import says_nothing
from hub.domain.service_request import RequestKind, RequestRules
from hub.domain.visit import report_due_at

HOME_AGE: Final = 65
"""From this age on nobody has to say why they want to be visited at home."""
CONFIRM_WORKING_DAYS: Final = 2
"""How long a bank has to say who will be there."""
CANCEL_BEFORE: Final = timedelta(hours=1)
"""Until so long before it begins a person may cancel, and nothing of it counts against them."""
ADDRESS_KEPT: Final = timedelta(days=7)
"""How long an address outlives the visit; then its key is destroyed."""
FAIR_WAIT: Final = timedelta(minutes=30)
"""So long one waits for the other before saying that nobody came; never beyond the end of the time."""
PASS_CODE_TRIES: Final = 5
REMIND_AT: Final = time(9)
BEGIN_BEFORE: Final = timedelta(minutes=30)
"""So long before its time a visit can begin, where both sides are there already."""
MOST_OPEN: Final = 5
"""How many appointments one person may have ahead."""


class AppointmentStatus(StrEnum):
    """Where an appointment stands."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"  # two of the bank's people are named
    REMINDED = "reminded"
    BEGUN = "begun"  # both are there and have said the pass code
    DONE = "done"
    CANCELLED = "cancelled"
    MOVED = "moved"  # the bank names another time, and the person has not said yes
    MISSED_BY_PERSON = "missed_by_person"
    MISSED_BY_BANK = "missed_by_bank"


class AppointmentEvent(StrEnum):
    """What can happen to an appointment."""

    CONFIRM = "confirm"
    REMIND = "remind"
    BEGIN = "begin"
    REPORT = "report"
    CANCEL = "cancel"
    MOVE = "move"
    ACCEPT_MOVE = "accept_move"
    PERSON_ABSENT = "person_absent"
    BANK_ABSENT = "bank_absent"


_S, _E = AppointmentStatus, AppointmentEvent
TRANSITIONS: Final[dict[AppointmentStatus, dict[AppointmentEvent, AppointmentStatus]]] = {
    _S.REQUESTED: {
        _E.CONFIRM: _S.CONFIRMED,
        _E.CANCEL: _S.CANCELLED,
        _E.MOVE: _S.MOVED,
        # Nobody said who would come, and the time is over.
        _E.BANK_ABSENT: _S.MISSED_BY_BANK,
    },
    _S.CONFIRMED: {
        # Other people than were named first.
        _E.CONFIRM: _S.CONFIRMED,
        _E.REMIND: _S.REMINDED,
        _E.BEGIN: _S.BEGUN,
        _E.CANCEL: _S.CANCELLED,
        _E.MOVE: _S.MOVED,
        _E.PERSON_ABSENT: _S.MISSED_BY_PERSON,
        _E.BANK_ABSENT: _S.MISSED_BY_BANK,
    },
    _S.REMINDED: {
        _E.CONFIRM: _S.REMINDED,
        _E.BEGIN: _S.BEGUN,
        _E.CANCEL: _S.CANCELLED,
        _E.MOVE: _S.MOVED,
        _E.PERSON_ABSENT: _S.MISSED_BY_PERSON,
        _E.BANK_ABSENT: _S.MISSED_BY_BANK,
    },
    # A person who does not answer has not agreed: when the new time comes nobody goes, and nobody is blamed.
    _S.MOVED: {_E.ACCEPT_MOVE: _S.CONFIRMED, _E.CANCEL: _S.CANCELLED, _E.MOVE: _S.MOVED},
    _S.BEGUN: {_E.REPORT: _S.DONE},
    _S.DONE: {},
    _S.CANCELLED: {},
    _S.MISSED_BY_PERSON: {},
    _S.MISSED_BY_BANK: {},
}
RULES: Final = RequestRules(
    kind=RequestKind.APPOINTMENT,
    first=_S.REQUESTED,
    steps=TRANSITIONS,
    banks_turn=frozenset({_S.REQUESTED}),
    over=frozenset({_S.DONE, _S.CANCELLED, _S.MISSED_BY_PERSON, _S.MISSED_BY_BANK}),
    response_days=CONFIRM_WORKING_DAYS,
)
AHEAD: Final = frozenset({_S.REQUESTED, _S.CONFIRMED, _S.REMINDED, _S.MOVED})
"""What is still to come; such an appointment has a place of its slot."""
MISSED: Final = frozenset({_S.MISSED_BY_PERSON, _S.MISSED_BY_BANK})
_WAITS_FOR_THE_EVENING: Final = frozenset({_S.REQUESTED, _S.CONFIRMED, _S.REMINDED, _S.BEGUN})
NAMED: Final = frozenset({_S.CONFIRMED, _S.REMINDED})
"""Two people are named, and the person may be shown the pass code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentWish:
    """What a person asks for. `own_words` say why home, or what `other` is; `address` is sealed apart from the rest.

    Raises `Refused`: the words or the address are missing, a consent is, or the words ask for money to change hands.
    """

    kind: AppointmentKind
    purpose: AppointmentPurpose
    called: str = ""
    asked_by: AskedBy = AskedBy.PERSON
    own_words: str = ""
    address: str = ""
    address_consent: bool = False
    recording_consent: bool = False

    def __post_init__(self) -> None:
        at_home = self.kind is AppointmentKind.HOME
        faults = []
        if asks_for_money(self.own_words):
            faults.append(Fault("/own_words", "cash_refused"))
        if self.purpose is AppointmentPurpose.OTHER and says_nothing(self.own_words):
            faults.append(Fault("/own_words", "required"))
        if at_home and says_nothing(self.address):
            faults.append(Fault("/address", "required"))
        if self.address and not at_home:
            faults.append(Fault("/address", "address_for_home_only"))
        if at_home and not self.address_consent:
            faults.append(Fault("/address_consent", "address_consent_needed"))
        if self.kind is AppointmentKind.VIDEO and not self.recording_consent:
            faults.append(Fault("/recording_consent", "recording_consent_needed"))
        if faults:
            raise Refused(*faults)

    def require_home_reason(self, *, support_needs: tuple[SupportNeed, ...], age: int | None) -> None:
        """Raises `Refused` `home_needs_reason` where nothing speaks for a visit at home and nothing is said."""
        if self.kind is not AppointmentKind.HOME or support_needs or not says_nothing(self.own_words):
            return
        if age is None or age < HOME_AGE:
            raise Refused(Fault("/own_words", "home_needs_reason", {"age": HOME_AGE}))

    def require_own_purpose(self, *, hold_in_force: bool) -> None:
        """Raises `Refused` `hold_in_force`: while nobody may collect, nobody comes but for what the person wants."""
        if hold_in_force and self.asked_by is AskedBy.BANK:
            raise Refused(Fault("/asked_by", "hold_in_force"))


def acts_at(status: AppointmentStatus, starts_at: datetime, *, now: datetime) -> datetime | None:
    """When something happens by itself to an appointment that stands so since now; None where nothing does.

    A reminder at nine of the day before, unless that has passed. What the bank has not begun by the hour at which
    visits are reported, it has missed; what was begun and not reported by then is asked for. A move that nobody
    accepted ends when its time comes.
    """
    if status is _S.MOVED:
        return starts_at
    if status is _S.CONFIRMED:
        before = china_instant(china_day(starts_at) - timedelta(days=1), REMIND_AT)
        if before > now:
            return before
    if status in _WAITS_FOR_THE_EVENING:
        return report_due_at(starts_at)
    return None


def absence_from(starts_at: datetime, ends_at: datetime) -> datetime:
    """From when on one side may say that the other did not come."""
    return min(starts_at + FAIR_WAIT, ends_at)


def require_waited(starts_at: datetime, ends_at: datetime, *, now: datetime, pointer: str = "") -> None:
    """Raises `Refused` `not_waited_yet`: whoever is a few minutes late has not stayed away."""
    since = absence_from(starts_at, ends_at)
    if now < since:
        raise Refused(Fault(pointer, "not_waited_yet", {"since": f"{since.astimezone(CHINA):%H:%M}"}))


def may_cancel(status: AppointmentStatus, *, starts_at: datetime, now: datetime) -> bool:
    """Whether the person may still cancel. What the bank moved may be refused until its new time has come."""
    if _E.CANCEL not in TRANSITIONS[status]:
        return False
    latest = starts_at if status is _S.MOVED else starts_at - CANCEL_BEFORE
    return now <= latest
