"""Agreements by the numbers on their papers."""

import sqlalchemy as sa

from storage.records import AgreementRecord
from storage.transaction import Transaction


def find(tx: Transaction, number: str) -> AgreementRecord | None:
    """The agreement of exactly that number."""
    return tx.session.scalar(sa.select(AgreementRecord).where(AgreementRecord.number == number))
