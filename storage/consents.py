"""The ledger of consents: the only writer of what was given and taken back, and of its short form in a negotiation."""

from collections.abc import Sequence

import sqlalchemy as sa

from hub.domain.actor import Actor
from hub.domain.consent import Purpose
from hub.domain.consent_ledger import (
    FOR_ALL_OF_IT,
    Door,
    GivenConsent,
    Withdrawal,
    Withheld,
    is_given_anew,
    withheld_in,
)
from storage.records import ConsentRecord, ConsentWithdrawalRecord, NegotiationRecord, Record, new_id
from storage.records.negotiations import UNNOTED_SQL
from storage.spans import WHOLE, Span
from storage.transaction import Transaction

# Comes with every submission, so it is made once.
_ADD = sa.insert(Record.metadata.tables["consent"])


def add_given(tx: Transaction, given: Sequence[tuple[NegotiationRecord, GivenConsent]]) -> None:
    """Each consent stands in the ledger of its negotiation."""
    rows = [
        {
            "id": new_id(),
            "negotiation_id": negotiation.id,
            "bank_code": negotiation.bank_code,
            "purpose": each.purpose,
            "evidence_id": each.evidence_id,
            "version": each.version,
            "sha256": each.sha256,
            "given_at": each.given_at,
            "noted_at": each.noted_at,
            "door": each.door,
        }
        for negotiation, each in given
    ]
    if rows:
        tx.session.execute(_ADD, rows)


def list_given(tx: Transaction, negotiation_id: str) -> list[GivenConsent]:
    """What was consented to, in the order in which it was taken down."""
    found = tx.session.scalars(
        sa.select(ConsentRecord)
        .where(ConsentRecord.negotiation_id == negotiation_id)
        .order_by(ConsentRecord.noted_at, ConsentRecord.id)
    )
    return [
        GivenConsent(
            purpose=Purpose(each.purpose),
            version=each.version,
            sha256=each.sha256,
            given_at=each.given_at,
            noted_at=each.noted_at,
            door=Door(each.door),
            evidence_id=each.evidence_id,
        )
        for each in found
    ]


def list_withdrawn(tx: Transaction, negotiation_id: str) -> dict[Purpose, Withdrawal]:
    """The last withdrawal of each purpose that was ever taken back."""
    found = tx.session.scalars(
        sa.select(ConsentWithdrawalRecord)
        .where(ConsentWithdrawalRecord.negotiation_id == negotiation_id)
        .order_by(ConsentWithdrawalRecord.at)
    )
    return {
        Purpose(each.purpose): Withdrawal(purpose=Purpose(each.purpose), at=each.at, door=Door(each.door))
        for each in found
    }


def count_withdrawn(tx: Transaction, negotiation_id: str) -> int:
    """How often a purpose was taken back."""
    table = ConsentWithdrawalRecord
    query = sa.select(sa.func.count()).select_from(table).where(table.negotiation_id == negotiation_id)
    return tx.session.scalar(query) or 0


def withdraw(tx: Transaction, negotiation: NegotiationRecord, purpose: Purpose, *, door: Door, actor: Actor) -> None:
    """The purpose is taken back from now on. The row must be locked, and the consent stand."""
    tx.session.add(
        ConsentWithdrawalRecord(
            negotiation_id=negotiation.id,
            purpose=purpose,
            bank_code=negotiation.bank_code,
            at=tx.now,
            door=door,
            actor=str(actor),
        )
    )
    negotiation.withdrawn_purposes = " ".join(sorted({*withdrawn_purposes(negotiation), purpose}))


def withdrawn_purposes(negotiation: NegotiationRecord) -> frozenset[Purpose]:
    """The purposes that were ever taken back, as the negotiation's own row has them."""
    return frozenset(Purpose(each) for each in (negotiation.withdrawn_purposes or "").split())


def taken_back(tx: Transaction, negotiation: NegotiationRecord) -> frozenset[Purpose]:
    """The purposes that were taken back and not given anew; nothing is asked where nothing was taken back."""
    if not withdrawn_purposes(negotiation):
        return frozenset()
    withdrawn = list_withdrawn(tx, negotiation.id)
    given = list_given(tx, negotiation.id)
    return frozenset(withdrawn) - {each.purpose for each in given if is_given_anew(each, withdrawn.get(each.purpose))}


def withheld_of(tx: Transaction, negotiation: NegotiationRecord) -> Withheld:
    """What the bank is no longer given of the negotiation; nothing is asked where nothing was taken back."""
    if not withdrawn_purposes(negotiation):
        return Withheld()
    return withheld_in(list_given(tx, negotiation.id), list_withdrawn(tx, negotiation.id))


def are_any_withheld(tx: Transaction, negotiation_ids: Sequence[str]) -> bool:
    """Whether the sharing of any of the negotiations as a whole was taken back."""
    table = ConsentWithdrawalRecord
    found = sa.exists().where(table.negotiation_id.in_(negotiation_ids), table.purpose.in_(FOR_ALL_OF_IT))
    return bool(tx.session.scalar(sa.select(found)))


def list_unnoted(tx: Transaction, limit: int) -> list[str]:
    """Negotiations older than the ledger whose consents do not stand in it yet."""
    query = sa.select(NegotiationRecord.id).where(sa.text(UNNOTED_SQL)).order_by(NegotiationRecord.id).limit(limit)
    return list(tx.session.scalars(query))


def list_disagreeing(tx: Transaction, span: Span = WHOLE) -> list[str]:
    """References of negotiations whose own row says otherwise than the ledger of what was taken back.

    `span` is of their ids.
    """
    told: dict[str, set[str]] = {}
    for id_, purpose in tx.session.execute(
        sa.select(ConsentWithdrawalRecord.negotiation_id, ConsentWithdrawalRecord.purpose).where(
            *span.of(ConsentWithdrawalRecord.negotiation_id)
        )
    ):
        told.setdefault(id_, set()).add(purpose)
    rows = tx.session.execute(
        sa.select(NegotiationRecord.id, NegotiationRecord.reference, NegotiationRecord.withdrawn_purposes).where(
            *span.of(NegotiationRecord.id),
            sa.or_(NegotiationRecord.withdrawn_purposes.is_not(None), NegotiationRecord.id.in_(list(told))),
        )
    )
    return [reference for id_, reference, said in rows if set((said or "").split()) != told.get(id_, set())]
