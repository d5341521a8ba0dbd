"""Offers: writing and finding them; the only writer of an offer's status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hub.domain.actor import Actor
from hub.domain.approval import Approval
from hub.domain.balances import Balance
from hub.domain.errors import EvidenceDamaged, NotFound
from hub.domain.offer import OfferBy, OfferEvent, OfferStatus, next_status
from hub.domain.plain import from_plain, to_plain
from hub.domain.terms import Terms
from storage.reading_ahead import known_of
from storage.records import OfferRecord
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction


def seal_terms(tx: Transaction, offer_id: str, terms: Terms, balances: Sequence[Balance]) -> dict[str, bytes]:
    """The sealed columns of an offer's row."""
    return {
        "terms_sealed": seal_json(tx, to_plain(terms), table="offer", column="terms", row=offer_id),
        "balances_sealed": seal_json(tx, to_plain(list(balances)), table="offer", column="balances", row=offer_id),
    }


def terms_of(tx: Transaction, offer: OfferRecord) -> Terms:
    """The offer's terms."""
    return from_plain(Terms, open_json(tx, offer.terms_sealed, table="offer", column="terms", row=offer.id))


def balances_of(tx: Transaction, offer: OfferRecord) -> tuple[Balance, ...]:
    """The balances the offer speaks of."""
    plain = open_json(tx, offer.balances_sealed, table="offer", column="balances", row=offer.id)
    return from_plain(tuple[Balance, ...], plain)


def seal_contents(tx: Transaction, offer_id: str, contents: Any) -> bytes:
    """The sealed column of what the offer says, plain data."""
    return seal_json(tx, contents, table="offer", column="said", row=offer_id)


def contents_in(tx: Transaction, offer: OfferRecord) -> Any | None:
    """What the offer says, as plain data; None for one made before that was kept."""
    if offer.said_sealed is None:
        return None
    return open_json(tx, offer.said_sealed, table="offer", column="said", row=offer.id)


def old_schedule_of(tx: Transaction, offer: OfferRecord) -> Any:
    """The payments of an offer that was made before offers kept what they say, as plain data."""
    if offer.schedule_sealed is None:
        raise EvidenceDamaged("an offer that says nothing")
    return open_json(tx, offer.schedule_sealed, table="offer", column="schedule", row=offer.id)


def add_offer(tx: Transaction, record: OfferRecord) -> None:
    """The offer is kept."""
    tx.session.add(record)
    tx.session.flush()


def apply_event(tx: Transaction, offer: OfferRecord, event: OfferEvent, *, by: Actor | None = None) -> None:
    """The offer stands where the domain's table says, since now; raises `StatusConflict` otherwise.

    This is the only place that writes an offer's status. The negotiation's row must be locked. `by` is who decided.
    """
    offer.status = next_status(OfferStatus(offer.status), event)
    if offer.status == OfferStatus.OPEN:
        offer.opened_at = tx.now
    else:
        offer.closed_at = tx.now
    if by is not None:
        offer.decided_by = str(by)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitingOffer:
    """An offer that waits for a level of its bank."""

    id: str
    negotiation_id: str
    made_by: str
    approvals: tuple[Approval, ...]


def list_awaiting_approval(tx: Transaction, bank_code: str, *, most: int = 1000) -> list[AwaitingOffer]:
    """The bank's offers that wait for a level, those that wait the longest first."""
    query = (
        sa.select(OfferRecord.id, OfferRecord.negotiation_id, OfferRecord.made_by, OfferRecord.approvals)
        .where(OfferRecord.bank_code == bank_code, OfferRecord.status == OfferStatus.AWAITING_APPROVAL)
        .order_by(OfferRecord.id)
        .limit(most)
    )
    return [
        AwaitingOffer(
            id=each.id,
            negotiation_id=each.negotiation_id,
            made_by=each.made_by,
            approvals=from_plain(tuple[Approval, ...], each.approvals or []),
        )
        for each in tx.session.execute(query)
    ]


def approvals_of(offer: OfferRecord) -> tuple[Approval, ...]:
    """The levels that the offer goes through before it opens, in order."""
    return from_plain(tuple[Approval, ...], offer.approvals or [])


def set_approvals(offer: OfferRecord, approvals: Sequence[Approval]) -> None:
    """These are the levels of the offer. The negotiation's row must be locked."""
    offer.approvals = to_plain(list(approvals))


def set_decision(tx: Transaction, offer: OfferRecord, text: str) -> None:
    """The words that came with the decision over the offer are kept with it, sealed."""
    offer.decision_sealed = tx.keyring.seal(text, table="offer", column="decision", row=offer.id)


def decision_of(tx: Transaction, offer: OfferRecord) -> str | None:
    """The words that came with the decision over the offer; None where there were none."""
    if offer.decision_sealed is None:
        return None
    return tx.keyring.open_text(offer.decision_sealed, table="offer", column="decision", row=offer.id)


def set_reason_over_80(tx: Transaction, offer: OfferRecord, text: str) -> None:
    """The bank's reason for asking so much a month is kept with the offer, sealed."""
    offer.reason_over_80_sealed = tx.keyring.seal(text, table="offer", column="reason_over_80", row=offer.id)


def reason_over_80_of(tx: Transaction, offer: OfferRecord) -> str | None:
    """The bank's reason for asking so much a month, for its own people alone; None where it gave none."""
    if offer.reason_over_80_sealed is None:
        return None
    return tx.keyring.open_text(offer.reason_over_80_sealed, table="offer", column="reason_over_80", row=offer.id)


def get_offer(tx: Transaction, negotiation_id: str, offer_id: str) -> OfferRecord:
    """The negotiation's offer; raises `NotFound`."""
    offer = tx.session.get(OfferRecord, offer_id)
    if offer is None or offer.negotiation_id != negotiation_id:
        raise NotFound
    return offer


def list_offers(tx: Transaction, negotiation_id: str) -> list[OfferRecord]:
    """All offers of the negotiation, oldest first."""
    known = known_of(tx, OfferRecord, negotiation_id)
    if known is not None:
        return known
    return list(
        tx.session.scalars(
            sa.select(OfferRecord)
            .where(OfferRecord.negotiation_id == negotiation_id)
            .order_by(OfferRecord.made_at, OfferRecord.id)
        )
    )


def list_open(tx: Transaction, negotiation_id: str, by: OfferBy) -> list[OfferRecord]:
    """The open offers of one side, oldest first."""
    return [offer for offer in list_offers(tx, negotiation_id) if offer.status == OfferStatus.OPEN and offer.by == by]


def list_acceptable(tx: Transaction, negotiation_id: str) -> list[OfferRecord]:
    """The bank's offers that can still be accepted, oldest first: one whose time is over is open until it is swept."""
    return [
        offer
        for offer in list_open(tx, negotiation_id, OfferBy.BANK)
        if offer.valid_until is None or offer.valid_until > tx.now
    ]


def list_lapsing(tx: Transaction, at: datetime, limit: int) -> list[OfferRecord]:
    """Open offers whose time is over at `at`, the longest over first."""
    return list(
        tx.session.scalars(
            sa.select(OfferRecord)
            .where(sa.text("status = 'open'"), OfferRecord.valid_until <= at)
            .order_by(OfferRecord.valid_until, OfferRecord.id)
            .limit(limit)
        )
    )
