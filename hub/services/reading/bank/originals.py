"""The original of a file: what a person sent, as it was sent, for a supervisor who says why the copy will not do.

An original may hold what nobody sees and what runs by itself. Each download is a line of the access log with the
reason, which the person reads too.
"""

from dataclasses import dataclass
from typing import Final

from hub.domain.active_content import ActiveContent
from hub.domain.errors import NotFound, NotHandedOn
from hub.domain.evidence import EvidenceStatus, MediaType
from hub.services.evidence.contents import Content, content_of, has_clean_copies
from hub.services.operating import many_readings
from hub.services.transaction import HubTransaction
from storage import access_log, clean_copies, consents, evidence, given_evidence, negotiations
from storage.evidence_store import EvidenceStore
from storage.records import EvidenceRecord, NegotiationRecord

WHY_LIMIT: Final = 36
"""So many characters of the reason go into a line of the access log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """What is known of an original before anybody takes it: `removed` is what its copy left out, where it is a PDF."""

    file_name: str
    size: int
    sha256: str
    is_pdf: bool
    removed: tuple[ActiveContent, ...]
    was_signed: bool


def about(tx: HubTransaction, negotiation_id: str, evidence_id: str, *, bank_code: str) -> Original:
    """The original of a file that was given to the bank's case; raises `NotFound`, `NotHandedOn`."""
    _, record = _given(tx, negotiation_id, evidence_id, bank_code=bank_code)
    copy = clean_copies.find_copy(tx, evidence_id)
    return Original(
        file_name=evidence.file_name_of(tx, record),
        size=record.size,
        sha256=record.sha256,
        is_pdf=record.media_type == MediaType.PDF,
        removed=() if copy is None else tuple(clean_copies.removed_from(copy)),
        was_signed=copy is not None and copy.was_signed,
    )


def take(
    tx: HubTransaction, store: EvidenceStore, negotiation_id: str, evidence_id: str, *, why: str, bank_code: str
) -> Content:
    """The bytes as they were sent; who takes them and why is on record.

    `why`: one line of at most `WHY_LIMIT` characters. Raises `NotFound`, `NotHandedOn`, `EvidenceErased`.
    """
    row, record = _given(tx, negotiation_id, evidence_id, bank_code=bank_code)
    content = content_of(tx, store, record)
    access_log.note_reading(tx, row, tx.actor, f"{many_readings.ORIGINAL}/{evidence_id}/{why}")
    many_readings.look(tx, bank_code=bank_code)
    many_readings.look_at_originals(tx, bank_code=bank_code)
    return content


def _given(
    tx: HubTransaction, negotiation_id: str, evidence_id: str, *, bank_code: str
) -> tuple[NegotiationRecord, EvidenceRecord]:
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    found = given_evidence.find_given(tx, row.id, evidence_id)
    if found is None or found[1].status != EvidenceStatus.CLEAN or not has_clean_copies(found[1].media_type):
        raise NotFound
    if consents.withheld_of(tx, row).holds(evidence_id, found[0].kind):
        raise NotHandedOn
    return row, found[1]
