"""The withdrawal of a consent: what ends by it, what is kept back from then on, and who is told.

Before the file has arrived at the bank, the negotiation ends and nothing is sent. After it the bank is told, and is
given nothing more; the negotiation stands where it stood, on what the bank has had. An agreement in force stays: it
stands on the contract (Personal Information Protection Law, article 13 (2)), not on the consent. Whoever wins the
negotiation's row decides: a message that is with the bank when the withdrawal is committed was sent before it.
"""

from enum import StrEnum

from hub.domain import labels
from hub.domain.consent import Purpose
from hub.domain.consent_ledger import CONSENT_WITHDRAWN, FOR_ALL_OF_IT, withdrawable
from hub.domain.entry_kind import EntryKind
from hub.domain.export import ExportEvent
from hub.domain.lifecycle import OPEN, Event
from hub.domain.plain import instant
from hub.services.consents import ledger
from hub.services.delivery import queueing
from hub.services.evidence import recognising
from hub.services.negotiations import closing, negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.negotiations.locking import lock_for_client
from hub.services.notifications import notifications
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import client_notices, consents, erasures, exports, queue_index
from storage.communications import NewEntry
from storage.records import NegotiationRecord


class Follows(StrEnum):
    """The sentences with which a withdrawal says what it means, as the log has them."""

    ENDED = "申请还没有送到银行，协商已结束，不会再送出任何资料。"
    ALL_KEPT_BACK = "从现在起不再向银行提供任何资料；银行之前收到的由银行依法保管。"
    NEVER_SENT = "申请没有送到银行，以后也不会再送出任何资料。"
    FILES_KEPT_BACK = "相关材料从现在起不再提供给银行，协商继续。"
    FILES_KEPT_BACK_AT_THE_END = "相关材料从现在起不再提供给银行。"


def withdraw(tx: HubTransaction, negotiation_id: str, purpose: str, *, client_id: str) -> NegotiationRecord:
    """The consent is taken back, in the ledger and in the log, and what follows from it has happened.

    Twice changes nothing, unless it was given anew in between. Raises `NotFound`, and `Refused` at `/purpose`:
    `statement_stays` for what is no consent, `consent_not_given` for one that never was there.
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    ledger.require_noted(tx, negotiation)
    given = consents.list_given(tx, negotiation.id)
    asked = withdrawable(purpose, {each.purpose for each in given})
    if asked in consents.taken_back(tx, negotiation):
        return negotiation
    if asked in FOR_ALL_OF_IT:
        _end_exports(tx, negotiation)
        queue_index.hide_reasons(tx, negotiation)
    had_all = consents.withheld_of(tx, negotiation).everything
    consents.withdraw(tx, negotiation, asked, door=ledger.door_of(tx.actor), actor=tx.actor)
    recognising.forget_withheld(tx, negotiation)
    if asked in FOR_ALL_OF_IT and negotiation.reached_bank_at is None and negotiation.status in OPEN:
        _end(tx, negotiation, asked)
    else:
        _tell(tx, negotiation, asked, keeps_all_back=had_all or asked in FOR_ALL_OF_IT)
    notifications.consent_withdrawn(tx, negotiation)
    return negotiation


def _end_exports(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """No table that names the person in full and lies ready is taken any more; its bytes are the sweeper's."""
    for record in erasures.exports_in_full_of(tx, negotiation):
        exports.apply_event(tx, record, ExportEvent.EXPIRED)
        exports.take_file(record)
        audit.note(tx, AuditKind.EXPORT_EXPIRED, record.id, bank_code=record.bank_code, export=record.kind)


def _end(tx: HubTransaction, negotiation: NegotiationRecord, purpose: Purpose) -> None:
    negotiation.reason_code = CONSENT_WITHDRAWN
    negotiation_log.apply_event(tx, negotiation, Event.WITHDRAWN, _words(tx, purpose, Follows.ENDED))
    closing.close(tx, negotiation)


def _tell(tx: HubTransaction, negotiation: NegotiationRecord, purpose: Purpose, *, keeps_all_back: bool) -> None:
    written = negotiation_log.note(tx, negotiation, _words(tx, purpose, _follows(negotiation, keeps_all_back)))
    client_notices.note_change(tx, negotiation)
    if negotiation.reached_bank_at is not None:
        queueing.queue_entry(
            tx, negotiation, written, about={CONSENT_WITHDRAWN: {"purpose": purpose, "at": instant(tx.now)}}
        )


def _follows(negotiation: NegotiationRecord, keeps_all_back: bool) -> str:
    """The sentence of what the withdrawal means now: nothing is said to be at a bank that never had it."""
    if keeps_all_back:
        return Follows.NEVER_SENT if negotiation.reached_bank_at is None else Follows.ALL_KEPT_BACK
    return Follows.FILES_KEPT_BACK if negotiation.status in OPEN else Follows.FILES_KEPT_BACK_AT_THE_END


def _words(tx: HubTransaction, purpose: Purpose, what: str) -> NewEntry:
    return entry(EntryKind.CONSENT_WITHDRAWN, tx.actor, purpose=labels.CONSENT_PURPOSES[purpose], what=what)
