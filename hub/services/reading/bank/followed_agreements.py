"""Agreements over cases, as a bank follows them: what is due next, what came, and what has to be looked after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from hub.domain import payments
from hub.domain.agreement import AgreementContents
from hub.domain.agreement_end import AgreementStatus, EndReason
from hub.domain.amendment import OPEN, AmendmentKind
from hub.domain.china import china_day
from hub.domain.legal_stage import LegalStanding
from hub.domain.masks import mask_name
from hub.domain.paging import Page, Place
from hub.domain.payment_standing import NO_PAYMENT, Following, PaymentStanding, standing_of
from hub.domain.payments import RowStatus
from hub.domain.plain import from_plain
from hub.domain.terms import Kind
from hub.services.agreements import agreement_views
from hub.services.transaction import HubTransaction
from storage import agreements, amendments, followed_agreements, staff
from storage.reading_ahead import read_ahead
from storage.records import AgreementRecord, ClearanceRecord, NegotiationRecord
from storage.submissions import submission_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedAgreement:
    """One agreement as a row, with all cards that it is over, the included ones too.

    `total_fen` is the sum of its payments, None where no sum is known beforehand. `hold_missing`: how many of the
    bank's collectors have not said that they stopped. `amendment` is the kind that is open, `amendments` how many
    were signed. `past_grace`: a row could be called missed now. `certificate_due_at` is of one that is owed.
    """

    id: str
    negotiation_id: str
    reference: str
    number: str
    name: str
    cards: tuple[str, ...]
    kind: Kind
    legal: LegalStanding
    status: AgreementStatus
    end_reason: EndReason | None
    signed_at: datetime
    ended_at: datetime | None
    standing: PaymentStanding
    total_fen: int | None
    grace: bool
    past_grace: bool
    hold_missing: int
    amendment: AmendmentKind | None
    amendments: int
    certificate_due_at: datetime | None
    certificate_late: bool
    owner: str | None

    @property
    def next_due_on(self) -> date | None:
        """The day of the next payment; None where none lies ahead or the agreement is over."""
        is_in_force = self.status is AgreementStatus.IN_FORCE
        return self.standing.next_due_on if is_in_force and self.standing.next_due_on != NO_PAYMENT else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedAgreements:
    """One page; `next_place` is where the following one begins, or None at the end."""

    rows: tuple[FollowedAgreement, ...]
    next_place: Place | None


def counts(tx: HubTransaction, bank_code: str) -> Mapping[Following, int]:
    """How many there are of each; one more than `paging.MOST_COUNTED` where there are more than that."""
    today = china_day(tx.now)
    return {each: followed_agreements.count(tx, bank_code, each, today=today) for each in Following}


def list_followed(
    tx: HubTransaction, bank_code: str, following: Following, *, ended_for: EndReason | None, page: Page
) -> FollowedAgreements:
    """A page of the bank's agreements, in the order of `followed_agreements.list_page`. Nothing is written by it."""
    today = china_day(tx.now)
    found = followed_agreements.list_page(tx, bank_code, following, today=today, ended_for=ended_for, page=page)
    shown = found[: page.limit]
    # One query a kind for the whole page; a negotiation with two agreements comes once.
    read_ahead(tx, list({of.id: of for _, of in shown}.values()))
    names = {each.id: staff.called(tx, each) for each in staff.list_of_bank(tx, bank_code)}
    owed = followed_agreements.owed_of(tx, [each.id for each, _ in shown])
    rows = tuple(
        _row(tx, each, of, owner=names.get(of.owner_id or ""), certificate=owed.get(each.id)) for each, of in shown
    )
    is_more = len(found) > page.limit
    return FollowedAgreements(rows=rows, next_place=_place(shown[-1][0], following, owed) if is_more else None)


def _place(agreement: AgreementRecord, following: Following, owed: Mapping[str, ClearanceRecord]) -> Place:
    if following is Following.CERTIFICATES:
        return owed[agreement.id].due_at, owed[agreement.id].id
    if following is Following.ENDED and agreement.ended_at is not None:
        return agreement.ended_at, agreement.id
    on = agreement.next_due_on
    return datetime(on.year, on.month, on.day), agreement.id  # noqa: DTZ001 - a day, kept as a place of a page


def _row(
    tx: HubTransaction,
    agreement: AgreementRecord,
    negotiation: NegotiationRecord,
    *,
    owner: str | None,
    certificate: ClearanceRecord | None,
) -> FollowedAgreement:
    contents = from_plain(AgreementContents, agreements.contents_of(tx, agreement))
    # Worked out here, so that a row is right also where the figures of its place are just being renewed.
    payment_rows = agreement_views.payment_rows(tx, agreement)
    today, grace_days = china_day(tx.now), tx.bank(agreement.bank_code).rules.grace_days
    standing, status = standing_of(payment_rows), AgreementStatus(agreement.status)
    sums = [row.total_fen for row in payment_rows]
    changed = amendments.list_of(tx, agreement.id)
    return FollowedAgreement(
        id=agreement.id,
        negotiation_id=negotiation.id,
        reference=negotiation.reference,
        number=agreement.number,
        name=mask_name(submission_of(tx, negotiation).applicant.name),
        cards=tuple(each.last4 for each in contents.balances),
        kind=contents.terms.kind,
        legal=contents.legal,
        status=status,
        end_reason=None if agreement.end_reason is None else EndReason(agreement.end_reason),
        signed_at=agreement.signed_at,
        ended_at=agreement.ended_at,
        standing=standing,
        total_fen=None if None in sums else sum(each or 0 for each in sums),
        grace=status is AgreementStatus.IN_FORCE and standing.next_due_on < today,
        past_grace=any(
            each.status is not RowStatus.MISSED and payments.may_be_missed(each, today=today, grace_days=grace_days)
            for each in payment_rows
        ),
        hold_missing=len(agreement_views.missing_holds(tx, agreement)),
        amendment=next((AmendmentKind(each.kind) for each in changed if each.status in OPEN), None),
        amendments=sum(each.position is not None for each in changed),
        certificate_due_at=None if certificate is None else certificate.due_at,
        certificate_late=certificate is not None and certificate.due_at < tx.now,
        owner=owner,
    )
