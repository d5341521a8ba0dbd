"""The note of a visit as a paper, for the person and for their bank alike."""

import hashlib

from hub.documents.visit_note import VisitNote
from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.errors import NotFound
from hub.domain.plain import canonical, to_plain
from hub.services.appointments.views import AppointmentShown
from hub.services.transaction import HubTransaction


def note_of(tx: HubTransaction, shown: AppointmentShown) -> VisitNote:
    """What is printed of the visit; raises `NotFound` while it is not reported."""
    record, report = shown.record, shown.report
    if report is None or record.reported_at is None:
        raise NotFound
    return VisitNote(
        reference=shown.request.reference,
        bank_zh=tx.bank(record.bank_code).name_zh,
        kind=AppointmentKind(record.kind),
        purpose=AppointmentPurpose(record.purpose),
        place=shown.place.name,
        starts_at=record.starts_at,
        reported_at=record.reported_at,
        signed_at=shown.contents.note_signed_at,
        staff=shown.contents.staff,
        report=report,
        sha256=hashlib.sha256(canonical(to_plain(report))).hexdigest(),
        made_at=tx.now,
    )
