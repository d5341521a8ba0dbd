"""The audit of one bank: what was done, and what was read, in one list by time, the newest first.

Two tables are asked for a page each; both are ranges of an index that begins with the bank.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from storage.audit import spelt_abouts
from storage.records import AccessRecord, AuditRecord, NegotiationRecord
from storage.transaction import Transaction

READ: Final = "read"
"""The kind of a line that tells a reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAuditLine:
    """One line. Of a reading `kind` is `READ` and `what` says of what, as the access log has it.

    `reference` is that of the negotiation that it is about, empty where it is about none.
    """

    id: str
    at: datetime
    actor: str
    address: str | None
    kind: str
    what: str
    about: str
    reference: str
    negotiation_id: str | None
    details: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Which lines of a bank: since and before when, by whom, about which case, and of which kinds.

    `kinds` None means all kinds of deeds, and empty none of them; `beginnings` the same of readings.
    """

    bank_code: str
    since: datetime | None = None
    before: datetime | None = None
    actor: str | None = None
    reference: str | None = None
    negotiation_id: str | None = None
    kinds: Collection[str] | None = None
    beginnings: Collection[str] | None = None


def list_page(tx: Transaction, which: Lines, *, after: tuple[datetime, str] | None, limit: int) -> list[BankAuditLine]:
    """At most `limit` lines, the newest first, behind the place `after`."""
    deeds = [] if which.kinds is not None and not which.kinds else _deeds(tx, which, after, limit)
    readings = [] if which.beginnings is not None and not which.beginnings else _readings(tx, which, after, limit)
    return sorted([*deeds, *readings], key=lambda each: (each.at, each.id), reverse=True)[:limit]


def _placed(query: Any, table: Any, which: Lines, after: tuple[datetime, str] | None) -> Any:
    if which.since is not None:
        query = query.where(table.at >= which.since)
    if which.before is not None:
        query = query.where(table.at < which.before)
    if which.actor is not None:
        query = query.where(table.actor == which.actor)
    if after is not None:
        seen = sa.tuple_(sa.literal(after[0], table.at.type), sa.literal(after[1]))
        query = query.where(sa.tuple_(table.at, table.id) < seen)
    return query.order_by(table.at.desc(), table.id.desc())


def _deeds(tx: Transaction, which: Lines, after: tuple[datetime, str] | None, limit: int) -> list[BankAuditLine]:
    query = sa.select(AuditRecord).where(AuditRecord.bank_code == which.bank_code, sa.text("bank_code IS NOT NULL"))
    if which.kinds is not None:
        query = query.where(AuditRecord.kind.in_(which.kinds))
    if which.reference is not None:
        query = query.where(AuditRecord.about == which.reference)
    found = tx.session.scalars(_placed(query, AuditRecord, which, after).limit(limit)).all()
    cases = _ids_of(tx, which.bank_code, {each.about for each in found})
    abouts = spelt_abouts(tx, {each.about for each in found})
    return [
        BankAuditLine(
            id=each.id,
            at=each.at,
            actor=each.actor,
            address=each.address,
            kind=each.kind,
            what="",
            about="" if each.about in cases else abouts[each.about],
            reference=each.about if each.about in cases else "",
            negotiation_id=cases.get(each.about),
            details=each.details,
        )
        for each in found
    ]


def _ids_of(tx: Transaction, bank_code: str, names: Collection[str]) -> dict[str, str]:
    table = NegotiationRecord
    mine = (table.reference.in_(names), table.bank_code == bank_code)
    return dict(tx.session.execute(sa.select(table.reference, table.id).where(*mine)).all())


def _readings(tx: Transaction, which: Lines, after: tuple[datetime, str] | None, limit: int) -> list[BankAuditLine]:
    query = (
        sa.select(AccessRecord, NegotiationRecord.reference)
        .join(NegotiationRecord, NegotiationRecord.id == AccessRecord.negotiation_id)
        # What people read of their own is theirs.
        .where(AccessRecord.bank_code == which.bank_code, AccessRecord.actor.like("bank:%"))
    )
    if which.beginnings is not None:
        query = query.where(sa.or_(*(AccessRecord.what.startswith(each, autoescape=True) for each in which.beginnings)))
    if which.reference is not None:
        query = query.where(AccessRecord.negotiation_id == (which.negotiation_id or ""))
    return [
        BankAuditLine(
            id=each.id,
            at=each.at,
            actor=each.actor,
            address=None,
            kind=READ,
            what=each.what,
            about="",
            reference=reference,
            negotiation_id=each.negotiation_id,
            details={},
        )
        for each, reference in tx.session.execute(_placed(query, AccessRecord, which, after).limit(limit))
    ]
