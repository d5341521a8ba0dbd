"""The agreement as it is printed and signed: the contents of Article 70, who signed them and how, its HTML.

Contents that say too little or do not add up are refused here, so that no wrong sum is ever printed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from hub.documents.card_words import components_zh
from hub.documents.paper_parties import PaperParties
from hub.documents.paper_seal import PaperSeal
from hub.documents.typesetting import content_digest, html_from, require_instants
from hub.domain.agreement import AgreementContents, missing_parts
from hub.domain.agreement_sentences import parts_zh
from hub.domain.amounts import yuan
from hub.domain.balances import Balance, left_out_fen, planned_of
from hub.domain.errors import InvalidValue
from hub.domain.labels import METHODS
from hub.domain.legal_stage import recital_zh
from hub.domain.loan_wording import for_loan
from hub.domain.log_chain import Head
from hub.domain.log_heads import Head as SignedHead
from hub.domain.repayment import ScheduleRow
from hub.domain.terms import Kind

TITLES = {
    Kind.INSTALMENTS: "个性化分期还款协议",
    Kind.REDUCTION: "减免息费分期还款协议",
    Kind.DEFERRAL: "延期还款协议",
    Kind.SETTLEMENT: "一次性结清协议",
    Kind.LOWER_MINIMUM: "降低最低还款额协议",
}
PRINCIPAL_LABELS = {
    Kind.INSTALMENTS: "分期本金",
    Kind.REDUCTION: "分期本金",
    Kind.DEFERRAL: "延期本金",
    Kind.SETTLEMENT: "结清金额",
    Kind.LOWER_MINIMUM: "适用金额",
}
# A lowered minimum has no plan of its own to compute a rate from.
ANNUAL_RATE_OF_THE_CARD = "按照原信用卡领用合约执行，以账单列明的年化利率为准"


# The template `loan_extension`: what changes a loan's contract by Civil Code 543.
LOAN_TITLES = {
    Kind.INSTALMENTS: "贷款分期还款协议",
    Kind.REDUCTION: "贷款减免息费还款协议",
    Kind.DEFERRAL: "贷款展期协议",
    Kind.SETTLEMENT: "贷款一次性结清协议",
}


def title_of(contents: AgreementContents) -> str:
    """What an agreement is called, on its own paper and on every later one about it."""
    if contents.legal.is_in_court:
        return contents.legal.title_zh
    return (LOAN_TITLES if contents.is_over_loans else TITLES)[contents.terms.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatures:
    """How and when each side signed, and the digest of the offer that both accepted; `mobile` is masked."""

    bank_signed_at: datetime
    bank_method: str
    cardholder_signed_at: datetime
    cardholder_method: str
    mobile: str
    offer_digest: str

    def __post_init__(self) -> None:
        require_instants(self.bank_signed_at, self.cardholder_signed_at)
        if not all((self.bank_method, self.cardholder_method, self.mobile, self.offer_digest)):
            raise InvalidValue("document_incomplete")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementDocument(PaperParties):
    """Everything that stands in a signed agreement. `annual_rate_note` is for where there is no rate.

    `cards` are masked numbers by their last four digits, where two end alike by the first six and the last four; a
    balance whose card is not among them shows those digits alone. `cards_beside` says for each balance, in their order,
    which cards share its debt; empty for one that has none.
    """

    number: str
    signed_at: datetime
    contents: AgreementContents
    signatures: Signatures
    log_head: Head
    annual_rate_note: str = ANNUAL_RATE_OF_THE_CARD
    cards: Mapping[str, str] = field(default_factory=dict)
    cards_beside: tuple[str, ...] = ()
    # The newest signed head of the whole log when the agreement was printed; None before the first.
    signed_head: SignedHead | None = None

    def __post_init__(self) -> None:
        require_instants(self.signed_at)
        if missing_parts(self.contents) or self.is_over_loans is not self.contents.is_over_loans:
            raise InvalidValue("document_incomplete")
        remaining = self.contents.terms.principal_fen
        for row in self.contents.schedule.rows:
            remaining -= row.principal_fen
            parts = row.principal_fen + row.interest_fen + row.fee_fen
            if (row.remaining_fen, row.total_fen) != (remaining, parts):
                raise InvalidValue("document_payment_sum", number=row.number)
        if self.contents.schedule.total_fen != sum(row.total_fen for row in self.contents.schedule.rows):
            raise InvalidValue("document_schedule_sum")

    def card(self, balance: Balance) -> str:
        """What the paper calls the card of a balance, or the contract of its loan."""
        if balance.is_loan:
            return f"合同尾号 {balance.last4}"
        named = (balance.card_first6 or "") + balance.last4
        return self.cards.get(named, f"{balance.card_first6 or '尾号'} {balance.last4}")

    def lines_below(self, place: int) -> tuple[str, ...]:
        """What stands below the balance at that place: the parts of its principal, and the cards that share it."""
        parts = components_zh(self.contents.balances[place].components)
        beside = self.cards_beside[place] if place < len(self.cards_beside) else ""
        return tuple(line for line in (f"本金中：{parts}" if parts else "", beside) if line)

    @property
    def title(self) -> str:
        """The agreement's name, by its kind; of a debt that was sued for, by where that stands."""
        return title_of(self.contents)

    @property
    def is_of_article_70(self) -> bool:
        """Whether it is a plan of Article 70; the other kinds change the card's contract by Civil Code 543."""
        return self.contents.is_of_article_70

    @property
    def settlement_recital(self) -> str:
        """How the paper begins where the debt was sued for; empty otherwise."""
        recital = recital_zh(self.contents.legal) if self.contents.legal.is_in_court else ""
        return for_loan(recital) if self.contents.is_over_loans else recital

    @property
    def goes_on_by(self) -> str:
        """By what the part of the debt that is left out goes on."""
        goes_on = self.contents.legal.goes_on_by_zh
        return for_loan(goes_on) if self.contents.is_over_loans else goes_on

    @property
    def principal_label(self) -> str:
        """What the amount in the plan is called in this kind, or where it holds more than principal."""
        label = PRINCIPAL_LABELS[self.contents.terms.kind] if self.amount_word == "本金" else "列入金额"
        return for_loan(label) if self.contents.is_over_loans else label

    @property
    def amount_word(self) -> str:
        """What is repaid: principal, or the amount put into the plan where it holds more than that."""
        planned = planned_of(self.contents.terms, self.contents.balances)
        return "本金" if planned.is_principal_alone else "列入金额"

    @property
    def planned_parts(self) -> str:
        """Of what the amount in the plan is made; empty where it is principal alone."""
        planned = planned_of(self.contents.terms, self.contents.balances)
        return "" if planned.is_principal_alone else parts_zh(planned)

    @property
    def left_out_fen(self) -> int:
        """What is owed and neither in the plan nor waived."""
        return max(0, left_out_fen(self.contents.terms, self.contents.balances))

    @property
    def method_label(self) -> str:
        """What the way of repaying in parts is called; empty for a single payment."""
        method = self.contents.terms.method
        return METHODS[method] if method else ""

    @property
    def instalments(self) -> tuple[ScheduleRow, ...]:
        """The payments after the down payment."""
        return tuple(row for row in self.contents.schedule.rows if row.number > 0)

    @property
    def last_due_on(self) -> date:
        """When the last payment is due."""
        return self.instalments[-1].due_on

    @property
    def interest_fen(self) -> int:
        """All interest of the schedule."""
        return sum(row.interest_fen for row in self.contents.schedule.rows)

    @property
    def fee_fen(self) -> int:
        """All fees of the schedule."""
        return sum(row.fee_fen for row in self.contents.schedule.rows)

    @property
    def each_payment(self) -> str:
        """What one payment is, in a phrase: level, level but for the last, or from the first to the last."""
        amounts = [row.total_fen for row in self.instalments]
        if len(set(amounts)) == 1:
            return f"{yuan(amounts[0])} 元"
        if len(set(amounts[:-1])) == 1:
            return f"{yuan(amounts[0])} 元（末期 {yuan(amounts[-1])} 元）"
        return f"首期 {yuan(amounts[0])} 元，末期 {yuan(amounts[-1])} 元，各期见第二部分"


def html_of(agreement: AgreementDocument, seal: PaperSeal | None = None) -> str:
    """The agreement as HTML, ready to print; the same values give the same text, which names the `seal`."""
    return html_from("agreement.html", agreement=agreement, digest=content_digest(agreement), seal=seal)
