"""What the person could pay: ready options or their own, with what each comes to before anybody commits to it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from hub.domain.affordability import left_fen, suggested
from hub.domain.amounts import yuan
from hub.domain.errors import Fault
from hub.domain.guidance import proposal_guidance
from hub.domain.plain import Plain
from hub.domain.plan_estimates import ASSUMED_RATE, PlanPreview, ReadyOption, options_for, preview_of, usual_first_day
from hub.domain.proposal import Proposal
from hub.domain.terms import Kind
from hub.services.reading import directory
from hub.web.access import face
from hub.web.pages.apply.draft_body import bank_codes_of, instalments_of, owed_of, principal_of
from hub.web.pages.apply.household import bank_shares, finances_of, left_of
from hub.web.pages.apply.step_pages import judge, keep, merged, reading_draft, step_page, typed_before
from hub.web.pages.apply.steps import CARDS, PLAN
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.proposal_words import FIRST_DAY
from hub.web.pages.rendering import go
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import for_cardholders
from schemas.application import APPLICATION
from schemas.proposals import read_proposal

blueprint = Blueprint("plan", __name__)

_PARTS: Final = ("instalments", "monthly_payment_fen")
_OWN: Final = "own"


@blueprint.route("/plan")
@for_cardholders
def show() -> Response:
    """The question, for one kind of plan at a time."""
    data, names = _there()
    if not data.get("accounts"):
        return go(CARDS.address)
    proposal = dict(data.get("proposal", {}))
    kind = _kind(request.args.get("kind") or proposal.get("kind"))
    if proposal.get("kind") != kind:
        proposal = {}
    before = typed_before(PLAN, data)
    if before is not None and "kind" not in request.args:
        return _page(before, data, names, _kind(before.value("proposal.kind")))
    state = filled({"proposal": {"first_due_on": usual_first_day(face().today).isoformat(), **proposal}})
    return _page(state, data, names, kind)


def _there() -> tuple[Plain, Mapping[str, str]]:
    """The draft's data, and what its banks are called."""
    with reading_draft() as (tx, found):
        return found.data, directory.names_of(tx, bank_codes_of(found.data), language=page_language())


def _kind(word: str | None) -> Kind:
    return Kind(word) if word in set(Kind) else Kind.INSTALMENTS


def _to_fen(data: Plain) -> int:
    month = finances_of(data)
    return 0 if month is None else suggested(left_fen(month))[1]


def _options(data: Plain) -> list[ReadyOption]:
    today = face().today
    return options_for(principal_of(data), _to_fen(data), first_due_on=usual_first_day(today), today=today)


def _page(
    state: FormState, data: Plain, names: Mapping[str, str], kind: Kind, *, previewed: Proposal | None = None
) -> Response:
    principal = principal_of(data)
    owed_fen = sum(fen for _, fen in owed_of(data))
    ready = _options(data) if kind.is_in_parts else []
    preview = None if previewed is None else preview_of(previewed, principal_fen=principal, today=face().today)
    fields = replace(state.fields, names={**state.fields.names, "proposal.first_due_on": FIRST_DAY[kind]})
    return step_page(
        PLAN,
        replace(state, fields=fields),
        kind=kind,
        kinds=list(Kind),
        ready=ready,
        chosen=state.value("option") or _chosen(state, ready),
        principal_fen=principal,
        instalments_fen=instalments_of(data),
        owed_fen=owed_fen,
        given_up_fen=owed_fen - ((preview and preview.settlement_fen) or 0),
        to_fen=_to_fen(data),
        left=left_of(data, names),
        first_day_name=translate(FIRST_DAY[kind]),
        rate=f"{ASSUMED_RATE:.2f}",
        preview=preview,
        parts=bank_shares(data, _shared_fen(preview), names),
    )


def _shared_fen(preview: PlanPreview | None) -> int:
    """What is split between the banks: a month's payment, or the sum that settles everything."""
    if preview is None:
        return 0
    return preview.settlement_fen or 0 if preview.in_parts is None else preview.in_parts.monthly_fen


def _chosen(state: FormState, ready: list[ReadyOption]) -> str:
    typed = (state.value("proposal.instalments"), state.value("proposal.monthly_payment_fen"))
    if not any(typed):
        return ""
    same = (each for each in ready if (str(each.instalments), yuan(each.monthly_fen)) == typed)
    return str(next((each.instalments for each in same), _OWN))


@blueprint.route("/plan", methods=["POST"])
@for_cardholders
@keeps_unfinished
def save() -> Response:
    """The proposal is kept, or shown with what it comes to."""
    data, names = _there()
    if not data.get("accounts"):
        return go(CARDS.address)
    kind = _kind(request.form.get("proposal.kind"))
    state = read_form(_with_option(data), APPLICATION)
    proposal: Plain = state.data.get("proposal", {})
    piece = {"proposal": proposal}
    if kind.is_in_parts and not any(name in proposal for name in _PARTS) and request.form.get("option") != _OWN:
        # Nothing was chosen: that is one thing to do, not two empty fields.
        proposal_faults = [Fault("/option", "plan_required")]
        return _page(state.with_faults(proposal_faults), data, names, kind)
    state = judge(PLAN, state, merged(data, piece)).with_faults(_guidance(data, kind, proposal))
    if not state.sound:
        return _page(state, data, names, kind)
    if request.form.get("do") == "preview":
        return _page(state, data, names, kind, previewed=read_proposal(proposal))
    return keep(PLAN, piece)


def _with_option(data: Plain) -> MultiDict[str, str]:
    """The form, a chosen ready option written out as if it had been typed."""
    form: MultiDict[str, str] = MultiDict(request.form)
    for each in _options(data):
        if form.get("option") == str(each.instalments):
            form["proposal.instalments"] = str(each.instalments)
            form["proposal.monthly_payment_fen"] = yuan(each.monthly_fen)
    return form


def _guidance(data: Plain, kind: Kind, proposal: Plain) -> list[Fault]:
    """What the page asks for beyond the rules; what could not be read has a fault of its own."""
    down = proposal.get("down_payment_fen", 0)
    return proposal_guidance(
        kind,
        proposal,
        down_payment_fen=down if isinstance(down, int) else 0,
        principal_fen=principal_of(data),
    )
