"""Which banks tell bills here, and which of them the signed-in person lets do so."""

from dataclasses import dataclass
from datetime import datetime

from hub.domain.errors import NotFound
from hub.domain.service_request import Service
from hub.services.accounts import subjects
from hub.services.accounts.cardholders import Cardholder
from hub.services.bills import consents
from hub.services.operating import banks
from hub.services.transaction import HubTransaction


@dataclass(frozen=True, slots=True, kw_only=True)
class BillBank:
    """One bank. `given_at`: since when the person lets it tell bills, None while they do not."""

    code: str
    name: str
    given_at: datetime | None
    cards: tuple[str, ...]


def list_own(tx: HubTransaction, cardholder: Cardholder, *, language: str) -> list[BillBank]:
    """Every bank that tells bills, and every one that the person lets, also where it turned the service off since."""
    subject = subjects.of_cardholder(tx, cardholder)
    given = {each.bank_code: each for each in consents.list_for(tx, subject) if each.contact is not None}
    return [
        BillBank(
            code=bank.code,
            name=bank.name(language),
            given_at=None if (found := given.get(bank.code)) is None else found.given_at,
            cards=() if found is None or found.contact is None else found.contact.cards,
        )
        for bank in banks.list_all(tx)
        if bank.code in given or bank.provides(Service.REMINDERS)
    ]


def get_own(tx: HubTransaction, cardholder: Cardholder, bank_code: str, *, language: str) -> BillBank:
    """That one of them; raises `NotFound` for any other bank."""
    found = next((each for each in list_own(tx, cardholder, language=language) if each.code == bank_code), None)
    if found is None:
        raise NotFound
    return found
