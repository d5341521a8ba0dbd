"""Accounts of bank staff and operators: writing down and finding."""

from collections.abc import Sequence

import sqlalchemy as sa

from hub.domain.actor import Party
from storage.records import StaffRecord
from storage.transaction import Transaction


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


def find_by_email(tx: Transaction, email: str) -> StaffRecord | None:
    """The account of that address, in whatever case it is written; also of one who has left."""
    return tx.session.scalar(sa.select(StaffRecord).where(StaffRecord.email == email.lower()))


def find_by_enrolment(tx: Transaction, digest: bytes) -> StaffRecord | None:
    """The account whose enrolment link this is, locked."""
    return tx.session.scalar(sa.select(StaffRecord).where(StaffRecord.enrolment_digest == digest).with_for_update())


def find_by_uniquifier(tx: Transaction, uniquifier: str) -> StaffRecord | None:
    """The account that bears this mark now."""
    return tx.session.scalar(sa.select(StaffRecord).where(StaffRecord.fs_uniquifier == uniquifier))


def lock_by_uniquifier(tx: Transaction, uniquifier: str) -> StaffRecord | None:
    """The account that bears this mark now, locked."""
    return tx.session.scalar(
        sa.select(StaffRecord)
        .where(StaffRecord.fs_uniquifier == uniquifier)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def list_of_bank(tx: Transaction, bank_code: str | None) -> Sequence[StaffRecord]:
    """The bank's people, or the operators where no bank is named, by address; those who left too."""
    return tx.session.scalars(
        sa.select(StaffRecord).where(StaffRecord.bank_code == bank_code).order_by(StaffRecord.email)
    ).all()


def list_all(tx: Transaction) -> Sequence[StaffRecord]:
    """Everybody's account, by bank and address; those who left too."""
    return tx.session.scalars(sa.select(StaffRecord).order_by(StaffRecord.bank_code, StaffRecord.email)).all()


def any_demo(tx: Transaction) -> bool:
    """Whether an account of the demo can still be used."""
    return bool(tx.session.scalar(sa.select(sa.exists().where(StaffRecord.is_demo, StaffRecord.active))))
