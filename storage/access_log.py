"""The access log: every reading of a person's data, by a bank, the hub, the host app, or the person."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from hub.domain.actor import Actor, Party
from storage.records import AccessRecord, NegotiationRecord, new_id
from storage.transaction import Transaction


def note_reading(tx: Transaction, negotiation: NegotiationRecord, actor: Actor, what: str) -> None:
    """The reading is on record, with who read what and when."""
    note(tx, negotiation.id, bank_code=negotiation.bank_code, actor=actor, what=what)


def note(tx: Transaction, negotiation_id: str, *, bank_code: str, actor: Actor, what: str) -> None:
    """As `note_reading`, of a negotiation that is not at hand as a row."""
    tx.session.execute(
        sa.insert(AccessRecord),
        [
            {
                "id": new_id(),
                "at": tx.now,
                "bank_code": bank_code,
                "negotiation_id": negotiation_id,
                "actor": str(actor),
                "what": what,
            }
        ],
    )


def note_all(tx: Transaction, negotiation_ids: Sequence[str], *, bank_code: str, actor: Actor, what: str) -> None:
    """The same of each of these negotiations of one bank."""
    rows = [
        {
            "id": new_id(),
            "at": tx.now,
            "bank_code": bank_code,
            "negotiation_id": each,
            "actor": str(actor),
            "what": what,
        }
        for each in negotiation_ids
    ]
    if rows:
        tx.session.execute(sa.insert(AccessRecord), rows)


def list_read_since(
    tx: Transaction, negotiations: Mapping[str, str], *, actor: Actor, what: str, since: datetime
) -> set[str]:
    """Of `negotiations`, id to bank code, those of which `actor` has read `what` after `since`."""
    if not negotiations:
        return set()
    # The index begins with the bank's code.
    found = tx.session.scalars(
        sa.select(AccessRecord.negotiation_id).where(
            AccessRecord.bank_code.in_(set(negotiations.values())),
            AccessRecord.negotiation_id.in_(negotiations),
            AccessRecord.at > since,
            AccessRecord.actor == str(actor),
            AccessRecord.what == what,
        )
    )
    return set(found)


def count_read(tx: Transaction, *, actor: Actor, beginnings: Collection[str], since: datetime) -> int:
    """How many different things `actor` has read after `since` whose lines begin so."""
    query = sa.select(sa.func.count(AccessRecord.what.distinct())).where(
        AccessRecord.actor == str(actor),
        AccessRecord.at > since,
        sa.or_(*(AccessRecord.what.startswith(each, autoescape=True) for each in beginnings)),
    )
    return tx.session.scalar(query) or 0


def count_cases(tx: Transaction, *, actor: Actor, beginnings: Collection[str], since: datetime) -> int:
    """Of how many negotiations `actor` has read something after `since` whose lines begin so."""
    query = sa.select(sa.func.count(AccessRecord.negotiation_id.distinct())).where(
        AccessRecord.actor == str(actor),
        AccessRecord.at > since,
        sa.or_(*(AccessRecord.what.startswith(each, autoescape=True) for each in beginnings)),
    )
    return tx.session.scalar(query) or 0


def list_readings(tx: Transaction, negotiation_id: str) -> list[AccessRecord]:
    """Who read what of the negotiation, oldest first."""
    query = sa.select(AccessRecord).where(*_of(negotiation_id)).order_by(AccessRecord.at, AccessRecord.id)
    return list(tx.session.scalars(query))


def list_newest(tx: Transaction, negotiation_id: str, *, most: int) -> list[AccessRecord]:
    """The last `most` lines of the same, newest first."""
    newest = (AccessRecord.at.desc(), AccessRecord.id.desc())
    query = sa.select(AccessRecord).where(*_of(negotiation_id)).order_by(*newest).limit(most)
    return list(tx.session.scalars(query))


def last_read_at(tx: Transaction, negotiation_id: str, *, party: Party) -> datetime | None:
    """When somebody or something of that party last read the negotiation; None where nobody has."""
    query = (
        sa.select(AccessRecord.at)
        .where(*_of(negotiation_id), AccessRecord.actor.startswith(f"{party}:", autoescape=True))
        .order_by(AccessRecord.at.desc())
        .limit(1)
    )
    return tx.session.scalar(query)


def _of(negotiation_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    # The index begins with the bank's code.
    bank_code = sa.select(NegotiationRecord.bank_code).where(NegotiationRecord.id == negotiation_id).scalar_subquery()
    return AccessRecord.bank_code == bank_code, AccessRecord.negotiation_id == negotiation_id
