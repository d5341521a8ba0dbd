"""A further card of the person that a bank proposes for the negotiation, and the person's answer.

Of such a card only the first six and the last four digits are known. It is told from others by them alone, written as
`masks.mask_card` writes a number: `622210******0007`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hub.domain.amounts import Amounts
from hub.domain.errors import Fault

MOST_ACCOUNTS = 16
"""As many cards as one application takes; those that were proposed count with them."""


class ProposedAccountStatus(StrEnum):
    """What the person answered. Each answer is final."""

    PROPOSED = "proposed"  # the person has said nothing yet
    INCLUDED = "included"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedAccount(Amounts):
    """One further card, what the bank says is owed on it, and the bank's words to the person."""

    card_first6: str
    card_last4: str
    text: str

    @property
    def card(self) -> str:
        """The card as it stands among the numbers of the negotiation."""
        return f"{self.card_first6}******{self.card_last4}"


def is_same_card(one: str, other: str) -> bool:
    """Whether two numbers can be of one card, where either may be known by its first six and last four alone."""
    if "*" in one or "*" in other:
        return (one[:6], one[-4:]) == (other[:6], other[-4:])
    return one == other


def share_a_card(ones: Iterable[str], others: Sequence[str]) -> bool:
    """Whether a card is among both."""
    return any(is_same_card(one, other) for one in ones for other in others)


def proposal_faults(
    account: ProposedAccount, *, of_application: Sequence[str], proposed_before: Sequence[str]
) -> list[Fault]:
    """What keeps a bank from proposing it: nothing owed, known already, answered already, or too many cards."""
    faults = []
    if share_a_card([account.card], of_application):
        faults.append(Fault("/card_last4", "card_in_application"))
    elif share_a_card([account.card], proposed_before):
        faults.append(Fault("/card_last4", "card_already_proposed"))
    elif len(of_application) + len(proposed_before) >= MOST_ACCOUNTS:
        faults.append(Fault("/card_last4", "too_many_cards", {"most": MOST_ACCOUNTS}))
    return faults
