"""Who of a bank is at a case, and its internal notes: writing down and finding, always of one bank."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from storage.database import added
from storage.records import CaseNoteRecord, CasePresenceRecord, NegotiationRecord, new_id
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction

_NOTES = CaseNoteRecord.__tablename__


def touch(
    tx: Transaction, negotiation_id: str, staff_id: str, *, bank_code: str, doing: str | None, at: datetime
) -> None:
    """The person was at the case then, and does that; None where they go on with what they did."""
    key = (negotiation_id, staff_id)
    found = tx.session.get(CasePresenceRecord, key)
    if found is None:
        fresh = CasePresenceRecord(
            negotiation_id=negotiation_id, staff_id=staff_id, bank_code=bank_code, doing=doing or "viewing", at=at
        )
        # Another of the person's windows may have said so in this moment.
        added(tx.session, fresh)
        return
    found.doing, found.at = doing or found.doing, max(at, found.at)
    tx.session.flush()


def list_present(tx: Transaction, negotiation_id: str, *, bank_code: str, since: datetime) -> list[CasePresenceRecord]:
    """Who of the bank was at the case after `since`, the last one first."""
    query = (
        sa.select(CasePresenceRecord)
        .where(
            CasePresenceRecord.bank_code == bank_code,
            CasePresenceRecord.negotiation_id == negotiation_id,
            CasePresenceRecord.at > since,
        )
        .order_by(CasePresenceRecord.at.desc(), CasePresenceRecord.staff_id)
    )
    return list(tx.session.scalars(query))


def forget_presence(tx: Transaction, *, before: datetime) -> None:
    """Signs of people that are older than that are gone."""
    tx.session.execute(sa.delete(CasePresenceRecord).where(CasePresenceRecord.at < before))


def add_note(tx: Transaction, negotiation: NegotiationRecord, text: str, *, actor: str, at: datetime) -> str:
    """The note of that actor is with the case; gives its id."""
    note_id = new_id()
    tx.session.add(
        CaseNoteRecord(
            id=note_id,
            negotiation_id=negotiation.id,
            bank_code=negotiation.bank_code,
            actor=actor,
            at=at,
            text_sealed=seal_json(tx, text, table=_NOTES, column="text", row=note_id),
        )
    )
    tx.session.flush()
    return note_id


def list_notes(
    tx: Transaction, negotiation_id: str, *, bank_code: str, limit: int, before: str = ""
) -> Sequence[CaseNoteRecord]:
    """The newest notes of the bank's case, `limit` at most, the newest first; those older than the note `before`.

    A note that the case does not have has none before it.
    """
    at, id_ = CaseNoteRecord.at, CaseNoteRecord.id
    of_case = (CaseNoteRecord.bank_code == bank_code, CaseNoteRecord.negotiation_id == negotiation_id)
    query = sa.select(CaseNoteRecord).where(*of_case).order_by(at.desc(), id_.desc()).limit(limit)
    if before:
        place = tx.session.execute(sa.select(at, id_).where(*of_case, id_ == before)).one_or_none()
        if place is None:
            return []
        query = query.where(sa.tuple_(at, id_) < sa.tuple_(*(sa.literal(each) for each in place)))
    return tx.session.scalars(query).all()


def text_of(tx: Transaction, note: CaseNoteRecord) -> str:
    """What the note says."""
    text: str = open_json(tx, note.text_sealed, table=_NOTES, column="text", row=note.id)
    return text
