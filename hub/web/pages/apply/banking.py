"""The banks that a person can choose, and the cards that are known of them already."""

from dataclasses import dataclass

from hub.domain.issuers import same_bank
from hub.domain.lifecycle import OPEN
from hub.domain.plain import Plain
from hub.services.accounts import sign_in
from hub.services.accounts.sign_in import Cardholder
from hub.services.reading import directory
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.translation import page_language
from hub.web.pages.visitors import current_cardholder


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCard:
    """A card that need not be typed again. `token` stands for it on the page, where its number has no place."""

    token: str
    bank_code: str
    card_number: str
    bank_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Banking:
    """What the page of cards needs. `open_with`: the reference of an open negotiation, by the bank's code.

    `typed`: the tokens of cards that the host app does not know, which can be taken off the list.
    """

    banks: list[tuple[str, str]]
    cards: dict[str, KnownCard]
    open_with: dict[str, str]
    typed: frozenset[str]

    def open_reference(self, bank_code: str) -> str | None:
        """The open negotiation with that bank, under either of its codes."""
        return next((ref for code, ref in self.open_with.items() if same_bank(code, bank_code)), None)


def name_of(bank: Plain) -> str:
    """What the bank is called in the language of the page."""
    name: str = bank["name_en"] if page_language() == "en" else bank["name_zh"]
    return name


def banking_of(data: Plain) -> Banking:
    """The banks, and the cards of the host app and of the draft's `data`, each once."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        banks = directory.list_banks(tx)
        running = sign_in.list_for(tx, person)
        cards = _cards(tx, person, data, banks)
    return Banking(
        banks=[(bank["code"], name_of(bank)) for bank in banks],
        cards=cards,
        typed=frozenset(
            token for token, card in cards.items() if (card.bank_code, card.card_number) not in set(person.cards)
        ),
        open_with={each.bank_code: each.reference for each in running if each.status in OPEN},
    )


def _cards(tx: HubTransaction, person: Cardholder, data: Plain, banks: list[Plain]) -> dict[str, KnownCard]:
    numbers = [*person.cards, *((each["bank_code"], each["card_number"]) for each in data.get("accounts", []))]
    cards: dict[str, KnownCard] = {}
    for bank_code, card_number in numbers:
        bank = next((each for each in banks if same_bank(each["code"], bank_code)), None)
        if bank is None:
            # The host app knows a card of a bank that takes no applications here.
            continue
        token = tx.keyring.index(f"{bank_code}/{card_number}", purpose="card").hex()[:24]
        cards.setdefault(
            token,
            KnownCard(token=token, bank_code=bank_code, card_number=card_number, bank_name=name_of(bank)),
        )
    return cards


def bank_names(codes: list[str]) -> dict[str, str]:
    """What the bank behind each of `codes` is called; the code itself for one that is not here."""
    with face().hub.reading(current_cardholder().actor) as tx:
        banks = directory.list_banks(tx, also_closed=True)
    return {code: next((name_of(bank) for bank in banks if same_bank(bank["code"], code)), code) for code in codes}


def longest_response_days(codes: list[str]) -> int:
    """The most working days that one of the banks behind `codes` has to answer."""
    with face().hub.reading(current_cardholder().actor) as tx:
        banks = directory.list_banks(tx, also_closed=True)
    days = (bank["response_days"] for bank in banks if any(same_bank(bank["code"], code) for code in codes))
    return max(days, default=7)
