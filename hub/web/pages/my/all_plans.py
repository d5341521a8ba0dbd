"""All plans of the person on one page: what they ask of each month together, and the open offers beside each other.

No bank ever sees either page: what a person owes elsewhere is theirs to tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, Response, request

from hub.domain import monthly_burden, wage_day
from hub.domain.affordability import Strain, strain_of
from hub.domain.errors import Fault, InvalidValue
from hub.domain.monthly_burden import Month, Stretch
from hub.domain.preferences import Preferences
from hub.domain.terms import range_faults
from hub.services.accounts import preferences
from hub.services.reading import reading_log
from hub.services.reading.cardholder import all_plans
from hub.services.reading.cardholder.all_plans import AllPlans, OwnPlan
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState, filled
from hub.web.pages.my.negotiation_page import bank_name
from hub.web.pages.my.offer_comparison import compared
from hub.web.pages.rendering import address_here, page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.typed_input import typed_number
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("all_plans", __name__)

# The lengths of a bar, and of the mark in it that shows what is left.
_BAR_LENGTH, _MARK = 1000, 8
_WAGE_DAY = "wage_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What a month asks for as lengths up to `_BAR_LENGTH`; `left_at` is where what is left ends, None for nothing."""

    agreed: int
    asked: int
    left_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsShown:
    """Months that ask for the same, with a bar and whether that is more than can be borne."""

    stretch: Stretch
    bar: Bar
    over_fen: int
    is_tight: bool

    @property
    def month(self) -> Month:
        """The first of them."""
        return self.stretch.first


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDay:
    """When a plan falls due next, beside the wages.

    `days_since` is how many days before it they came. `ask` is where to ask for another day, empty where one cannot.
    """

    plan: OwnPlan
    due_on: date
    days_since: int
    is_well_placed: bool
    ask: str


@blueprint.route("/months")
@for_cardholders
def months() -> Response:
    """What every month asks for by all plans together, beside what is left of it; due days beside the day of wages."""
    return _months_page()


def _months_page(state: FormState | None = None) -> Response:
    found, chosen = _read()
    best_day = None if chosen.wage_day is None else wage_day.best_due_day(chosen.wage_day)
    return page(
        "my/months.html",
        title=translate("每个月一共要还多少"),
        status=200 if state is None or state.sound else 422,
        state=state or filled({_WAGE_DAY: chosen.wage_day}),
        here=_here(),
        found=found,
        bank_name=bank_name,
        shown=_shown(found),
        nothing_left=found.declared is not None and found.declared.left_fen <= 0,
        best_day=best_day,
        due_days=[] if chosen.wage_day is None else _due_days(found.plans, chosen.wage_day),
        back="/my/",
    )


@blueprint.route("/months", methods=["POST"])
@for_cardholders
def keep_wage_day() -> Response:
    """The person's day of wages is kept among what they chose; no bank is told."""
    person = current_cardholder()
    state, day = _read_wage_day()

    def keep(tx: HubTransaction, day: int) -> str:
        preferences.change(tx, person, lambda chosen: replace(chosen, wage_day=day))
        return f"{_here()}#wage-day"

    return send_once(person, state, day, keep, form=_months_page)


def _here() -> str:
    """This page with the offers that its address chooses."""
    return address_here()


def _read_wage_day() -> tuple[FormState, int | None]:
    typed = request.form.get(_WAGE_DAY, "").strip()
    state = FormState(values={_WAGE_DAY: [typed]})
    try:
        day = typed_number(typed.removesuffix("号").removesuffix("日"))
    except InvalidValue as error:
        return state.with_faults([Fault(f"/{_WAGE_DAY}", error.code)]), None
    return state.with_faults(range_faults(f"/{_WAGE_DAY}", day, 1, wage_day.LAST_DAY)), day


def _read() -> tuple[AllPlans, Preferences]:
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = all_plans.all_plans(tx, person, chosen=request.args.getlist("offer"), language=page_language())
        chosen = preferences.of(tx, person)
        glances = reading_log.new_glances(tx, [each.view for each in found.negotiations])
    reading_log.note_glances(face().hub, person.actor, glances)
    return found, chosen


def _shown(found: AllPlans) -> list[MonthsShown]:
    left_fen = 0 if found.declared is None else max(0, found.declared.left_fen)
    longest_fen = max([left_fen, *(each.together_fen for each in found.months)], default=0) or 1
    return [
        MonthsShown(
            stretch=each,
            bar=_bar(each.first, left_fen, longest_fen),
            over_fen=0 if found.declared is None else each.first.over_fen(left_fen),
            is_tight=found.declared is not None and strain_of(each.first.together_fen, left_fen) is Strain.TOO_HIGH,
        )
        for each in monthly_burden.stretches_of(found.months)
    ]


def _bar(month: Month, left_fen: int, longest_fen: int) -> Bar:
    agreed = month.agreed_fen * _BAR_LENGTH // longest_fen
    return Bar(
        agreed=agreed,
        asked=month.together_fen * _BAR_LENGTH // longest_fen - agreed,
        left_at=min(left_fen * _BAR_LENGTH // longest_fen, _BAR_LENGTH - _MARK) if left_fen else None,
    )


def _due_days(plans: Sequence[OwnPlan], on_day: int) -> list[DueDay]:
    return [
        DueDay(
            plan=each,
            due_on=each.next_due_on,
            days_since=wage_day.days_since_wages(each.next_due_on, on_day),
            is_well_placed=wage_day.is_well_placed(each.next_due_on, on_day),
            ask=_ask(each, each.next_due_on, on_day),
        )
        for each in plans
        if each.next_due_on is not None and not each.is_replaced
    ]


def _ask(plan: OwnPlan, due_on: date, on_day: int) -> str:
    """Where to ask the bank for the best day: of an agreement by its amendment, of an offer by a counter-offer."""
    here = f"/my/negotiations/{plan.negotiation.id}"
    if plan.is_agreed:
        return f"{here}/pay-day?day={wage_day.best_due_day(on_day)}" if plan.is_monthly else ""
    if not plan.negotiation.may_counter:
        return ""
    return f"{here}/counter?first_due_on={wage_day.first_due_on_after(due_on, on_day).isoformat()}"


@blueprint.route("/offers")
@for_cardholders
def offers() -> Response:
    """All open offers beside each other, the same rows of each, and what differs said in words."""
    found, _ = _read()
    return page(
        "my/offers.html",
        title=translate("把方案放在一起看"),
        compared=compared(found.negotiations),
        back="/my/",
    )
