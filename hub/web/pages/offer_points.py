"""What an offer comes to, point by point, as its person reads it before signing; the paper has the same order."""

from decimal import Decimal

from hub.domain.balances import Planned
from hub.domain.plain import Plain, from_plain, to_plain
from hub.domain.repayment import Schedule, monthly_interest_fen
from hub.domain.terms import Kind
from hub.services.reading.cardholder.offers import OwnOffer
from hub.web.pages.formats import day, yuan
from hub.web.pages.translation import translate

Points = list[tuple[str, str]]


def points_of(offer: OwnOffer, schedule: Schedule) -> Points:
    """(name, value) of each point; `schedule` is that of the offer signed today."""
    terms = offer.terms
    return [
        *_of_the_debt(offer),
        *_of_the_cost(offer, schedule),
        *_of_the_payments(offer, schedule),
        *([] if terms["kind"] == Kind.LOWER_MINIMUM else [(translate("一共要还"), yuan(schedule.total_fen))]),
    ]


def _of_the_debt(offer: OwnOffer) -> Points:
    planned = yuan(offer.terms["principal_fen"])
    if offer.is_mixed:
        planned = translate("%(amount)s（%(parts)s）", amount=planned, parts=_parts(offer.planned))
    name = translate("适用的欠款") if offer.figures.kind is Kind.LOWER_MINIMUM else translate("列入方案的金额")
    points = [(name, planned)]
    if offer.left_out_fen:
        left = translate("%(amount)s，仍按原来的合约处理", amount=yuan(offer.left_out_fen))
        points.append((translate("没有列入方案的欠款"), left))
    if offer.figures.waived_fen:
        waived = translate(
            "%(amount)s（%(parts)s）", amount=yuan(offer.figures.waived_fen), parts=_parts(offer.terms["waived"])
        )
        if offer.figures.kind.is_paid_at_once:
            waived += translate("；到期前全额还清才生效")
        points.append((translate("银行减免"), waived))
    return points


def _of_the_cost(offer: OwnOffer, schedule: Schedule) -> Points:
    points = []
    if offer.figures.fee_fen:
        points.append((translate("费用"), yuan(offer.figures.fee_fen)))
    rate = offer.terms.get("annual_rate_percent")
    if rate is not None and offer.figures.kind is Kind.LOWER_MINIMUM:
        interest = monthly_interest_of(offer.terms)
        points.append(
            (
                translate("年利率"),
                translate(
                    "%(rate)s%%（这张卡的利率，照常计收；按现在的欠款估算，利息每月约 %(interest)s）",
                    rate=rate,
                    interest=yuan(interest),
                ),
            )
        )
    elif rate is not None:
        points.append((translate("年利率"), translate("%(rate)s%%（合同利率）", rate=rate)))
    cost = schedule.annual_cost
    if cost is not None:
        both = (
            f"{cost.nominal_percent}%{translate('（单利）')}{translate('，')}"
            f"{cost.effective_percent}%{translate('（复利）')}"
        )
        points.append((translate("综合年化成本"), both))
        if cost.by_dates_percent is not None:
            points.append((translate("按实际还款日期的年化成本"), by_dates_words(cost.by_dates_percent)))
    return points


def by_dates_words(percent: Decimal | str) -> str:
    """The cost by dates, and what it counts other than the one by months."""
    return translate("%(percent)s%%（复利；第一期的长短不是一个月，按实际天数计算）", percent=percent)


def monthly_interest_of(terms: Plain) -> int:
    """About what a month's interest is where the card's own rate runs on: on what is owed now."""
    return monthly_interest_fen(terms["principal_fen"], Decimal(terms["annual_rate_percent"]))


def _of_the_payments(offer: OwnOffer, schedule: Schedule) -> Points:
    points = []
    rows = [row for row in schedule.rows if row.number != 0]
    if offer.figures.kind is Kind.LOWER_MINIMUM:
        points.append((translate("从哪天开始"), day(offer.terms["first_due_on"])))
    elif offer.figures.kind is Kind.DEFERRAL:
        points.append((translate("从哪天起延后"), day(offer.terms["first_due_on"])))
    if rows:
        name = translate("首次还款") if offer.figures.kind.is_in_parts else translate("还款日")
        amount = translate("%(day)s，%(amount)s", day=day(rows[0].due_on), amount=yuan(rows[0].total_fen))
        points.append((name, amount))
    for row in schedule.rows:
        if row.number == 0:
            down = translate(
                "%(amount)s，签署后 %(n)s 个工作日内（今天签署，就是 %(day)s前）",
                amount=yuan(row.total_fen),
                n=offer.down_payment_days,
                day=day(row.due_on),
            )
            points.append((translate("签署后先还"), down))
    return points


def _parts(amounts: Plain) -> str:
    names = {
        "principal_fen": translate("本金"),
        "interest_fen": translate("利息"),
        "fees_fen": translate("费用"),
        "penalty_fen": translate("违约金"),
    }
    return translate("，").join(f"{name} {yuan(amounts[part])}" for part, name in names.items() if amounts[part])


def is_mixed(planned: Plain) -> bool:
    """Whether the amount in a plan holds more than principal."""
    return not from_plain(Planned, planned).is_principal_alone


def rows_view(schedule: Schedule) -> list[Plain]:
    """The rows as the API spells them, for the table of a plan."""
    rows: list[Plain] = to_plain(list(schedule.rows))
    return rows
