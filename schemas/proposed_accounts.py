"""A further card of the person, as its bank proposes it."""

from hub.domain.errors import Fault
from hub.domain.proposed_account import ProposedAccount
from schemas.accounts import owes_nothing
from schemas.actions import read_body
from schemas.base import Read, Schema
from schemas.fields import Fen, Formed, FreeText
from schemas.offers import FIRST6, LAST4, first_six, last_four


class ProposedAccountSchema(Schema):
    """A further card, known by its ends, what is owed on it in fen, and words to the person."""

    card_first6 = Formed(first_six, required=True, metadata=FIRST6)
    card_last4 = Formed(last_four, required=True, metadata=LAST4)
    principal_fen = Fen(required=True)
    interest_fen = Fen(required=True)
    fees_fen = Fen(required=True)
    penalty_fen = Fen(required=True)
    text = FreeText(load_default="")


PROPOSED_ACCOUNT = ProposedAccountSchema()


def load_proposed_account(data: object) -> Read[ProposedAccount]:
    """The card that a bank proposes, or None and every fault."""
    found, faults = read_body(PROPOSED_ACCOUNT, data)
    if owes_nothing(found):
        faults.append(Fault("/principal_fen", "account_owes_nothing"))
    return Read.of(faults, lambda: ProposedAccount(**found))
