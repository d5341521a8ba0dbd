"""What an agreement must say: the six things of Article 70, from terms, schedule, balances and bank settings.

The article is of 《商业银行信用卡业务监督管理办法》 (银监会令 2011 年第 2 号). Clauses are in Chinese.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from hub.domain.agreement_clauses import (
    DEFAULT_CLAUSE_AT_ONCE_ZH,
    DEFAULT_CLAUSE_ZH,
    PROMISE_ZH,
    RIGHTS_AND_DUTIES_ZH,
    ROUNDING_ZH,
    SIGNATURE_ZH,
    VOID_AFTER_MISSED_MARK,
)
from hub.domain.amounts import owed_fen, yuan
from hub.domain.balances import Balance, Planned, left_out_fen, planned_of
from hub.domain.clauses import FEE_NAME_ZH, Clauses
from hub.domain.errors import InvalidValue
from hub.domain.labels import METHODS, PLAN_KINDS
from hub.domain.legal_stage import NOT_IN_COURT, LegalStanding, proceedings_zh
from hub.domain.repayment import Schedule
from hub.domain.terms import MAX_INSTALMENTS, Kind, Terms, Waived, last_due_on

_ANNUAL_FEE_CHARGED_ZH = "还款期间照常计收年费。"
_ANNUAL_FEE_WAIVED_ZH = "还款期间不计收年费。"
# The bank's own default clause is one for all kinds.
_GOES_FIRST_ZH = "违约责任与此不一致的，以此为准。"


# One payment is the whole plan: there is no second one to miss.
PAID_AT_ONCE = frozenset({Kind.SETTLEMENT, Kind.DEFERRAL})


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
    is_standard = texts.default_clause == DEFAULT_CLAUSE_ZH
    clause = DEFAULT_CLAUSE_AT_ONCE_ZH if is_standard and kind in PAID_AT_ONCE else texts.default_clause
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

    @property
    def is_of_article_70(self) -> bool:
        """Whether it is a plan of Article 70; all else changes the card's contract, or settles beside a court."""
        return is_of_article_70(self.terms, self.legal)

    @property
    def balance_total_fen(self) -> int:
        """All that is owed on the cards of the agreement."""
        return owed_fen(self.balances)


def is_of_article_70(terms: Terms, legal: LegalStanding) -> bool:
    """Whether terms are a plan of Article 70: repaid in parts, and not sued for."""
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
    return AgreementContents(
        balances=tuple(balances),
        terms=terms,
        schedule=schedule,
        balance_zh=_balance_zh(terms, balances),
        payments_zh=_payments_zh(terms, schedule, legal),
        annual_fee_during_plan=texts.annual_fee_during_plan,
        charges_zh=_charges_zh(
            terms,
            schedule,
            annual_fee_during_plan=texts.annual_fee_during_plan,
            fee_name=clauses.fee_name if clauses else FEE_NAME_ZH,
            early_fee=clauses is not None and clauses.early_repayment_fee,
        ),
        promise_zh=PROMISE_ZH if _has_promise(terms, legal) else "",
        rights_and_duties_zh=clauses.rights_and_duties if clauses else RIGHTS_AND_DUTIES_ZH,
        default_clause_zh=texts.default_clause,
        payment_instructions_zh=texts.payment_instructions,
        signature_zh=clauses.signature if clauses else SIGNATURE_ZH,
        missed_payment_zh=_missed_payment_zh(terms, texts.void_after_missed),
        void_after_missed=texts.void_after_missed,
        clauses=clauses,
        legal=legal,
        proceedings_zh=proceedings_zh(legal),
    )


def _has_promise(terms: Terms, legal: LegalStanding) -> bool:
    # A lowered minimum never ends with all being paid; what was sued for is no plan of Article 70.
    return terms.kind is not Kind.LOWER_MINIMUM and not legal.is_in_court


