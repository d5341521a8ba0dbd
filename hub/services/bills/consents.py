"""Consents to a bank's telling bills: given and taken back in one press, by the person or their host app."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.domain.bill_feed import FeedContact
from hub.domain.errors import Unavailable
from hub.domain.plain import Plain, instant
from hub.domain.service_request import Service
from hub.services.accounts.subjects import Subject
from hub.services.consents.ledger import door_of
from hub.services.operating import banks
from hub.services.transaction import HubTransaction
from storage import bill_consents
from storage.records import BillConsentRecord
from storage.spans import WHOLE, Span

_TOKEN_BYTES: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentShown:
    """One consent as its person is shown it. `contact` is None once it was taken back."""

    bank_code: str
    version: str
    sha256: str
    given_at: datetime
    withdrawn_at: datetime | None
    contact: FeedContact | None


def give(tx: HubTransaction, subject: Subject, bank_code: str, *, card_last4: str, mobile: str) -> BillConsentRecord:
    """The bank may tell bills of that card of the person, and finds them by these two; given again it changes nothing.

    Another card comes to those that were named. Raises `NotFound` for a bank that is not here, `ServiceNotOffered`,
    and `Refused` `too_many`.
    """
    bank = banks.require_service(tx, banks.of_institution(tx, bank_code).code, Service.REMINDERS)
    there = _in_force(tx, subject, bank.code)
    if there is not None:
        before = bill_consents.contact_of(tx, there)
        if (after := before.with_card(card_last4)) != before:
            bill_consents.set_contact(tx, there, after)
        return there
    contact = FeedContact(token=secrets.token_urlsafe(_TOKEN_BYTES), card_last4=card_last4, mobile=mobile)
    record = bill_consents.add(
        tx,
        subject.indexes[0],
        client_id=subject.client_id,
        bank_code=bank.code,
        contact=contact,
        door=door_of(tx.actor),
    )
    if record is None:
        raise Unavailable("the consent was given a moment ago", at_once=True)
    return record


def withdraw(tx: HubTransaction, subject: Subject, bank_code: str) -> None:
    """The bank may tell no more, and what it told is gone; where nothing was given nothing is changed."""
    code = banks.of_institution(tx, bank_code).code
    record = _in_force(tx, subject, code)
    if record is not None:
        bill_consents.withdraw(tx, record, door=door_of(tx.actor))


def _in_force(tx: HubTransaction, subject: Subject, bank_code: str) -> BillConsentRecord | None:
    return bill_consents.find_in_force(tx, subject.indexes, client_id=subject.client_id, bank_code=bank_code, lock=True)


def list_for(tx: HubTransaction, subject: Subject) -> list[ConsentShown]:
    """The person's consents, those that were taken back too, in the order in which they were given."""
    return [_shown(tx, each) for each in bill_consents.list_of(tx, subject.indexes, client_id=subject.client_id)]


def _shown(tx: HubTransaction, record: BillConsentRecord) -> ConsentShown:
    return ConsentShown(
        bank_code=record.bank_code,
        version=record.version,
        sha256=record.sha256,
        given_at=record.given_at,
        withdrawn_at=record.withdrawn_at,
        contact=None if record.withdrawn_at is not None else bill_consents.contact_of(tx, record),
    )


def view(shown: ConsentShown) -> Plain:
    """The consent as a host app and an export show it; the token is the bank's alone."""
    return {
        "bank_code": shown.bank_code,
        "version": shown.version,
        "sha256": shown.sha256,
        "given_at": instant(shown.given_at),
        "withdrawn_at": None if shown.withdrawn_at is None else instant(shown.withdrawn_at),
        "card_last4": None if shown.contact is None else shown.contact.card_last4,
        "cards": [] if shown.contact is None else list(shown.contact.cards),
    }


def views_of_person(tx: HubTransaction, owner_indexes: Sequence[bytes], *, client_id: str) -> list[Plain]:
    """Every consent of the person that is kept, for their export, with the mobile that the bank was told."""
    listed = bill_consents.list_of(tx, owner_indexes, client_id=client_id)
    shown = [_shown(tx, each) for each in listed]
    return [{**view(each), "mobile": None if each.contact is None else each.contact.mobile} for each in shown]


def faults_of_bills(tx: HubTransaction, span: Span = WHOLE) -> Iterator[tuple[str, str, str]]:
    """(invariant, id, detail) of what a bank told without a consent."""
    for id_ in bill_consents.list_told_without_one(tx, span):
        yield "bill_consents", id_, "told by a bank without a consent of its person for that bank"


def faults(tx: HubTransaction, span: Span = WHOLE) -> Iterator[tuple[str, str, str]]:
    """(invariant, id, detail) of what a withdrawal left behind."""
    for id_ in bill_consents.list_keeping_too_much(tx, span):
        yield "bill_consents", id_, "a consent that was taken back keeps whom it was about"
