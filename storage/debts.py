"""What a bank says of the debt behind a negotiation: where it stands in court, and to whom the claim went."""

from hub.domain.claim_transfer import ClaimTransfer
from hub.domain.legal_stage import LegalStanding
from hub.domain.plain import from_plain, to_plain
from storage.records import NegotiationRecord
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction


def set_legal_standing(tx: Transaction, negotiation: NegotiationRecord, standing: LegalStanding) -> None:
    """What the bank said of where the debt stands in court is kept, sealed."""
    negotiation.legal_sealed = seal_json(
        tx, to_plain(standing), table="negotiation", column="legal", row=negotiation.id
    )


def legal_standing_of(tx: Transaction, negotiation: NegotiationRecord) -> LegalStanding | None:
    """What the bank said of where the debt stands in court; None where it said nothing."""
    if negotiation.legal_sealed is None:
        return None
    plain = open_json(tx, negotiation.legal_sealed, table="negotiation", column="legal", row=negotiation.id)
    return from_plain(LegalStanding, plain)


def set_transfer(tx: Transaction, negotiation: NegotiationRecord, transfer: ClaimTransfer) -> None:
    """To whom the bank has transferred its claim is kept, sealed."""
    plain = to_plain(transfer)
    negotiation.transfer_sealed = seal_json(tx, plain, table="negotiation", column="transfer", row=negotiation.id)


def transfer_of(tx: Transaction, negotiation: NegotiationRecord) -> ClaimTransfer | None:
    """To whom the bank has transferred its claim; None while it has it."""
    if negotiation.transfer_sealed is None:
        return None
    plain = open_json(tx, negotiation.transfer_sealed, table="negotiation", column="transfer", row=negotiation.id)
    return from_plain(ClaimTransfer, plain)
