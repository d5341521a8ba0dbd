"""A small whole record, for the tests of packing and of checking it."""

import hashlib
from datetime import UTC, datetime, timedelta

from hub.documents.record import EvidenceFile, RecordParts
from hub.domain.log_chain import ERASED, NO_PREVIOUS, Attachment, Entry, content_digest, erasure_of

FORM_PDF = b"%PDF-1.7 form"
AGREEMENT_PDF = b"%PDF-1.7 agreement"
DOCUMENTS = {"application-form.pdf": FORM_PDF, "agreement.pdf": AGREEMENT_PDF}
EVIDENCE = {"e-1": ("pdf", b"payslip"), "e-2": ("jpg", b"medical bill")}


def attachment(file_id: str, kind: str, content: bytes) -> Attachment:
    return Attachment(id=file_id, kind=kind, sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def log_lines() -> list[dict[str, object]]:
    """Five entries that hold: files, a status change, an erased text and its erasure, a line separator in a text."""
    steps: list[tuple[str | None, tuple[Attachment, ...]]] = [
        ("申请\u2028第二行", (attachment("e-1", "payslip", b"payslip"),)),
        ("申请表", (attachment("d-1", "application_form", FORM_PDF),)),
        (None, (attachment("e-2", "medical_bill", b"medical bill"),)),
        ("", ()),
        ("协议", (attachment("d-2", "agreement", AGREEMENT_PDF),)),
    ]
    lines: list[dict[str, object]] = []
    previous = NO_PREVIOUS
    for sequence, (text, attachments) in enumerate(steps, start=1):
        salt = bytes([0xA0 + sequence]) * 32
        entry = Entry(
            negotiation="n-1",
            sequence=sequence,
            at=datetime(2026, 11, 21, 2, tzinfo=UTC) + timedelta(minutes=sequence),
            channel="app",
            party="cardholder",
            kind="message",
            event="screened",
            from_status="screening",
            to_status="delivering",
            content=content_digest(salt, text or "erased"),
            previous=previous,
            attachments=attachments,
        )
        if text == "":
            entry = Entry(
                negotiation="n-1", sequence=sequence, at=entry.at, channel="app", party="hub", kind=ERASED,
                content=content_digest(salt, ""), previous=previous,
                attachments=(erasure_of("3", str(lines[2]["content"])),),
            )  # fmt: skip
        previous = entry.digest
        lines.append(entry.line(text=text, salt=None if text is None else salt))
    return lines


def record_parts() -> RecordParts:
    """Every part a record can have."""
    evidence = [
        EvidenceFile(id=file_id, extension=extension, chunks=[content])
        for file_id, (extension, content) in EVIDENCE.items()
    ]
    return RecordParts(log=log_lines(), evidence=evidence, documents=DOCUMENTS)
