"""What stands above every form about a negotiation, and what its forms begin with."""

from dataclasses import dataclass

from hub.domain.approval import ApprovalLevels
from hub.domain.identity import IdentityLevel, needs_confirmation
from hub.domain.legal_stage import LegalStanding
from hub.domain.lifecycle import Status
from hub.domain.masks import mask_mobile, mask_name
from hub.domain.plain import Plain, to_plain
from hub.domain.review import RejectionReason
from hub.domain.staff import Role
from hub.services.negotiations import approvals, further_accounts, legal_stages, review
from hub.services.reading import views
from hub.services.reading.bank.offers import Wish, wish_of
from hub.services.transaction import HubTransaction
from storage import clocks, negotiations
from storage.records import NegotiationRecord
from storage.submissions import submission_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One negotiation in a few words, name and mobile masked. `clock` is the view of the one that runs, or None.

    `roles_missing` are those that approve offers and that nobody but the reader has. `log_length` tells whether
    anything happened since. `rejection_reasons` are those that the bank may give just now.
    """

    id: str
    reference: str
    status: Status
    log_length: int
    name: str
    mobile: str
    clock: Plain | None
    wish: Wish
    identity_unconfirmed: bool
    legal: LegalStanding
    four_eyes_above_fen: int
    approval_levels: ApprovalLevels
    roles_missing: tuple[Role, ...]
    offer_days: int
    rejection_reasons: tuple[RejectionReason, ...]


def heading(tx: HubTransaction, negotiation_id: str, *, bank_code: str, language: str) -> Heading:
    """The heading of the bank's negotiation; raises `NotFound` for an unknown one and another bank's alike."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    rules, applicant = tx.bank(bank_code).rules, submission_of(tx, row).applicant
    return Heading(
        id=row.id,
        reference=row.reference,
        status=Status(row.status),
        log_length=row.log_length,
        name=mask_name(applicant.name),
        mobile=mask_mobile(applicant.mobile),
        clock=_running_clock(tx, row.id, language),
        wish=wish_of(tx, row),
        identity_unconfirmed=unconfirmed(row),
        legal=legal_stages.standing_of(tx, row),
        four_eyes_above_fen=rules.four_eyes_above_fen,
        approval_levels=rules.approval_levels,
        roles_missing=approvals.roles_without_another(tx, bank_code),
        offer_days=rules.offer_days,
        rejection_reasons=review.reasons_open(tx, row.id),
    )


def is_identity_unconfirmed(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> bool:
    """Whether no offer may open before the bank has compared who the person is; raises `NotFound`."""
    return unconfirmed(negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code))


def unconfirmed(negotiation: NegotiationRecord) -> bool:
    """The same of a row."""
    return needs_confirmation(IdentityLevel(negotiation.identity_level), negotiation.identity_confirmed)


def legal_standing(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> LegalStanding:
    """Where the debt stands in court, by whoever said it; raises `NotFound`."""
    return legal_stages.standing_of(tx, negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code))


def _running_clock(tx: HubTransaction, negotiation_id: str, language: str) -> Plain | None:
    for clock in clocks.list_of(tx, negotiation_id):
        if clock.answered_at is None and clock.ended_at is None:
            return views.clock_view(tx, clock, tx.calendar(), language)
    return None


def declared_balances(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> list[Plain]:
    """The balances that the person declared, for a bank to confirm or to put right; raises `NotFound`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    plain: list[Plain] = to_plain(list(further_accounts.declared_balances(tx, row)))
    return plain


def require_negotiation(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> None:
    """Nothing, or `NotFound` for an unknown negotiation and another bank's alike, before anything is judged."""
    negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)


def find_by_reference(tx: HubTransaction, reference: str, *, bank_code: str) -> str | None:
    """The id of the bank's negotiation of that reference; None for an unknown one and another bank's alike."""
    found = negotiations.find_negotiation(tx, reference)
    if found is None or found.bank_code != bank_code or found.reached_bank_at is None:
        return None
    return found.id
