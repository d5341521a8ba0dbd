"""The codes that sign: sent to the applicant's mobile, tried, and stopped where somebody seems to guess.

An offer or an amendment takes five codes a day and fifteen wrong tries in all; then a person of the hub has to free it.
"""

from hub.domain.actor import HUB
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import ConfirmationStopped, StatusConflict
from hub.domain.lifecycle import Event, Status, allows
from hub.domain.masks import mask_mobile
from hub.services import codes
from hub.services.codes import (
    CODE_TRIES,
    CODE_WINDOW,
    SIGNING_TRIES,
    SIGNING_TRIES_LOGGED,
    SIGNING_TRIES_TOLD,
    CodeMessage,
    CodePurpose,
)
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.negotiations.locking import lock_for_client
from hub.services.negotiations.offering import require_open, visible_offer
from hub.services.operating import operator_tasks
from hub.services.transaction import HubTransaction
from storage import negotiation_locks, signing_codes
from storage.records import AmendmentRecord, ConfirmationCodeRecord, NegotiationRecord, OfferRecord
from storage.submissions import submission_of

Signed = OfferRecord | AmendmentRecord


def send(tx: HubTransaction, negotiation_id: str, offer_id: str, *, client_id: str) -> CodeMessage:
    """A fresh code can confirm the offer for ten minutes; the one before is good for nothing.

    Raises `OfferNotOpen`, `StatusConflict`, `TooManyTries` where it was asked for too often or too soon, and
    `ConfirmationStopped`.
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    offer = visible_offer(tx, negotiation, offer_id)
    require_open(tx, negotiation, offer)
    if not allows(Status(negotiation.status), Event.ACCEPTED):
        raise StatusConflict(negotiation.status, Event.ACCEPTED)
    return _sent(tx, negotiation, offer)


def send_for_amendment(tx: HubTransaction, negotiation: NegotiationRecord, amendment: AmendmentRecord) -> CodeMessage:
    """The same for an amendment that waits for the person, whose negotiation is locked."""
    return _sent(tx, negotiation, amendment)


def _sent(tx: HubTransaction, negotiation: NegotiationRecord, signed: Signed) -> CodeMessage:
    _require_not_stopped(signing_codes.list_of(tx, signed.id))
    lately = signing_codes.list_of(tx, signed.id, since=tx.now - CODE_WINDOW)
    codes.require_not_too_soon(tx.now, [each.sent_at for each in lately])
    drawn = codes.draw(tx, CodePurpose.CONFIRMATION)
    is_offer = isinstance(signed, OfferRecord)
    record = ConfirmationCodeRecord(
        id=drawn.id,
        offer_id=signed.id if is_offer else None,
        amendment_id=None if is_offer else signed.id,
        negotiation_id=negotiation.id,
        bank_code=negotiation.bank_code,
        digest=drawn.digest,
        sent_at=drawn.sent_at,
        expires_at=drawn.expires_at,
        tries=0,
    )
    signing_codes.add(tx, record)
    mobile = submission_of(tx, negotiation).applicant.mobile
    negotiation_log.note(tx, negotiation, entry(EntryKind.CODE_SENT, HUB, mobile=mask_mobile(mobile)))
    what = "还款协议" if is_offer else "补充协议"
    # It says what the code does. No other run of six digits may stand in it, and nothing about money or a bank:
    # phones show it to bystanders.
    text = f"{drawn.code} 是您签署{what}的确认码，10 分钟内有效。请不要告诉任何人，工作人员也不会向您索要。"
    return CodeMessage(to=mobile, text=text, code=drawn.code, code_id=drawn.id)


def _require_not_stopped(sent: list[ConfirmationCodeRecord]) -> None:
    if sum(each.tries for each in sent) >= SIGNING_TRIES:
        raise ConfirmationStopped(int(CODE_WINDOW.total_seconds()))


def use(tx: HubTransaction, negotiation: NegotiationRecord, signed: Signed, code: str) -> str | None:
    """None where `code` confirms the offer or the amendment, which it does once; otherwise what is wrong with it.

    A wrong try is counted, so the transaction has to be committed. The negotiation's row must be locked.
    Raises `ConfirmationStopped`.
    """
    sent = signing_codes.list_of(tx, signed.id)
    _require_not_stopped(sent)
    record = sent[-1] if sent else None
    if record is None or record.used_at is not None:
        return "confirmation_code_not_sent"
    if record.tries >= CODE_TRIES:
        return "confirmation_code_used_up"
    if record.expires_at <= tx.now:
        return "confirmation_code_expired"
    if codes.is_right(tx, record, code, CodePurpose.CONFIRMATION):
        record.used_at = tx.now
        return None
    record.tries += 1
    _note_wrong(tx, negotiation, signed.id, sent)
    return "wrong_confirmation_code"


def _note_wrong(
    tx: HubTransaction, negotiation: NegotiationRecord, signed_id: str, sent: list[ConfirmationCodeRecord]
) -> None:
    wrong = sum(each.tries for each in sent)
    if wrong % SIGNING_TRIES_LOGGED == 0:
        kind = EntryKind.CODES_STOPPED if wrong >= SIGNING_TRIES else EntryKind.CODES_WRONG
        negotiation_log.note(tx, negotiation, entry(kind, HUB, tries=wrong))
    if wrong == SIGNING_TRIES_TOLD:
        operator_tasks.codes_guessed(tx, negotiation, offer_id=signed_id, first_code=sent[0].id, tries=wrong)


def free(tx: HubTransaction, negotiation_id: str, signed_id: str) -> str:
    """The offer or amendment takes codes again as if none had been sent; gives the number of its negotiation."""
    negotiation = negotiation_locks.lock(tx, negotiation_id)
    signing_codes.forget(tx, signed_id)
    negotiation_log.note(tx, negotiation, entry(EntryKind.CODES_FREED, tx.actor))
    return negotiation.reference
