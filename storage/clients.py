"""API clients: adding and finding them, their tokens, launches, and the first answers to their calls."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from hub.domain.client import TOKEN_LIFE, Client
from storage.records import AccessTokenRecord, AnsweredCallRecord, ClientRecord, LaunchRecord, Record, new_id
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction

_ANSWERED = Record.metadata.tables["answered_call"]
_ADD_ANSWERED = sa.insert(_ANSWERED)
_HELD = sa.text(
    f"SELECT pg_try_advisory_xact_lock(:number) AS is_held, {', '.join(_ANSWERED.c.keys())} "  # noqa: S608 - names of ours
    "FROM (VALUES (1)) AS one (number) "
    "LEFT JOIN answered_call ON client_id = :client_id AND key = :asked_key"
).bindparams(sa.bindparam("number", type_=sa.BigInteger))
_HOLD_AND_FIND = _HELD.columns(sa.column("is_held", sa.Boolean), *_ANSWERED.c)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAnswer:
    """What was answered when the key was used first, and when; `at` is the transaction's where a new one is kept."""

    fingerprint: str
    status: int
    location: str | None
    body: Any
    at: datetime | None = None


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _value(record: ClientRecord, scopes: Sequence[str] | None = None) -> Client:
    return Client(
        id=record.id,
        name=record.name,
        scopes=frozenset(record.scopes if scopes is None else scopes),
        bank_code=record.bank_code,
        disabled_at=record.disabled_at,
    )


def add_client(tx: Transaction, *, name: str, scopes: Sequence[str], bank_code: str | None) -> tuple[Client, str]:
    """The client and its secret, which is told this once and kept as a digest only."""
    secret = secrets.token_urlsafe(32)
    record = ClientRecord(
        id=new_id(),
        name=name,
        secret_digest=_digest(secret),
        scopes=list(scopes),
        bank_code=bank_code,
        added_at=tx.now,
    )
    tx.session.add(record)
    tx.session.flush()
    return _value(record), secret


def find_client(tx: Transaction, client_id: str) -> Client | None:
    """The client of that id, unless it was disabled."""
    record = tx.session.get(ClientRecord, client_id)
    return None if record is None or record.disabled_at is not None else _value(record)


def find_client_named(tx: Transaction, name: str) -> Client | None:
    """The client of that name."""
    record = tx.session.scalar(sa.select(ClientRecord).where(ClientRecord.name == name))
    return None if record is None else _value(record)


def list_clients(tx: Transaction) -> list[Client]:
    """All clients, ordered by name."""
    return [_value(record) for record in tx.session.scalars(sa.select(ClientRecord).order_by(ClientRecord.name))]


def list_secrets(tx: Transaction) -> list[tuple[Client, datetime, datetime | None]]:
    """Each client, when it was added, and until when the secret before its present one is good; by name."""
    found = tx.session.scalars(sa.select(ClientRecord).order_by(ClientRecord.name))
    return [(_value(record), record.added_at, record.previous_secret_ends_at) for record in found]


def secret_is_right(tx: Transaction, client_id: str, secret: str) -> bool:
    """Whether `secret` is that client's, or the one before that is still good; compared in constant time."""
    record = tx.session.get(ClientRecord, client_id)
    nobodys = b"\0" * 32
    known = record.secret_digest if record is not None else nobodys
    is_good = record is not None and (record.previous_secret_ends_at or tx.now) > tx.now
    before = record.previous_secret_digest if record is not None and is_good else None
    given = _digest(secret)
    matches = [secrets.compare_digest(each, given) for each in (known, before or nobodys)]
    return any(matches) and record is not None


def renew_secret(tx: Transaction, client_id: str, *, overlap: timedelta) -> str:
    """The client's new secret, told this once; the one before is good for `overlap` longer, and no older one is.

    Without an overlap the tokens it was given are over as well.
    """
    record = tx.session.get_one(ClientRecord, client_id, with_for_update=True)
    secret = secrets.token_urlsafe(32)
    record.previous_secret_digest = record.secret_digest if overlap else None
    record.previous_secret_ends_at = tx.now + overlap if overlap else None
    record.secret_digest = _digest(secret)
    if not overlap:
        _end_tokens(tx, client_id)
    tx.session.flush()
    return secret


def disable(tx: Transaction, client_id: str) -> None:
    """The client, its tokens and the launches it made open nothing any more."""
    record = tx.session.get_one(ClientRecord, client_id, with_for_update=True)
    record.disabled_at = tx.now
    record.previous_secret_digest = record.previous_secret_ends_at = None
    _end_tokens(tx, client_id)
    tx.session.execute(sa.delete(LaunchRecord).where(LaunchRecord.client_id == client_id))
    tx.session.flush()


def enable(tx: Transaction, client_id: str) -> None:
    """The client may call again."""
    tx.session.get_one(ClientRecord, client_id, with_for_update=True).disabled_at = None
    tx.session.flush()


def _end_tokens(tx: Transaction, client_id: str) -> None:
    tx.session.execute(sa.delete(AccessTokenRecord).where(AccessTokenRecord.client_id == client_id))


def add_token(tx: Transaction, client: Client, scopes: Sequence[str], *, at: datetime) -> str:
    """A bearer token good for an hour of real time from `at`; kept as a digest, so it outlives a restart unseen."""
    token = secrets.token_urlsafe(32)
    tx.session.execute(
        sa.insert(AccessTokenRecord),
        [
            {
                "digest": _digest(token),
                "client_id": client.id,
                "scopes": list(scopes),
                "expires_at": at + TOKEN_LIFE,
            }
        ],
    )
    return token


