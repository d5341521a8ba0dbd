"""`/calculator`: what a card debt costs by each way to repay it, for everybody.

What was typed is in the answer alone: no session, cookie, draft, row or log line has any of it, nor has the address.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, Response, request

from hub.domain.actor import HUB
from hub.domain.calculation import Question, Way, WayKind, ways_of
from hub.domain.card_debt import CardTerms
from hub.domain.plain import to_plain
from hub.services.reading.directory import PublishedCard, published_cards
from hub.web.access import face, public
from hub.web.catalogue import marked
from hub.web.limits import CALCULATIONS, caller_address
from hub.web.pages.cost_chart import HEIGHT, WIDTH, chart_of
from hub.web.pages.field_names import FormFields
from hub.web.pages.forms import FormState, filled, read_form, typed_values
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import takes_any_form
from schemas.calculations import CALCULATION, load_calculation

pages = Blueprint("calculator", __name__)

WAYS: Final[Mapping[WayKind, str]] = {
    WayKind.MINIMUM: marked("只还最低还款额"),
    WayKind.FIXED_SUM: marked("每月还固定的数"),
    WayKind.EQUAL_INSTALMENT: marked("账单分期（等额本息）"),
    WayKind.EQUAL_PRINCIPAL: marked("账单分期（等额本金）"),
    WayKind.INTEREST_FREE: marked("账单分期（免息，收手续费）"),
    WayKind.PLAN: marked("和银行商量的方案"),
}
_FIELDS: Final = FormFields(
    {
        "bank_code": marked("银行"),
        "debt_fen": marked("现在的欠款"),
        "monthly_fen": marked("每月能还的数"),
        "card.minimum_percent": marked("最低还款比例"),
        "card.floor_fen": marked("最低还款额的下限"),
        "card.daily_rate_percent": marked("透支利率"),
        "card.late_fee_percent": marked("违约金比例"),
        "deal.instalments": marked("账单分期的期数"),
        "deal.annual_rate_percent": marked("账单分期的年利率"),
        "deal.term_fee_percent": marked("每期手续费"),
        "plan.instalments": marked("方案的期数"),
        "plan.annual_rate_percent": marked("方案的年利率"),
    }
)


@pages.route("/calculator")
@public
def begin() -> Response:
    """The form with what is assumed."""
    return _page(_assumed(CardTerms()), None, _banks())


@pages.route("/calculator", methods=["POST"])
@takes_any_form
@public
def calculate() -> Response:
    """The figures above the form, or the form with what is wrong, or with what the chosen bank publishes filled in.

    Any form will do: nothing is done but sums.
    """
    face().limits.count_from_lease(CALCULATIONS, caller_address())
    banks = _banks()
    if request.form.get("do") == "bank":
        return _page(_with_terms_of_bank(banks), None, banks, is_card_open=True)
    state = replace(read_form(request.form, CALCULATION), fields=_FIELDS)
    published = {bank.code: bank.terms for bank in banks}
    read = load_calculation(state.data, today=face().today, published=published)
    state = state.with_faults(read.faults)
    return _page(state, read.value if state.sound else None, banks)


def _banks() -> list[PublishedCard]:
    with face().hub.reading(HUB) as tx:
        return published_cards(tx)


def _assumed(card: CardTerms) -> FormState:
    assumed = to_plain(Question(debt_fen=1))
    shown = {**to_plain(card), "daily_rate_percent": f"{card.daily_rate_percent.normalize():f}"}
    state = filled({"card": shown, "deal": assumed["deal"], "plan": assumed["plan"]})
    return replace(state, fields=_FIELDS)


def _with_terms_of_bank(banks: list[PublishedCard]) -> FormState:
    """The form as it was typed, but for how the bank reckons: what the chosen one publishes, or what is assumed."""
    typed = {name: each for name, each in typed_values(request.form).items() if name != "do"}
    chosen = next((bank.terms for bank in banks if bank.code == request.form.get("bank_code")), {})
    terms: dict[str, Any] = dict(chosen)
    state = _assumed(CardTerms(**terms))
    of_card = {name: each for name, each in state.values.items() if name.startswith("card.")}
    return replace(state, values={**state.values, **typed, **of_card})


def _page(
    state: FormState, question: Question | None, banks: list[PublishedCard], *, is_card_open: bool = False
) -> Response:
    ways = [] if question is None else ways_of(question, today=face().today)
    language = page_language()
    return page(
        "calculator.html",
        title=translate("算一算：不同的还法各要花多少"),
        state=state,
        question=question,
        banks=[(bank.code, bank.name(language)) for bank in banks if bank.terms],
        is_card_open=is_card_open,
        ways=[(way, translate(WAYS[way.kind])) for way in ways],
        chart=None if question is None else chart_of(ways, question.debt_fen),
        names={kind: translate(name) for kind, name in WAYS.items()},
        first_months=_first_months(ways),
        width=WIDTH,
        height=HEIGHT,
    )


def _first_months(ways: list[Way]) -> list[tuple[str, Way]]:
    """The ways whose first months are shown worked out: those that a bank's bill goes on with."""
    return [(translate(WAYS[way.kind]), way) for way in ways if way.terms is None]
