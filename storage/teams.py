"""Teams of banks: writing down and finding."""

from collections.abc import Sequence

import sqlalchemy as sa

from storage.records import StaffRecord, TeamRecord, new_id
from storage.transaction import Transaction


def add(tx: Transaction, *, bank_code: str, name: str) -> TeamRecord:
    """The team exists, with nobody in it."""
    record = TeamRecord(id=new_id(), bank_code=bank_code, name=name, added_at=tx.now)
    tx.session.add(record)
    tx.session.flush()
    return record


def find(tx: Transaction, team_id: str, *, bank_code: str) -> TeamRecord | None:
    """The bank's team of that id; None for an unknown one and another bank's alike."""
    record = tx.session.get(TeamRecord, team_id)
    return record if record is not None and record.bank_code == bank_code else None


def find_named(tx: Transaction, name: str, *, bank_code: str) -> TeamRecord | None:
    """The bank's team of that name."""
    return tx.session.scalar(sa.select(TeamRecord).where(TeamRecord.bank_code == bank_code, TeamRecord.name == name))


def list_of_bank(tx: Transaction, bank_code: str) -> Sequence[TeamRecord]:
    """The bank's teams, in the order in which they were made."""
    return tx.session.scalars(
        sa.select(TeamRecord).where(TeamRecord.bank_code == bank_code).order_by(TeamRecord.added_at, TeamRecord.id)
    ).all()


def remove(tx: Transaction, record: TeamRecord) -> None:
    """The team is gone, and whoever was in it, also of those who left, is in none."""
    tx.session.execute(
        sa.update(StaffRecord)
        .where(StaffRecord.bank_code == record.bank_code, StaffRecord.team_id == record.id)
        .values(team_id=None)
    )
    tx.session.delete(record)
    tx.session.flush()
