"""Drafts of applications: one a person, sealed, written whole each time; and the client of what the pages submit."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import added
from storage.records import ClientRecord, DraftRecord, new_id
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction

FORM_CLIENT = "form"
"""The id of the client that holds what people send from the hub's own pages. No secret opens it."""


def find_draft(
    tx: Transaction, owner_indexes: Sequence[bytes], *, client_id: str | None = None, lock: bool = False
) -> DraftRecord | None:
    """The person's draft, also one whose time is over; with `client_id` that of people whom this host app sent over."""
    query = sa.select(DraftRecord).where(DraftRecord.owner_index.in_(owner_indexes))
    if client_id is not None:
        query = query.where(DraftRecord.client_id == client_id)
    return tx.session.scalar(query.with_for_update() if lock else query)


def list_of(tx: Transaction, owner_indexes: Sequence[bytes], *, clients: Sequence[str] | None) -> list[DraftRecord]:
    """The person's drafts, those of these ways in alone where `clients` names them; held."""
    query = sa.select(DraftRecord).where(DraftRecord.owner_index.in_(owner_indexes))
    if clients is not None:
        query = query.where(DraftRecord.client_id.in_(clients))
    return list(tx.session.scalars(query.order_by(DraftRecord.id).with_for_update()))


def body_of(tx: Transaction, record: DraftRecord) -> Any:
    """What has been filled in, as plain data."""
    return open_json(tx, record.body_sealed, table="draft", column="body", row=record.id)


def save_body(tx: Transaction, record: DraftRecord, body: Any, *, expires_at: datetime) -> None:
    """`body` takes the place of what was filled in before, and is kept until `expires_at`."""
    record.body_sealed = seal_json(tx, body, table="draft", column="body", row=record.id)
    record.changed_at = tx.now
    record.expires_at = expires_at
    tx.session.flush()


def add_draft(
    tx: Transaction, owner_index: bytes, *, client_id: str = FORM_CLIENT, expires_at: datetime
) -> DraftRecord | None:
    """An empty draft of the person, or None where another transaction has just begun one."""
    draft_id = new_id()
    record = DraftRecord(
        id=draft_id,
        owner_index=owner_index,
        client_id=client_id,
        body_sealed=seal_json(tx, {}, table="draft", column="body", row=draft_id),
        changed_at=tx.now,
        expires_at=expires_at,
    )
    return record if added(tx.session, record) else None


def remove_draft(tx: Transaction, record: DraftRecord) -> None:
    """The draft is gone."""
    tx.session.delete(record)
    tx.session.flush()


def list_expired(tx: Transaction, at: datetime, limit: int) -> list[DraftRecord]:
    """Drafts whose time is over at `at`, the longest over first; held against their writers."""
    return list(
        tx.session.scalars(
            sa.select(DraftRecord)
            .where(DraftRecord.expires_at <= at)
            .order_by(DraftRecord.expires_at)
            .limit(limit)
            .with_for_update()
        )
    )


def ensure_form_client(tx: Transaction) -> str:
    """The client of web applications is there; gives its id. It is disabled as a caller from the first day on."""
    if tx.session.get(ClientRecord, FORM_CLIENT) is None:
        added(
            tx.session,
            ClientRecord(
                id=FORM_CLIENT,
                name="hub web form",
                secret_digest=secrets.token_bytes(32),
                scopes=[],
                bank_code=None,
                added_at=tx.now,
                disabled_at=tx.now,
            ),
        )
    return FORM_CLIENT
