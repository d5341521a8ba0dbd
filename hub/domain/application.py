"""What a cardholder submits once, as values: applicant, accounts, hardship, proposal, evidence, consents.

The schema that loaded them has checked every single field; `checked` here are the rules between fields.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from hub.domain.affordability import Finances, shares
from hub.domain.amounts import Amounts
from hub.domain.evidence import EvidenceKind
from hub.domain.identifiers import IdType
from hub.domain.issuers import bank_key
from hub.domain.legal_stage import LegalStage
from hub.domain.terms import Kind

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
    """

    bank_code: str
    card_number: str
    currency: str = "CNY"
    overdue_since: date | None = None
    as_printed: bool = False
    legal_stage: LegalStage = LegalStage.NONE
    court: str = ""
    case_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardship:
    """Why, and since when."""

    reasons: tuple[HardshipReason, ...]
    since: date | None = None
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the person could pay, to one bank or to all together."""

    kind: Kind
    first_due_on: date
    instalments: int | None = None
    months: int | None = None
    monthly_payment_fen: int | None = None
    down_payment_fen: int = 0
    minimum_percent: Decimal | None = None
    waive_interest: bool = False
    note: str = ""

    @property
    def payments(self) -> int | None:
        """How many months it runs, where that is said."""
        return self.instalments or self.months

    @property
    def total_fen(self) -> int | None:
        """What is paid in all, where it is paid in instalments."""
        if not self.monthly_payment_fen or not self.instalments:
            return None
        return self.down_payment_fen + self.monthly_payment_fen * self.instalments


@dataclass(frozen=True, slots=True, kw_only=True)
class BankProposal(Proposal):
    """A proposal meant for one bank."""

    bank_code: str

    @property
    def proposal(self) -> Proposal:
        """The same, without whom it is meant for."""
        return Proposal(**{each.name: getattr(self, each.name) for each in fields(Proposal)})


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
    """One application to one or more banks."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a returned negotiation is sent again with, in the place of what was sent before."""

    accounts: tuple[Account, ...]
    finances: Finances
    evidence: tuple[EvidenceReference, ...]


def owed_by_bank(accounts: Iterable[Account], code_of: Mapping[str, str]) -> dict[str, int]:
    """What is owed to each bank, in fen; `code_of` gives the hub's code for each code an account names."""
    owed: dict[str, int] = {}
    for account in accounts:
        code = code_of[account.bank_code]
        owed[code] = owed.get(code, 0) + account.total_fen
    return owed


def proposal_of_each_bank(application: Application, code_of: Mapping[str, str]) -> dict[str, Proposal]:
    """Each bank's own proposal: the one made for it, or its pro-rata share of the one for all."""
    if application.proposal is None:
        return {code_of[each.bank_code]: each.proposal for each in application.proposals}
    whole = application.proposal
    owed = owed_by_bank(application.accounts, code_of)
    monthly = None if whole.monthly_payment_fen is None else shares(whole.monthly_payment_fen, owed)
    down = shares(whole.down_payment_fen, owed)
    return {
        code: replace(
            whole,
            monthly_payment_fen=None if monthly is None else monthly[code],
            down_payment_fen=down[code],
        )
        for code in owed
    }


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
