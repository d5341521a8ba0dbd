"""A visit: which two of the bank's people it takes, and what they report of it afterwards.

What is reported has no field for money, and words that name a sum are refused: nothing is paid to whoever comes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Final

from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.china import china_day, china_instant
from hub.domain.errors import Fault, Refused
from hub.domain.identifiers import normalised_digits
from hub.domain.money_words import asks_for_money, names_a_sum

REPORT_BY: Final = time(20)
"""By this hour of the same day a visit is reported."""
STAFF_NEEDED: Final = 2
MOST_PAPERS: Final = 30
_NUMBER: Final = re.compile(r"[A-Za-z0-9-]{1,20}")


class IdentityFound(StrEnum):
    """What the two found when they compared the person with their document."""

    MATCHED = "matched"
    FAILED = "failed"


class PaperHandling(StrEnum):
    """What became of a paper at a visit."""

    SHOWN = "shown"  # looked at and given back
    TAKEN = "taken"  # a copy went with the bank's people


class Trouble(StrEnum):
    """What a person says went wrong with an appointment."""

    NOBODY_CAME = "nobody_came"
    CAME_ALONE = "came_alone"
    OTHER_PEOPLE = "other_people"  # not those who were named
    ASKED_FOR_MONEY = "asked_for_money"
    PRESSED = "pressed"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """One of a bank's own people who meet customers. `number` is the one on their badge.

    Raises `Refused` `visitor_number` for one that no badge bears.
    """

    number: str
    name: str

    def __post_init__(self) -> None:
        if not _NUMBER.fullmatch(self.number):
            raise Refused(Fault("/number", "visitor_number"))

    @property
    def initial(self) -> str:
        """What a mail says of the name: its first character."""
        return self.name[:1]


def staff_faults(numbers: Sequence[str], *, known: Sequence[str]) -> list[Fault]:
    """What is wrong with those who are to come; `known` are the numbers of the bank's own people who may."""
    # A number that is spelt in two ways is on one badge.
    badges = {normalised_digits(each) for each in numbers} - {""}
    if len(badges) != STAFF_NEEDED or len(numbers) != STAFF_NEEDED:
        return [Fault("/staff", "two_staff_needed")]
    return [Fault(f"/staff/{place}", "staff_unknown") for place, each in enumerate(numbers) if each not in known]


def _require_no_money(words: Sequence[tuple[str, str]]) -> None:
    faults = [Fault(pointer, "cash_refused") for pointer, text in words if names_a_sum(text) or asks_for_money(text)]
    if faults:
        raise Refused(*faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Another time, who comes then, and why, in the bank's words; `Refused` `cash_refused` where these are of money."""

    slot_id: str
    staff: tuple[str, ...]
    text: str = ""

    def __post_init__(self) -> None:
        _require_no_money([("/text", self.text)])


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSeen:
    """A paper at a visit. `sha256` is that of the copy which was taken."""

    name: str
    handling: PaperHandling
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The number of the bank's own receipt for what the person paid in the bank's own app; nothing of how much."""

    number: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitReport:
    """What happened at a visit. `signed`: the person signed there; None where it was not for signing.

    Raises `Refused` `cash_refused` where words name a sum or speak of cash.
    """

    identity: IdentityFound
    papers: tuple[PaperSeen, ...] = ()
    signed: bool | None = None
    note: str = ""
    recording_reference: str | None = None
    receipt: Receipt | None = None

    def __post_init__(self) -> None:
        words = [("/note", self.note), ("/recording_reference", self.recording_reference or "")]
        words += [(f"/papers/{place}/name", each.name) for place, each in enumerate(self.papers)]
        if self.receipt is not None:
            words.append(("/receipt/number", self.receipt.number))
        _require_no_money(words)

    def require_fits(self, kind: AppointmentKind, purpose: AppointmentPurpose) -> None:
        """Raises `Refused`: a video without the reference of its recording, a signature of one who was not known."""
        faults = []
        if kind is AppointmentKind.VIDEO and not self.recording_reference:
            faults.append(Fault("/recording_reference", "recording_reference_needed"))
        if kind is not AppointmentKind.VIDEO and self.recording_reference:
            faults.append(Fault("/recording_reference", "recording_of_video_only"))
        if self.signed and self.identity is IdentityFound.FAILED:
            faults.append(Fault("/signed", "sign_closed"))
        if self.signed is not None and purpose is not AppointmentPurpose.SIGN:
            faults.append(Fault("/signed", "not_for_signing"))
        if faults:
            raise Refused(*faults)


def report_due_at(starts_at: datetime) -> datetime:
    """By when a visit that begins then is reported: the same day in China, at 20:00."""
    return china_instant(china_day(starts_at), REPORT_BY)
