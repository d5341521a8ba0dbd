"""When a certificate of settlement is due: from the moment it is asked for, or its agreement is settled."""

from hub.domain.agreement_end import EndReason
from hub.domain.answer_time import clearance_due_at
from hub.domain.clearance import ends_in_settlement
from hub.domain.entry_kind import EntryKind
from hub.services.agreements.signed_contents import kind_signed
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import entry, spoken_time
from hub.services.notifications import clearance_mails
from hub.services.transaction import HubTransaction
from storage import clearances
from storage.records import AgreementRecord, ClearanceRecord, NegotiationRecord


def open_when_settled(tx: HubTransaction, negotiation: NegotiationRecord, agreement: AgreementRecord) -> None:
    """A certificate is due, where the agreement has just been settled and none was due before."""
    settled = agreement.end_reason == EndReason.SETTLED and ends_in_settlement(kind_signed(tx, agreement))
    if settled and clearances.find(tx, agreement.id) is None:
        record = opened(tx, negotiation, agreement)
        words = entry(EntryKind.CLEARANCE_OPENED, tx.actor, due=spoken_time(record.due_at))
        negotiation_log.note(tx, negotiation, words)


def opened(tx: HubTransaction, negotiation: NegotiationRecord, agreement: AgreementRecord) -> ClearanceRecord:
    """The bank's time for the certificate runs, and its desk is reminded a working day before it ends."""
    closes_at = tx.bank(negotiation.bank_code).rules.closes_at
    record = clearances.add(tx, agreement, due_at=clearance_due_at(tx.now, closes_at, tx.calendar()))
    clearance_mails.opened(tx, negotiation, record)
    return record
