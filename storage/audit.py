"""The audit: writing down what was done about the hub itself, and reading it again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import staff
from storage.records import AuditRecord, StaffRecord, new_id
from storage.transaction import Transaction

_ADDRESS_LIMIT, _ACTOR_LIMIT, _ABOUT_LIMIT = 64, 80, 254


_ACCOUNT = "staff/"


def about_account(record: StaffRecord) -> str:
    """How a line names the account that it is about."""
    return f"{_ACCOUNT}{record.id}"


def spelt_abouts(tx: Transaction, abouts: Collection[str]) -> dict[str, str]:
    """What lines are about, as people read it: an account by its address, or by the name of one that has none."""
    ids = {each.removeprefix(_ACCOUNT) for each in abouts if each.startswith(_ACCOUNT)}
    found = tx.session.scalars(sa.select(StaffRecord).where(StaffRecord.id.in_(ids))).all() if ids else []
    known = {about_account(each): staff.email_of(tx, each) or each.name or "" for each in found}
    return {each: known.get(each, each) for each in abouts}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One line of the audit. `email` is that of the account that acted, where one did."""

    at: datetime
    bank_code: str | None
    actor: str
    email: str | None
    address: str | None
    kind: str
    about: str
    details: Mapping[str, Any]


def add(
    tx: Transaction,
    *,
    bank_code: str | None,
    actor: str,
    address: str | None,
    kind: str,
    about: str,
    details: Mapping[str, Any],
) -> None:
    """The line stands for ever."""
    row = {
        "id": new_id(),
        "bank_code": bank_code,
        "at": tx.now,
        "actor": actor[:_ACTOR_LIMIT],
        "address": None if address is None else address[:_ADDRESS_LIMIT],
        "kind": kind,
        "about": about[:_ABOUT_LIMIT],
        "details": dict(details),
    }
    tx.session.execute(sa.insert(AuditRecord), [row])


def list_of_actor(
    tx: Transaction, kind: str, *, bank_code: str, actor: str, since: datetime
) -> list[tuple[str, Mapping[str, Any]]]:
    """(about, details) of what `actor` did of that kind after `since` at the bank."""
    query = sa.select(AuditRecord.about, AuditRecord.details).where(
        AuditRecord.bank_code == bank_code,
        AuditRecord.at > since,
        AuditRecord.actor == actor[:_ACTOR_LIMIT],
        AuditRecord.kind == kind,
    )
    return [(about, details) for about, details in tx.session.execute(query)]


def list_newest(tx: Transaction, *, since: datetime | None, limit: int | None) -> list[AuditLine]:
    """What was done at `since` or later, newest first; at most `limit`."""
    account = StaffRecord.id == sa.func.substr(AuditRecord.actor, sa.func.length(AuditRecord.actor) - 31)
    query = (
        sa.select(AuditRecord, StaffRecord.id, StaffRecord.email_sealed, StaffRecord.name)
        .outerjoin(StaffRecord, sa.and_(AuditRecord.actor.like("%:staff/%"), account))
        .order_by(AuditRecord.at.desc(), AuditRecord.id.desc())
    )
    if since is not None:
        query = query.where(AuditRecord.at >= since)
    lines = [(each, each.AuditRecord) for each in tx.session.execute(query.limit(limit))]
    abouts = spelt_abouts(tx, {record.about for _, record in lines})
    return [
        AuditLine(
            at=record.at,
            bank_code=record.bank_code,
            actor=record.actor,
            # An account whose address went on to another one has a name in the place of it.
            email=None if of.id is None else staff.email_of(tx, of) or of.name,
            address=record.address,
            kind=record.kind,
            about=abouts[record.about],
            details=record.details,
        )
        for of, record in lines
    ]


def list_of_kinds(tx: Transaction, kinds: Sequence[str]) -> list[tuple[str, str, datetime, Mapping[str, Any]]]:
    """(kind, about, at, details) of every line of these kinds, the oldest first."""
    query = sa.select(AuditRecord.kind, AuditRecord.about, AuditRecord.at, AuditRecord.details)
    found = tx.session.execute(query.where(AuditRecord.kind.in_(kinds)).order_by(AuditRecord.at, AuditRecord.id))
    return [(kind, about, at, details) for kind, about, at, details in found]


def newest_is(tx: Transaction, kind: str, about: str) -> bool:
    """Whether the newest line of the audit is of that kind and about that."""
    query = sa.select(AuditRecord.kind, AuditRecord.about).order_by(AuditRecord.id.desc()).limit(1)
    return tx.session.execute(query).first() == (kind, about)
