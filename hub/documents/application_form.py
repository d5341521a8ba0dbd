"""The application form (协商还款申请表) that one bank receives: what stands on it, and its HTML.

Masks, labels and sentences are the caller's: this page shows what it is given.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from hub.documents.typesetting import content_digest, html_from, require_amounts, require_instants
from hub.domain.errors import InvalidValue
from hub.domain.log_chain import Head

_SHA256_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """One card's debt as the applicant declared it; `card` is masked.

    `as_printed`: the number's check digit is unusual, and the applicant compared it with the card once more.
    """

    card: str
    principal_fen: int
    interest_fen: int
    fees_fen: int
    penalty_fen: int
    overdue_since: date | None
    as_printed: bool = False

    def __post_init__(self) -> None:
        require_amounts(self.principal_fen, self.interest_fen, self.fees_fen, self.penalty_fen)

    @property
    def total_fen(self) -> int:
        """All that is owed on the card."""
        return self.principal_fen + self.interest_fen + self.fees_fen + self.penalty_fen


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
    """What the applicant proposes to this bank; None where the kind has no such figure."""

    kind_label: str
    instalments: int | None
    monthly_payment_fen: int | None
    first_due_on: date | None
    down_payment_fen: int
    waive_interest: bool
    note: str = ""

    def __post_init__(self) -> None:
        require_amounts(self.down_payment_fen, self.monthly_payment_fen or 0)


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
class Applicant:
    """Who applies: the name in full, numbers masked by the caller, empty where there is nothing to say."""

    name: str
    id_type_label: str
    id_number: str
    mobile: str
    email: str = ""
    contact_wishes: str = ""
    representative: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationForm:
    """Everything that stands on the form for one bank."""

    reference: str
    bank_name_zh: str
    bank_name_en: str
    submitted_at: datetime
    prepared_at: datetime
    channel_label: str
    applicant: Applicant
    accounts: tuple[AccountRow, ...]
    hardship_reasons: tuple[str, ...]
    hardship_since: date | None
    hardship_description: str
    finances: FinancesTable
    proposal: ProposalTable
    evidence: tuple[EvidenceRow, ...]
    consents: tuple[ConsentRow, ...]
    log_head: Head
    missing_papers: tuple[str, ...] = ()
    support_needs: tuple[str, ...] = ()
    corrections: int = 0

    def __post_init__(self) -> None:
        require_instants(self.submitted_at, self.prepared_at)
        if not self.accounts or not self.hardship_reasons:
            raise InvalidValue("document_incomplete")

    @property
    def totals(self) -> AccountRow:
        """The accounts' sums, column by column."""
        return AccountRow(
            card="合计",
            principal_fen=sum(row.principal_fen for row in self.accounts),
            interest_fen=sum(row.interest_fen for row in self.accounts),
            fees_fen=sum(row.fees_fen for row in self.accounts),
            penalty_fen=sum(row.penalty_fen for row in self.accounts),
            overdue_since=None,
        )


def html_of(form: ApplicationForm) -> str:
    """The form as HTML, ready to print; the same value gives the same text."""
    return html_from("application-form.html", form=form, digest=content_digest(form))
