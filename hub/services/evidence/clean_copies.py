"""Clean copies in the log: both digests of a picture stand there, of what was sent and of what banks get."""

from hub.domain.actor import HUB
from hub.domain.entry_kind import EntryKind
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import CLEAN_COPY, copy_attachment, entry
from hub.services.transaction import HubTransaction
from storage import clean_copies, communications, given_evidence
from storage.records import NegotiationRecord


def note_new(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """The log names every clean copy of the negotiation's files, each once. The row must be locked."""
    given = [record.id for _, record in given_evidence.list_given(tx, negotiation)]
    copies = clean_copies.copies_of(tx, given)
    if not copies:
        return
    noted = communications.attachments_of(tx, negotiation.id, CLEAN_COPY)
    fresh = [copy_attachment(copies[each]) for each in dict.fromkeys(given) if each in copies.keys() - noted]
    if fresh:
        negotiation_log.note(tx, negotiation, entry(EntryKind.COPIED, HUB, fresh))
