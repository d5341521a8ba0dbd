"""A settled or wrong entry at the credit register: the person asks, the bank answers within twenty days."""

from collections.abc import Sequence

from hub.domain import labels
from hub.domain.answer_time import credit_note_due_at
from hub.domain.credit_note import CreditNote
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import AgreementConflict, StatusConflict
from hub.domain.lifecycle import OPEN, Status
from hub.domain.plain import Plain, instant
from hub.services.delivery import queueing
from hub.services.negotiations import correspondence, negotiation_log
from hub.services.negotiations.entries import entry, evidence_attachment, spoken_time
from hub.services.negotiations.locking import lock_for_bank, lock_for_client
from hub.services.notifications import notifications
from hub.services.transaction import HubTransaction
from storage import bank_answers, credit_notes
from storage.records import CreditNoteRecord, NegotiationRecord


def may_ask(negotiation: NegotiationRecord) -> bool:
    """Whether the person can ask: while the negotiation is open with its bank, and ever after an agreement."""
    has_reached = negotiation.reached_bank_at is not None
    return negotiation.status == Status.AGREED or (has_reached and negotiation.status in OPEN)


def ask(tx: HubTransaction, negotiation_id: str, note: CreditNote, *, client_id: str) -> CreditNoteRecord:
    """The question is in the log and on its way to the bank, whose answer is due in twenty days.

    Raises `StatusConflict` before the bank has the application, and once it ended without an agreement.
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    if not may_ask(negotiation):
        raise StatusConflict(negotiation.status, "credit_note")
    files = correspondence.take_files(tx, negotiation, note.evidence, note.consents, client_id=client_id)
    said: Plain = {
        "kind": note.kind,
        "text": note.text,
        "evidence": [{"id": each.id, "kind": each.kind} for each in note.evidence],
    }
    due_at = credit_note_due_at(tx.now, tx.bank(negotiation.bank_code).rules.closes_at)
    record = credit_notes.add_note(tx, negotiation, said=said, due_at=due_at)
    words = entry(
        EntryKind.CREDIT_NOTE_ASKED,
        tx.actor,
        [evidence_attachment(record) for record, _ in files],
        about=labels.CREDIT_NOTES[note.kind],
        text=note.text,
        due=spoken_time(due_at),
    )
    written = negotiation_log.note(tx, negotiation, words)
    queueing.queue_entry_for_systems(
        tx,
        negotiation,
        written,
        evidence=[each.id for each in note.evidence],
        about={"credit_note": {"id": record.id, "due_at": instant(due_at), **said}},
    )
    notifications.credit_note_asked(tx, negotiation, record)
    return record


def answer(tx: HubTransaction, negotiation_id: str, note_id: str, text: str, *, bank_code: str) -> CreditNoteRecord:
    """The bank's answer is in the log and the person is told. The same again changes nothing, another is refused."""
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    record = bank_answers.get_of_negotiation(tx, CreditNoteRecord, negotiation.id, note_id)
    given = bank_answers.answer_of(tx, record)
    if given == text:
        return record
    if given is not None:
        raise AgreementConflict("already_answered", negotiation.status)
    bank_answers.set_answer(tx, record, text)
    negotiation_log.note(tx, negotiation, entry(EntryKind.CREDIT_NOTE_ANSWERED, tx.actor, text=text))
    notifications.credit_note_answered(tx, negotiation, record)
    return record


def note_view(tx: HubTransaction, record: CreditNoteRecord) -> Plain:
    """One question with the bank's answer, as every face shows it; `late` where none came in time."""
    return {
        "id": record.id,
        **bank_answers.words_of(tx, record),
        "asked_at": instant(record.asked_at),
        "due_at": instant(record.due_at),
        "late": (record.answered_at or tx.now) > record.due_at,
        "answered_at": None if record.answered_at is None else instant(record.answered_at),
        "answer": bank_answers.answer_of(tx, record),
    }


def note_views(tx: HubTransaction, negotiation_id: str) -> Sequence[Plain]:
    """All questions of the negotiation, oldest first."""
    return [note_view(tx, each) for each in credit_notes.list_notes(tx, negotiation_id)]
