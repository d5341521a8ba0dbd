"""A household's month: what comes in, what has to go out, and what is left of it for repaying."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from hub.domain.affordability import Finances, IncomeKind, SpendingKind, left_fen, shares, suggested
from hub.domain.errors import Fault
from hub.domain.plain import Plain
from hub.services.applications.intake import owed_by_named_bank
from hub.services.reading import directory
from hub.web.pages.apply import steps
from hub.web.pages.apply.draft_body import bank_codes_of, owed_of
from hub.web.pages.apply.step_pages import draft, judge, keep, merged, reading_draft, step_page, typed_before
from hub.web.pages.apply.steps import INCOME, SPENDING, Step
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import for_cardholders
from schemas.application import APPLICATION

blueprint = Blueprint("household", __name__)

_LINES = {"income": tuple(IncomeKind), "spending": tuple(SpendingKind)}
_TOTALS = {"income": "monthly_income_fen", "spending": "monthly_essential_spending_fen"}


@blueprint.route("/income")
@for_cardholders
def income() -> Response:
    """What comes in, by source."""
    return _show(INCOME, "income")


@blueprint.route("/income", methods=["POST"])
@for_cardholders
def save_income() -> Response:
    """The income is kept, with its sum."""
    return _save(INCOME, "income", ())


@blueprint.route("/spending")
@for_cardholders
def spending() -> Response:
    """What goes out, by kind; what is paid for other debts; and who lives on it."""
    return _show(SPENDING, "spending")


@blueprint.route("/spending", methods=["POST"])
@for_cardholders
def save_spending() -> Response:
    """The spending is kept, with its sum."""
    return _save(SPENDING, "spending", ("other_debt_payments_fen", "dependants", "household_size"))


def _show(step: Step, name: str) -> Response:
    data = draft().data
    return step_page(step, typed_before(step, data) or _shown(data, name), lines=_LINES[name])


def _shown(data: Plain, name: str) -> FormState:
    """The form as the draft has it: each kind's line at its own place, whatever was left empty."""
    finances = dict(data.get("finances", {}))
    known = {line["kind"]: line["amount_fen"] for line in finances.get(name, [])}
    finances[name] = [{"kind": kind, **({"amount_fen": known[kind]} if kind in known else {})} for kind in _LINES[name]]
    return filled({"finances": finances})


def _save(step: Step, name: str, others: tuple[str, ...]) -> Response:
    state = read_form(request.form, APPLICATION)
    finances = state.data["finances"]
    typed: list[Plain] = finances.get(name) or []
    # An empty line is nothing, and keeps its place so that what is wrong with another is said there.
    whole = [{"amount_fen": 0, **line} for line in typed]
    amounts = [line["amount_fen"] for line in whole if isinstance(line["amount_fen"], int)]
    piece: Plain = {each: finances[each] for each in others if each in finances}
    if step is SPENDING:
        piece.setdefault("other_debt_payments_fen", 0)
    piece |= {name: whole, _TOTALS[name]: sum(amounts)}
    state = judge(step, state, merged(draft().data, {"finances": piece}))
    if not any("amount_fen" in line for line in typed):
        state = state.with_faults([Fault(f"/finances/{name}/0/amount_fen", "all_lines_empty")])
    if not state.sound:
        return step_page(step, state, lines=_LINES[name])
    kept = {**piece, name: [line for line in typed if "amount_fen" in line]}
    return keep(step, {"finances": {**dict.fromkeys(others), **kept}})


def finances_of(data: Plain) -> Finances | None:
    """The month in three sums, or None while a part of it is missing."""
    finances = data.get("finances", {})
    names = ("monthly_income_fen", "monthly_essential_spending_fen", "other_debt_payments_fen")
    if any(name not in finances for name in names):
        return None
    return Finances(**{name: finances[name] for name in names})


@blueprint.route("/left")
@for_cardholders
def left() -> Response:
    """What is left a month, step by step, and how much of it to offer."""
    with reading_draft() as (tx, there):
        data = there.data
        names = directory.names_of(tx, bank_codes_of(data), language=page_language())
    month = finances_of(data)
    if month is None:
        return go(INCOME.address if "monthly_income_fen" not in data.get("finances", {}) else SPENDING.address)
    whole = left_fen(month)
    from_fen, to_fen = suggested(whole)
    context: dict[str, Any] = {
        "month": month,
        "left": whole,
        "from_fen": from_fen,
        "to_fen": to_fen,
        "parts": bank_shares(data, to_fen, names),
        "next": steps.EVIDENCE.address,
        "step": SPENDING,
        "how_many": steps.HOW_MANY,
    }
    return page("apply/left.html", title=translate("每月可以用来还款的钱"), back=SPENDING.address, **context)


def bank_shares(data: Plain, monthly_fen: int, names: Mapping[str, str]) -> list[tuple[str, int]]:
    """(bank's name, fen) of each bank's part of `monthly_fen`, where there is something to share."""
    owed = owed_by_named_bank(owed_of(data))
    if not owed or monthly_fen == 0:
        return []
    return [(names[code], part) for code, part in shares(monthly_fen, owed).items()]
