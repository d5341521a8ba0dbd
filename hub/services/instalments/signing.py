"""The codes that accept a quote: sent to the person's mobile, tried, and stopped where somebody seems to guess.

They are kept sealed with the request, by the quote that they accept. As with an offer, a quote takes fifteen wrong
tries in all; then a person of the hub has to free it.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from hub.domain.actor import HUB
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import ConfirmationStopped, NotFound
from hub.domain.masks import mask_mobile
from hub.domain.plain import from_plain, to_plain
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
from hub.services.instalments import matters
from hub.services.negotiations.entries import entry
from hub.services.operating import operator_tasks
from hub.services.requests import moving
from hub.services.transaction import HubTransaction
from storage import service_requests
from storage.records import ServiceRequestRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """A code that was sent, by its keyed hash."""

    id: str
    digest_hex: str = field(repr=False)
    sent_at: datetime
    expires_at: datetime
    tries: int = 0
    is_used: bool = False

    @property
    def digest(self) -> bytes:
        """The keyed hash."""
        return bytes.fromhex(self.digest_hex)


def send(tx: HubTransaction, record: ServiceRequestRecord, quote_id: str) -> CodeMessage:
    """A fresh code can accept the quote for ten minutes; the one before is good for nothing.

    Raises `TooManyTries` where one was asked for too often or too soon, and `ConfirmationStopped`.
    """
    sent = _sent(tx, record, quote_id)
    _require_not_stopped(sent)
    codes.require_not_too_soon(tx.now, [each.sent_at for each in sent if each.sent_at > tx.now - CODE_WINDOW])
    drawn = codes.draw(tx, CodePurpose.CONFIRMATION)
    fresh = _Sent(id=drawn.id, digest_hex=drawn.digest.hex(), sent_at=drawn.sent_at, expires_at=drawn.expires_at)
    _keep(tx, record, quote_id, [*sent, fresh])
    mobile = service_requests.contact_of(tx, record)["mobile"]
    moving.note(tx, record, entry(EntryKind.CODE_SENT, HUB, mobile=mask_mobile(mobile)))
    # Nothing about money, a shop or a bank: phones show it to bystanders.
    text = f"{drawn.code} 是您接受报价的确认码，10 分钟内有效。请不要告诉任何人，工作人员也不会向您索要。"
    return CodeMessage(to=mobile, text=text, code=drawn.code, code_id=drawn.id)


def use(tx: HubTransaction, record: ServiceRequestRecord, quote_id: str, code: str) -> str | None:
    """None where `code` accepts the quote; otherwise what is wrong with it, and the try counts once committed.

    Raises `ConfirmationStopped`.
    """
    sent = _sent(tx, record, quote_id)
    _require_not_stopped(sent)
    if not sent or sent[-1].is_used:
        return "confirmation_code_not_sent"
    last = sent[-1]
    if last.tries >= CODE_TRIES:
        return "confirmation_code_used_up"
    if last.expires_at <= tx.now:
        return "confirmation_code_expired"
    is_right = codes.is_right(tx, last, code, CodePurpose.CONFIRMATION)
    tried = replace(last, is_used=True) if is_right else replace(last, tries=last.tries + 1)
    tried_so_far = [*sent[:-1], tried]
    _keep(tx, record, quote_id, tried_so_far)
    if is_right:
        return None
    _note_wrong(tx, record, quote_id, tried_so_far)
    return "wrong_confirmation_code"


def _note_wrong(tx: HubTransaction, record: ServiceRequestRecord, quote_id: str, sent: list[_Sent]) -> None:
    wrong = sum(each.tries for each in sent)
    if wrong % SIGNING_TRIES_LOGGED == 0:
        kind = EntryKind.QUOTE_CODES_STOPPED if wrong >= SIGNING_TRIES else EntryKind.QUOTE_CODES_WRONG
        moving.note(tx, record, entry(kind, HUB, tries=wrong))
    if wrong == SIGNING_TRIES_TOLD:
        operator_tasks.quote_codes_guessed(tx, record, quote_id=quote_id, first_code=sent[0].id, tries=wrong)


def free(tx: HubTransaction, request_id: str, quote_id: str) -> str:
    """The quote takes codes again as if none had been sent; gives the number of its request. Raises `NotFound`."""
    record = service_requests.lock(tx, request_id)
    if record.erased_at is not None:
        raise NotFound
    _keep(tx, record, quote_id, [])
    moving.note(tx, record, entry(EntryKind.CODES_FREED, tx.actor))
    return record.reference


def _sent(tx: HubTransaction, record: ServiceRequestRecord, quote_id: str) -> list[_Sent]:
    return from_plain(list[_Sent], matters.codes_of(tx, record).get(quote_id, []))


def _keep(tx: HubTransaction, record: ServiceRequestRecord, quote_id: str, sent: list[_Sent]) -> None:
    kept = {**matters.codes_of(tx, record), quote_id: to_plain(sent)}
    service_requests.save_contents(tx, record, matters.contents_of(matters.matter_of(tx, record), kept))


def _require_not_stopped(sent: list[_Sent]) -> None:
    if sum(each.tries for each in sent) >= SIGNING_TRIES:
        raise ConfirmationStopped(int(CODE_WINDOW.total_seconds()))
