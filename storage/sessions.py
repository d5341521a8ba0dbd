"""Page sessions and the codes that open them: writing down, finding, ending."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from hub.domain.visitor import VisitorKind
from storage.records import PageSessionRecord, SignInCodeRecord, StaffRecord
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction

_ADDRESS_LIMIT, _KEY_LENGTH = 64, 32


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSession:
    """A session that has not ended. `person` is what a cardholder's holds; staff have a `staff_id`."""

    key: str
    staff_id: str | None
    person: Any
    seen_at: datetime
    ends_at: datetime
    proved_at: datetime | None
    previous_at: datetime | None
    previous_device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session as its owner sees it; `key` tells sessions apart and is no secret.

    `device` is what the browser calls itself, empty where it was not told.
    """

    key: str
    device: str
    address: str | None
    started_at: datetime
    seen_at: datetime


def digest_of(token: str) -> bytes:
    """How a token of 256 random bits is kept."""
    return hashlib.sha256(token.encode()).digest()


def key_of(digest: bytes) -> str:
    """By what the session of that digest is told from others; no secret."""
    return digest.hex()[:_KEY_LENGTH]


def add_session(
    tx: Transaction,
    *,
    person: Any = None,
    staff_id: str | None = None,
    owner: str,
    address: str | None,
    at: datetime,
    life: timedelta,
    device: str = "",
    previous: tuple[datetime | None, str | None] = (None, None),
) -> str:
    """A session from `at` on, of a cardholder where `person` is given; gives its token, kept as a digest only.

    Staff have just proved who they are; `previous` is when and on what they did before.
    """
    token = secrets.token_urlsafe(32)
    digest = digest_of(token)
    tx.session.add(
        PageSessionRecord(
            digest=digest,
            kind=VisitorKind.CARDHOLDER if staff_id is None else VisitorKind.STAFF,
            staff_id=staff_id,
            owner=owner,
            address=None if address is None else address[:_ADDRESS_LIMIT],
            person_sealed=None
            if staff_id is not None
            else seal_json(tx, person, table="page_session", column="person", row=digest.hex()),
            started_at=at,
            seen_at=at,
            ends_at=at + life,
            proved_at=None if staff_id is None else at,
            device=device or None,
            previous_at=previous[0],
            previous_device=previous[1],
        )
    )
    tx.session.flush()
    return token


def find_session(
    tx: Transaction, token: str, *, kind: VisitorKind, at: datetime, idle: timedelta
) -> FoundSession | None:
    """The session of that token, unless it has ended at `at` or was not used for longer than `idle`."""
    record = tx.session.get(PageSessionRecord, digest_of(token))
    if record is None or record.kind != kind or record.ends_at <= at or record.seen_at <= at - idle:
        return None
    return _found(tx, record)


def find_lapsed_session(tx: Transaction, token: str, *, kind: VisitorKind) -> FoundSession | None:
    """The session of that token however long ago it ended by itself; None where somebody ended it."""
    record = tx.session.get(PageSessionRecord, digest_of(token))
    return None if record is None or record.kind != kind else _found(tx, record)


def _found(tx: Transaction, record: PageSessionRecord) -> FoundSession:
    row = record.digest.hex()
    return FoundSession(
        key=key_of(record.digest),
        staff_id=record.staff_id,
        person=None
        if record.person_sealed is None
        else open_json(tx, record.person_sealed, table="page_session", column="person", row=row),
        seen_at=record.seen_at,
        ends_at=record.ends_at,
        proved_at=record.proved_at,
        previous_at=record.previous_at,
        previous_device=record.previous_device or "",
    )


def list_of_owner(tx: Transaction, owners: Sequence[str], *, at: datetime, idle: timedelta) -> list[OpenSession]:
    """The sessions of these owners that have not ended at `at`, the one used last first."""
    query = (
        sa.select(PageSessionRecord)
        .where(
            PageSessionRecord.owner.in_(owners), PageSessionRecord.ends_at > at, PageSessionRecord.seen_at > at - idle
        )
        .order_by(PageSessionRecord.seen_at.desc())
    )
    return [
        OpenSession(
            key=key_of(record.digest),
            device=record.device or "",
            address=record.address,
            started_at=record.started_at,
            seen_at=record.seen_at,
        )
        for record in tx.session.scalars(query)
    ]


def end_of_owner(tx: Transaction, owners: Sequence[str], *, but: str = "") -> None:
    """All sessions of these owners have ended, but for the one of the key `but`."""
    for record in _of_owner(tx, owners):
        if not but or key_of(record.digest) != but:
            tx.session.delete(record)
    tx.session.flush()


def end_one_of_owner(tx: Transaction, owners: Sequence[str], key: str) -> bool:
    """The session of that key has ended; false where these owners have none of it."""
    found = [record for record in _of_owner(tx, owners) if key_of(record.digest) == key]
    for record in found:
        tx.session.delete(record)
    tx.session.flush()
    return bool(found)


def _of_owner(tx: Transaction, owners: Sequence[str]) -> Sequence[PageSessionRecord]:
    return tx.session.scalars(sa.select(PageSessionRecord).where(PageSessionRecord.owner.in_(owners))).all()


def touch_session(tx: Transaction, token: str, *, at: datetime) -> None:
    """The session was used at `at`."""
    tx.session.execute(
        sa.update(PageSessionRecord).where(PageSessionRecord.digest == digest_of(token)).values(seen_at=at)
    )


def prove_session(tx: Transaction, token: str, *, at: datetime) -> None:
    """Whose session it is has proved a second factor in it at `at`."""
    tx.session.execute(
        sa.update(PageSessionRecord).where(PageSessionRecord.digest == digest_of(token)).values(proved_at=at)
    )


def prolong_session(tx: Transaction, token: str, *, at: datetime, by: timedelta, longest: timedelta) -> None:
    """The session was used at `at` and lasts for `by` from then at least, but never longer than `longest` in all."""
    record = tx.session.get(PageSessionRecord, digest_of(token), with_for_update=True)
    if record is None:
        return
    record.seen_at = at
    record.ends_at = max(record.ends_at, min(at + by, record.started_at + longest))
    tx.session.flush()


def change_person(tx: Transaction, token: str, change: Callable[[Any], Any]) -> None:
    """The cardholder's session holds what `change` makes of the person it held; nothing where it has ended."""
    record = tx.session.get(PageSessionRecord, digest_of(token), with_for_update=True)
    if record is None or record.person_sealed is None:
        return
    place = {"table": "page_session", "column": "person", "row": record.digest.hex()}
    record.person_sealed = seal_json(tx, change(open_json(tx, record.person_sealed, **place)), **place)
    tx.session.flush()


