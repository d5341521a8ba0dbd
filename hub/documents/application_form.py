"""The application form (协商还款申请表) that one bank receives: what stands on it, and its HTML.

Masks, labels and sentences are the caller's: this page shows what it is given.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from hub.documents.typesetting import (
    content_digest,
    html_from,
    percent,
    require_amounts,
    require_instants,
)
from hub.domain.amounts import Amounts, sum_of, yuan
from hub.domain.china import spoken_day
from hub.domain.errors import InvalidValue
from hub.domain.log_chain import Head
from hub.domain.terms import Kind, Waived

_SHA256_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow(Amounts):
    """A card's or loan's debt as the applicant declared it; `card` is the masked number, or names the loan's contract.

    `as_printed`: the number's check digit is unusual, and the applicant compared it with the card once more.
    `legal_stage` says how far the debt has got in court; empty where it was not sued for. `lines` stand below the row;
    `notes` are hints to the bank.
    """

    card: str
    overdue_since: date | None
    as_printed: bool = False
    legal_stage: str = ""
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_amounts(self.principal_fen, self.interest_fen, self.fees_fen, self.penalty_fen)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountRow:
    """A labelled sum of a month."""

    label: str
    amount_fen: int

    def __post_init__(self) -> None:
        require_amounts(self.amount_fen)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancesTable:
    """A month's money. `income` and `spending` make up the two totals, where the applicant gave them."""

    monthly_income_fen: int
    monthly_essential_spending_fen: int
    other_debt_payments_fen: int
    dependants: int
    household_size: int | None = None
    income: tuple[AmountRow, ...] = ()
    spending: tuple[AmountRow, ...] = ()

    def __post_init__(self) -> None:
        require_amounts(self.monthly_income_fen, self.monthly_essential_spending_fen, self.other_debt_payments_fen)

    @property
    def left_fen(self) -> int:
        """What is left of a month's income; below 0 where it does not reach."""
        return self.monthly_income_fen - self.monthly_essential_spending_fen - self.other_debt_payments_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalTable:
    """What the applicant proposes to this bank; None where nothing was said."""

    kind: Kind
    kind_label: str
    first_due_on: date | None
    instalments: int | None = None
    months: int | None = None
    monthly_payment_fen: int | None = None
    down_payment_fen: int = 0
    minimum_percent: Decimal | None = None
    waive_interest: bool = False
    note: str = ""
    settlement_fen: int | None = None
    waived: Waived | None = None

    def __post_init__(self) -> None:
        require_amounts(self.down_payment_fen, self.monthly_payment_fen or 0, self.settlement_fen or 0)

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """(label, words) of every figure of the proposal's kind, and of none that belongs to another."""
        of_kind = {
            "instalments": ("期数", None if self.instalments is None else f"{self.instalments} 期"),
            "monthly_payment_fen": ("每月还款", _yuan_or_none(self.monthly_payment_fen)),
            "deferral": ("延期", None if self.months is None else f"{self.months} 个月"),
            "months": ("适用期间", None if self.months is None else f"{self.months} 个月"),
            "minimum_percent": (
                "最低还款比例",
                None if self.minimum_percent is None else percent(self.minimum_percent),
            ),
            "first_due_on": (_FIRST_DAY.get(self.kind, "首次还款日"), _day_or_none(self.first_due_on)),
            "down_payment_fen": (
                "签署后先还",
                _yuan_or_none(self.down_payment_fen) if self.down_payment_fen else "没有",
            ),
            "settlement_fen": ("结清金额", _yuan_or_none(self.settlement_fen)),
        }
        figures = [(label, words or "未指定") for label, words in (of_kind[name] for name in _FIGURES[self.kind])]
        return (*figures, ("希望减免", "，".join(self._wished) or "没有提出"))

    @property
    def _wished(self) -> list[str]:
        if self.kind is Kind.SETTLEMENT and self.settlement_fen is not None:
            return ["其余全部欠款"]
        named = [] if self.waived is None else [(label, getattr(self.waived, part)) for part, label in _PARTS.items()]
        return (["全部利息和违约金"] if self.waive_interest else []) + [
            f"{label} {yuan(fen)} 元" for label, fen in named if fen
        ]


_PAID_IN_PARTS = ("instalments", "monthly_payment_fen", "first_due_on", "down_payment_fen")
_FIGURES: Mapping[Kind, tuple[str, ...]] = {
    Kind.INSTALMENTS: _PAID_IN_PARTS,
    Kind.REDUCTION: _PAID_IN_PARTS,
    Kind.DEFERRAL: ("deferral", "first_due_on"),
    Kind.SETTLEMENT: ("settlement_fen", "first_due_on"),
    Kind.LOWER_MINIMUM: ("minimum_percent", "months", "first_due_on"),
}
_PARTS = {"principal_fen": "本金", "interest_fen": "利息", "fees_fen": "费用", "penalty_fen": "违约金"}
_FIRST_DAY = {Kind.DEFERRAL: "原到期日", Kind.SETTLEMENT: "还款日", Kind.LOWER_MINIMUM: "开始日"}


def _yuan_or_none(amount_fen: int | None) -> str | None:
    return None if amount_fen is None else f"{yuan(amount_fen)} 元"


def _day_or_none(on: date | None) -> str | None:
    return None if on is None else spoken_day(on)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """A file that came with the application; `size` in bytes."""

    kind_label: str
    file_name: str
    size: int
    sha256: str

    def __post_init__(self) -> None:
        if self.size < 0 or not _SHA256_HEX.fullmatch(self.sha256):
            raise InvalidValue("document_evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRow:
    """A consent that the applicant gave."""

    purpose_label: str
    version: str
    given_at: datetime

    def __post_init__(self) -> None:
        require_instants(self.given_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantRow:
    """Who applies: the name in full, numbers masked by the caller, empty where there is nothing to say."""

    name: str
    id_type_label: str
    id_number: str
    mobile: str
    identity_note: str = ""
    email: str = ""
    contact_wishes: str = ""
    representative: str = ""
    representative_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationForm:
    """Everything that stands on the form for one bank, or for a lender that is none: `creditor_zh` says which."""

    reference: str
    bank_name_zh: str
    bank_name_en: str
    submitted_at: datetime
    prepared_at: datetime
    channel_label: str
    applicant: ApplicantRow
    accounts: tuple[AccountRow, ...]
    hardship_reasons: tuple[str, ...]
    hardship_since: date | None
    hardship_description: str
    finances: FinancesTable
    proposal: ProposalTable
    evidence: tuple[EvidenceRow, ...]
    consents: tuple[ConsentRow, ...]
    log_head: Head
    creditor_zh: str = "银行"
    missing_papers: tuple[str, ...] = ()
    support_needs: tuple[str, ...] = ()
    corrections: int = 0

    def __post_init__(self) -> None:
        require_instants(self.submitted_at, self.prepared_at)
        if not self.accounts or not self.hardship_reasons:
            raise InvalidValue("document_incomplete")

    @property
    def totals(self) -> Amounts:
        """The accounts' sums, column by column."""
        return sum_of(self.accounts)


def html_of(form: ApplicationForm) -> str:
    """The form as HTML, ready to print; the same value gives the same text."""
    return html_from("application-form.html", form=form, digest=content_digest(form))
