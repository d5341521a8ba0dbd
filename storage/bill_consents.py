"""Consents to a bank's telling bills: finding and writing them."""

from collections.abc import Sequence

import sqlalchemy as sa

from hub.domain.bill_feed import CONSENT, KEPT_UNUSED, KEPT_WITHDRAWN, FeedContact
from hub.domain.consent_ledger import Door
from hub.domain.plain import from_plain, to_plain
from storage.database import added
from storage.records import BillConsentRecord, BillRecord, MailRecord, new_id
from storage.sealed_json import open_json, seal_json
from storage.spans import WHOLE, Span
from storage.transaction import Transaction

_TABLE, _TOKEN = "bill_consent", "bill_token"


def add(
    tx: Transaction, owner_index: bytes, *, client_id: str, bank_code: str, contact: FeedContact, door: Door
) -> BillConsentRecord | None:
    """The consent is in force, or None where another transaction has just written one."""
    row = new_id()
    record = BillConsentRecord(
        id=row,
        owner_index=owner_index,
        client_id=client_id,
        bank_code=bank_code,
        token_index=tx.keyring.index(contact.token, purpose=_TOKEN),
        contents_sealed=_sealed(tx, contact, row=row),
        version=CONSENT.version,
        sha256=CONSENT.sha256,
        door=door,
        given_at=tx.now,
        changed_at=tx.now,
        expires_at=tx.now + KEPT_UNUSED,
    )
    return record if added(tx.session, record) else None


def _sealed(tx: Transaction, contact: FeedContact, *, row: str) -> bytes:
    # Without a name that says nothing: the release before reads that of one card, and none of several.
    plain = {name: value for name, value in to_plain(contact).items() if value or name != "more_cards"}
    return seal_json(tx, plain, table=_TABLE, column="contents", row=row)


def set_contact(tx: Transaction, record: BillConsentRecord, contact: FeedContact) -> None:
    """The bank finds the person by these from now on."""
    record.contents_sealed = _sealed(tx, contact, row=record.id)
    record.changed_at = tx.now


def list_of(tx: Transaction, owner_indexes: Sequence[bytes], *, client_id: str) -> list[BillConsentRecord]:
    """The person's consents, those that were taken back too, in the order in which they were given."""
    query = sa.select(BillConsentRecord).where(
        BillConsentRecord.owner_index.in_(owner_indexes), BillConsentRecord.client_id == client_id
    )
    return list(tx.session.scalars(query.order_by(BillConsentRecord.id)))


def find_in_force(
    tx: Transaction, owner_indexes: Sequence[bytes], *, client_id: str, bank_code: str, lock: bool = False
) -> BillConsentRecord | None:
    """The person's consent for that bank; None where none is in force."""
    query = sa.select(BillConsentRecord).where(
        BillConsentRecord.owner_index.in_(owner_indexes),
        BillConsentRecord.client_id == client_id,
        BillConsentRecord.bank_code == bank_code,
        BillConsentRecord.withdrawn_at.is_(None),
    )
    return tx.session.scalar(query.with_for_update() if lock else query)


def find_by_token(tx: Transaction, token: str, *, bank_code: str) -> BillConsentRecord | None:
    """The bank's consent that goes by the token, locked; None for a wrong, another bank's or a dead one alike."""
    query = sa.select(BillConsentRecord).where(
        BillConsentRecord.token_index.in_(tx.keyring.indexes(token, purpose=_TOKEN)),
        BillConsentRecord.bank_code == bank_code,
        BillConsentRecord.withdrawn_at.is_(None),
    )
    return tx.session.scalar(query.with_for_update())


def list_of_bank(tx: Transaction, bank_code: str, *, after: str = "", limit: int) -> list[BillConsentRecord]:
    """The bank's consents in force whose id is later than `after`, the earliest first."""
    query = sa.select(BillConsentRecord).where(
        BillConsentRecord.bank_code == bank_code,
        BillConsentRecord.withdrawn_at.is_(None),
        BillConsentRecord.id > after,
    )
    return list(tx.session.scalars(query.order_by(BillConsentRecord.id).limit(limit)))


def contact_of(tx: Transaction, record: BillConsentRecord) -> FeedContact:
    """By what the bank finds the person; the consent must be in force."""
    plain = open_json(tx, record.contents_sealed or b"", table=_TABLE, column="contents", row=record.id)
    return from_plain(FeedContact, plain)


def used(tx: Transaction, record: BillConsentRecord) -> None:
    """The bank has told something under the consent, so it lasts on."""
    record.expires_at = tx.now + KEPT_UNUSED


def withdraw(tx: Transaction, record: BillConsentRecord, *, door: Door) -> None:
    """The consent is taken back: its token finds nothing any more, and what the bank told under it is gone."""
    tx.session.execute(sa.delete(BillRecord).where(BillRecord.consent_id == record.id))
    record.contents_sealed = None
    record.withdrawn_at, record.withdrawn_door = tx.now, door
    record.changed_at, record.expires_at = tx.now, tx.now + KEPT_WITHDRAWN
    tx.session.flush()


def forget_expired(tx: Transaction) -> None:
    """Consents whose time is over are gone, with what was told under them."""
    over = sa.select(BillConsentRecord.id).where(BillConsentRecord.expires_at <= tx.now)
    tx.session.execute(sa.delete(BillRecord).where(BillRecord.consent_id.in_(over)))
    tx.session.execute(sa.delete(BillConsentRecord).where(BillConsentRecord.expires_at <= tx.now))


def list_bills(tx: Transaction, record: BillConsentRecord) -> list[BillRecord]:
    """What the bank told under the consent, locked; the latest day first."""
    query = sa.select(BillRecord).where(BillRecord.consent_id == record.id)
    return list(tx.session.scalars(query.order_by(BillRecord.due_on.desc(), BillRecord.id).with_for_update()))


def list_reminders_sent(tx: Transaction, consent_ids: Sequence[str], *, bank_code: str) -> list[MailRecord]:
    """The mails and text messages about what the bank told under these consents, the earliest first."""
    told = sa.select(BillRecord.id).where(BillRecord.consent_id.in_(consent_ids), BillRecord.bank_code == bank_code)
    query = sa.select(MailRecord).where(MailRecord.about_id.in_(told), MailRecord.bank_code == bank_code)
    return list(tx.session.scalars(query.order_by(MailRecord.id)))


def list_told_without_one(tx: Transaction, span: Span = WHOLE) -> list[str]:
    """Ids of the bills of a feed that a bank told without a consent of their person for that bank."""
    bill, consent = BillRecord, BillConsentRecord
    in_force = (
        (bill.consent_id == consent.id)
        & (bill.bank_code == consent.bank_code)
        & (bill.owner_index == consent.owner_index)
        & consent.withdrawn_at.is_(None)
    )
    query = sa.select(bill.id).outerjoin(consent, in_force)
    which = (bill.source == "bank_feed", consent.id.is_(None), *span.of(bill.id))
    return list(tx.session.scalars(query.where(*which).order_by(bill.id)))


def list_keeping_too_much(tx: Transaction, span: Span = WHOLE) -> list[str]:
    """Ids of the consents that were taken back and keep whom they were about, or lost it before."""
    consent = BillConsentRecord
    kept = consent.withdrawn_at.is_(None) != consent.contents_sealed.is_not(None)
    return list(tx.session.scalars(sa.select(consent.id).where(kept, *span.of(consent.id)).order_by(consent.id)))
