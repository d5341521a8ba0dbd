"""The packet of one bank's negotiation: what the bank is given of it, and of which files."""

from hub.banks.packet import PacketFile, PacketHeading, packet
from hub.domain.evidence import EvidenceKind, EvidenceStatus
from hub.domain.plain import Plain
from hub.services.applications import renegotiation
from hub.services.consents.withholding import shown_to_bank
from hub.services.evidence.contents import file_name_for_banks
from hub.services.transaction import HubTransaction
from storage import clean_copies, consents, given_evidence
from storage.records import CleanCopyRecord, EvidenceRecord, NegotiationRecord, SubmissionRecord


def packet_of(tx: HubTransaction, negotiation: NegotiationRecord) -> Plain:
    """What the bank receives of the negotiation: its version in force, with the clean files given to it.

    A recording of a call, which the bank gave itself, is none of them. Of each file the bank gets its clean copy. Once
    the person took back their consent it holds no file and no income, and of the application what is owed and wished,
    its numbers masked.
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
    withheld = consents.withheld_of(tx, negotiation)
    given = [
        (each, record)
        for each, record in given_evidence.list_given(tx, negotiation)
        if record.status == EvidenceStatus.CLEAN
        and each.kind in set(EvidenceKind)
        and not withheld.holds(record.id, each.kind)
    ]
    copies = clean_copies.copies_of(tx, [record.id for _, record in given])
    # One that has no clean copy yet is in the packet once it has: no bank is told of what it could not be given.
    files = [_packet_file(tx, each.kind, record, copies[record.id]) for each, record in given if record.id in copies]
    earlier = renegotiation.earlier_agreement(tx, negotiation)
    return packet(
        heading,
        shown_to_bank(tx, negotiation),
        files,
        is_month_withheld=withheld.everything,
        earlier_agreement=earlier,
    )


def _packet_file(tx: HubTransaction, kind: str, record: EvidenceRecord, copy: CleanCopyRecord) -> PacketFile:
    return PacketFile(
        id=record.id,
        kind=kind,
        file_name=file_name_for_banks(tx, record, copy),
        media_type=copy.media_type,
        size=copy.size,
        sha256=copy.sha256,
        original_sha256=record.sha256,
    )
