"""What a bank decided of a negotiation, in its words, sealed: a rejection, or a decision put off."""

from hub.domain.review import DecisionDeferral
from storage.records import NegotiationRecord
from storage.transaction import Transaction


def set_rejection(tx: Transaction, negotiation: NegotiationRecord, reason_code: str, text: str) -> None:
    """Why the bank said no is kept with the negotiation, its words sealed."""
    negotiation.reason_code = reason_code
    negotiation.reason_sealed = tx.keyring.seal(text, table="negotiation", column="reason", row=negotiation.id)


def rejection_text_of(tx: Transaction, negotiation: NegotiationRecord) -> str:
    """The bank's words to the person; empty where it did not say no."""
    if negotiation.reason_sealed is None:
        return ""
    return tx.keyring.open_text(negotiation.reason_sealed, table="negotiation", column="reason", row=negotiation.id)


def set_deferral(tx: Transaction, negotiation: NegotiationRecord, deferral: DecisionDeferral) -> None:
    """By when the bank decides is kept with the negotiation until it has, its words sealed."""
    negotiation.decision_by = deferral.decision_by
    negotiation.deferral_sealed = tx.keyring.seal(
        deferral.text, table="negotiation", column="deferral", row=negotiation.id
    )


def deferral_of(tx: Transaction, negotiation: NegotiationRecord) -> DecisionDeferral | None:
    """By when the bank says that it decides; None where it said nothing of it, or has decided since."""
    if negotiation.decision_by is None or negotiation.deferral_sealed is None:
        return None
    text = tx.keyring.open_text(negotiation.deferral_sealed, table="negotiation", column="deferral", row=negotiation.id)
    return DecisionDeferral(decision_by=negotiation.decision_by, text=text)
