"""Open offers beside each other: the same rows of each, with what is other than in the bank's offer before it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hub.domain.terms import Kind
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.reading.cardholder.offers import OwnOffer
from hub.web.pages.display_names import plan_word
from hub.web.pages.formats import day, moment, yuan
from hub.web.pages.my.negotiation_page import bank_name
from hub.web.pages.offer_points import by_dates_words
from hub.web.pages.translation import translate


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One row of an offer. `mark` says how it differs: from the same bank's offer before it, or from all others."""

    name: str
    value: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedOffer:
    """An open offer with its rows, which have the same names and order in every offer."""

    bank: str
    negotiation: OwnNegotiation
    offer: OwnOffer
    is_newest_of_several: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A row: its name, how an offer's value reads, and by what figure two are compared, if by any.

    `less_is_better` is None where neither is.
    """

    name: str
    value: Callable[[OwnOffer], str]
    figure: Callable[[OwnOffer], int | Decimal | None] = lambda _: None
    unit: Callable[[int | Decimal], str] = str
    less_is_better: bool | None = None


def compared(negotiations: Sequence[OwnNegotiation]) -> list[ComparedOffer]:
    """The bank's open offers of all negotiations, the newest first within each."""
    every = [(each, offer) for each in negotiations for offer in each.open_offers]
    rows = _rows()
    return [
        ComparedOffer(
            bank=bank_name(negotiation),
            negotiation=negotiation,
            offer=offer,
            is_newest_of_several=len(negotiation.open_offers) > 1 and offer is negotiation.open_offers[0],
            cells=tuple(
                Cell(
                    name=row.name,
                    value=row.value(offer),
                    mark=_mark(row, offer, _before(negotiation, offer), [each for _, each in every]),
                )
                for row in rows
            ),
        )
        for negotiation, offer in every
    ]


def _before(negotiation: OwnNegotiation, offer: OwnOffer) -> OwnOffer | None:
    """The bank's open offer that came before this one."""
    place = negotiation.open_offers.index(offer)
    older = negotiation.open_offers[place + 1 :]
    return older[0] if older else None


def _mark(row: _Row, offer: OwnOffer, before: OwnOffer | None, every: Sequence[OwnOffer]) -> str:
    marks = []
    figure = row.figure(offer)
    if before is not None:
        marks.append(_change(row, figure, row.figure(before), is_same=row.value(offer) == row.value(before)))
    figures = [found for each in every if (found := row.figure(each)) is not None]
    if figure is not None and row.less_is_better is not None and len(figures) > 1 and min(figures) != max(figures):
        if figure == min(figures):
            marks.append(translate("各方案中最低"))
        elif figure == max(figures):
            marks.append(translate("各方案中最高"))
    return translate("；").join(mark for mark in marks if mark)


def _change(row: _Row, figure: int | Decimal | None, earlier: int | Decimal | None, *, is_same: bool) -> str:
    if is_same:
        return ""
    if figure is None or earlier is None or figure == earlier:
        return translate("和上一个方案不同")
    amount = row.unit(max(figure, earlier) - min(figure, earlier))
    return (
        translate("比上一个方案多 %(amount)s", amount=amount)
        if figure > earlier
        else translate("比上一个方案少 %(amount)s", amount=amount)
    )


def _rows() -> tuple[_Row, ...]:
    return (
        _Row(name=translate("方式"), value=_kind),
        _Row(
            name=translate("每月"),
            value=_monthly,
            figure=lambda offer: offer.figures.monthly_fen,
            unit=_yuan,
            less_is_better=True,
        ),
        _Row(name=translate("期数"), value=_terms, figure=_count, unit=_count_words),
        _Row(name=translate("首次还款"), value=lambda offer: day(offer.terms["first_due_on"])),
        _Row(
            name=translate("签署后先还"),
            value=lambda offer: _amount(offer.terms.get("down_payment_fen") or 0),
            figure=lambda offer: offer.terms.get("down_payment_fen") or 0,
            unit=_yuan,
        ),
        *_cost_rows(),
        _Row(
            name=translate("减免"),
            value=_waived,
            figure=lambda offer: offer.figures.waived_fen,
            unit=_yuan,
        ),
        _Row(
            name=translate("没有列入方案的欠款"),
            value=lambda offer: _amount(offer.left_out_fen),
            figure=lambda offer: offer.left_out_fen,
            unit=_yuan,
            less_is_better=True,
        ),
        _Row(
            name=translate("有效期至"),
            value=_until,
        ),
    )


