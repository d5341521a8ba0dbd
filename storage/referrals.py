"""Referrals: finding and writing them, and the ledger of consents to them. The only writer of a referral's status."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from hub.domain.actor import Actor
from hub.domain.consent_ledger import Door
from hub.domain.plain import from_plain, to_plain
from hub.domain.referral import (
    LAPSES_AFTER,
    OPEN,
    NotedConsent,
    ReferralConsent,
    ReferralEvent,
    ReferralStatus,
    next_status,
)
from hub.domain.retention import RULES, DataClass
from storage.records import ReferralConsentRecord, ReferralRecord, ReferralRevocationRecord, new_id
from storage.sealed_json import open_json, seal_json
from storage.spans import WHOLE, Span
from storage.transaction import Transaction

_TABLE = "referral"
_KEPT = timedelta(days=RULES[DataClass.REFERRALS].days or 0)
_OVER_BY_WORD = frozenset({ReferralStatus.REVOKED, ReferralStatus.LAPSED})


def add(tx: Transaction, owner_index: bytes, *, client_id: str, partner_code: str) -> ReferralRecord:
    """The person was just shown that partner."""
    record = ReferralRecord(
        id=new_id(),
        owner_index=owner_index,
        client_id=client_id,
        partner_code=partner_code,
        status=ReferralStatus.SHOWN,
        shown_at=tx.now,
        lapses_at=tx.now + LAPSES_AFTER,
        changed_at=tx.now,
        expires_at=tx.now + LAPSES_AFTER + _KEPT,
    )
    tx.session.add(record)
    tx.session.flush()
    return record


def apply_event(tx: Transaction, record: ReferralRecord, event: ReferralEvent) -> None:
    """The referral's status is what `event` leads to; raises `StatusConflict`.

    Nothing that the person named outlives a referral that came to nothing by time or by their word.
    """
    after = next_status(ReferralStatus(record.status), event)
    record.status = after
    record.changed_at = tx.now
    if after not in OPEN:
        record.ended_at, record.lapses_at = tx.now, None
        record.expires_at = tx.now + _KEPT
    if after in _OVER_BY_WORD:
        record.contents_sealed = None
    tx.session.flush()


def set_consent(tx: Transaction, record: ReferralRecord, consent: ReferralConsent, *, sha256: str, door: Door) -> None:
    """What the person named is kept with the referral, and their word stands in the ledger."""
    plain = to_plain(consent)
    record.contents_sealed = seal_json(tx, plain, table=_TABLE, column="contents", row=record.id)
    record.consented_at = tx.now
    record.lapses_at = tx.now + LAPSES_AFTER
    record.expires_at = tx.now + LAPSES_AFTER + _KEPT
    tx.session.add(
        ReferralConsentRecord(
            referral_id=record.id,
            version=consent.version,
            sha256=sha256,
            given_at=consent.given_at,
            noted_at=tx.now,
            door=door,
        )
    )


def note_revoked(tx: Transaction, record: ReferralRecord, *, door: Door, actor: Actor) -> None:
    """That the consent was taken back stands in the ledger."""
    tx.session.add(ReferralRevocationRecord(referral_id=record.id, at=tx.now, door=door, actor=str(actor)))


def note_arrived(tx: Transaction, record: ReferralRecord, *, answer_due_at: datetime) -> None:
    """The partner has what was handed over, and answers by then."""
    record.arrived_at, record.answer_due_at = tx.now, answer_due_at
    record.changed_at = tx.now


def consent_of(tx: Transaction, record: ReferralRecord) -> ReferralConsent | None:
    """What the person named; None where nothing, and where it is gone again."""
    if record.contents_sealed is None:
        return None
    plain = open_json(tx, record.contents_sealed, table=_TABLE, column="contents", row=record.id)
    return from_plain(ReferralConsent, plain)


def noted_consent(tx: Transaction, referral_id: str) -> NotedConsent | None:
    """The consent to the referral as the ledger has it."""
    given = tx.session.get(ReferralConsentRecord, referral_id)
    if given is None:
        return None
    revoked = tx.session.get(ReferralRevocationRecord, referral_id)
    return NotedConsent(
        version=given.version,
        sha256=given.sha256,
        given_at=given.given_at,
        noted_at=given.noted_at,
        door=Door(given.door),
        revoked_at=None if revoked is None else revoked.at,
    )


def find(tx: Transaction, referral_id: str, *, lock: bool = False) -> ReferralRecord | None:
    """The referral of that id, whoever's it is."""
    return tx.session.get(ReferralRecord, referral_id, with_for_update=lock, populate_existing=lock)


