"""What the person could pay: ready options or their own, with what each comes to before anybody commits to it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from hub.domain.affordability import left_fen, shares, suggested
from hub.domain.errors import Fault
from hub.domain.plain import Plain, to_plain
from hub.domain.repayment import Schedule, schedule_of
from hub.domain.terms import Kind, Method, Terms
from hub.services.applications.intake import owed_by_named_bank
from hub.web.access import face
from hub.web.pages.apply.banking import bank_names
from hub.web.pages.apply.draft_body import owed_of, principal_of
from hub.web.pages.apply.household import finances_of
from hub.web.pages.apply.step_pages import draft, judge, keep, merged, step_page, typed_before
from hub.web.pages.apply.steps import CARDS, PLAN
from hub.web.pages.formats import amount
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.rendering import go
from hub.web.pages.visitors import for_cardholders
from schemas.application import APPLICATION

blueprint = Blueprint("plan", __name__)

# No bank has said anything yet; the estimate says by which rate it was made.
ASSUMED_RATE: Final = Decimal("3.60")
_TERMS: Final = (6, 12, 18, 24, 36, 48, 60)
_IN_PARTS: Final = frozenset({Kind.INSTALMENTS, Kind.REDUCTION})
_PARTS: Final = ("instalments", "monthly_payment_fen")
_OWN: Final = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyOption:
    """A number of instalments with what a month costs without interest, and an estimate with it.

    `is_above`: a month costs more than the household's suggested amount.
    """

    instalments: int
    monthly_fen: int
    estimated_monthly_fen: int
    estimated_interest_fen: int
    is_above: bool


def options_for(principal_fen: int, to_fen: int, *, first_due_on: date) -> list[ReadyOption]:
    """Three numbers of instalments: the shortest that fit into `to_fen` a month first, then the next shorter ones.

    Where none fits they are the three longest, the longest first.
    """
    every = [_option(principal_fen, number, to_fen, first_due_on=first_due_on) for number in _TERMS]
    fitting = [each for each in every if not each.is_above]
    # One that costs more a month is offered too: somebody may expect better times.
    above = [each for each in reversed(every) if each.is_above]
    chosen = fitting[: 2 if above else 3]
    return [*chosen, *above[: 3 - len(chosen)]]


def _option(principal_fen: int, number: int, to_fen: int, *, first_due_on: date) -> ReadyOption:
    estimate = _estimate(Kind.INSTALMENTS, principal_fen, number, first_due_on)
    # In whole yuan, upwards, so that nothing is left over at the end.
    monthly_fen = -(-principal_fen // (number * 100)) * 100
    return ReadyOption(
        instalments=number,
        monthly_fen=monthly_fen,
        is_above=monthly_fen > to_fen,
        estimated_monthly_fen=estimate.rows[0].total_fen,
        estimated_interest_fen=estimate.total_fen - principal_fen,
    )


def _estimate(kind: Kind, principal_fen: int, instalments: int, first_due_on: date) -> Schedule:
    terms = Terms(
        kind=kind,
        principal_fen=principal_fen,
        first_due_on=first_due_on,
        instalments=instalments,
        annual_rate_percent=ASSUMED_RATE,
        method=Method.EQUAL_INSTALMENT,
    )
    return schedule_of(terms, signed_on=face().today)


def usual_first_day(on: date) -> date:
    """The 20th of the month after `on`, at most a month away: time to agree, and 60 months end in five years."""
    in_a_month = on + relativedelta(months=1)
    return min(in_a_month, in_a_month.replace(day=20))


@blueprint.route("/plan")
@for_cardholders
def show() -> Response:
    """The question, for one kind of plan at a time."""
    data = draft().data
    if not data.get("accounts"):
        return go(CARDS.address)
    proposal = dict(data.get("proposal", {}))
    kind = _kind(request.args.get("kind") or proposal.get("kind"))
    if proposal.get("kind") != kind:
        proposal = {}
    before = typed_before(PLAN)
    if before is not None and "kind" not in request.args:
        return _page(before, data, _kind(before.value("proposal.kind")))
    state = filled({"proposal": {"first_due_on": usual_first_day(face().today).isoformat(), **proposal}})
    return _page(state, data, kind)


def _kind(word: str | None) -> Kind:
    return Kind(word) if word in set(Kind) else Kind.INSTALMENTS


def _to_fen(data: Plain) -> int:
    month = finances_of(data)
    return 0 if month is None else suggested(left_fen(month))[1]


def _options(data: Plain) -> list[ReadyOption]:
    return options_for(principal_of(data), _to_fen(data), first_due_on=usual_first_day(face().today))


def _page(state: FormState, data: Plain, kind: Kind, *, preview: Plain | None = None) -> Response:
    principal = principal_of(data)
    ready = (
        options_for(principal, _to_fen(data), first_due_on=usual_first_day(face().today)) if kind in _IN_PARTS else []
    )
    return step_page(
        PLAN,
        state,
        kind=kind,
        kinds=list(Kind),
        ready=ready,
        chosen=state.value("option") or _chosen(state, ready),
        principal_fen=principal,
        owed_fen=sum(fen for _, fen in owed_of(data)),
        to_fen=_to_fen(data),
        rate=f"{ASSUMED_RATE:.2f}",
        preview=preview,
    )


def _chosen(state: FormState, ready: list[ReadyOption]) -> str:
    typed = (state.value("proposal.instalments"), state.value("proposal.monthly_payment_fen"))
    if not any(typed):
        return ""
    same = (each for each in ready if (str(each.instalments), amount(each.monthly_fen)) == typed)
    return str(next((each.instalments for each in same), _OWN))


@blueprint.route("/plan", methods=["POST"])
@for_cardholders
def save() -> Response:
    """The proposal is kept, or shown with what it comes to."""
    data = draft().data
    if not data.get("accounts"):
        return go(CARDS.address)
    kind = _kind(request.form.get("proposal.kind"))
    state = read_form(_with_option(data), APPLICATION)
    proposal: Plain = state.data.get("proposal", {})
    piece = {"proposal": proposal}
    if kind in _IN_PARTS and not any(name in proposal for name in _PARTS) and request.form.get("option") != _OWN:
        # Nothing was chosen: that is one thing to do, not two empty fields.
        proposal_faults = [Fault("/option", "plan_required")]
        return _page(state.with_faults(proposal_faults), data, kind)
    state = judge(PLAN, state, merged(data, piece)).with_faults(_gaps(kind, proposal))
    state = state.with_faults(_down_payment_faults(data, proposal))
    if not state.sound:
        return _page(state, data, kind)
    if request.form.get("do") == "preview":
        return _page(state, data, kind, preview=_preview(data, kind, proposal))
    return keep(PLAN, piece)


def _with_option(data: Plain) -> MultiDict[str, str]:
    """The form, a chosen ready option written out as if it had been typed."""
    form: MultiDict[str, str] = MultiDict(request.form)
    for each in _options(data):
        if form.get("option") == str(each.instalments):
            form["proposal.instalments"] = str(each.instalments)
            form["proposal.monthly_payment_fen"] = amount(each.monthly_fen)
    return form


def _gaps(kind: Kind, proposal: Plain) -> list[Fault]:
    """What a proposal of this kind has to say so that a bank can act on it."""
    needed: dict[Kind, tuple[str, ...]] = {
        Kind.DEFERRAL: ("months",),
        Kind.LOWER_MINIMUM: ("minimum_percent", "months"),
    }
    gaps = [Fault(f"/proposal/{name}", "required") for name in needed.get(kind, ()) if name not in proposal]
    months = proposal.get("months")
    if kind is Kind.DEFERRAL and isinstance(months, int) and months > 12:
        gaps.append(Fault("/proposal/months", "out_of_range", {"min": 1, "max": 12}))
    return gaps


def _down_payment_faults(data: Plain, proposal: Plain) -> list[Fault]:
    down = proposal.get("down_payment_fen", 0)
    if isinstance(down, int) and down >= principal_of(data):
        return [Fault("/proposal/down_payment_fen", "down_payment_not_below_principal")]
    return []


def _preview(data: Plain, kind: Kind, proposal: Plain) -> Plain:
    """What the sound `proposal` comes to, an estimate where a bank might ask for interest, and each bank's share."""
    principal = principal_of(data)
    first_due_on = date.fromisoformat(proposal["first_due_on"])
    down = proposal.get("down_payment_fen", 0)
    shown: dict[str, Any] = {"kind": kind, "first_due_on": proposal["first_due_on"], "down_fen": down}
    if kind in _IN_PARTS:
        monthly, number = proposal["monthly_payment_fen"], proposal["instalments"]
        shown |= {
            "monthly_fen": monthly,
            "instalments": number,
            "total_fen": down + monthly * number,
            "last_due_on": (first_due_on + relativedelta(months=number - 1)).isoformat(),
            "parts": _parts(data, monthly),
        }
        shown["short_fen"] = max(0, principal - shown["total_fen"])
        estimate = _estimate(Kind.INSTALMENTS, principal - down, number, first_due_on)
        shown["estimated_monthly_fen"] = estimate.rows[0].total_fen
        shown["estimated_interest_fen"] = estimate.total_fen - (principal - down)
        shown["estimate"] = to_plain(list(estimate.rows))
        shown["estimate_total_fen"] = estimate.total_fen
    if kind is Kind.DEFERRAL:
        shown["months"] = proposal["months"]
        shown["last_due_on"] = (first_due_on + relativedelta(months=proposal["months"])).isoformat()
    if kind is Kind.LOWER_MINIMUM:
        shown["months"] = proposal["months"]
    return shown


def _parts(data: Plain, monthly_fen: int) -> list[tuple[str, int]]:
    owed = owed_by_named_bank(owed_of(data))
    names = bank_names(list(owed))
    return [(names[code], part) for code, part in shares(monthly_fen, owed).items()]
