"""Referrals as their person makes them: shown, consented to, revoked; and what everybody is shown of them."""

from collections.abc import Iterator, Sequence

from hub.domain.actor import HUB
from hub.domain.errors import Fault, NotFound, Refused
from hub.domain.plain import Plain, instant, to_plain
from hub.domain.referral import (
    MOST_REFERRALS,
    OPEN,
    EndReason,
    MessageKind,
    ReferralConsent,
    ReferralEvent,
    ReferralStatus,
)
from hub.domain.referral_consent import TEXT, consent_faults
from hub.services.accounts.subjects import Subject
from hub.services.consents.ledger import door_of
from hub.services.referrals import barriers, handing_over, partners
from hub.services.transaction import HubTransaction
from storage import referral_messages as messages
from storage import referrals as rows
from storage.records import ReferralRecord
from storage.spans import WHOLE, Span


def show(tx: HubTransaction, subject: Subject, partner_code: str) -> tuple[ReferralRecord, bool]:
    """The person is shown the partner; gives the referral, and whether it is new: one of a partner is open at a time.

    Raises `PartnerNotLicensed`, `AlreadyOverdue`, `NewCreditPromised`, and `Refused` `referrals_too_many`.
    """
    partners.require_offered(tx, partner_code)
    barriers.require_none(tx, subject)
    mine = rows.list_of(tx, subject.indexes, client_id=subject.client_id, lock=True)
    there = next((each for each in mine if each.partner_code == partner_code and each.status in OPEN), None)
    if there is not None:
        return there, False
    if len(mine) >= MOST_REFERRALS:
        raise Refused(Fault("", "referrals_too_many", {"most": MOST_REFERRALS}))
    return rows.add(tx, subject.indexes[0], client_id=subject.client_id, partner_code=partner_code), True


def consent(tx: HubTransaction, subject: Subject, record: ReferralRecord, given: ReferralConsent) -> None:
    """What the person named is on its way to the partner; once more of the same referral changes nothing.

    Raises `Refused` for another version of the text or a time that cannot be, and what `show` raises: much may have
    changed since the person was shown the partner.
    """
    is_there = record.status == ReferralStatus.HANDED_OVER
    faults = consent_faults(given.version, given.given_at, now=tx.now, is_there=is_there)
    if faults:
        raise Refused(*(each.under("/consent") for each in faults))
    if is_there:
        return
    partners.require_offered(tx, record.partner_code)
    barriers.require_none(tx, subject)
    rows.apply_event(tx, record, ReferralEvent.CONSENTED)
    rows.set_consent(tx, record, given, sha256=TEXT.sha256, door=door_of(tx.actor))
    data = {"referral": record.id, **to_plain(given.handed_over), "consent": _proof(given)}
    handing_over.queue(tx, record, MessageKind.HANDED_OVER, data)


def _proof(given: ReferralConsent) -> Plain:
    return {"version": given.version, "sha256": TEXT.sha256, "given_at": instant(given.given_at)}


def revoke(tx: HubTransaction, subject: Subject, referral_id: str) -> ReferralRecord:
    """The consent is taken back: what waits is not handed over, and the partner is told to stop. Twice changes nothing.

    Raises `NotFound`, and `StatusConflict` where there is nothing to take back.
    """
    record = find_own(tx, subject, referral_id, lock=True)
    if record.status != ReferralStatus.REVOKED:
        _end(tx, record, ReferralEvent.REVOKED, EndReason.REVOKED)
        rows.note_revoked(tx, record, door=door_of(tx.actor), actor=tx.actor)
    return record


def _end(tx: HubTransaction, record: ReferralRecord, event: ReferralEvent, reason: EndReason) -> None:
    had_consent = record.status == ReferralStatus.HANDED_OVER
    rows.apply_event(tx, record, event)
    if had_consent:
        messages.cancel_handover(tx, record.id)
        # Told whether or not it arrived: an attempt may be under way this very moment.
        handing_over.queue(tx, record, MessageKind.ENDED, {"referral": record.id, "reason": reason})


def lapse(tx: HubTransaction, referral_id: str) -> None:
    """A referral whose time is over has lapsed, and a partner that had it is told to stop."""
    record = rows.find(tx, referral_id, lock=True)
    if record is not None and record.lapses_at is not None and record.lapses_at <= tx.now:
        _end(tx, record, ReferralEvent.TIME_PASSED, EndReason.LAPSED)


def end_for_erasure(tx: HubTransaction, owner_indexes: Sequence[bytes], *, clients: Sequence[str] | None) -> None:
    """No partner is given anything more of a person who is about to be erased, and those that were are told to stop."""
    for record in rows.list_of_owners(tx, owner_indexes, clients=clients):
        if record.status == ReferralStatus.HANDED_OVER:
            _end(tx, record, ReferralEvent.REVOKED, EndReason.REVOKED)
            rows.note_revoked(tx, record, door=door_of(tx.actor), actor=HUB)


def find_own(tx: HubTransaction, subject: Subject, referral_id: str, *, lock: bool = False) -> ReferralRecord:
    """The person's referral; raises `NotFound` for an unknown one and for another's alike."""
    record = rows.find(tx, referral_id, lock=lock)
    if record is None or record.client_id != subject.client_id or record.owner_index not in subject.indexes:
        raise NotFound
    return record


def list_own(tx: HubTransaction, subject: Subject) -> list[ReferralRecord]:
    """The person's referrals, the newest first."""
    return rows.list_of(tx, subject.indexes, client_id=subject.client_id)


def view(tx: HubTransaction, record: ReferralRecord) -> Plain:
    """The referral as API and exports show it."""
    noted, named = rows.noted_consent(tx, record.id), rows.consent_of(tx, record)
    return {
        "id": record.id,
        "partner": record.partner_code,
        "status": record.status,
        "shown_at": instant(record.shown_at),
        "consent": None
        if noted is None
        else {
            "version": noted.version,
            "sha256": noted.sha256,
            "given_at": instant(noted.given_at),
            "revoked_at": None if noted.revoked_at is None else instant(noted.revoked_at),
        },
        "handed_over": None if named is None else to_plain(named.handed_over),
        "arrived_at": None if record.arrived_at is None else instant(record.arrived_at),
        "answer_due_at": None if record.answer_due_at is None else instant(record.answer_due_at),
        "ended_at": None if record.ended_at is None else instant(record.ended_at),
        "lapses_at": None if record.lapses_at is None else instant(record.lapses_at),
    }


def views_of_person(tx: HubTransaction, owner_indexes: Sequence[bytes], *, client_id: str) -> list[Plain]:
    """Every referral that is kept of the person, for their export."""
    return [view(tx, each) for each in rows.list_of(tx, owner_indexes, client_id=client_id)]


def faults(tx: HubTransaction, span: Span = WHOLE) -> Iterator[tuple[str, str, str]]:
    """(invariant, id, detail) of each referral whose row says otherwise than what it belongs to."""
    for id_, detail in rows.list_disagreeing(tx, span):
        yield "referrals", id_, detail


def faults_of_messages(tx: HubTransaction, span: Span = WHOLE) -> Iterator[tuple[str, str, str]]:
    """(invariant, id, detail) of each message whose row says otherwise than what it belongs to."""
    for id_, detail in messages.list_disagreeing(tx, span):
        yield "referrals", id_, detail
