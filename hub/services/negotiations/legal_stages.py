"""Where a debt stands in court: as the person said it, until the bank says it."""

from hub.domain import labels
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import StatusConflict
from hub.domain.legal_stage import LegalStanding, furthest, named_zh
from hub.domain.lifecycle import OPEN
from hub.domain.offer import UNDECIDED, OfferBy
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.negotiations.locking import lock_for_bank
from hub.services.notifications import notifications
from hub.services.transaction import HubTransaction
from storage import debts, offers
from storage.records import NegotiationRecord
from storage.submissions import submission_of


def standing_of(tx: HubTransaction, negotiation: NegotiationRecord) -> LegalStanding:
    """Where the negotiation's debt stands in court: the bank's word counts, before it the person's.

    Of an erased one nothing is known.
    """
    if negotiation.erased_at is not None:
        return LegalStanding()
    return debts.legal_standing_of(tx, negotiation) or furthest(submission_of(tx, negotiation).accounts)


def state(tx: HubTransaction, negotiation_id: str, standing: LegalStanding, *, bank_code: str) -> NegotiationRecord:
    """The bank's word on where the debt stands counts from now on, and the person is told. The same again is nothing.

    Raises `StatusConflict` once the negotiation is over, and while an offer of the bank waits for a decision: that was
    made under another word.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    if debts.legal_standing_of(tx, negotiation) == standing:
        return negotiation
    hindrance = _hindrance(tx, negotiation)
    if hindrance is not None:
        raise StatusConflict(hindrance, "legal_stage")
    debts.set_legal_standing(tx, negotiation, standing)
    words = entry(
        EntryKind.LEGAL_STAGE_STATED,
        tx.actor,
        stage=labels.LEGAL_STAGES[standing.legal_stage],
        named=named_zh(standing),
    )
    written = negotiation_log.note(tx, negotiation, words)
    notifications.written(tx, negotiation, written.header.sequence)
    return negotiation


def may_state(tx: HubTransaction, negotiation: NegotiationRecord) -> bool:
    """Whether the bank can say now where the debt stands."""
    return _hindrance(tx, negotiation) is None


def _hindrance(tx: HubTransaction, negotiation: NegotiationRecord) -> str | None:
    """The status, of the negotiation or of an undecided offer of the bank, that stands in the way."""
    if negotiation.status not in OPEN:
        return negotiation.status
    made = (each for each in offers.list_offers(tx, negotiation.id) if each.by == OfferBy.BANK)
    return next((each.status for each in made if each.status in UNDECIDED), None)