def _cost_rows() -> tuple[_Row, ...]:
    return (
        _Row(
            name=translate("综合年化成本"),
            value=_cost,
            figure=_effective,
            unit=lambda percent: f"{percent}%",
            less_is_better=True,
        ),
        _Row(
            name=translate("总利息"),
            value=lambda offer: _unless_open(offer, offer.figures.interest_fen),
            figure=lambda offer: None if _is_open(offer) else offer.figures.interest_fen,
            unit=_yuan,
            less_is_better=True,
        ),
        _Row(
            name=translate("费用"),
            value=lambda offer: _amount(offer.figures.fee_fen),
            figure=lambda offer: offer.figures.fee_fen,
            unit=_yuan,
        ),
        _Row(
            name=translate("一共要还"),
            value=lambda offer: _unless_open(offer, offer.total_fen),
            figure=lambda offer: None if _is_open(offer) else offer.total_fen,
            unit=_yuan,
        ),
    )


def _until(offer: OwnOffer) -> str:
    return "" if offer.valid_until is None else moment(offer.valid_until)


def _yuan(fen: int | Decimal) -> str:
    return yuan(int(fen))


def _amount(fen: int) -> str:
    return yuan(fen) if fen else translate("没有")


def _is_open(offer: OwnOffer) -> bool:
    """Whether nobody knows what it comes to: a lowered minimum goes by the card's bills."""
    return offer.figures.kind is Kind.LOWER_MINIMUM


def _unless_open(offer: OwnOffer, fen: int) -> str:
    return translate("按账单，事先不知道") if _is_open(offer) else _amount(fen)


def _kind(offer: OwnOffer) -> str:
    return plan_word(offer.figures.kind, offer.legal)


def _monthly(offer: OwnOffer) -> str:
    monthly_fen, first = offer.figures.monthly_fen, offer.figures.first
    if monthly_fen is not None:
        return yuan(monthly_fen)
    if _is_open(offer):
        return translate("最低还款额 %(percent)s%%", percent=offer.terms["minimum_percent"])
    return translate("一次还 %(amount)s", amount=yuan(first["total_fen"] if first is not None else 0))


def _count(offer: OwnOffer) -> int | None:
    return offer.figures.payments if offer.figures.kind.is_in_parts else None


def _count_words(count: int | Decimal) -> str:
    return translate("%(n)s 期", n=int(count))


def _terms(offer: OwnOffer) -> str:
    if offer.figures.kind.is_in_parts:
        return translate("%(n)s 期", n=offer.figures.payments)
    if offer.figures.kind is Kind.SETTLEMENT:
        return translate("一次还清")
    return translate("%(n)s 个月", n=offer.figures.payments)


def _effective(offer: OwnOffer) -> Decimal | None:
    if offer.annual_cost is None:
        return None
    by_dates = offer.annual_cost["by_dates_percent"]
    return Decimal(by_dates if by_dates is not None else offer.annual_cost["effective_percent"])


def _cost(offer: OwnOffer) -> str:
    cost = offer.annual_cost
    if cost is None:
        rate = offer.terms.get("annual_rate_percent")
        return translate("%(rate)s%%（这张卡的利率，照常计收）", rate=rate) if rate else translate("没有")
    both = (
        f"{cost['nominal_percent']}%{translate('（单利）')}{translate('，')}"
        f"{cost['effective_percent']}%{translate('（复利）')}"
    )
    if cost["by_dates_percent"] is None:
        return both
    return both + translate("；按实际还款日期 %(cost)s", cost=by_dates_words(cost["by_dates_percent"]))


def _waived(offer: OwnOffer) -> str:
    words = _amount(offer.figures.waived_fen)
    if offer.figures.waived_fen and offer.figures.kind.is_paid_at_once:
        words += translate("；到期前全额还清才生效")
    return words
