"""What an agreement must say: the six things of Article 70, from terms, schedule, balances and bank settings.

The article is of 《商业银行信用卡业务监督管理办法》 (银监会令 2011 年第 2 号). Clauses are in Chinese.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated

from cattrs import override

from hub.domain import agreement_sentences as sentences
from hub.domain.agreement_clauses import (
    DEFAULT_CLAUSE_AT_ONCE_ZH,
    DEFAULT_CLAUSE_ZH,
    PROMISE_ZH,
    RIGHTS_AND_DUTIES_ZH,
    SIGNATURE_ZH,
    VOID_AFTER_MISSED_MARK,
)
from hub.domain.amounts import owed_fen
from hub.domain.balances import Balance
from hub.domain.clauses import FEE_NAME_ZH, Clauses
from hub.domain.errors import InvalidValue
from hub.domain.legal_stage import NOT_IN_COURT, LegalStanding, proceedings_zh
from hub.domain.loan_wording import for_loan
from hub.domain.repayment import Schedule
from hub.domain.terms import MAX_INSTALMENTS, Kind, Terms

# A loan's plan changes the contract that there is; it is no new loan.
_EXTENSION_ZH = "以上是对原借款合同还款期限和金额的变更，不是新发放的贷款；没有变更的约定继续有效。"


class Part(StrEnum):
    """The six things of Article 70, in its order."""

    BALANCE = "balance"  # 欠款余额、结构、币种
    PAYMENTS = "payments"  # 还款周期、方式、币种、日期和每期还款金额
    CHARGES = "charges"  # 还款期间是否计收年费、利息和其他费用
    PROMISE = "promise"  # 不得向任何银行申领信用卡的承诺
    DEFAULT_CLAUSE = "default_clause"  # 双方的权利义务和违约责任
    OTHER = "other"  # 与还款有关的其他事项


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The bank's own words and rules that an offer was made under, whatever the bank sets later."""

    default_clause: str
    payment_instructions: str
    void_after_missed: int
    annual_fee_during_plan: bool


