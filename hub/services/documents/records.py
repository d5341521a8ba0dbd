"""The record: reading the log and the documents, exporting the whole of it, and verifying its chain."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from hub.documents.record import EvidenceFile, RecordParts, write_record
from hub.domain.actor import Actor
from hub.domain.agreement_end import EndReason
from hub.domain.errors import DocumentNotReady, NotFound
from hub.domain.evidence import EXTENSION_OF, EvidenceStatus
from hub.domain.log_chain import BreakReason, Broken, verify
from hub.domain.people import free_text
from hub.services.documents import record_paper
from hub.services.documents.printing import Printer, document_content
from hub.services.documents.record_contents import contents_of
from hub.services.evidence import contents
from hub.services.evidence.contents import Content
from hub.services.log_heads.verifying import break_under_heads
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction, Transactions
from storage import (
    access_log,
    agreements,
    amendments,
    clean_copies,
    clearances,
    communications,
    documents,
    given_evidence,
    negotiations,
)
from storage.evidence_store import EvidenceStore
from storage.records import DocumentRecord, NegotiationRecord

APPLICATION_FORM = documents.APPLICATION_FORM
AGREEMENT = documents.AGREEMENT
DEFAULT_NOTICE = documents.DEFAULT_NOTICE
CLEARANCE = documents.CLEARANCE
RECORD = documents.RECORD

FILE_NAMES = {
    documents.APPLICATION_FORM: "application-form.pdf",
    documents.AGREEMENT: "agreement.pdf",
    documents.DEFAULT_NOTICE: "default-notice.pdf",
    documents.CLEARANCE: "clearance.pdf",
    documents.RECORD: "record.pdf",
}

_REASON_LIMIT = 200
# What a line of the access log holds.
_READING_LIMIT = 80


def document(tx: HubTransaction, store: EvidenceStore, negotiation: NegotiationRecord, kind: str) -> Content:
    """A printed document of the negotiation.

    Raises `DocumentNotReady` where it will be printed but is not yet, and `NotFound` where there is nothing to print.
    """
    record = find_paper(tx, negotiation, kind)
    if record is None:
        if not is_coming(tx, negotiation, kind):
            raise NotFound
        raise DocumentNotReady
    return document_content(tx, store, record, f"{negotiation.reference}-{FILE_NAMES[kind]}")


def amendment_document(
    tx: HubTransaction, store: EvidenceStore, negotiation: NegotiationRecord, amendment_id: str
) -> Content:
    """The printed amendment; raises `DocumentNotReady`, and `NotFound` where none of that id was signed."""
    signed = amendments.get(tx, negotiation.id, amendment_id)
    if signed.position is None:
        raise NotFound
    record = documents.find_document(tx, negotiation.id, documents.AMENDMENT, signed.position)
    if record is None:
        raise DocumentNotReady
    return document_content(tx, store, record, f"{signed.number}.pdf")


def find_paper(tx: HubTransaction, negotiation: NegotiationRecord, kind: str) -> DocumentRecord | None:
    """The newest printed document of that kind, or None."""
    return documents.find_document(tx, negotiation.id, kind)


def is_coming(tx: HubTransaction, negotiation: NegotiationRecord, kind: str) -> bool:
    """Whether a document of the kind will be printed, as far as what was done so far goes."""
    agreement = agreements.find_agreement(tx, negotiation.id)
    clearance = None if agreement is None else clearances.find(tx, agreement.id)
    coming = {
        documents.APPLICATION_FORM: True,
        documents.RECORD: True,
        documents.AGREEMENT: agreement is not None,
        documents.DEFAULT_NOTICE: agreement is not None
        and agreement.end_reason == EndReason.DEFAULTED
        and agreement.end_effective_at is not None,
        documents.CLEARANCE: clearance is not None and clearance.issued_at is not None,
    }
    return coming[kind]


def verify_log(tx: HubTransaction, negotiation_id: str) -> Broken | None:
    """The first entry of the negotiation's log that does not hold, or None.

    The end that its row names must agree, be signed by the hub, and go on from every end that a signed head covers.
    """
    lines = communications.list_lines(tx, negotiation_id)
    broken = verify(lines)
    if broken is not None:
        return broken
    negotiation = tx.session.get_one(NegotiationRecord, negotiation_id)
    last = lines[-1]["digest"] if lines else None
    if len(lines) != negotiation.log_length or last != negotiation.log_head:
        return Broken(sequence=min(len(lines), negotiation.log_length) + 1, reason=BreakReason.HEAD)
    return break_under_heads(tx, negotiation, lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredRecord:
    """The whole record of a negotiation, its log in memory, its files still to be read from the store.

    `is_printed`: the record to read is in it as of all that the log says. It holds nothing of the transaction that
    gathered it, so that none is open while the store is read.
    """

    negotiation_id: str
    reference: str
    is_printed: bool
    log: Sequence[Mapping[str, object]]
    evidence: Sequence[EvidenceFile]
    clean_copies: Sequence[EvidenceFile]
    documents: Mapping[str, Content]
    earlier: Sequence[EvidenceFile]
    amendments: Sequence[EvidenceFile]
    contents: Mapping[str, bytes]

    def write(self, out: IO[bytes]) -> None:
        """`out` holds the record as a ZIP that can be verified without the hub; once, for files are read once.

        Raises `EvidenceDamaged`, `Unavailable`.
        """
        write_record(
            out,
            RecordParts(
                log=self.log,
                evidence=self.evidence,
                clean_copies=self.clean_copies,
                documents={name: b"".join(each.chunks) for name, each in self.documents.items()},
                earlier=self.earlier,
                amendments=self.amendments,
                contents=self.contents,
            ),
        )


def gather(
    tx: HubTransaction, store: EvidenceStore, negotiation: NegotiationRecord, heads: Sequence[int] = ()
) -> GatheredRecord:
    """The whole record as it stands in this transaction; `heads` are numbers of signed heads that somebody has kept."""
    # Of each kind the newest, by the name it has in a record; the others by their ids.
    listed = documents.list_all(tx, negotiation.id)
    printed = {each.kind: each for each in listed}
    return GatheredRecord(
        negotiation_id=negotiation.id,
        reference=negotiation.reference,
        is_printed=record_paper.is_printed(tx, negotiation),
        log=[entry.line() for entry in communications.list_entries(tx, negotiation.id)],
        evidence=list(_files(tx, store, negotiation)),
        clean_copies=list(_copies(tx, store, negotiation)),
        documents={
            name: document_content(tx, store, printed[kind], kind)
            for kind, name in FILE_NAMES.items()
            if kind in printed
        },
        earlier=_papers(
            tx, store, [each for each in listed if each.kind in FILE_NAMES and each is not printed[each.kind]]
        ),
        amendments=_papers(tx, store, [each for each in listed if each.kind == documents.AMENDMENT]),
        contents=contents_of(tx, negotiation, heads),
    )


def _papers(tx: HubTransaction, store: EvidenceStore, papers: Sequence[DocumentRecord]) -> list[EvidenceFile]:
    return [
        EvidenceFile(id=each.id, extension="pdf", chunks=document_content(tx, store, each, each.kind).chunks)
        for each in papers
    ]


def gather_whole(
    transactions: Transactions,
    actor: Actor,
    printer: Printer,
    store: EvidenceStore,
    gather: Callable[[HubTransaction], GatheredRecord],
) -> GatheredRecord:
    """What `gather` finds, with the record to read printed as of all that the log says, where it can be printed."""
    with transactions.reading(actor) as tx:
        found = gather(tx)
    if found.is_printed or not record_paper.print_record(transactions, printer, store, found.negotiation_id):
        return found
    with transactions.reading(actor) as tx:
        return gather(tx)


def gather_named(
    tx: HubTransaction, store: EvidenceStore, id_or_reference: str, heads: Sequence[int] = ()
) -> GatheredRecord:
    """The whole record of the negotiation of that id or reference, as `gather` has it; raises `NotFound`."""
    return gather(tx, store, named(tx, id_or_reference), heads)


def named(tx: HubTransaction, id_or_reference: str) -> NegotiationRecord:
    """The negotiation of that id or reference; raises `NotFound`."""
    negotiation = negotiations.find_negotiation(tx, id_or_reference)
    if negotiation is None:
        raise NotFound
    return negotiation


def _files(tx: HubTransaction, store: EvidenceStore, negotiation: NegotiationRecord) -> Iterator[EvidenceFile]:
    for record in given_evidence.list_ever_given(tx, negotiation.id):
        if record.status == EvidenceStatus.CLEAN:
            content = contents.content_of(tx, store, record)
            yield EvidenceFile(id=record.id, extension=EXTENSION_OF[record.media_type][1:], chunks=content.chunks)


def _copies(tx: HubTransaction, store: EvidenceStore, negotiation: NegotiationRecord) -> Iterator[EvidenceFile]:
    given = given_evidence.list_ever_given(tx, negotiation.id)
    copies = clean_copies.copies_of(tx, [record.id for record in given])
    for record in given:
        if record.status == EvidenceStatus.CLEAN and record.id in copies:
            content = contents.copy_for_banks(tx, store, record, copies)
            if content is not None:
                yield EvidenceFile(id=record.id, extension=EXTENSION_OF[content.media_type][1:], chunks=content.chunks)


def note_export(tx: HubTransaction, id_or_reference: str, reason: str) -> None:
    """The whole record has left the hub: on record in the audit and in the negotiation's access log, with why."""
    negotiation = named(tx, id_or_reference)
    stated = free_text(reason, limit=_REASON_LIMIT).strip()
    access_log.note_reading(tx, negotiation, tx.actor, f"export/{stated}"[:_READING_LIMIT])
    audit.note(tx, AuditKind.RECORD_EXPORTED, negotiation.reference, reason=stated)
