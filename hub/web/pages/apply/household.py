"""A household's month on one page: what comes in, what has to go out, and what is left of it for repaying."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, request

from hub.domain.affordability import Finances, IncomeKind, SpendingKind
from hub.domain.errors import Fault, InvalidValue
from hub.domain.plain import Plain
from hub.web.pages.apply.step_pages import draft, judge, keep, merged, sent_back, step_page, typed_before
from hub.web.pages.apply.steps import MONEY, PLAN
from hub.web.pages.forms import FormState, Values, filled, read_form, typed_values
from hub.web.pages.rendering import go, page
from hub.web.pages.typed_input import typed_fen
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import for_cardholders
from schemas.application import APPLICATION

blueprint = Blueprint("household", __name__)

_LINES: Final = {"income": tuple(IncomeKind), "spending": tuple(SpendingKind)}
_TOTALS: Final = {"income": "monthly_income_fen", "spending": "monthly_essential_spending_fen"}
_OTHER_DEBTS: Final = "other_debt_payments_fen"
_OTHERS: Final = (_OTHER_DEBTS, "dependants", "household_size")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSoFar:
    """The sums of a form that is being filled in, in fen: whatever can be read counts, the rest is left out."""

    income_fen: int
    spending_fen: int
    other_debt_payments_fen: int

    @property
    def left_fen(self) -> int:
        """What would be left a month; negative where it does not suffice."""
        return self.income_fen - self.spending_fen - self.other_debt_payments_fen

    @property
    def is_begun(self) -> bool:
        """Whether any amount can be read yet."""
        return bool(self.income_fen or self.spending_fen or self.other_debt_payments_fen)


@blueprint.route("/money")
@for_cardholders
def show() -> Response:
    """What comes in, by source; what goes out, by kind; what is paid for other debts; and who lives on it."""
    data = draft().data
    return _page(typed_before(MONEY, data) or _shown(data))


def _page(state: FormState) -> Response:
    return step_page(MONEY, state, lines=_LINES, month=_so_far(state.values))


def _shown(data: Plain) -> FormState:
    """The form as the draft has it: each kind's line at its own place, whatever was left empty."""
    finances = dict(data.get("finances", {}))
    for name, kinds in _LINES.items():
        known = {line["kind"]: line["amount_fen"] for line in finances.get(name, [])}
        finances[name] = [{"kind": kind, **({"amount_fen": known[kind]} if kind in known else {})} for kind in kinds]
    return filled({"finances": finances})


def _so_far(values: Values) -> MonthSoFar:
    sums = {
        name: sum(_readable(values, [f"finances.{name}.{place}.amount_fen" for place in range(len(kinds))]))
        for name, kinds in _LINES.items()
    }
    return MonthSoFar(
        income_fen=sums["income"],
        spending_fen=sums["spending"],
        other_debt_payments_fen=sum(_readable(values, [f"finances.{_OTHER_DEBTS}"])),
    )


def _readable(values: Values, names: list[str]) -> Iterator[int]:
    for name in names:
        typed = next(iter(values.get(name, ())), "")
        if typed.strip():
            try:
                yield typed_fen(typed)
            except InvalidValue:
                continue


@blueprint.route("/money", methods=["POST"])
@for_cardholders
@keeps_unfinished
def save() -> Response:
    """The month is kept, with its sums; or they are only shown."""
    state = read_form(request.form, APPLICATION)
    if request.form.get("do") == "preview":
        return sent_back(MONEY, state, place="month")
    finances = state.data["finances"]
    piece: Plain = {_OTHER_DEBTS: 0, **{each: finances[each] for each in _OTHERS if each in finances}}
    kept = dict(piece)
    empty = []
    for name, total in _TOTALS.items():
        typed_lines: list[Plain] = finances.get(name) or []
        # An empty line is nothing, and keeps its place so that what is wrong with another is said there.
        whole = [{"amount_fen": 0, **line} for line in typed_lines]
        piece[name] = whole
        kept[name] = [line for line in typed_lines if "amount_fen" in line]
        piece[total] = kept[total] = sum(line["amount_fen"] for line in whole if isinstance(line["amount_fen"], int))
        if not kept[name]:
            empty.append(Fault(f"/finances/{name}/0/amount_fen", "all_lines_empty"))
    state = judge(MONEY, state, merged(draft().data, {"finances": piece})).with_faults(empty)
    return keep(MONEY, {"finances": kept}) if state.sound else _page(state)


@blueprint.route("/money/preview", methods=["POST"])
@for_cardholders
def preview() -> Response:
    """The sums of the form as it is typed, and what is left: a part of the page. Nothing is kept."""
    return page("apply/_month.html", title="", month=_so_far(typed_values(request.form)))


@blueprint.route("/income")
@blueprint.route("/spending")
@for_cardholders
def moved() -> Response:
    """Leads to the page of both."""
    return go(MONEY.address)


@blueprint.route("/left")
@for_cardholders
def left_moved() -> Response:
    """Leads to the page of the plan, which begins with what is left."""
    return go(PLAN.address)


def finances_of(data: Plain) -> Finances | None:
    """The month in three sums, or None while a part of it is missing."""
    finances = data.get("finances", {})
    names = (*_TOTALS.values(), _OTHER_DEBTS)
    if any(name not in finances for name in names):
        return None
    return Finances(**{name: finances[name] for name in names})
