"""The sentences of an agreement that follow from its terms, in Chinese: what is owed, paid, charged, and missed."""

from collections.abc import Sequence
from dataclasses import replace

from hub.domain.agreement_clauses import ROUNDING_ZH
from hub.domain.amounts import yuan
from hub.domain.balances import Balance, Planned, left_out_fen, planned_of
from hub.domain.china import spoken_day
from hub.domain.labels import IN_PARTS_IN_COURT, METHODS, PLAN_KINDS
from hub.domain.legal_stage import NOT_IN_COURT, LegalStanding
from hub.domain.repayment import Schedule
from hub.domain.terms import Kind, Terms, Waived, last_due_on

_ANNUAL_FEE_CHARGED_ZH = "还款期间照常计收年费。"
_ANNUAL_FEE_WAIVED_ZH = "还款期间不计收年费。"
# The bank's own default clause is one for all kinds.
_GOES_FIRST_ZH = "违约责任与此不一致的，以此为准。"


def balance_zh(terms: Terms, balances: Sequence[Balance], legal: LegalStanding = NOT_IN_COURT) -> str:
    """What of the balance is put into the plan, what the bank gives up, and what is neither."""
    planned = planned_of(terms, balances)
    made = "" if planned.is_principal_alone else f"（{parts_zh(planned)}）"
    of_it = "适用本协议最低还款额" if terms.kind is Kind.LOWER_MINIMUM else "列入本协议还款"
    clauses = [f"上述欠款中，{of_it}的金额为人民币 {yuan(terms.principal_fen)} 元{made}"]
    waived = terms.waived
    if waived.total_fen:
        clauses.append(f"发卡银行减免{parts_zh(waived)}，共人民币 {yuan(waived.total_fen)} 元")
    rest_fen = left_out_fen(terms, balances)
    if rest_fen > 0:
        clauses.append(f"未列入本协议的部分为人民币 {yuan(rest_fen)} 元，仍按照{legal.goes_on_by_zh}处理")
    return "；".join(clauses) + "。" + _condition_zh(terms)


def _condition_zh(terms: Terms) -> str:
    """On what a waiver beside one single payment hangs: the whole sum, by its day."""
    if not terms.kind.is_paid_at_once or not terms.waived.total_fen:
        return ""
    return (
        f"上述减免自应还金额于 {spoken_day(last_due_on(terms))}前（含当日）全额到账时生效；到期没有全额到账的，"
        "不予减免，本协议自次日起失效。"
    )


def parts_zh(parts: Waived | Planned) -> str:
    """The parts that there are, each with its amount."""
    return "、".join(f"{name} {yuan(amount)} 元" for name, amount in _named(parts).items() if amount)


def _names_zh(parts: Planned) -> str:
    return "、".join(name for name, amount in _named(parts).items() if amount)


def _named(parts: Waived | Planned) -> dict[str, int]:
    return {
        "本金": parts.principal_fen,
        "利息": parts.interest_fen,
        "费用": parts.fees_fen,
        "违约金": parts.penalty_fen,
    }


def plan_kind_zh(kind: Kind, legal: LegalStanding) -> str:
    """What the kind of a plan is called; on a debt that was sued for it is none of Article 70's (个性化分期)."""
    return IN_PARTS_IN_COURT if legal.is_in_court and kind.is_in_parts else PLAN_KINDS[kind]


