"""A bank as the hub knows it, and the rules it set for its own negotiations.

Each rule has a default, which holds until the bank sets its own; `bank_settings` reads the words that set it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from hub.domain.agreement import Texts
from hub.domain.agreement_clauses import (
    DEFAULT_CLAUSE_ZH,
    PAYMENT_INSTRUCTIONS_ZH,
    RIGHTS_AND_DUTIES_ZH,
    SIGNATURE_ZH,
)
from hub.domain.approval import NO_LEVELS, ApprovalLevels
from hub.domain.clauses import (
    CARD_CONTRACT_ZH,
    CARD_STATE_ZH,
    CERTIFICATE_ZH,
    CLAUSE_TITLES,
    CREDIT_REPORTING_ZH,
    DISPUTES_ZH,
    EARLY_REPAYMENT_ZH,
    EFFECT_ZH,
    FEE_NAME_ZH,
    NON_WORKING_DAY_ZH,
    NOTICES_ZH,
    TRANSFER_ZH,
    Clauses,
    early_repayment_zh,
    version_of,
)
from hub.domain.clearance import CLEARANCE_TEXT_ZH
from hub.domain.collection import Collectors
from hub.domain.creditor import BANK_STANDING, CreditorKind, Regulator, Standing
from hub.domain.instalment_estimate import DayCount, PartialRefund, Reckoning
from hub.domain.loan_limits import LoanLimits
from hub.domain.loan_wording import for_loan, standard_zh, worded
from hub.domain.service_request import Service
from hub.domain.sign_on import (
    SecondFactor,
    SignOn,
)
from hub.domain.terms import MAX_INSTALMENTS

# What a bank sets of the wording of its agreements: all of it has one version.
TEXT_KEYS = frozenset({*CLAUSE_TITLES, "default_clause", "payment_instructions", "early_repayment_fee", "fee_name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRules:
    """What a bank has set for its negotiations, with the defaults of the contract."""

    hotline: str = ""
    # When somebody answers there, and which numbers the bank itself calls people from, in words.
    hotline_hours: str = ""
    calls_from: str = ""
    complaint_channel: str = ""
    desk_email: str = ""
    # Whether the desk is told each morning what is due soon; what is due today or late is told all the same.
    daily_digest: bool = True
    # How the first words of a subject to the bank's people are set off, for rules of its mail system: 【】 or [].
    mail_brackets: str = "【】"
    response_days: int = 7
    closes_at: time = time(18, 0)
    pause_on_evidence: bool = False
    offer_days: int = 7
    max_counter_offers: int = 3
    four_eyes_above_fen: int = 5_000_000
    # Which roles approve an offer above which sums, where more than one second person shall look.
    approval_levels: ApprovalLevels = NO_LEVELS
    # How many agreements over a card may have come to nothing before it takes no further application over it here.
    max_renegotiations: int | None = None
    void_after_missed: int = 2
    # How many days after its own a payment can be called missed, and how little of it may lack.
    grace_days: int = 3
    tolerance_fen: int = 1_000
    # How many whole days lie between the notice of a default and its effect.
    default_notice_days: int = 3
    # How many working days after the signing a down payment is due.
    down_payment_days: int = 3
    annual_fee_during_plan: bool = False
    default_clause: str = DEFAULT_CLAUSE_ZH
    payment_instructions: str = PAYMENT_INSTRUCTIONS_ZH
    # What a certificate of settlement that the hub prints says beside its facts.
    clearance_text: str = CLEARANCE_TEXT_ZH
    credit_reporting_clause: str = CREDIT_REPORTING_ZH
    notices_clause: str = NOTICES_ZH
    non_working_day_clause: str = NON_WORKING_DAY_ZH
    early_repayment_clause: str = EARLY_REPAYMENT_ZH
    card_state_clause: str = CARD_STATE_ZH
    certificate_clause: str = CERTIFICATE_ZH
    transfer_clause: str = TRANSFER_ZH
    card_contract_clause: str = CARD_CONTRACT_ZH
    disputes_clause: str = DISPUTES_ZH
    effect_clause: str = EFFECT_ZH
    early_repayment_fee: bool = False
    fee_name: str = FEE_NAME_ZH
    office_address: str = ""
    office_phone: str = ""
    # Who collects for the bank beside itself, by name.
    collection_agencies: tuple[str, ...] = ()
    # How the bank reckons with what is owed on its cards, as far as it publishes it for who works out what that costs.
    card_minimum_percent: Decimal | None = None
    card_floor_fen: int | None = None
    card_daily_rate_percent: Decimal | None = None
    card_late_fee_percent: Decimal | None = None
    # How many months after the signing a loan's last payment lies at most, and what an agreement over one costs a year.
    extension_months: int = MAX_INSTALMENTS
    max_annual_percent: Decimal | None = None
    # What the bank offers beside the negotiation.
    services: tuple[Service, ...] = ()
    # How the bank reckons where an instalment deal ends early, and how many working days it takes to say so.
    instalment_day_count: DayCount = DayCount.BY_365
    instalment_partial_refund: PartialRefund = PartialRefund.LAST_TERMS
    instalment_response_days: int = 3
    give_up_after: timedelta = timedelta(days=3)
    # The bank's own sign-on for its people; none without an issuer.
    sign_on_issuer: str = ""
    sign_on_client_id: str = ""
    sign_on_claim: str = "email"
    sign_on_domains: tuple[str, ...] = ()
    sign_on_second_factor: SecondFactor = SecondFactor.HUB
    sign_on_acr: tuple[str, ...] = ()

    @property
    def texts(self) -> Texts:
        """What an offer made now is made under."""
        return Texts(
            default_clause=self.default_clause,
            payment_instructions=self.payment_instructions,
            void_after_missed=self.void_after_missed,
            annual_fee_during_plan=self.annual_fee_during_plan,
        )

    @property
    def clauses(self) -> Clauses:
        """The clauses that an offer made now is made under, with the version of all the bank's texts."""
        words = {name: getattr(self, name) for name in CLAUSE_TITLES}
        early = early_repayment_zh(self.early_repayment_clause, fee=self.early_repayment_fee)
        return Clauses(
            version=version_of(self.wording, BankRules().wording),
            rights_and_duties=RIGHTS_AND_DUTIES_ZH,
            signature=SIGNATURE_ZH,
            **{**words, "early_repayment_clause": early},
            early_repayment_fee=self.early_repayment_fee,
            fee_name=self.fee_name,
            office_address=self.office_address,
            office_phone=self.office_phone or self.hotline,
        )

    def texts_for_loans(self, regulator: Regulator) -> Texts:
        """What an offer over loans that is made now is made under."""
        return replace(
            self.texts,
            default_clause=self._of_loans("default_clause", regulator),
            payment_instructions=self._of_loans("payment_instructions", regulator),
            annual_fee_during_plan=False,
        )

    def clauses_for_loans(self, regulator: Regulator) -> Clauses:
        """The clauses that an offer over loans is made under; whom one complains to is by who supervises the lender."""
        words = {name: self._of_loans(name, regulator) for name in CLAUSE_TITLES}
        early = early_repayment_zh(words["early_repayment_clause"], fee=self.early_repayment_fee)
        changed: dict[str, Any] = {**words, "early_repayment_clause": early}
        return replace(
            self.clauses,
            version=f"loan-{self.clauses.version}",
            rights_and_duties=standard_zh("rights_and_duties", RIGHTS_AND_DUTIES_ZH, regulator),
            signature=for_loan(SIGNATURE_ZH),
            **changed,
            for_loans=True,
        )

    @property
    def loan_limits(self) -> LoanLimits:
        """What an agreement over a loan may be at most."""
        return LoanLimits(extension_months=self.extension_months, max_annual_percent=self.max_annual_percent)

    def _of_loans(self, name: str, regulator: Regulator) -> str:
        return worded(name, getattr(self, name), getattr(BankRules(), name), regulator)

    @property
    def published_card_terms(self) -> Mapping[str, Decimal | int]:
        """What the bank publishes of how it reckons, under the names of `CardTerms`; what it does not is left out."""
        published = {
            "minimum_percent": self.card_minimum_percent,
            "floor_fen": self.card_floor_fen,
            "daily_rate_percent": self.card_daily_rate_percent,
            "late_fee_percent": self.card_late_fee_percent,
        }
        return {name: value for name, value in published.items() if value is not None}

    @property
    def reckoning(self) -> Reckoning:
        """How the bank reckons where an instalment deal ends early."""
        return Reckoning(day_count=self.instalment_day_count, partial_refund=self.instalment_partial_refund)

    @property
    def wording(self) -> Mapping[str, str | bool]:
        """All that the bank sets of the wording of its agreements."""
        return {name: getattr(self, name) for name in TEXT_KEYS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """One bank, or a creditor of another kind, as its `standing` says.

    `settings` are the words that were set, the adapter's own among them; those called `secret` are shown to nobody.
    While it is not open, nobody can apply to it; what runs with it goes on.
    """

    code: str
    name_zh: str
    name_en: str
    adapter: str
    settings: Mapping[str, str]
    rules: BankRules
    secret: frozenset[str] = frozenset()
    is_open: bool = True
    standing: Standing = BANK_STANDING

    @property
    def kind(self) -> CreditorKind:
        """What kind of creditor it is."""
        return self.standing.kind

    @property
    def collectors(self) -> Collectors:
        """Who collects for the bank."""
        return Collectors(names=(self.name_zh, self.name_en), agencies=self.rules.collection_agencies)

    @property
    def sign_on(self) -> SignOn | None:
        """The bank's own sign-on for its people; None where it has set none."""
        rules = self.rules
        if not rules.sign_on_issuer or not rules.sign_on_client_id:
            return None
        return SignOn(
            issuer=rules.sign_on_issuer,
            client_id=rules.sign_on_client_id,
            secret=self.settings.get("sign_on_secret", ""),
            claim=rules.sign_on_claim,
            domains=rules.sign_on_domains,
            second_factor=rules.sign_on_second_factor,
            acr_values=rules.sign_on_acr,
        )

    def provides(self, service: Service) -> bool:
        """Whether the bank offers that service beside the negotiation."""
        return service in self.rules.services

    def name(self, language: str) -> str:
        """What the bank is called in that language."""
        return self.name_en if language == "en" else self.name_zh