def texts_of(texts: Texts, kind: Kind, *, rows: int) -> Texts:
    """`texts` as they hold for an agreement of so many payments: a number in every place, and never above `rows`.

    What is paid at once has a standard default clause of its own.

    Raises InvalidValue where `void_after_missed` is below 1.
    """
    if texts.void_after_missed < 1:
        raise InvalidValue("out_of_range", min=1, max=MAX_INSTALMENTS)
    missed = min(texts.void_after_missed, rows)
    at_once = {
        DEFAULT_CLAUSE_ZH: DEFAULT_CLAUSE_AT_ONCE_ZH,
        for_loan(DEFAULT_CLAUSE_ZH): for_loan(DEFAULT_CLAUSE_AT_ONCE_ZH),
    }
    clause = at_once.get(texts.default_clause, texts.default_clause) if kind.is_paid_at_once else texts.default_clause
    return replace(
        texts,
        void_after_missed=missed,
        default_clause=clause.replace(VOID_AFTER_MISSED_MARK, str(missed)).strip(),
        payment_instructions=texts.payment_instructions.strip(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementContents:
    """All that an agreement says; complete when `missing_parts` names nothing."""

    balances: tuple[Balance, ...]
    terms: Terms
    schedule: Schedule
    balance_zh: str
    payments_zh: str
    annual_fee_during_plan: bool
    charges_zh: str
    promise_zh: str
    rights_and_duties_zh: str
    default_clause_zh: str
    payment_instructions_zh: str
    signature_zh: str
    missed_payment_zh: str
    # None in what was signed before offers carried their texts: there the bank's setting counts.
    void_after_missed: int | None = None
    # None in what was offered before offers carried clauses.
    clauses: Clauses | None = None
    # Where the debt stood in court when the offer was made; with it, what becomes of the proceedings.
    legal: LegalStanding = NOT_IN_COURT
    proceedings_zh: str = ""
    # How much may lack of a row that counts as paid, by the bank's setting of the day of signing; None before it was
    # kept. What counted as paid must not be owed again because the bank thinks otherwise later.
    tolerance_fen: Annotated[int | None, override(omit_if_default=True)] = None

    @property
    def is_of_article_70(self) -> bool:
        """Whether it is a plan of Article 70; all else changes the card's contract, or settles beside a court."""
        return not self.is_over_loans and is_of_article_70(self.terms, self.legal)

    @property
    def is_over_loans(self) -> bool:
        """Whether it is over loans, and so not over cards."""
        return any(each.is_loan for each in self.balances)

    @property
    def balance_total_fen(self) -> int:
        """All that is owed on the cards of the agreement."""
        return owed_fen(self.balances)


def is_of_article_70(terms: Terms, legal: LegalStanding) -> bool:
    """Whether terms over cards are a plan of Article 70: repaid in parts, and not sued for."""
    return terms.kind.is_in_parts and not legal.is_in_court


def contents_of(
    *,
    terms: Terms,
    schedule: Schedule,
    balances: Sequence[Balance],
    texts: Texts,
    clauses: Clauses | None = None,
    legal: LegalStanding = NOT_IN_COURT,
) -> AgreementContents:
    """What an agreement on `terms` says, with the bank's own texts as `texts_of` gives them.

    `terms` have no faults and `schedule` is theirs. Empty texts or balances are taken: `missing_parts` names them.
    """
    is_over_loans = any(each.is_loan for each in balances)
    made = AgreementContents(
        balances=tuple(balances),
        terms=terms,
        schedule=schedule,
        balance_zh=sentences.balance_zh(terms, balances, legal),
        payments_zh=sentences.payments_zh(terms, schedule, legal),
        annual_fee_during_plan=texts.annual_fee_during_plan,
        charges_zh=sentences.charges_zh(
            terms,
            schedule,
            balances,
            annual_fee_during_plan=None if is_over_loans else texts.annual_fee_during_plan,
            fee_name=clauses.fee_name if clauses else FEE_NAME_ZH,
            early_fee=clauses is not None and clauses.early_repayment_fee,
        ),
        promise_zh=PROMISE_ZH if promises_no_new_card(terms.kind, legal, is_over_loans=is_over_loans) else "",
        rights_and_duties_zh=clauses.rights_and_duties if clauses else RIGHTS_AND_DUTIES_ZH,
        default_clause_zh=texts.default_clause,
        payment_instructions_zh=texts.payment_instructions,
        signature_zh=clauses.signature if clauses else SIGNATURE_ZH,
        missed_payment_zh=sentences.missed_payment_zh(terms, texts.void_after_missed),
        void_after_missed=texts.void_after_missed,
        clauses=clauses,
        legal=legal,
        proceedings_zh=proceedings_zh(legal),
    )
    return _worded_for_loans(made) if is_over_loans else made


def _worded_for_loans(made: AgreementContents) -> AgreementContents:
    """The same in the words of a loan, changed by Civil Code 543; texts and clauses are of loans already."""
    own = "" if made.clauses is None else made.clauses.rights_and_duties
    return replace(
        made,
        balance_zh=for_loan(made.balance_zh),
        payments_zh=for_loan(made.payments_zh) + _EXTENSION_ZH,
        charges_zh=for_loan(made.charges_zh),
        rights_and_duties_zh=own or for_loan(made.rights_and_duties_zh),
        default_clause_zh=for_loan(made.default_clause_zh),
        signature_zh=for_loan(made.signature_zh),
        missed_payment_zh=for_loan(made.missed_payment_zh),
        proceedings_zh=for_loan(made.proceedings_zh),
    )


def promises_no_new_card(kind: Kind, legal: LegalStanding, *, is_over_loans: bool) -> bool:
    """Whether who signs promises not to ask for a new card before all is paid; over loans nobody does.

    A lowered minimum never ends with all being paid; what was sued for is no plan of Article 70.
    """
    return not is_over_loans and kind is not Kind.LOWER_MINIMUM and not legal.is_in_court


def missing_parts(contents: AgreementContents) -> list[str]:
    """The codes of the parts that are empty or incomplete, in the order of Article 70.

    An offer with any of them may not open, and no agreement be made of it.
    """
    complete = {
        Part.BALANCE: contents.balance_total_fen > 0 and _has_words(contents.balance_zh),
        Part.PAYMENTS: _payments_are_complete(contents),
        Part.CHARGES: _has_words(contents.charges_zh),
        Part.PROMISE: _has_words(contents.promise_zh)
        or not promises_no_new_card(contents.terms.kind, contents.legal, is_over_loans=contents.is_over_loans),
        Part.DEFAULT_CLAUSE: _has_words(contents.rights_and_duties_zh, contents.default_clause_zh),
        Part.OTHER: _has_words(contents.payment_instructions_zh, contents.signature_zh, contents.missed_payment_zh),
    }
    return [part for part in Part if not complete[part]]


def _has_words(*texts: str) -> bool:
    return all(text.strip() for text in texts)


def _payments_are_complete(contents: AgreementContents) -> bool:
    """Whether every payment is named; for a lowered minimum the text says percent and months instead."""
    if contents.terms.kind is not Kind.LOWER_MINIMUM:
        planned_fen = sum(row.principal_fen for row in contents.schedule.rows)
        if planned_fen != contents.terms.principal_fen:
            return False
    return _has_words(contents.payments_zh)
