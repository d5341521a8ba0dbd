"""Revoking a mandate: signed with a code, and sent at once to the payee and to the bank of the account.

The hub stops no deduction. It delivers the same bytes to each receiver, and keeps the proof that it did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hub.domain.china import china_day
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import NotFound, WrongConfirmationCode
from hub.domain.mandate import MandateContents, MandateEvent, MandateStatus, next_status
from hub.domain.plain import Plain, instant, to_plain
from hub.domain.service_request import RequestKind, Service
from hub.services import matter_codes
from hub.services.accounts.subjects import Subject
from hub.services.codes import CodeMessage
from hub.services.mandates import mandates, telling
from hub.services.negotiations.entries import entry
from hub.services.requests import opening, sending
from hub.services.requests.opening import NewRequest
from hub.services.transaction import HubTransaction
from storage import mandates as rows
from storage import request_clocks, service_requests
from storage.records import MandateRecord, ServiceRequestRecord, new_id

_WHAT_ZH = "撤回一项授权"
# What a receiver is told of the mandate: all that it needs to find it, and nothing of where its person is reached.
_TOLD = (
    *("payee_kind", "payee_code", "payee_name", "account_bank", "account_last4", "use", "cap_fen", "frequency"),
    *("valid_from", "valid_to", "source_doc"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivers:
    """Who is told of a revocation by the hub, and who by a letter: codes of banks and lenders that are not here.

    `letter_to_company`: the payee is a payment company, which never is.
    """

    here: tuple[str, ...]
    by_letter: tuple[str, ...]
    letter_to_company: bool


def receivers_of(tx: HubTransaction, contents: MandateContents) -> Receivers:
    """Payee and bank of the account, by how each is told."""
    here = tuple(code for code in contents.receivers if is_here(tx, code))
    return Receivers(
        here=here,
        by_letter=tuple(code for code in contents.receivers if code not in here),
        letter_to_company=contents.payee_code is None,
    )


def is_here(tx: HubTransaction, code: str) -> bool:
    """Whether the creditor takes revocations and reports of deductions through the hub."""
    try:
        return tx.bank(code).provides(Service.MANDATES)
    except NotFound:
        return False


def send_code(tx: HubTransaction, subject: Subject, mandate_id: str) -> CodeMessage:
    """A fresh code is on its way to the person's mobile, with which the mandate is revoked.

    Raises `NotFound`, `StatusConflict` where it cannot be revoked now, and `TooManyTries`.
    """
    record = mandates.lock_own(tx, subject, mandate_id)
    next_status(MandateStatus(record.status), MandateEvent.REVOCATION_SENT)
    contents = rows.contents_of(tx, record)
    return matter_codes.send(tx, subject, record.id, mobile=contents.mobile, what_zh=_WHAT_ZH)


def revoke(
    tx: HubTransaction, subject: Subject, mandate_id: str, *, name: str, code: str
) -> MandateRecord | WrongConfirmationCode:
    """The revocation is on its way to every receiver that is here, with their time to answer; or what is wrong.

    A second one changes nothing: the mandate is given as it stands. `name` is the account holder's. Raises `NotFound`
    and `StatusConflict` for a mandate that has ended.
    """
    record = mandates.lock_own(tx, subject, mandate_id)
    if record.status in (MandateStatus.REVOKING, MandateStatus.REVOKED, MandateStatus.REVOCATION_REFUSED):
        return record
    next_status(MandateStatus(record.status), MandateEvent.REVOCATION_SENT)
    wrong = matter_codes.use(tx, record.id, code)
    if wrong is not None:
        return wrong
    contents = rows.contents_of(tx, record)
    to = receivers_of(tx, contents).here
    revocation_id = new_id()
    _sent(tx, subject, record, contents, name=name, revocation_id=revocation_id, to=to)
    rows.sent(tx, record, revocation_id, name=name, receivers=len(to))
    mandates.plan(tx, record)
    return record


def _sent(
    tx: HubTransaction,
    subject: Subject,
    record: MandateRecord,
    contents: MandateContents,
    *,
    name: str,
    revocation_id: str,
    to: Sequence[str],
) -> None:
    body = body_of(record, contents, name=name, day=china_day(tx.now))
    reference: str | None = None
    for bank_code in to:
        request = opening.open_request(
            tx,
            NewRequest(
                kind=RequestKind.REVOCATION,
                subject=subject,
                bank_code=bank_code,
                matter_id=revocation_id,
                contents=body,
                reference=reference,
            ),
            entry(
                EntryKind.REVOCATION_SENT,
                tx.actor,
                use=contents.use,
                last4=contents.account_last4,
                day=china_day(tx.now).isoformat(),
            ),
        )
        reference = request.reference
        sending.queue(tx, request, MessageKind.MANDATE_REVOKED, body, opens_clock=True)


def body_of(record: MandateRecord, contents: MandateContents, *, name: str, day: date) -> dict[str, Any]:
    """What each receiver is sent, the same for all of them."""
    plain: Mapping[str, Any] = to_plain(contents)
    return {
        "mandate": {each: plain.get(each) for each in _TOLD},
        "version": record.version,
        "holder": {"name": name, "mobile": contents.mobile},
        "revoked_from": day.isoformat(),
    }


def requests_of(tx: HubTransaction, record: MandateRecord) -> list[ServiceRequestRecord]:
    """The mandate's newest revocation with each of its receivers; none where none was sent, or none of them is here."""
    if record.revocation_id is None:
        return []
    return service_requests.list_of_matter(tx, record.revocation_id)


def follow(tx: HubTransaction, record: MandateRecord, contents: MandateContents) -> None:
    """The person is told once that the revocation has arrived everywhere, and once of a receiver that is late."""
    requests = requests_of(tx, record)
    if requests and all(each.reached_bank_at is not None for each in requests):
        telling.delivered(tx, record, contents)
    for each in requests:
        if each.breach_noted_at is not None and each.answered_at is None:
            telling.late(tx, record, contents, each.id)


def view(tx: HubTransaction, record: MandateRecord) -> Plain | None:
    """The newest revocation as the API shows it to its person; None where there is none."""
    if record.revocation_id is None:
        return None
    requests = requests_of(tx, record)
    to = receivers_of(tx, rows.contents_of(tx, record))
    asked = {each.bank_code for each in requests}
    letters = [code for code in (*to.here, *to.by_letter) if code not in asked]
    return {
        "id": record.revocation_id,
        "reference": requests[0].reference if requests else None,
        "receivers": [receiver_view(tx, each) for each in requests],
        "letters_to": [*letters, *(["payment_company"] if to.letter_to_company else [])],
    }


def shown(tx: HubTransaction, record: MandateRecord) -> Plain:
    """The mandate with its newest revocation, as the API shows it to its person."""
    return {**mandates.view(tx, record), "revocation": view(tx, record)}


def receiver_view(tx: HubTransaction, request: ServiceRequestRecord) -> Plain:
    """The revocation with one receiver: where it stands, until when an answer is due, and what it was."""
    answer = service_requests.contents_of(tx, request).get("answer") or {}
    until = request_clocks.running_until(request)
    return {
        "bank_code": request.bank_code,
        "status": request.status,
        "delivered_at": None if request.reached_bank_at is None else instant(request.reached_bank_at),
        "due_at": None if until is None else instant(until),
        "is_late": request.breach_noted_at is not None,
        "reason_code": answer.get("reason_code"),
        "text": answer.get("text"),
    }