def find_by_token(tx: Transaction, token: str, *, at: datetime) -> Client | None:
    """The client that holds the token, with the scopes the token was given, unless either has ended."""
    row = tx.session.execute(
        sa.select(ClientRecord, AccessTokenRecord.scopes)
        .join(AccessTokenRecord, AccessTokenRecord.client_id == ClientRecord.id)
        .where(
            AccessTokenRecord.digest == _digest(token),
            AccessTokenRecord.expires_at > at,
            ClientRecord.disabled_at.is_(None),
        )
    ).one_or_none()
    return None if row is None else _value(row[0], row[1])


def forget_old(tx: Transaction, *, tokens_before: datetime, answers_before: datetime) -> None:
    """Tokens and first answers older than that are gone."""
    tx.session.execute(sa.delete(AccessTokenRecord).where(AccessTokenRecord.expires_at < tokens_before))
    tx.session.execute(sa.delete(AnsweredCallRecord).where(AnsweredCallRecord.answered_at < answers_before))
    tx.session.execute(sa.delete(LaunchRecord).where(LaunchRecord.expires_at < tokens_before))


def find_first_answer(tx: Transaction, client_id: str, key: str) -> FirstAnswer | None:
    """The answer that was given when the client used `key` first."""
    return _first_answer(tx, tx.session.execute(_answered(client_id, key)).one_or_none())


def hold_and_find(tx: Transaction, client_id: str, key: str) -> tuple[bool, FirstAnswer | None]:
    """Whether the key is held by this transaction until it ends, and the first answer under it, in one look.

    It is not where another transaction works on a call with this key. PostgreSQL only: on SQLite the one writer at a
    time is the one process, which keeps its own set.

    An answer that another transaction commits between the look and the hold is not seen, and then this one's own
    cannot be kept: there is one row a key.
    """
    if not _locks_keys(tx):
        return True, find_first_answer(tx, client_id, key)
    asked = {"number": _number_of(client_id, key), "client_id": client_id, "asked_key": key}
    row = tx.session.execute(_HOLD_AND_FIND, asked).one()
    return row.is_held, _first_answer(tx, row if row.key is not None else None)


def _answered(client_id: str, key: str) -> sa.Select[Any]:
    return sa.select(_ANSWERED).where(_ANSWERED.c.client_id == client_id, _ANSWERED.c.key == key)


def _first_answer(tx: Transaction, record: Any) -> FirstAnswer | None:
    if record is None:
        return None
    client_id, key = record.client_id, record.key
    return FirstAnswer(
        fingerprint=record.fingerprint,
        status=record.status,
        location=record.location,
        body=open_json(tx, record.body_sealed, table="answered_call", column="body", row=f"{client_id}/{key}"),
        at=record.answered_at,
    )


def keep_first_answer(tx: Transaction, client_id: str, key: str, answer: FirstAnswer) -> None:
    """`answer` is given again to every later call with `key`."""
    tx.session.execute(
        _ADD_ANSWERED,
        [
            {
                "client_id": client_id,
                "key": key,
                "fingerprint": answer.fingerprint,
                "status": answer.status,
                "location": answer.location,
                "body_sealed": seal_json(
                    tx, answer.body, table="answered_call", column="body", row=f"{client_id}/{key}"
                ),
                "answered_at": tx.now,
            }
        ],
    )


def set_first_status(tx: Transaction, client_id: str, key: str, status: int) -> None:
    """The answer kept for `key` has this status."""
    mine = AnsweredCallRecord.client_id == client_id
    tx.session.execute(sa.update(AnsweredCallRecord).where(mine, AnsweredCallRecord.key == key).values(status=status))


def forget_first_answer(tx: Transaction, client_id: str, key: str) -> None:
    """The client can use `key` as if it never had."""
    mine = AnsweredCallRecord.client_id == client_id
    tx.session.execute(sa.delete(AnsweredCallRecord).where(mine, AnsweredCallRecord.key == key))


def _locks_keys(tx: Transaction) -> bool:
    return tx.session.get_bind().dialect.name == "postgresql"


def _number_of(client_id: str, key: str) -> int:
    return int.from_bytes(_digest(f"{client_id}/{key}")[:8], "big", signed=True)


def add_launch(tx: Transaction, client_id: str, person: Any, *, life: timedelta) -> tuple[str, datetime]:
    """A one-time code that signs this person in, and when it ends. Kept as a digest, the person sealed."""
    code = secrets.token_urlsafe(32)
    digest = _digest(code)
    expires_at = tx.now + life
    tx.session.add(
        LaunchRecord(
            digest=digest,
            client_id=client_id,
            person_sealed=seal_json(tx, person, table="launch", column="person", row=digest.hex()),
            expires_at=expires_at,
        )
    )
    tx.session.flush()
    return code, expires_at


def find_launch(tx: Transaction, code: str) -> tuple[str, Any] | None:
    """(client id, person) of a code that was never used and is not too old; it can still be used."""
    record = tx.session.get(LaunchRecord, _digest(code))
    if record is None or record.used_at is not None or record.expires_at <= tx.now:
        return None
    return record.client_id, open_json(
        tx, record.person_sealed, table="launch", column="person", row=record.digest.hex()
    )


def use_launch(tx: Transaction, code: str) -> tuple[str, Any] | None:
    """(client id, person) of a code that was never used and is not too old; used up by this call."""
    record = tx.session.get(LaunchRecord, _digest(code), with_for_update=True)
    if record is None or record.used_at is not None or record.expires_at <= tx.now:
        return None
    record.used_at = tx.now
    return record.client_id, open_json(
        tx, record.person_sealed, table="launch", column="person", row=record.digest.hex()
    )
