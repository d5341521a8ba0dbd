"""Who an applicant is: what a checker says of it before an application is sent, and what the bank says after."""

import logging
from collections.abc import Iterable

from hub.domain.application import Application
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import IdentityUnconfirmed, StatusConflict, TryAgain
from hub.domain.identity import IdentityChecker, IdentityComparison, IdentityLevel, IdentityQuestion, needs_confirmation
from hub.domain.issuers import same_bank
from hub.domain.lifecycle import OPEN
from hub.domain.review import Rejection, RejectionReason
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.negotiations.locking import lock_for_bank
from hub.services.negotiations.review import reject
from hub.services.transaction import HubTransaction
from storage.records import NegotiationRecord

_log = logging.getLogger(__name__)


def questions_of(application: Application) -> list[IdentityQuestion]:
    """What is asked about the applicant, once for each card."""
    applicant = application.applicant
    return [
        IdentityQuestion(
            name=applicant.name,
            id_type=applicant.id_type,
            id_number=applicant.id_number,
            mobile=applicant.mobile,
            card_number=account.card_number,
        )
        for account in application.accounts
    ]


def verified_cards(checker: IdentityChecker, questions: Iterable[IdentityQuestion]) -> frozenset[IdentityQuestion]:
    """The questions that the checker answers with yes. Ask with no transaction open.

    One that does not answer verifies nothing, and nobody is refused for it: the bank compares then.
    """
    verified = set()
    for question in questions:
        try:
            if checker.matches(question):
                verified.add(question)
        except TryAgain:
            _log.warning("the checker of identities did not answer")
            break
    return frozenset(verified)


def levels_by_bank(
    application: Application, verified: frozenset[IdentityQuestion], *, vouched: bool
) -> dict[str, IdentityLevel]:
    """The level for each code that cards and loans name; `vouched`: a host app stands up for the person."""
    levels: dict[str, IdentityLevel] = {}
    for account, question in zip(application.accounts, questions_of(application), strict=True):
        seen = IdentityLevel.VERIFIED if question in verified else IdentityLevel.MOBILE
        level = IdentityLevel.HOST if vouched else seen
        # All cards of a bank have to be the person's.
        levels[account.bank_code] = min(level, levels.get(account.bank_code, level), key=lambda each: each.rank)
    for code in application.creditor_codes:
        # A loan shows nothing: whoever lends alone compares, a bank by its cards.
        of_cards = (level for named, level in levels.items() if same_bank(named, code))
        levels.setdefault(code, next(of_cards, IdentityLevel.HOST if vouched else IdentityLevel.MOBILE))
    return levels


def require_confirmed(negotiation: NegotiationRecord) -> None:
    """Nothing, or `IdentityUnconfirmed` while the bank has to say first whether the person is its customer."""
    if needs_confirmation(IdentityLevel(negotiation.identity_level), negotiation.identity_confirmed):
        raise IdentityUnconfirmed


def confirm(
    tx: HubTransaction,
    negotiation_id: str,
    compared: IdentityComparison,
    *,
    bank_code: str,
) -> NegotiationRecord:
    """The bank has compared the person with its customer; where they do not match, the negotiation ends as rejected.

    The same again changes nothing. Raises `StatusConflict` for a negotiation that is over.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    if negotiation.identity_confirmed is compared.matches:
        return negotiation
    if negotiation.status not in OPEN:
        raise StatusConflict(negotiation.status, "identity_compared")
    negotiation.identity_confirmed = compared.matches
    if compared.matches:
        negotiation_log.note(tx, negotiation, entry(EntryKind.IDENTITY_CONFIRMED, tx.actor, text=compared.text))
        return negotiation
    rejection = Rejection(reason_code=RejectionReason.NOT_OUR_CUSTOMER, text=compared.text)
    return reject(tx, negotiation_id, rejection, bank_code=bank_code)
