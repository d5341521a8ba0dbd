"""What a person agreed to in one of their negotiations, as its pages show it."""

from dataclasses import dataclass

from hub.domain.consent import Purpose
from hub.services.accounts import cardholders
from hub.services.accounts.cardholders import Cardholder
from hub.services.consents import ledger
from hub.services.consents.ledger import ConsentShown
from hub.services.transaction import HubTransaction


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnConsents:
    """The consents of one negotiation, and whether its bank has the application."""

    listed: tuple[ConsentShown, ...]
    has_reached_bank: bool

    def of(self, purpose: str) -> ConsentShown | None:
        """That one; None where it was not given."""
        return next((each for each in self.listed if each.purpose == purpose), None)

    @property
    def withdrawn(self) -> frozenset[Purpose]:
        """What was taken back."""
        return frozenset(each.purpose for each in self.listed if each.withdrawn is not None)


def of_own(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str) -> OwnConsents:
    """What the person agreed to; raises `NotFound` for another's negotiation and none alike."""
    row = cardholders.get_for(tx, cardholder, negotiation_id)
    return OwnConsents(listed=tuple(ledger.list_shown(tx, row)), has_reached_bank=row.reached_bank_at is not None)