def list_of(
    tx: Transaction, owner_indexes: Sequence[bytes], *, client_id: str, lock: bool = False
) -> list[ReferralRecord]:
    """The person's referrals, the newest first."""
    query = (
        sa.select(ReferralRecord)
        .where(ReferralRecord.owner_index.in_(owner_indexes), ReferralRecord.client_id == client_id)
        .order_by(ReferralRecord.id.desc())
    )
    return list(tx.session.scalars(query.with_for_update() if lock else query))


def list_of_owners(
    tx: Transaction, owner_indexes: Sequence[bytes], *, clients: Sequence[str] | None
) -> list[ReferralRecord]:
    """The referrals under these keyed hashes, of these ways in alone where named; locked."""
    mine = ReferralRecord.owner_index.in_(owner_indexes)
    query = sa.select(ReferralRecord).where(mine if clients is None else mine & ReferralRecord.client_id.in_(clients))
    return list(tx.session.scalars(query.order_by(ReferralRecord.id).with_for_update()))


def list_lapsing(tx: Transaction, at: datetime, limit: int) -> list[str]:
    """Ids of referrals that are over by themselves by now, the oldest first."""
    query = sa.select(ReferralRecord.id).where(sa.text("lapses_at IS NOT NULL"), ReferralRecord.lapses_at <= at)
    return list(tx.session.scalars(query.order_by(ReferralRecord.lapses_at, ReferralRecord.id).limit(limit)))


def forget_expired(tx: Transaction) -> None:
    """Referrals whose time is over are gone."""
    tx.session.execute(sa.delete(ReferralRecord).where(ReferralRecord.expires_at <= tx.now))


def counts(tx: Transaction) -> dict[tuple[str, str], int]:
    """How many referrals each partner has in each status."""
    query = sa.select(ReferralRecord.partner_code, ReferralRecord.status, sa.func.count())
    found = tx.session.execute(query.group_by(ReferralRecord.partner_code, ReferralRecord.status))
    return {(code, status): number for code, status, number in found}


def late_counts(tx: Transaction) -> dict[str, int]:
    """How many answers each partner owes that were due before now."""
    query = sa.select(ReferralRecord.partner_code, sa.func.count()).where(
        ReferralRecord.status == ReferralStatus.HANDED_OVER, ReferralRecord.answer_due_at < tx.now
    )
    return {row[0]: row[1] for row in tx.session.execute(query.group_by(ReferralRecord.partner_code))}


def list_disagreeing(tx: Transaction, span: Span = WHOLE) -> list[tuple[str, str]]:
    """(id, what is wrong) of each referral whose row says otherwise than the ledger of consents."""
    consent, revocation = ReferralConsentRecord.referral_id, ReferralRevocationRecord.referral_id
    given, revoked = (sa.select(each).where(*span.of(each)) for each in (consent, revocation))
    table = ReferralRecord
    wrong = (
        ("handed over without a consent", table.consented_at.is_not(None) & table.id.not_in(given)),
        ("a consent to what was only shown", (table.status == ReferralStatus.SHOWN) & table.id.in_(given)),
        ("revoked, and not by the ledger", (table.status == ReferralStatus.REVOKED) & table.id.not_in(revoked)),
        ("revoked by the ledger alone", (table.status != ReferralStatus.REVOKED) & table.id.in_(revoked)),
        (
            "what was named outlives the revocation",
            table.status.in_(_OVER_BY_WORD) & table.contents_sealed.is_not(None),
        ),
        ("open, and never over", table.status.in_(OPEN) & table.lapses_at.is_(None)),
    )
    return [
        (id_, detail)
        for detail, condition in wrong
        for id_ in tx.session.scalars(sa.select(table.id).where(condition, *span.of(table.id)).order_by(table.id))
    ]
