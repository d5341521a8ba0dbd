"""Days on which something is to be paid as a calendar file (RFC 5545), so that a phone reminds its owner.

Neither bank nor sum stands in it, because others look at a phone's calendar.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from hub.domain.payments import PaymentRow

MEDIA_TYPE = "text/calendar"
TITLES = {"zh": "还款日", "en": "Payment day"}
"""What each day is called, by language."""
# Nine in the morning of the third day before: a day begins at midnight, when nobody shall be woken.
_ALARM = "-P2DT15H"
# RFC 5545, 3.1: a line is at most 75 octets, its end left out.
_LINE = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDays:
    """What the file says of an agreement: `rows` are those still to come.

    `address` is where its owner finds the rest after signing in. `version` grows with each change of the days, so that
    a calendar that takes the file again moves what it has.
    """

    agreement_number: str
    address: str
    version: int
    rows: Sequence[PaymentRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDay:
    """One day in the file. `uid` says which payment it is; `version` grows with each change of its day."""

    uid: str
    due_on: date
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDays:
    """The days, and the `address` at which their owner finds the rest after signing in."""

    address: str
    days: Sequence[DueDay]


def calendar_file(payments: PaymentDays, *, language: str, made_at: datetime) -> bytes:
    """The file of an agreement's payments: an event the whole day a payment, with an alarm three days before."""
    days = [
        DueDay(uid=f"{payments.agreement_number}-{row.number}", due_on=row.due_on, version=payments.version)
        for row in payments.rows
    ]
    return due_days_file(DueDays(address=payments.address, days=days), language=language, made_at=made_at)


def due_days_file(due: DueDays, *, language: str, made_at: datetime) -> bytes:
    """The file: an event the whole day each, with an alarm three days before."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Negotiated Repayment Hub//Payment days//EN", "METHOD:PUBLISH"]
    for each in due.days:
        lines += _event(due.address, each, language, made_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)).encode()


def _event(address: str, day: DueDay, language: str, made_at: datetime) -> list[str]:
    title = _text(TITLES["en" if language == "en" else "zh"])
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(day.uid)}@negotiated-repayment-hub",
        f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{day.version}",
        f"DTSTART;VALUE=DATE:{day.due_on:%Y%m%d}",
        f"SUMMARY:{title}",
        f"URL:{address}",
        "CLASS:PRIVATE",
        # A payment takes nobody's day away.
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{title}",
        f"TRIGGER:{_ALARM}",
        "END:VALARM",
        "END:VEVENT",
    ]


def _text(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", r"\n")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, each behind the first begun by a blank; no character is cut."""
    piece = ""
    for char in line:
        if len((piece + char).encode()) > _LINE:
            yield piece
            piece = " "
        piece += char
    yield piece
