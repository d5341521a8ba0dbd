"""Notices to host apps: each change of a negotiation or request whose client wants to be told, and how far that got."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from storage.records import ClientNoticeRecord, ClientRecord, NegotiationRecord, ServiceRequestRecord, new_id
from storage.records.exchange import GIVEN_UP_SQL
from storage.transaction import Transaction


class NoticeStatus(StrEnum):
    """How far a notice got."""

    WAITING = "waiting"
    TOLD = "told"
    GIVEN_UP = "given_up"
    NOT_WANTED = "not_wanted"  # the client took its address back before it was told


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a client is told, and the secret that signs what it is told."""

    url: str
    secret: str


def set_address(tx: Transaction, client_id: str, address: Address | None) -> None:
    """The client is told there from now on, or nowhere."""
    record = tx.session.get_one(ClientRecord, client_id)
    record.notify_url = None if address is None else address.url
    record.notify_secret_sealed = (
        None
        if address is None
        else tx.keyring.seal(address.secret, table="client", column="notify_secret", row=client_id)
    )


def find_address(tx: Transaction, client_id: str) -> Address | None:
    """Where the client is told, or None where it is not."""
    record = tx.session.get(ClientRecord, client_id)
    if record is None or record.notify_url is None or record.notify_secret_sealed is None:
        return None
    secret = tx.keyring.open(record.notify_secret_sealed, table="client", column="notify_secret", row=client_id)
    return Address(url=record.notify_url, secret=secret.decode())


def note_change(tx: Transaction, about: NegotiationRecord | ServiceRequestRecord) -> None:
    """The client of the negotiation or request will be told of what just changed, if it wants to be."""
    client = tx.session.get(ClientRecord, about.client_id)
    if client is None or client.notify_url is None:
        return
    is_request = isinstance(about, ServiceRequestRecord)
    tx.session.add(
        ClientNoticeRecord(
            id=new_id(),
            client_id=about.client_id,
            negotiation_id=None if is_request else about.id,
            request_id=about.id if is_request else None,
            bank_code=about.bank_code,
            reached=about.status,
            changed_at=tx.now,
            status=NoticeStatus.WAITING,
            attempts=0,
            next_try_at=tx.now,
        )
    )


def find_notice(tx: Transaction, notice_id: str, *, lock: bool = False) -> ClientNoticeRecord | None:
    """The notice of that id."""
    return tx.session.get(ClientNoticeRecord, notice_id, with_for_update=lock, populate_existing=lock)


def settle(
    tx: Transaction,
    record: ClientNoticeRecord,
    status: NoticeStatus,
    *,
    detail: str = "",
    wait: timedelta | None = None,
) -> None:
    """One attempt was made: the notice is told, given up, or waits for the next attempt after `wait`."""
    record.attempts += 1
    record.status = status
    record.detail = detail[:300] or None
    record.told_at = tx.now if status == NoticeStatus.TOLD else None
    record.next_try_at = None if wait is None else tx.now + wait


def _same_matter(one: Any, other: Any) -> sa.ColumnElement[bool]:
    return sa.or_(one.negotiation_id == other.negotiation_id, one.request_id == other.request_id)


def find_next(tx: Transaction, told: ClientNoticeRecord) -> ClientNoticeRecord | None:
    """The oldest notice that waits of the negotiation or request that this one is about."""
    table = ClientNoticeRecord
    is_request = told.request_id is not None
    mine = table.request_id == told.request_id if is_request else table.negotiation_id == told.negotiation_id
    return tx.session.scalar(
        sa.select(table).where(mine, table.status == NoticeStatus.WAITING).order_by(ClientNoticeRecord.id).limit(1)
    )


def list_given_up(tx: Transaction, client_id: str, *, limit: int) -> list[ClientNoticeRecord]:
    """The client's notices that were given up and not overtaken by one that it was told later; the oldest first."""
    later = orm.aliased(ClientNoticeRecord)
    overtaken = sa.exists().where(
        _same_matter(later, ClientNoticeRecord),
        later.status == NoticeStatus.TOLD,
        later.id > ClientNoticeRecord.id,
    )
    mine = (ClientNoticeRecord.client_id == client_id, sa.text(f"client_notice.{GIVEN_UP_SQL}"))
    return list(
        tx.session.scalars(
            sa.select(ClientNoticeRecord).where(*mine, ~overtaken).order_by(ClientNoticeRecord.id).limit(limit)
        )
    )


def again(tx: Transaction, record: ClientNoticeRecord) -> None:
    """A notice that was given up waits for one more attempt."""
    record.status = NoticeStatus.WAITING
    record.next_try_at = tx.now


def list_due(tx: Transaction, at: datetime, limit: int) -> list[ClientNoticeRecord]:
    """Waiting notices whose next attempt is due at `at`, the oldest of each matter alone."""
    older = orm.aliased(ClientNoticeRecord)
    has_older = sa.exists().where(
        _same_matter(older, ClientNoticeRecord),
        older.status == NoticeStatus.WAITING,
        older.id < ClientNoticeRecord.id,
    )
    return list(
        tx.session.scalars(
            sa.select(ClientNoticeRecord)
            .where(sa.text("client_notice.status = 'waiting'"), ClientNoticeRecord.next_try_at <= at, ~has_older)
            .order_by(ClientNoticeRecord.next_try_at, ClientNoticeRecord.id)
            .limit(limit)
        )
    )
