"""见面记录 on paper: who of the bank came, what was shown and what was taken. Printed when asked for, kept nowhere."""

from dataclasses import dataclass
from datetime import datetime

from hub.documents.typesetting import html_from
from hub.domain import labels
from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.visit import Visitor, VisitReport


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitNote:
    """The paper. No address stands on it, and no sum: there was none to pay."""

    reference: str
    bank_zh: str
    kind: AppointmentKind
    purpose: AppointmentPurpose
    place: str
    starts_at: datetime
    reported_at: datetime
    signed_at: datetime | None
    staff: tuple[Visitor, ...]
    report: VisitReport
    sha256: str
    made_at: datetime


def html_of(note: VisitNote) -> str:
    """The paper as HTML, ready to print; the same value gives the same text."""
    return html_from(
        "visit-note.html",
        note=note,
        kinds=labels.APPOINTMENT_KINDS,
        purposes=labels.APPOINTMENT_PURPOSES,
        identities=labels.IDENTITY_FOUND,
        handlings=labels.PAPER_HANDLINGS,
    )