def end_session(tx: Transaction, token: str) -> None:
    """The token opens nothing any more."""
    tx.session.execute(sa.delete(PageSessionRecord).where(PageSessionRecord.digest == digest_of(token)))


def end_sessions_of(tx: Transaction, staff: StaffRecord) -> None:
    """All sessions of the account have ended."""
    tx.session.execute(sa.delete(PageSessionRecord).where(PageSessionRecord.staff_id == staff.id))


def forget_ended(tx: Transaction, *, sessions_before: datetime, codes_before: datetime) -> None:
    """Sessions that ended and codes that ran out before then are gone."""
    tx.session.execute(sa.delete(PageSessionRecord).where(PageSessionRecord.ends_at < sessions_before))
    tx.session.execute(sa.delete(SignInCodeRecord).where(SignInCodeRecord.expires_at < codes_before))


def add_code(tx: Transaction, record: SignInCodeRecord) -> None:
    """The code can be used."""
    tx.session.add(record)
    tx.session.flush()


def codes_of(tx: Transaction, mobile_indexes: Sequence[bytes], ids: Sequence[str]) -> list[SignInCodeRecord]:
    """Those of the codes `ids` that were sent to the mobile, locked."""
    return list(
        tx.session.scalars(
            sa.select(SignInCodeRecord)
            .where(SignInCodeRecord.id.in_(ids), SignInCodeRecord.mobile_index.in_(mobile_indexes))
            .order_by(SignInCodeRecord.id)
            .with_for_update()
        )
    )


def count_codes_since(tx: Transaction, mobile_indexes: Sequence[bytes], since: datetime) -> int:
    """How many codes were sent to the mobile since then."""
    counted = tx.session.scalar(
        sa.select(sa.func.count())
        .select_from(SignInCodeRecord)
        .where(SignInCodeRecord.mobile_index.in_(mobile_indexes), SignInCodeRecord.sent_at >= since)
    )
    return int(counted or 0)
