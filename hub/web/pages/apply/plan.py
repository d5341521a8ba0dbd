"""What the person could pay: a ready plan, an amount of their own or another wish, with what it comes to beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from hub.domain.affordability import Finances, left_fen, shares, suggested
from hub.domain.amounts import sum_of
from hub.domain.bank_parts import Division, plan_of_part
from hub.domain.guidance import proposal_guidance
from hub.domain.plain import Plain
from hub.domain.ready_plans import ASSUMED_RATE, MonthlyPlan, deferral_interest_fen, first_day, nothing_left
from hub.domain.terms import MAX_DEFERRAL_MONTHS, Kind
from hub.services.accounts import preferences
from hub.services.reading import directory
from hub.web.access import face
from hub.web.pages.apply.draft_body import bank_codes_of, instalments_of, judged, principal_of
from hub.web.pages.apply.household import finances_of
from hub.web.pages.apply.plan_form import OPTIONS, OWN, PlanForm, read_plan_form
from hub.web.pages.apply.plan_kept import as_typed
from hub.web.pages.apply.step_pages import keep, merged, reading_draft, sent_back, step_page, typed_before
from hub.web.pages.apply.steps import CARDS, PLAN
from hub.web.pages.forms import form_of
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import page_language
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("plan", __name__)

# Where nothing is left, what costs nothing for now comes first.
_WITHOUT_MONEY: Final = (Kind.DEFERRAL, OWN, Kind.REDUCTION, Kind.LOWER_MINIMUM, Kind.SETTLEMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _There:
    """What the page reads of the hub. `names` and `hotlines`: those of each bank, by the code that the cards name."""

    data: Plain
    names: Mapping[str, str]
    hotlines: Mapping[str, str]
    wage_day: int | None

    @property
    def month(self) -> Finances | None:
        """The household's month, as far as it is known."""
        return finances_of(self.data)

    @property
    def left_fen(self) -> int | None:
        """What is left of it."""
        return None if self.month is None else left_fen(self.month)

    def read(self, form: MultiDict[str, str]) -> PlanForm:
        """The form that was typed over what is there."""
        return read_plan_form(form, self.data, left_fen=self.left_fen, today=face().today, wage_day=self.wage_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class _BankPart:
    """One bank's part of what is paid; `instalments` is None for what is paid once."""

    name: str
    fen: int
    instalments: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Preview:
    """What the form comes to. `plan` is there for monthly payments, `months` where all is put off, with its interest.

    `apart_fen` is what is owed beside the principal that the figures are made for.
    """

    kind: Kind
    plan: MonthlyPlan | None
    first_due_on: date
    down_fen: int
    apart_fen: int
    months: int | None
    interest_fen: int | None
    settlement_fen: int | None
    given_up_fen: int
    division: Division | None
    parts: list[_BankPart]

    @property
    def total_fen(self) -> int:
        """What the monthly payments come to with what is paid first."""
        return self.down_fen + (0 if self.plan is None else self.plan.total_fen)

    @property
    def put_off_until(self) -> date:
        """The day to which everything is put off."""
        return self.first_due_on + relativedelta(months=self.months or 0)


def _there() -> _There:
    with reading_draft() as (tx, found):
        codes = bank_codes_of(found.data)
        return _There(
            data=found.data,
            names=directory.names_of(tx, codes, language=page_language()),
            hotlines=directory.hotlines_of(tx, codes),
            wage_day=preferences.of(tx, current_cardholder()).wage_day,
        )


@blueprint.route("/plan")
@for_cardholders
def show() -> Response:
    """The question, with what was answered before."""
    there = _there()
    if not bank_codes_of(there.data):
        return go(CARDS.address)
    wanted = request.args.get("kind", "")
    before = typed_before(PLAN, there.data)
    if before is not None and not wanted:
        typed = there.read(form_of(before.values))
        return _page(
            there, replace(typed, state=replace(typed.state, faults=before.faults, is_unfinished=before.is_unfinished))
        )
    first = first_day(face().today, there.wage_day)
    empty = there.read(form_of(as_typed(there.data, option="", ready={}, first=first).values))
    ready = {each.monthly_fen: str(number) for number, each in enumerate(empty.ready, start=1)}
    state = as_typed(there.data, option=wanted if wanted in OPTIONS else "", ready=ready, first=first)
    return _page(there, there.read(form_of(state.values)))


@blueprint.route("/plan", methods=["POST"])
@for_cardholders
@keeps_unfinished
def save() -> Response:
    """The proposal is kept, or shown with what it comes to."""
    there = _there()
    if not bank_codes_of(there.data):
        return go(CARDS.address)
    form = there.read(request.form)
    match request.form.get("do"):
        case "preview":
            judged_so_far = _judged(there, form).state.of_what_was_typed()
            return sent_back(PLAN, judged_so_far, place="preview", mend="1")
        case "even_out":
            return sent_back(PLAN, form.evened_out().state, place="preview", mend="1")
    form = _judged(there, form)
    return keep(PLAN, form.piece) if form.state.sound else sent_back(PLAN, form.state)


@blueprint.route("/plan/preview", methods=["POST"])
@for_cardholders
def preview() -> Response:
    """What the form comes to as it stands, as a part of the page; nothing is kept."""
    there = _there()
    if not bank_codes_of(there.data):
        return go(CARDS.address)
    return page("apply/_plan_preview.html", title="", **_shown(_preview(there, there.read(request.form))))


def _judged(there: _There, form: PlanForm) -> PlanForm:
    """The form with everything that keeps it from being kept, each fault at its field."""
    faults = form.faults()
    if form.option:
        proposal = form.proposal
        down = proposal.get("down_payment_fen", 0)
        asked = proposal_guidance(
            form.kind,
            proposal,
            down_payment_fen=down if isinstance(down, int) else 0,
            principal_fen=principal_of(there.data),
        )
        found = PLAN.faults(judged(merged(there.data, form.piece), current_cardholder()).faults)
        faults += form.at_its_fields([*found, *asked])
    return replace(form, state=form.state.with_faults(faults))


def _preview(there: _There, form: PlanForm) -> _Preview | None:
    """What the form comes to, or None while what is needed for it was not said or could not be read."""
    proposal = form.proposal
    months = _put_off(form)
    is_told = form.plan or form.shared_fen or months
    if not form.option or not is_told:
        return None
    owed = sum_of(form.banks.values())
    down = proposal.get("down_payment_fen", 0)
    return _Preview(
        kind=form.kind,
        plan=form.plan,
        first_due_on=form.basis.first_due_on,
        down_fen=down if isinstance(down, int) else 0,
        apart_fen=owed.total_fen - owed.principal_fen if owed.principal_fen else 0,
        months=months,
        interest_fen=None if months is None else deferral_interest_fen(owed.principal_fen, months),
        settlement_fen=form.shared_fen if form.kind is Kind.SETTLEMENT else None,
        given_up_fen=max(0, owed.total_fen - (form.shared_fen or 0)),
        division=form.division,
        parts=_parts(there, form),
    )


def _put_off(form: PlanForm) -> int | None:
    """For how many months all is put off, where that was asked for and can be; the calendar has no room for more."""
    months = form.proposal.get("months") if form.kind is Kind.DEFERRAL else None
    return months if isinstance(months, int) and 1 <= months <= MAX_DEFERRAL_MONTHS else None


def _parts(there: _There, form: PlanForm) -> list[_BankPart]:
    if form.division is None:
        return []

    down_fen = form.proposal.get("down_payment_fen", 0)
    owed = {code: amounts.total_fen for code, amounts in form.banks.items()}
    down = shares(down_fen if isinstance(down_fen, int) else 0, owed)

    def instalments(code: str, fen: int) -> int | None:
        if not form.kind.is_in_parts:
            return None
        return plan_of_part(fen, form.banks[code], down[code], form.basis.first_due_on, form.basis.today).instalments

    parts = form.division.parts.items()
    return [_BankPart(name=there.names[code], fen=fen, instalments=instalments(code, fen)) for code, fen in parts]


def _shown(shown: _Preview | None) -> dict[str, Any]:
    return {"preview": shown, "rate": f"{ASSUMED_RATE:.2f}"}


def _page(there: _There, form: PlanForm) -> Response:
    left = there.left_fen
    poor = nothing_left(left)
    # Of loans alone there is no minimum to lower.
    offered = [
        each
        for each in (_WITHOUT_MONEY if poor else OPTIONS)
        if each != Kind.LOWER_MINIMUM or there.data.get("accounts") or not there.data.get("loans")
    ]
    from_fen, to_fen = (0, 0) if left is None else suggested(left)
    return step_page(
        PLAN,
        form.state,
        month=there.month,
        left_fen=left,
        from_fen=from_fen,
        to_fen=to_fen,
        nothing_left=poor,
        ready=form.ready,
        chosen=form.option,
        # Each with its place on the page, which begins with the ready plans.
        options=[*enumerate(offered, start=len(form.ready) + 1)],
        least_fen=form.basis.least_fen,
        longest=form.basis.longest,
        debt_fen=form.basis.debt_fen,
        instalments_fen=instalments_of(there.data),
        banks=[(code, there.names[code]) for code in sorted(form.banks)],
        hotlines=[(there.names[code], phone) for code, phone in there.hotlines.items() if phone],
        **_shown(_preview(there, form)),
    )
