"""Applying again over a card that was under an agreement before: what came before, and how often a bank takes that."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.domain.agreement_end import AgreementStatus, EndReason
from hub.domain.errors import RenegotiationsExhausted
from hub.domain.payments import PaymentRow
from hub.domain.plain import Plain, instant
from hub.domain.proposed_account import share_a_card
from hub.services.agreements import agreement_views
from hub.services.agreements.signed_contents import debts_signed
from hub.services.transaction import HubTransaction
from storage import agreements
from storage.records import AgreementRecord, NegotiationRecord

# One that was kept to its end leaves nothing to negotiate again.
_NOT_SETTLED = (AgreementStatus.IN_FORCE, AgreementStatus.ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An agreement of the person over one of the cards or loans, in force or ended without being settled.

    `cards` are numbers of cards, or keys of loans.
    """

    agreement: AgreementRecord
    negotiation: NegotiationRecord
    cards: tuple[str, ...]

    def is_over(self, card: str) -> bool:
        """Whether that card was under it."""
        return share_a_card([card], self.cards)

    @property
    def is_broken(self) -> bool:
        """Whether it ended in default, failed by itself, or a newer one took its place."""
        return self.agreement.end_reason in (EndReason.DEFAULTED, EndReason.FAILED, EndReason.REPLACED)


def earlier_of(
    tx: HubTransaction, person_indexes: Sequence[bytes], cards: Sequence[str], bank_codes: Sequence[str]
) -> list[Earlier]:
    """The person's agreements with any of the banks over one of `cards`, over all clients, oldest first."""
    found = (
        Earlier(agreement=agreement, negotiation=negotiation, cards=debts_signed(tx, negotiation, agreement))
        for agreement, negotiation in agreements.list_of_person(tx, person_indexes, bank_codes, statuses=_NOT_SETTLED)
    )
    return [each for each in found if share_a_card(cards, each.cards)]


def exhausted(tx: HubTransaction, earlier: Iterable[Earlier]) -> dict[str, RenegotiationsExhausted]:
    """By its code, each bank that takes no further application over the cards: too many of `earlier` came to nothing.

    An agreement in force does not count.
    """
    broken = Counter(each.negotiation.bank_code for each in earlier if each.is_broken)
    refusals = {}
    for bank_code, times in broken.items():
        bank = tx.bank(bank_code)
        limit = bank.rules.max_renegotiations
        if limit is not None and times > limit:
            names = {"name_zh": bank.name_zh, "name_en": bank.name_en}
            refusals[bank_code] = RenegotiationsExhausted(bank_code, limit=limit, hotline=bank.rules.hotline, **names)
    return refusals


def earlier_agreement(tx: HubTransaction, negotiation: NegotiationRecord) -> Plain | None:
    """The agreement that the negotiation comes after, with what was paid of it and missed; None where there was none.

    `unpaid_fen` is what is open of its rows, None where they have no sums.
    """
    if negotiation.renegotiation_of is None:
        return None
    agreement = agreements.find_agreement(tx, negotiation.renegotiation_of)
    if agreement is None:
        return None
    rows = agreement_views.payment_rows(tx, agreement)
    return {
        "negotiation": agreement.negotiation_id,
        "number": agreement.number,
        "status": agreement.status,
        "signed_at": instant(agreement.signed_at),
        "ended_at": None if agreement.ended_at is None else instant(agreement.ended_at),
        "end_reason": agreement.end_reason,
        "unpaid_fen": _unpaid_fen(rows),
        "payments": [agreement_views.payment_view(row) for row in rows],
    }


def _unpaid_fen(rows: Sequence[PaymentRow]) -> int | None:
    return None if any(row.total_fen is None for row in rows) else sum(row.open_fen for row in rows)
