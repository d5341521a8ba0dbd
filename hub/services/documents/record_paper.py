"""The record to read: printed when somebody asks for it, as of all that the log says then, and kept like any paper."""

import logging
from collections.abc import Sequence

from hub.documents.record_paper import EntryLine, FileLine, RecordPaper, html_of
from hub.domain import labels
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import StoreFull, TryAgain, Unusable
from hub.domain.log_chain import FILE, Attachment, Head
from hub.domain.masks import mask_card, mask_id
from hub.services.documents.papers import Paper, print_paper
from hub.services.documents.printing import Printer
from hub.services.evidence.recordings import RECORDING
from hub.services.log_heads import signing
from hub.services.negotiations import further_accounts, logged_files
from hub.services.reading.log_parts import MACHINE_LINES
from hub.services.transaction import HubTransaction, Transactions
from storage import agreements, communications, documents, evidence, given_evidence
from storage.communications import Entry
from storage.evidence_store import EvidenceStore
from storage.records import NegotiationRecord
from storage.submissions import submission_of

NAME_ZH = "往来记录"
_log = logging.getLogger(__name__)

_PARTIES = {"cardholder": "持卡人", "bank": "银行", "hub": "平台"}
# What the hub notes of its own is of no channel that anybody would know.
_CHANNELS = {**labels.CHANNELS, "api": "系统接口", "portal": "银行工作台", "phone": "电话", "adapter": "银行系统"}
_FILES = {
    **labels.EVIDENCE_KINDS,
    RECORDING: "通话录音",
    FILE: "材料",
    documents.APPLICATION_FORM: "协商还款申请表",
    documents.AGREEMENT: "还款协议",
    documents.DEFAULT_NOTICE: "还款协议终止通知书",
    documents.AMENDMENT: "补充协议",
    documents.CLEARANCE: "结清证明",
    documents.RECORD: NAME_ZH,
}


def is_printed(tx: HubTransaction, negotiation: NegotiationRecord) -> bool:
    """Whether the record was printed and nothing was said since, but that it was."""
    newest = documents.find_document(tx, negotiation.id, documents.RECORD)
    if newest is None:
        return False
    later = communications.list_entries(tx, negotiation.id, after=newest.version)
    return all(_is_own_print(each) for each in later)


def _is_own_print(entry: Entry) -> bool:
    header = entry.header
    return header.kind == EntryKind.DOCUMENT_PRINTED and any(
        each.kind == documents.RECORD for each in header.attachments
    )


def print_record(transactions: Transactions, printer: Printer, store: EvidenceStore, negotiation_id: str) -> bool:
    """The record is printed, kept and in the log as of all that the log says; at once where it was already.

    Gives False where nothing can be printed or kept now; nothing is changed then. No transaction is open meanwhile.
    """
    try:
        print_paper(transactions, printer, store, negotiation_id, compose=_compose)
    except (Unusable, StoreFull, TryAgain) as error:
        _log.warning("the record was not printed", extra={"error": type(error).__name__})
        return False
    return True


def _compose(tx: HubTransaction, negotiation: NegotiationRecord) -> Paper | None:
    if is_printed(tx, negotiation):
        return None
    paper = paper_of(tx, negotiation)
    return Paper(
        kind=documents.RECORD,
        # By the last entry that stands in it.
        version=negotiation.log_length,
        name_zh=NAME_ZH,
        since=tx.now,
        page=lambda _seal: html_of(paper),
    )


def paper_of(tx: HubTransaction, negotiation: NegotiationRecord) -> RecordPaper:
    """The record as it is printed now."""
    submission = submission_of(tx, negotiation)
    applicant = submission.applicant
    bank = tx.bank(negotiation.bank_code)
    agreement = agreements.find_agreement(tx, negotiation.id)
    names = {each.id: evidence.file_name_of(tx, each) for each in given_evidence.list_ever_given(tx, negotiation.id)}
    entries = communications.list_entries(tx, negotiation.id)
    return RecordPaper(
        reference=negotiation.reference,
        bank_name_zh=bank.name_zh,
        bank_name_en=bank.name_en,
        cardholder_name=applicant.name,
        id_type_label=labels.ID_TYPES[applicant.id_type],
        id_number=mask_id(applicant.id_number),
        cards=(
            *map(mask_card, further_accounts.cards_of(tx, negotiation)),
            *(f"贷款合同尾号 {each}" for each in submission.contract_ends),
        ),
        agreement_number="" if agreement is None else agreement.number,
        opened_at=negotiation.opened_at,
        made_at=tx.now,
        entries=tuple(_line(each, files, names) for each, files in logged_files.with_kinds(tx, entries)),
        log_head=Head(sequence=negotiation.log_length, digest=negotiation.log_head),
        signed_head=signing.newest(tx),
    )


def _line(entry: Entry, attachments: Sequence[Attachment], names: dict[str, str]) -> EntryLine:
    header = entry.header
    return EntryLine(
        sequence=header.sequence,
        at=header.at,
        who=_PARTIES[header.party],
        channel_label=_CHANNELS.get(header.channel, ""),
        text=entry.text,
        is_machine=header.kind in MACHINE_LINES,
        digest=entry.digest,
        files=tuple(_file(each, names) for each in attachments if each.kind in _FILES),
    )


def _file(attachment: Attachment, names: dict[str, str]) -> FileLine:
    return FileLine(
        kind_label=_FILES[attachment.kind],
        file_name=names.get(attachment.id, ""),
        size=attachment.size,
        sha256=attachment.sha256,
    )
