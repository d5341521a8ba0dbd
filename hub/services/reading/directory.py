"""The banks and other creditors of the hub, as host apps and pages show them to people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from hub.domain.bank import BankRules
from hub.domain.creditor import CreditorKind, Regulator
from hub.domain.issuers import bank_key, same_bank
from hub.domain.plain import Plain, to_plain
from hub.services.transaction import HubTransaction
from storage import banks


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedBank:
    """A bank with its names, how it is reached, and how many working days it has to answer.

    `hotline_hours` is when somebody answers at the `hotline`, `calls_from` from which numbers the bank calls, both in
    the bank's words; each of them is "" where the bank says nothing.
    """

    code: str
    name_zh: str
    name_en: str
    hotline: str
    hotline_hours: str
    calls_from: str
    complaint_channel: str
    kind: CreditorKind
    regulator: Regulator
    response_days: int

    @property
    def is_bank(self) -> bool:
        """Whether it can have issued a credit card."""
        return self.kind is CreditorKind.BANK

    def name(self, language: str) -> str:
        """What it is called in that language."""
        return self.name_en if language == "en" else self.name_zh


def list_banks(tx: HubTransaction, *, also_closed: bool = False) -> list[ListedBank]:
    """Every bank, ordered by code; those that are closed to new applications only where they are asked for."""
    return [
        ListedBank(
            code=bank.code,
            name_zh=bank.name_zh,
            name_en=bank.name_en,
            hotline=bank.rules.hotline,
            hotline_hours=bank.rules.hotline_hours,
            calls_from=bank.rules.calls_from,
            complaint_channel=bank.rules.complaint_channel,
            kind=bank.kind,
            regulator=bank.standing.regulator,
            response_days=bank.rules.response_days,
        )
        for bank in banks.list_banks(tx)
        if bank.is_open or also_closed
    ]


def list_creditors(tx: HubTransaction) -> list[Plain]:
    """Every creditor that takes applications, ordered by code, with the services it has switched on."""
    on = {bank.code: bank.rules.services for bank in banks.list_banks(tx)}
    return [{**to_plain(each), "services": list(on[each.code])} for each in list_banks(tx)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCard:
    """How one bank reckons with what is owed on its cards, as far as it publishes it: by the names of `CardTerms`."""

    code: str
    name_zh: str
    name_en: str
    terms: Mapping[str, Decimal | int]

    def name(self, language: str) -> str:
        """What the bank is called in that language."""
        return self.name_en if language == "en" else self.name_zh


def published_cards(tx: HubTransaction) -> list[PublishedCard]:
    """Every bank with what it publishes, which may be nothing, ordered by code."""
    return [
        PublishedCard(code=bank.code, name_zh=bank.name_zh, name_en=bank.name_en, terms=bank.rules.published_card_terms)
        for bank in banks.list_banks(tx)
    ]


def names_of(tx: HubTransaction, codes: Iterable[str], *, language: str) -> dict[str, str]:
    """What the bank behind each of `codes` is called, by that code; the code itself for one that is not here."""
    listed = list_banks(tx, also_closed=True)
    return {code: next((bank.name(language) for bank in listed if same_bank(bank.code, code)), code) for code in codes}


def hotlines_of(tx: HubTransaction, codes: Iterable[str]) -> dict[str, str]:
    """Where the bank behind each of `codes` can be called, by that code; "" for one without a number or not here."""
    listed = list_banks(tx, also_closed=True)
    return {code: next((bank.hotline for bank in listed if same_bank(bank.code, code)), "") for code in codes}


def longest_response_days(tx: HubTransaction, codes: Iterable[str]) -> int:
    """The most working days that one of the banks behind `codes` has to answer; the usual ones where it is none."""
    wanted = list(codes)
    listed = list_banks(tx, also_closed=True)
    days = (bank.response_days for bank in listed if any(same_bank(bank.code, code) for code in wanted))
    return max(days, default=BankRules().response_days)


def has_lender(tx: HubTransaction, codes: Iterable[str]) -> bool:
    """Whether one of the creditors of these codes is no bank."""
    known = banks.banks_by_key(tx)
    found = (known.get(bank_key(code)) for code in codes)
    return any(bank is not None and not bank.standing.is_bank for bank in found)
