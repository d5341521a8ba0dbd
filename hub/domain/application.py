"""What a cardholder submits once, as values: applicant, accounts, hardship, proposal, evidence, consents.

The schema that loaded them has checked every single field; `checked` here are the rules between fields.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from cattrs import override

from hub.domain.affordability import Finances
from hub.domain.amounts import Amounts, sum_of
from hub.domain.card_role import CardRole
from hub.domain.debt_components import Component
from hub.domain.evidence import EvidenceKind
from hub.domain.identifiers import IdType
from hub.domain.issuers import bank_key
from hub.domain.legal_stage import LegalStage
from hub.domain.loan import LoanAccount, shares_of
from hub.domain.proposal import BankProposal, Proposal, split

EARLIEST_DAY = date(1900, 1, 1)
"""Nobody who applies remembers a day before it."""


class Channel(StrEnum):
    """Where the application was taken."""

    APP = "app"
    WEB = "web"
    BRANCH = "branch"
    HOTLINE = "hotline"


class HardshipReason(StrEnum):
    """Why repaying is hard for now."""

    ILLNESS = "illness"
    UNEMPLOYMENT = "unemployment"
    INCOME_DROP = "income_drop"
    DISASTER = "disaster"
    FAMILY_CARE = "family_care"
    FAMILY_CHANGE = "family_change"
    BUSINESS_FAILURE = "business_failure"
    OTHER = "other"


class SupportNeed(StrEnum):
    """What staff should know before they call."""

    HEARING = "hearing"
    SIGHT = "sight"
    LARGE_TEXT = "large_text"
    FAMILY_HELP = "family_help"
    STRESS = "stress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """The person who applies."""

    subject: str
    name: str
    id_type: IdType
    id_number: str
    mobile: str
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Amounts):
    """One card and what the person says is owed on it. `as_printed`: its number was compared once more.

    `legal_stage`: how far the debt has got in court, with court and case number as far as the person knows them.
    `components`: of what the principal is made, empty where it was not said. `account_group`: a label that cards of one
    account share; what is owed on it stands with one of them.
    """

    bank_code: str
    card_number: str
    currency: str = "CNY"
    overdue_since: date | None = None
    as_printed: bool = False
    legal_stage: LegalStage = LegalStage.NONE
    court: str = ""
    case_number: str = ""
    components: Annotated[tuple[Component, ...], override(omit_if_default=True)] = ()
    account_group: Annotated[str | None, override(omit_if_default=True)] = None
    role: Annotated[CardRole, override(omit_if_default=True)] = CardRole.PRIMARY


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardship:
    """Why, and since when."""

    reasons: tuple[HardshipReason, ...]
    since: date | None = None
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReference:
    """A file that was uploaded before, and what the application says it is."""

    id: str
    kind: EvidenceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One consent, as it was given."""

    purpose: str
    version: str
    given_at: datetime
    bank_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How and when the person likes to be reached."""

    channels: tuple[str, ...] = ()
    hours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative:
    """Somebody who helps the person, with the paper that allows it."""

    name: str
    relation: str
    mobile: str
    authority_evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application to one or more creditors: over cards, loans, or both."""

    channel: Channel
    applicant: Applicant
    accounts: tuple[Account, ...]
    hardship: Hardship
    finances: Finances
    proposal: Proposal | None = None
    proposals: tuple[BankProposal, ...] = ()
    evidence: tuple[EvidenceReference, ...] = ()
    consents: tuple[Consent, ...] = ()
    support_needs: tuple[SupportNeed, ...] = ()
    contact: Contact | None = None
    representative: Representative | None = None
    loans: tuple[LoanAccount, ...] = ()

    @property
    def creditor_codes(self) -> tuple[str, ...]:
        """Every code under which a bank or lender is named as creditor, each once, as they are named first."""
        of_loans = (code for each in self.loans for code in each.creditor_codes)
        return tuple(dict.fromkeys((*(each.bank_code for each in self.accounts), *of_loans)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a returned negotiation is sent again with, in the place of what was sent before.

    `consents` are those that its files need and that were not given before.
    """

    accounts: tuple[Account, ...]
    finances: Finances
    evidence: tuple[EvidenceReference, ...]
    loans: tuple[LoanAccount, ...] = ()
    consents: tuple[Consent, ...] = ()


def proposal_of_each_bank(application: Application, code_of: Mapping[str, str]) -> dict[str, Proposal]:
    """Each creditor's own proposal: the one made for it, or its part of the one for all.

    `code_of` gives the hub's code for each code that an account, a loan or a proposal names.
    """
    if application.proposal is None:
        return {code_of[each.bank_code]: each.proposal for each in application.proposals}
    of_bank: dict[str, list[Amounts]] = {}
    for account in application.accounts:
        of_bank.setdefault(code_of[account.bank_code], []).append(account)
    for share in (share for loan in application.loans for share in shares_of(loan)):
        of_bank.setdefault(code_of[share.creditor_code], []).append(share)
    return split(application.proposal, {code: sum_of(accounts) for code, accounts in of_bank.items()})


def contradictions(accounts: Iterable[Account]) -> list[tuple[str, str]]:
    """(code, last four digits) of each card whose owed amounts contradict each other.

    The same card listed twice cannot be acted on: nobody can tell which amounts are meant, or whether they add up.
    """
    listed = list(accounts)
    twice = places_listed_twice((each.bank_code, each.card_number) for each in listed)
    return [("card_listed_twice", listed[place].card_number[-4:]) for place in twice]


def places_listed_twice(cards: Iterable[tuple[str, str]]) -> list[int]:
    """The places of cards that stand there before, counted from 0; `cards`: (bank code, card number) each.

    A bank's two codes are one bank; a card whose number is missing is no other's.
    """
    seen: set[tuple[str, str]] = set()
    places = []
    for place, (bank_code, number) in enumerate(cards):
        card = (bank_key(bank_code), number)
        if number and card in seen:
            places.append(place)
        seen.add(card)
    return places
