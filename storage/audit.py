"""The audit: writing down what was done about the hub itself, and reading it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.records import AuditRecord, StaffRecord, new_id
from storage.transaction import Transaction

_ADDRESS_LIMIT, _ACTOR_LIMIT, _ABOUT_LIMIT = 64, 80, 254


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One line of the audit. `email` is that of the account that acted, where one did."""

    at: datetime
    actor: str
    email: str | None
    address: str | None
    kind: str
    about: str
    details: Mapping[str, Any]


def add(tx: Transaction, *, actor: str, address: str | None, kind: str, about: str, details: Mapping[str, Any]) -> None:
    """The line stands for ever."""
    row = {
        "id": new_id(),
        "at": tx.now,
        "actor": actor[:_ACTOR_LIMIT],
        "address": None if address is None else address[:_ADDRESS_LIMIT],
        "kind": kind,
        "about": about[:_ABOUT_LIMIT],
        "details": dict(details),
    }
    tx.session.execute(sa.insert(AuditRecord), [row])


def list_newest(tx: Transaction, *, since: datetime | None, limit: int | None) -> list[AuditLine]:
    """What was done at `since` or later, newest first; at most `limit`."""
    account = StaffRecord.id == sa.func.substr(AuditRecord.actor, sa.func.length(AuditRecord.actor) - 31)
    query = (
        sa.select(AuditRecord, StaffRecord.email, StaffRecord.name)
        .outerjoin(StaffRecord, sa.and_(AuditRecord.actor.like("%:staff/%"), account))
        .order_by(AuditRecord.at.desc(), AuditRecord.id.desc())
    )
    if since is not None:
        query = query.where(AuditRecord.at >= since)
    return [
        AuditLine(
            at=record.at,
            actor=record.actor,
            # An account whose address went on to another one bears its id in the place of it.
            email=name if email is not None and "@" not in email else email,
            address=record.address,
            kind=record.kind,
            about=record.about,
            details=record.details,
        )
        for record, email, name in tx.session.execute(query.limit(limit))
    ]
