"""Accounts of bank staff and operators: writing down and finding."""

from collections.abc import Sequence
from typing import Final, Protocol

import sqlalchemy as sa

from hub.domain.actor import Party
from storage.records import StaffRecord
from storage.transaction import Transaction

_PURPOSE: Final = "staff_email"


def add(tx: Transaction, record: StaffRecord) -> None:
    """The account exists."""
    tx.session.add(record)
    tx.session.flush()


def actor_of(record: StaffRecord) -> str:
    """How a person of a bank stands with what they did."""
    return f"{Party.BANK}:staff/{record.id}"


def find(tx: Transaction, staff_id: str) -> StaffRecord | None:
    """The account of that id, also of one who has left."""
    return tx.session.get(StaffRecord, staff_id)


def get(tx: Transaction, staff_id: str) -> StaffRecord:
    """The account of that id, which there must be."""
    return tx.session.get_one(StaffRecord, staff_id)


class Sealed(Protocol):
    """What of an account is needed to open its address."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def email_sealed(self) -> bytes | None: ...


def set_email(tx: Transaction, record: StaffRecord, email: str | None) -> None:
    """The account is signed in to with this address, kept sealed; None where it has none any more."""
    if email is None:
        record.email_sealed, record.email_index = None, record.id
        return
    record.email_sealed = tx.keyring.seal(email, table="staff", column="email", row=record.id)
    record.email_index = tx.keyring.index(email.lower(), purpose=_PURPOSE).hex()


def email_of(tx: Transaction, record: StaffRecord | Sealed) -> str:
    """The account's address; empty where it went on with the person to another account."""
    if record.email_sealed is None:
        return ""
    return tx.keyring.open_text(record.email_sealed, table="staff", column="email", row=record.id)


def called(tx: Transaction, record: StaffRecord | Sealed) -> str:
    """What colleagues call the person: the name, or the address of who has none."""
    return record.name or email_of(tx, record)


def find_by_email(tx: Transaction, email: str) -> StaffRecord | None:
    """The account of that address, in whatever case it is written; also of one who has left."""
    indexes = [each.hex() for each in tx.keyring.indexes(email.lower(), purpose=_PURPOSE)]
    return tx.session.scalar(sa.select(StaffRecord).where(StaffRecord.email_index.in_(indexes)))


def find_by_enrolment(tx: Transaction, digest: bytes) -> StaffRecord | None:
    """The account whose enrolment link this is, locked."""
    return tx.session.scalar(sa.select(StaffRecord).where(StaffRecord.enrolment_digest == digest).with_for_update())


def find_by_uniquifier(tx: Transaction, uniquifier: str) -> StaffRecord | None:
    """The account that bears this mark now."""
    return tx.session.scalar(sa.select(StaffRecord).where(StaffRecord.fs_uniquifier == uniquifier))


def lock(tx: Transaction, staff_id: str) -> StaffRecord:
    """The account of that id, which there must be, as it is now; locked."""
    return tx.session.get_one(StaffRecord, staff_id, with_for_update=True, populate_existing=True)


def lock_by_uniquifier(tx: Transaction, uniquifier: str) -> StaffRecord | None:
    """The account that bears this mark now, locked."""
    return tx.session.scalar(
        sa.select(StaffRecord)
        .where(StaffRecord.fs_uniquifier == uniquifier)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def list_of_bank(tx: Transaction, bank_code: str | None) -> Sequence[StaffRecord]:
    """The bank's people, or the operators where no bank is named, as they were added; those who left too."""
    return tx.session.scalars(
        sa.select(StaffRecord).where(StaffRecord.bank_code == bank_code).order_by(StaffRecord.id)
    ).all()


def lock_with_role(tx: Transaction, bank_code: str, role: str) -> Sequence[StaffRecord]:
    """Those of the bank's people who have that role and have not left, locked and as they are now."""
    mine = (StaffRecord.bank_code == bank_code, StaffRecord.role == role, StaffRecord.active)
    # In one order, so that two who change each other never wait in a circle.
    query = sa.select(StaffRecord).where(*mine).order_by(StaffRecord.id).with_for_update()
    return tx.session.scalars(query.execution_options(populate_existing=True)).all()


_NAMES = sa.select(
    StaffRecord.id, StaffRecord.name, StaffRecord.email_sealed, StaffRecord.role, StaffRecord.active
).where(StaffRecord.bank_code == sa.bindparam("bank_code"))


def list_names(tx: Transaction, bank_code: str) -> Sequence[sa.Row[str, str | None, bytes | None, str, bool]]:
    """What names each of the bank's people, in no order: asked with every queue."""
    return tx.session.execute(_NAMES, {"bank_code": bank_code}).all()


def list_all(tx: Transaction) -> Sequence[StaffRecord]:
    """Everybody's account, by bank as they were added; those who left too."""
    return tx.session.scalars(sa.select(StaffRecord).order_by(StaffRecord.bank_code, StaffRecord.id)).all()


def is_bound(tx: Transaction, *, issuer: str, digest: bytes) -> bool:
    """Whether the account of somebody who has not left is that person's at the provider."""
    theirs = (StaffRecord.sign_on_issuer == issuer, StaffRecord.sign_on_digest == digest, StaffRecord.active)
    return bool(tx.session.scalar(sa.select(sa.exists().where(*theirs))))


def any_demo(tx: Transaction) -> bool:
    """Whether an account of the demo can still be used."""
    return bool(tx.session.scalar(sa.select(sa.exists().where(StaffRecord.is_demo, StaffRecord.active))))
