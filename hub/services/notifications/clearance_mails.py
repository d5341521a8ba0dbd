"""What is told by mail of a certificate of settlement, each in the caller's transaction."""

from hub.domain.reminders import Stage, ladder
from hub.mail.kinds import MailKind
from hub.services.notifications.outbox import put, to_bank, to_cardholder
from hub.services.transaction import HubTransaction
from storage.mails import Reader
from storage.records import ClearanceRecord, MailRecord, NegotiationRecord

_WAITING = frozenset({MailKind.CLEARANCE_ASKED, MailKind.CLEARANCE_DUE, MailKind.CLEARANCE_LATE})


def opened(tx: HubTransaction, negotiation: NegotiationRecord, clearance: ClearanceRecord) -> None:
    """The bank's desk is reminded of the certificate a working day before it is due, unless it is issued by then."""
    due = clearance.due_at
    [before] = [step.at for step in ladder(due, tx.calendar()) if step.stage is Stage.ONE_DAY_BEFORE]
    kind = MailKind.CLEARANCE_DUE
    put(tx, to_bank(negotiation, kind, Reader.DESK, clearance.id, tells=due, not_before=max(before, tx.now)))


def asked(tx: HubTransaction, negotiation: NegotiationRecord, clearance: ClearanceRecord) -> None:
    """The bank's desk is told that the person asks for the certificate, and when it is due."""
    kind, due = MailKind.CLEARANCE_ASKED, clearance.due_at
    put(tx, to_bank(negotiation, kind, Reader.DESK, clearance.id, tells=due, not_before=tx.now))


def late(tx: HubTransaction, negotiation: NegotiationRecord, clearance: ClearanceRecord) -> None:
    """The bank's desk and its supervisors are told that the certificate is late."""
    kind, due = MailKind.CLEARANCE_LATE, clearance.due_at
    readers = (Reader.DESK, Reader.SUPERVISORS)
    put(tx, *(to_bank(negotiation, kind, each, clearance.id, tells=due, not_before=tx.now) for each in readers))


def issued(tx: HubTransaction, negotiation: NegotiationRecord, clearance: ClearanceRecord) -> None:
    """The person is told that a certificate can be downloaded; each time one is issued."""
    step = f":{clearance.version}"
    put(tx, to_cardholder(tx, negotiation, MailKind.CLEARANCE_ISSUED, clearance.id, step=step))


def still_matters(tx: HubTransaction, mail: MailRecord) -> bool:
    """Whether the mail is of another kind, or the certificate that it asks for is not issued."""
    return MailKind(mail.kind) not in _WAITING or tx.session.get_one(ClearanceRecord, mail.about_id).issued_at is None
