"""Codes that were sent to sign an offer or an amendment: writing, finding and forgetting them."""

from datetime import datetime

import sqlalchemy as sa

from storage.records import ConfirmationCodeRecord
from storage.transaction import Transaction


def add(tx: Transaction, record: ConfirmationCodeRecord) -> None:
    """The code can be used, until it is too old or tried too often."""
    tx.session.add(record)
    tx.session.flush()


def list_of(tx: Transaction, signed_id: str, *, since: datetime | None = None) -> list[ConfirmationCodeRecord]:
    """The codes that were sent for an offer or an amendment, after `since` where it is given, oldest first.

    All but the newest are good for nothing. The negotiation's row must be locked.
    """
    query = sa.select(ConfirmationCodeRecord).where(_signs(signed_id))
    if since is not None:
        query = query.where(ConfirmationCodeRecord.sent_at > since)
    return list(tx.session.scalars(query.order_by(ConfirmationCodeRecord.sent_at, ConfirmationCodeRecord.id)))


def forget(tx: Transaction, signed_id: str) -> None:
    """No code was ever sent for the offer or the amendment, as far as counting goes."""
    tx.session.execute(sa.delete(ConfirmationCodeRecord).where(_signs(signed_id)))


def _signs(signed_id: str) -> sa.ColumnElement[bool]:
    return sa.or_(ConfirmationCodeRecord.offer_id == signed_id, ConfirmationCodeRecord.amendment_id == signed_id)