def payments_zh(terms: Terms, schedule: Schedule, legal: LegalStanding) -> str:
    """Period, method, currency, dates and amounts in words; every row stands in the schedule beside it."""
    total = f"还款币种为人民币，合计 {yuan(schedule.total_fen)} 元，各期日期和金额见还款计划表。"
    match terms.kind:
        case Kind.SETTLEMENT:
            return f"还款方式为{PLAN_KINDS[terms.kind]}：于 {spoken_day(terms.first_due_on)}一次还清。{total}"
        case Kind.DEFERRAL:
            return (
                f"还款方式为{PLAN_KINDS[terms.kind]}：原定于 {spoken_day(terms.first_due_on)}归还的款项，"
                f"延期 {terms.months} 个月，于 {spoken_day(last_due_on(terms))}一次还清。{total}"
            )
        case Kind.LOWER_MINIMUM:
            return (
                f"还款方式为{PLAN_KINDS[terms.kind]}：自 {spoken_day(terms.first_due_on)}起的 {terms.months} 期账单，"
                f"每月一期，至 {spoken_day(last_due_on(terms))}止，每期最低还款额为当期账单中适用本协议的应还金额的 "
                f"{terms.minimum_percent:.2f}%。还款币种为人民币。"
                "本协议自最后一期账单的最低还款额还清时履行完毕，此后的最低还款额按照原信用卡领用合约计算；"
                "其他约定与此不一致的，以此为准。"
            )
        case Kind.INSTALMENTS | Kind.REDUCTION:
            down_payment = ""
            if terms.down_payment_fen and schedule.rows:
                due_on = schedule.rows[0].due_on
                down_payment = f"签署后，于 {spoken_day(due_on)}前（含当日）先还 {yuan(terms.down_payment_fen)} 元；"
            method = METHODS[terms.method] if terms.method else ""
            kind = plan_kind_zh(terms.kind, legal)
            return (
                f"还款方式为{kind}（{method}）：{down_payment}"
                f"每月一期，共 {terms.instalments} 期，"
                f"自 {spoken_day(terms.first_due_on)}起至 {spoken_day(last_due_on(terms))}止；"
                f"当月没有对应日期的，为当月最后一日。{total}{ROUNDING_ZH}"
            )


def charges_zh(
    terms: Terms,
    schedule: Schedule,
    balances: Sequence[Balance],
    *,
    annual_fee_during_plan: bool | None,
    fee_name: str,
    early_fee: bool,
) -> str:
    """Whether annual fee, interest and other fees run on, and what the plan costs a year.

    Nothing is said of an annual fee where that is None: a loan has none.
    """
    annual_fee = _ANNUAL_FEE_CHARGED_ZH if annual_fee_during_plan else _ANNUAL_FEE_WAIVED_ZH
    annual_fee = "" if annual_fee_during_plan is None else annual_fee
    if terms.kind is Kind.LOWER_MINIMUM:
        rate = "" if terms.annual_rate_percent is None else f"按该卡年利率 {terms.annual_rate_percent:.2f}% 照常计收，"
        rate = rate or "和"
        return f"{annual_fee}未还部分的利息{rate}其他费用按照原信用卡领用合约计收。"
    interest = "还款期间对列入本协议的欠款不计收利息。"
    if terms.annual_rate_percent:
        interest_fen = sum(row.interest_fen for row in schedule.rows)
        period = ""
        if terms.months:
            until = spoken_day(last_due_on(terms))
            period = f"，自 {spoken_day(terms.first_due_on)}起至 {until}止共 {terms.months} 个月，不计复利"
        others = _names_zh(replace(planned_of(terms, balances), principal_fen=0))
        interest = (
            f"还款期间按年利率 {terms.annual_rate_percent:.2f}%（合同利率，每月为其十二分之一{period}）计收利息，"
            f"共 {yuan(interest_fen)} 元。" + (f"列入本协议的{others}与本金一并计息。" if others else "")
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
        if schedule.annual_cost.by_dates_percent is not None:
            cost += (
                "还款日与按月计算的日期相差超过三天，按实际还款日期计算的年化利率（复利）为 "
                f"{schedule.annual_cost.by_dates_percent:.2f}%。"
            )
    return f"{annual_fee}{interest}{fees}{cost}"


def missed_payment_zh(terms: Terms, void_after_missed: int) -> str:
    """What follows where a payment does not come in full by its day."""
    if terms.kind.is_paid_at_once:
        waivers = "约定的减免不生效，" if terms.waived.total_fen else ""
        return (
            f"应还金额没有于 {spoken_day(last_due_on(terms))}前（含当日）全额到账的，{waivers}本协议自次日起失效；"
            "已经归还的款项继续有效。还款有困难的，请在还款日之前联系发卡银行，双方可以重新协商。"
            f"{_GOES_FIRST_ZH}"
        )
    return (
        "某一期没有按时足额还款的，请尽快补上，并联系发卡银行说明情况；补足后，本协议继续有效。"
        f"到期未还且尚未补足的还款累计达到 {void_after_missed} 期的，发卡银行可以书面通知终止本协议，"
        "并可以恢复对未还欠款的催收。"
        f"{_GOES_FIRST_ZH}"
    )
