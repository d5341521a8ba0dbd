"""Offers, agreements and payments: writing and finding them; the only writer of an offer's status."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from hub.domain.actor import Actor
from hub.domain.agreement_end import AgreementStatus, EndNote, EndReason, status_after
from hub.domain.approval import Approval
from hub.domain.balances import Balance
from hub.domain.errors import NotFound
from hub.domain.offer import OfferBy, OfferEvent, OfferStatus, next_status
from hub.domain.plain import from_plain, to_plain
from hub.domain.terms import Terms
from storage.reading_ahead import known_of
from storage.records import (
    AgreementRecord,
    NegotiationRecord,
    OfferRecord,
    PaymentRecord,
)
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


def find_agreement(tx: Transaction, negotiation_id: str) -> AgreementRecord | None:
    """The negotiation's newest agreement."""
    known = known_of(tx, AgreementRecord, negotiation_id)
    if known is not None:
        return known[-1] if known else None
    return tx.session.scalar(
        sa.select(AgreementRecord)
        .where(AgreementRecord.negotiation_id == negotiation_id)
        .order_by(AgreementRecord.signed_at.desc())
        .limit(1)
    )


def refresh_agreement(tx: Transaction, record: AgreementRecord) -> None:
    """The row says what is stored now. The negotiation must be locked."""
    tx.session.refresh(record)


def add_agreement(tx: Transaction, record: AgreementRecord, contents: Any) -> None:
    """The agreement is in force, with what it says sealed."""
    record.contents_sealed = seal_json(tx, contents, table="agreement", column="contents", row=record.id)
    tx.session.add(record)
    tx.session.flush()


def end_agreement(
    tx: Transaction, record: AgreementRecord, reason: EndReason, note: EndNote, *, effective_at: datetime
) -> None:
    """The agreement stands where the domain's table says, since now; raises `StatusConflict` for one that has ended.

    After `add_agreement` this is the only place that writes an agreement's status. The negotiation must be locked.
    """
    ended_for = None if record.end_reason is None else EndReason(record.end_reason)
    record.status = status_after(AgreementStatus(record.status), reason, ended_for=ended_for)
    record.end_reason = reason
    record.ended_at = tx.now
    record.end_effective_at = effective_at
    record.end_note_sealed = seal_json(tx, to_plain(note), table="agreement", column="end_note", row=record.id)


def end_note_of(tx: Transaction, record: AgreementRecord) -> EndNote | None:
    """What was said of the end; None while there is none, and in what ended before that was kept."""
    if record.end_note_sealed is None:
        return None
    plain = open_json(tx, record.end_note_sealed, table="agreement", column="end_note", row=record.id)
    return from_plain(EndNote, plain)


def contents_of(tx: Transaction, record: AgreementRecord) -> Any:
    """What the agreement says, as plain data."""
    return open_json(tx, record.contents_sealed, table="agreement", column="contents", row=record.id)


def add_payment(tx: Transaction, record: PaymentRecord) -> None:
    """What the bank says of one payment is kept."""
    tx.session.add(record)
    tx.session.flush()


def list_payments(tx: Transaction, agreement_id: str) -> list[PaymentRecord]:
    """What the bank said of the payments, oldest first."""
    known = known_of(tx, PaymentRecord, agreement_id)
    if known is not None:
        return known
    return list(
        tx.session.scalars(
            sa.select(PaymentRecord)
            .where(PaymentRecord.agreement_id == agreement_id)
            .order_by(PaymentRecord.recorded_at, PaymentRecord.id)
        )
    )


def list_to_judge(tx: Transaction, at: datetime, limit: int) -> list[str]:
    """Negotiations with a plan of one payment in force that is to be judged by now, the longest due first."""
    return _list_due(tx, AgreementRecord.judged_at, at, limit)


def list_to_remind(tx: Transaction, at: datetime, limit: int) -> list[str]:
    """Negotiations with an agreement of which a payment is to be told by now, the longest due first."""
    return _list_due(tx, AgreementRecord.remind_at, at, limit)


def _list_due(tx: Transaction, due: InstrumentedAttribute[datetime | None], at: datetime, limit: int) -> list[str]:
    found = sa.select(AgreementRecord.negotiation_id).where(due <= at).order_by(due, AgreementRecord.id).limit(limit)
    return list(tx.session.scalars(found))


def list_in_force(
    tx: Transaction, person_indexes: Sequence[bytes], bank_codes: Sequence[str]
) -> list[sa.Row[AgreementRecord, NegotiationRecord]]:
    """Agreements in force of the person with any of the banks, over all clients, oldest first."""
    return list_of_person(tx, person_indexes, bank_codes, statuses=(AgreementStatus.IN_FORCE,))


def list_of_person(
    tx: Transaction,
    person_indexes: Sequence[bytes],
    bank_codes: Sequence[str],
    *,
    statuses: Sequence[AgreementStatus],
) -> list[sa.Row[AgreementRecord, NegotiationRecord]]:
    """Agreements of the person with any of the banks that stand so, over all clients, oldest first."""
    return list(
        tx.session.execute(
            sa.select(AgreementRecord, NegotiationRecord)
            .join(NegotiationRecord, NegotiationRecord.id == AgreementRecord.negotiation_id)
            .where(
                NegotiationRecord.person_index.in_(person_indexes),
                NegotiationRecord.bank_code.in_(bank_codes),
                AgreementRecord.status.in_(statuses),
            )
            .order_by(AgreementRecord.signed_at, AgreementRecord.id)
        )
    )
