"""The packet of one bank's negotiation: what the bank is given of it, and of which files."""

from hub.banks.packet import PacketFile, PacketHeading, packet
from hub.domain.evidence import PICTURES, EvidenceKind, EvidenceStatus
from hub.domain.plain import Plain
from hub.services.applications import renegotiation
from hub.services.evidence.evidence_files import file_name_for_banks
from hub.services.transaction import HubTransaction
from storage import clean_copies, given_evidence
from storage.records import CleanCopyRecord, EvidenceRecord, NegotiationRecord, SubmissionRecord
from storage.submissions import submission_of


def packet_of(tx: HubTransaction, negotiation: NegotiationRecord) -> Plain:
    """What the bank receives of the negotiation: its version in force, with the clean files given to it.

    A recording of a call, which the bank gave itself, is none of them. Of a picture the bank gets its clean copy.
    """
    submitted = tx.session.get_one(SubmissionRecord, (negotiation.id, negotiation.version))
    heading = PacketHeading(
        negotiation=negotiation.id,
        reference=negotiation.reference,
        version=negotiation.version,
        submitted_at=submitted.submitted_at,
        public_url=tx.public_url,
        identity_level=negotiation.identity_level,
        identity_confirmed=negotiation.identity_confirmed,
    )
    given = [
        (each, record)
        for each, record in given_evidence.list_given(tx, negotiation)
        if record.status == EvidenceStatus.CLEAN and each.kind in set(EvidenceKind)
    ]
    copies = clean_copies.copies_of(tx, [record.id for _, record in given])
    files = [file for each, record in given if (file := _packet_file(tx, each.kind, record, copies.get(record.id)))]
    earlier = renegotiation.earlier_agreement(tx, negotiation)
    return packet(heading, submission_of(tx, negotiation), files, earlier_agreement=earlier)


def _packet_file(
    tx: HubTransaction, kind: str, record: EvidenceRecord, copy: CleanCopyRecord | None
) -> PacketFile | None:
    """None for a picture without a clean copy: no bank is told of what it could not be given."""
    if copy is None and record.media_type in PICTURES:
        return None
    got = record if copy is None else copy
    return PacketFile(
        id=record.id,
        kind=kind,
        file_name=file_name_for_banks(tx, record, copy),
        media_type=got.media_type,
        size=got.size,
        sha256=got.sha256,
        original_sha256=record.sha256,
    )
