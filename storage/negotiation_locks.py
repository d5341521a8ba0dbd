"""Holding negotiations against every other writer until the transaction ends."""

from collections.abc import Sequence

import sqlalchemy as sa

from hub.domain.errors import NegotiationErased, NotFound
from storage.records import NegotiationRecord
from storage.transaction import Known, Transaction

_HELD = Known[str, NegotiationRecord]()


def lock(tx: Transaction, negotiation_id: str) -> NegotiationRecord:
    """The negotiation, held against every other writer until the transaction ends; raises `NotFound`."""
    return _locked(tx, negotiation_id)


def lock_of_bank(tx: Transaction, negotiation_id: str, *, bank_code: str) -> NegotiationRecord:
    """The bank's negotiation, held; raises `NotFound` for an unknown one, another bank's, and one not delivered yet.

    Raises `NegotiationErased`.
    """
    record = _locked(
        tx, negotiation_id, NegotiationRecord.bank_code == bank_code, NegotiationRecord.reached_bank_at.is_not(None)
    )
    if record.bank_code != bank_code or record.reached_bank_at is None:
        raise NotFound
    require_kept(record)
    return record


def lock_of_client(tx: Transaction, negotiation_id: str, *, client_id: str) -> NegotiationRecord:
    """The client's negotiation, held; raises `NotFound` for an unknown one and for another's alike.

    Raises `NegotiationErased`.
    """
    record = _locked(tx, negotiation_id, NegotiationRecord.client_id == client_id)
    if record.client_id != client_id:
        raise NotFound
    require_kept(record)
    return record


def require_kept(record: NegotiationRecord) -> None:
    """Raises `NegotiationErased` once nothing of the person is kept of the negotiation."""
    if record.erased_at is not None:
        raise NegotiationErased(reference=record.reference, status=record.status, erased_at=record.erased_at)


def require_any_kept(records: Sequence[NegotiationRecord]) -> None:
    """Raises `NegotiationErased` where each of the negotiations of one application was erased."""
    if all(each.erased_at is not None for each in records):
        for each in records:
            require_kept(each)


def _locked(tx: Transaction, negotiation_id: str, *of_owner: sa.ColumnElement[bool]) -> NegotiationRecord:
    # Whoever holds the row knows it as it is: what this transaction has locked once is not locked and read again.
    held = _HELD.of(tx).get(negotiation_id)
    if held is not None:
        return held
    # The owner is asked for in the same statement, so that nobody can hold another's row up, however shortly.
    record = tx.session.scalar(
        sa.select(NegotiationRecord)
        .where(NegotiationRecord.id == negotiation_id, *of_owner)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if record is None:
        raise NotFound
    _HELD.of(tx)[negotiation_id] = record
    return record


def lock_first_of_person(tx: Transaction, person_indexes: Sequence[bytes], *, bank_code: str) -> None:
    """The person's first negotiation with the bank is held: of those who ask for this, one goes on at a time."""
    tx.session.execute(
        sa.select(NegotiationRecord.id)
        .where(NegotiationRecord.person_index.in_(person_indexes), NegotiationRecord.bank_code == bank_code)
        .order_by(NegotiationRecord.id)
        .limit(1)
        .with_for_update()
    )


def lock_free(tx: Transaction, negotiation_ids: Sequence[str]) -> list[NegotiationRecord]:
    """Those of the negotiations that no other writer holds, held in the order of their ids.

    It waits for none, so it can never stand in a circle with another who holds several.
    """
    return list(
        tx.session.scalars(
            sa.select(NegotiationRecord)
            .where(NegotiationRecord.id.in_(negotiation_ids))
            .order_by(NegotiationRecord.id)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
    )