def missing_parts(contents: AgreementContents) -> list[str]:
    """The codes of the parts that are empty or incomplete, in the order of Article 70.

    An offer with any of them may not open, and no agreement be made of it.
    """
    complete = {
        Part.BALANCE: contents.balance_total_fen > 0 and _has_words(contents.balance_zh),
        Part.PAYMENTS: _payments_are_complete(contents),
        Part.CHARGES: _has_words(contents.charges_zh),
        Part.PROMISE: not _has_promise(contents.terms, contents.legal) or _has_words(contents.promise_zh),
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


def _balance_zh(terms: Terms, balances: Sequence[Balance]) -> str:
    """What of the balance is put into the plan, what the bank gives up, and what is neither."""
    planned = planned_of(terms, balances)
    made = "" if planned.is_principal_alone else f"（{_parts_zh(planned)}）"
    of_it = "适用本协议最低还款额" if terms.kind is Kind.LOWER_MINIMUM else "列入本协议还款"
    clauses = [f"上述欠款中，{of_it}的金额为人民币 {yuan(terms.principal_fen)} 元{made}"]
    waived = terms.waived
    if waived.total_fen:
        clauses.append(f"发卡银行减免{_parts_zh(waived)}，共 {yuan(waived.total_fen)} 元")
    rest_fen = left_out_fen(terms, balances)
    if rest_fen > 0:
        clauses.append(f"未列入本协议的部分为 {yuan(rest_fen)} 元，仍按照原信用卡领用合约处理")
    return "；".join(clauses) + "。" + _condition_zh(terms)


def _condition_zh(terms: Terms) -> str:
    """On what a waiver beside one single payment hangs: the whole sum, by its day."""
    if terms.kind not in PAID_AT_ONCE or not terms.waived.total_fen:
        return ""
    return (
        f"上述减免自应还金额于 {_day(last_due_on(terms))}前（含当日）全额到账时生效；到期没有全额到账的，不予减免，"
        "本协议自次日起失效。"
    )


def _parts_zh(parts: Waived | Planned) -> str:
    amounts = {
        "本金": parts.principal_fen,
        "利息": parts.interest_fen,
        "费用": parts.fees_fen,
        "违约金": parts.penalty_fen,
    }
    return "、".join(f"{name} {yuan(amount)} 元" for name, amount in amounts.items() if amount)


def _payments_zh(terms: Terms, schedule: Schedule, legal: LegalStanding) -> str:
    """Period, method, currency, dates and amounts in words; every row stands in the schedule beside it."""
    total = f"还款币种为人民币，合计 {yuan(schedule.total_fen)} 元，各期日期和金额见还款计划表。"
    match terms.kind:
        case Kind.SETTLEMENT:
            return f"还款方式为{PLAN_KINDS[terms.kind]}：于 {_day(terms.first_due_on)}一次还清。{total}"
        case Kind.DEFERRAL:
            return f"还款方式为{PLAN_KINDS[terms.kind]}：于 {_day(last_due_on(terms))}一次还清。{total}"
        case Kind.LOWER_MINIMUM:
            return (
                f"还款方式为{PLAN_KINDS[terms.kind]}：自 {_day(terms.first_due_on)}起的 {terms.months} 期账单，"
                f"每月一期，至 {_day(last_due_on(terms))}止，每期最低还款额为当期账单应还金额的 "
                f"{terms.minimum_percent:.2f}%。还款币种为人民币。"
            )
        case Kind.INSTALMENTS | Kind.REDUCTION:
            down_payment = ""
            if terms.down_payment_fen and schedule.rows:
                due_on = schedule.rows[0].due_on
                down_payment = f"签署后，于 {_day(due_on)}前（含当日）先还 {yuan(terms.down_payment_fen)} 元；"
            method = METHODS[terms.method] if terms.method else ""
            # 个性化分期 is what Article 70 calls its own plan.
            kind = "分期还款" if legal.is_in_court else PLAN_KINDS[terms.kind]
            return (
                f"还款方式为{kind}（{method}）：{down_payment}"
                f"每月一期，共 {terms.instalments} 期，"
                f"自 {_day(terms.first_due_on)}起至 {_day(last_due_on(terms))}止；"
                f"当月没有对应日期的，为当月最后一日。{total}{ROUNDING_ZH}"
            )


def _charges_zh(
    terms: Terms, schedule: Schedule, *, annual_fee_during_plan: bool, fee_name: str, early_fee: bool
) -> str:
    """Whether annual fee, interest and other fees run on, and what the plan costs a year."""
    annual_fee = _ANNUAL_FEE_CHARGED_ZH if annual_fee_during_plan else _ANNUAL_FEE_WAIVED_ZH
    if terms.kind is Kind.LOWER_MINIMUM:
        rate = "" if terms.annual_rate_percent is None else f"按该卡年利率 {terms.annual_rate_percent:.2f}% 照常计收，"
        rate = rate or "和"
        return f"{annual_fee}未还部分的利息{rate}其他费用按照原信用卡领用合约计收。"
    interest = "还款期间对列入本协议的欠款不计收利息。"
    if terms.annual_rate_percent:
        interest_fen = sum(row.interest_fen for row in schedule.rows)
        period = f"，共 {terms.months} 个月，不计复利" if terms.months else ""
        interest = (
            f"还款期间按年利率 {terms.annual_rate_percent:.2f}%（每月为其十二分之一{period}）计收利息，"
            f"共 {yuan(interest_fen)} 元。"
        )
    fees = "按期还款的，还款期间不计收违约金和其他费用。"
    if terms.fee_fen:
        fees = f"随各期收取{fee_name}，共 {yuan(terms.fee_fen)} 元；除此之外，{fees}"
    if early_fee:
        fees += "提前还款的费用，按照“提前还款”的约定。"
    cost = ""
    if schedule.annual_cost is not None:
        cost = (
            f"按内部收益率计算的年化利率为 {schedule.annual_cost.nominal_percent:.2f}%"
            f"（月内部收益率乘以十二），按复利折算为 {schedule.annual_cost.effective_percent:.2f}%。"
        )
    return f"{annual_fee}{interest}{fees}{cost}"


def _missed_payment_zh(terms: Terms, void_after_missed: int) -> str:
    if terms.kind in PAID_AT_ONCE:
        waivers = "约定的减免不生效，" if terms.waived.total_fen else ""
        return (
            f"应还金额没有于 {_day(last_due_on(terms))}前（含当日）全额到账的，{waivers}本协议自次日起失效；"
            "已经归还的款项继续有效。还款有困难的，请在还款日之前联系发卡银行，双方可以重新协商。"
            f"{_GOES_FIRST_ZH}"
        )
    return (
        "某一期没有按时足额还款的，请尽快补上，并联系发卡银行说明情况；补足后，本协议继续有效。"
        f"到期未还且尚未补足的还款累计达到 {void_after_missed} 期的，发卡银行可以书面通知终止本协议，"
        "并可以恢复对未还欠款的催收。"
        f"{_GOES_FIRST_ZH}"
    )


def _day(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
