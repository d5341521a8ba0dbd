"""Codes that sign a matter of one person that belongs to no negotiation: sent to a mobile, tried, and used once.

As those that sign an agreement: five a day, each good for ten minutes, five tries each and fifteen a day in all.
"""

from collections.abc import Sequence

from hub.domain.errors import ConfirmationPaused, Fault, WrongConfirmationCode
from hub.services import codes
from hub.services.accounts.subjects import Subject
from hub.services.codes import CODE_TRIES, CODE_WINDOW, SIGNING_TRIES, CodeMessage, CodePurpose
from hub.services.transaction import HubTransaction
from storage import matter_codes
from storage.records import MatterCodeRecord


def send(tx: HubTransaction, subject: Subject, matter_id: str, *, mobile: str, what_zh: str) -> CodeMessage:
    """A fresh code can sign the matter for ten minutes; the one before is good for nothing.

    `what_zh` says in the text message what is signed, without sum, bank or name. Raises `TooManyTries` where it was
    asked for too often or too soon, and `ConfirmationPaused`.
    """
    lately = _lately(tx, matter_id)
    _require_not_paused(tx, lately)
    codes.require_not_too_soon(tx.now, [each.sent_at for each in lately])
    drawn = codes.draw(tx, CodePurpose.MATTER)
    matter_codes.add(
        tx,
        MatterCodeRecord(
            id=drawn.id,
            matter_id=matter_id,
            owner_index=subject.indexes[0],
            client_id=subject.client_id,
            digest=drawn.digest,
            sent_at=drawn.sent_at,
            tries=0,
            changed_at=drawn.sent_at,
            # It counts against the limit of the day after it is good for nothing.
            expires_at=drawn.sent_at + CODE_WINDOW,
        ),
    )
    text = f"{drawn.code} 是您{what_zh}的确认码，10 分钟内有效。请不要告诉任何人，工作人员也不会向您索要。"
    return CodeMessage(to=mobile, text=text, code=drawn.code, code_id=drawn.id)


def use(tx: HubTransaction, matter_id: str, code: str) -> WrongConfirmationCode | None:
    """None where `code` signs the matter, which it does once; otherwise what is wrong with it.

    A wrong try is counted, so the transaction has to be committed. The matter's row must be locked.
    Raises `ConfirmationPaused`.
    """
    sent = _lately(tx, matter_id)
    _require_not_paused(tx, sent)
    wrong = _wrong(tx, sent[-1] if sent else None, code)
    return None if wrong is None else WrongConfirmationCode(Fault("/confirmation_code", wrong))


def _wrong(tx: HubTransaction, record: MatterCodeRecord | None, code: str) -> str | None:
    if record is None or record.used_at is not None:
        return "confirmation_code_not_sent"
    if record.tries >= CODE_TRIES:
        return "confirmation_code_used_up"
    if record.sent_at + codes.CODE_LIFE <= tx.now:
        return "confirmation_code_expired"
    if codes.is_right(tx, record, code, CodePurpose.MATTER):
        record.used_at = record.changed_at = tx.now
        return None
    record.tries += 1
    return "wrong_confirmation_code"


def _lately(tx: HubTransaction, matter_id: str) -> list[MatterCodeRecord]:
    return matter_codes.list_of(tx, matter_id, since=tx.now - CODE_WINDOW)


def _require_not_paused(tx: HubTransaction, sent: Sequence[MatterCodeRecord]) -> None:
    tries = sum(each.tries for each in sent)
    for each in sent:
        # What was tried with a code counts until that code is a day old.
        if tries < SIGNING_TRIES:
            return
        tries -= each.tries
        if tries < SIGNING_TRIES:
            raise ConfirmationPaused.until(each.sent_at + CODE_WINDOW, now=tx.now)
