"""Partners and referrals as people, host apps and operators are shown them; partners always by their names."""

from dataclasses import dataclass
from datetime import date, datetime

from hub.domain.errors import Conflict
from hub.domain.plain import Plain, percent
from hub.domain.referral import NotedConsent, ReferralConsent, ReferralStatus
from hub.domain.referral_consent import TEXT, words_of
from hub.domain.referral_partner import KeptPartner, LoanCost, ReferralPartner
from hub.services.accounts import subjects
from hub.services.accounts.cardholders import Cardholder
from hub.services.referrals import barriers, partners, referrals
from hub.services.transaction import HubTransaction
from storage import referral_messages, referral_partners
from storage import referrals as rows


def partner_view(partner: ReferralPartner, *, first_day: date) -> Plain:
    """The partner as the API shows it, its example lent on `first_day`."""
    return {
        "code": partner.code,
        "name_zh": partner.name_zh,
        "name_en": partner.name_en,
        "licence_no": partner.licence_no,
        "max_annual_percent": percent(partner.max_annual_percent),
        "url": partner.url,
        "example_principal_fen": partner.example.principal_fen,
        "example_cost_fen": partner.example.cost_fen,
        "example_months": partner.example.months,
        "total_fen": partner.example.total_fen,
        "costs": [_cost_view(each) for each in partner.costs(first_day=first_day)],
    }


def _cost_view(each: LoanCost) -> Plain:
    by_dates = each.cost.by_dates_percent
    return {
        "kind": each.kind,
        "payments_fen": list(each.payments_fen),
        "days": [day.isoformat() for day in each.days],
        "nominal_percent": percent(each.cost.nominal_percent),
        "effective_percent": percent(each.cost.effective_percent),
        "by_dates_percent": None if by_dates is None else percent(by_dates),
    }


def consent_text() -> Plain:
    """The text in force as the API shows it."""
    return {"version": TEXT.version, "sha256": TEXT.sha256, "zh": TEXT.zh, "en": TEXT.en}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReferral:
    """One referral of the signed-in person, with the partner and what the example costs from today on.

    `words` are those that were agreed to, or are to be, in the page's language. `named` is what the partner is given.
    """

    id: str
    status: ReferralStatus
    partner: ReferralPartner
    costs: tuple[LoanCost, ...]
    shown_at: datetime
    arrived_at: datetime | None
    answer_due_at: datetime | None
    lapses_at: datetime | None
    ended_at: datetime | None
    is_late: bool
    words: str
    noted: NotedConsent | None
    named: ReferralConsent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReferrals:
    """What a person sees of it all: partners by name, their own referrals, and why they are not referred, if so."""

    partners: tuple[tuple[ReferralPartner, tuple[LoanCost, ...]], ...]
    mine: tuple[OwnReferral, ...]
    barrier: Conflict | None


def of_own(tx: HubTransaction, cardholder: Cardholder, today: date, *, language: str) -> OwnReferrals:
    """The partners that the person may choose from, and their referrals, the newest first."""
    subject = subjects.of_cardholder(tx, cardholder)
    offered = [each.partner for each in partners.offered(tx)]
    return OwnReferrals(
        partners=tuple((each, each.costs(first_day=today)) for each in offered),
        mine=tuple(_own(tx, each.id, cardholder, today, language=language) for each in referrals.list_own(tx, subject)),
        barrier=barriers.barrier_of(tx, subject),
    )


def are_offered(tx: HubTransaction, cardholder: Cardholder) -> bool:
    """Whether the person is told of partners at all: there are some, and nothing speaks against it."""
    return bool(partners.offered(tx)) and barriers.barrier_of(tx, subjects.of_cardholder(tx, cardholder)) is None


def get_own(
    tx: HubTransaction, cardholder: Cardholder, referral_id: str, today: date, *, language: str
) -> tuple[OwnReferral, Conflict | None]:
    """The person's referral, and why it goes no further, if so; raises `NotFound`."""
    barrier = barriers.barrier_of(tx, subjects.of_cardholder(tx, cardholder))
    return _own(tx, referral_id, cardholder, today, language=language), barrier


def _own(tx: HubTransaction, referral_id: str, cardholder: Cardholder, today: date, *, language: str) -> OwnReferral:
    record = referrals.find_own(tx, subjects.of_cardholder(tx, cardholder), referral_id)
    partner = referral_partners.get(tx, record.partner_code).partner
    noted = rows.noted_consent(tx, record.id)
    text = (None if noted is None else words_of(noted.version)) or TEXT
    status = ReferralStatus(record.status)
    due = record.answer_due_at
    return OwnReferral(
        id=record.id,
        status=status,
        partner=partner,
        costs=partner.costs(first_day=today),
        shown_at=record.shown_at,
        arrived_at=record.arrived_at,
        answer_due_at=due,
        lapses_at=record.lapses_at,
        ended_at=record.ended_at,
        is_late=status is ReferralStatus.HANDED_OVER and due is not None and due < tx.now,
        words=(text.en if language == "en" else text.zh).replace("{partner}", name_of(partner, language)),
        noted=noted,
        named=rows.consent_of(tx, record),
    )


def name_of(partner: ReferralPartner, language: str) -> str:
    """What the partner is called in that language."""
    return partner.name_en if language == "en" else partner.name_zh


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerLine:
    """A partner as its operator sees it, with counts alone: nobody who was referred is named."""

    kept: KeptPartner
    open: int
    contracted: int
    declined: int
    late: int
    waiting: int
    given_up: int


def lines(tx: HubTransaction) -> list[PartnerLine]:
    """Every partner by name."""
    counts, late = rows.counts(tx), rows.late_counts(tx)
    waiting, given_up = referral_messages.waiting_counts(tx), referral_messages.given_up_counts(tx)
    found = []
    for kept in partners.list_all(tx):
        code = kept.partner.code
        found.append(
            PartnerLine(
                kept=kept,
                open=counts.get((code, ReferralStatus.HANDED_OVER), 0),
                contracted=counts.get((code, ReferralStatus.CONTRACTED), 0),
                declined=counts.get((code, ReferralStatus.DECLINED), 0),
                late=late.get(code, 0),
                waiting=waiting.get(code, 0),
                given_up=given_up.get(code, 0),
            )
        )
    return found
