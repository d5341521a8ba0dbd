"""Giving cases to colleagues: what would become of each is shown first, then what became of it, and undone for a while.

One case from its page, or those that were ticked in the queue; picking up many is the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Response, request

from hub.domain.assignment import UNDO_WITHIN, Obstacle, Outcome, Turn, Way
from hub.domain.errors import Refused
from hub.domain.staff import ACTING
from hub.services.accounts import teams
from hub.services.negotiations import assignment, assignment_plan, owners
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.once import do_once
from hub.web.pages.portal.blueprint import onward, pages
from hub.web.pages.portal.form_pages import negotiation_address
from hub.web.pages.rendering import page
from hub.web.pages.translation import fault_text, translate
from hub.web.pages.visitors import current_staff, for_bank

_OBSTACLES: Final[Mapping[Obstacle, str]] = {
    Obstacle.UNKNOWN: marked("没有找到，或者不属于本行"),
    Obstacle.ENDED: marked("已经结束，不再需要经办人"),
    Obstacle.CHANGED: marked("刚刚有人改动过，没有动"),
    Obstacle.SAME: marked("没有变化"),
    Obstacle.NOT_WAITING: marked("不在等待受理"),
}
# Words in the place of a colleague's id.
_WAYS: Final = {each.value: each for each in (Way.IN_TURN, Way.BY_LOAD, Way.NOBODY, Way.ACKNOWLEDGE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case in the table: names, and why nothing is done where nothing is. `turn` is what its form sends."""

    negotiation_id: str
    reference: str
    before: str
    owner: str
    obstacle: str
    turn: str


@pages.route("/assign")
@for_bank(*ACTING)
def plan_assignment() -> Response:
    """Asks whose the cases shall be, or shows what would become of each; nothing is done yet."""
    return _planned(request.args.getlist("case"), request.args.get("to", ""), request.args.get("team", ""))


def _planned(cases: Sequence[str], to: str, team: str, *, fault: Refused | None = None) -> Response:
    person = current_staff()
    way = _WAYS.get(to, Way.PERSON)
    refused, planned = fault, []
    with face().hub.reading(person.actor) as tx:
        if to and fault is None:
            try:
                planned = assignment_plan.plan(tx, cases, way, bank_code=person.bank, owner_id=to, team_id=team or None)
            except Refused as error:
                refused = error
        rows = [_row(tx, each) for each in planned]
        colleagues = assignment_plan.colleagues(tx, person.bank)
        chosen = assignment_plan.chosen(tx, cases, bank_code=person.bank)
        of_bank = teams.list_of_bank(tx, person.bank)
    return page(
        "portal/assign.html",
        title=translate("受理所选的协商") if way == Way.ACKNOWLEDGE else translate("分派协商"),
        status=200 if refused is None else 422,
        has_errors=refused is not None,
        faults=[] if refused is None else [fault_text(each.code, dict(each.params)) for each in refused.faults],
        cases=cases,
        chosen=chosen,
        to=to,
        way=way,
        team=team,
        teams=of_bank,
        colleagues=colleagues,
        me=person.id,
        rows=rows,
        how_many=sum(not each.obstacle for each in rows),
    )


def _row(tx: HubTransaction, outcome: Outcome) -> Row:
    return Row(
        negotiation_id=outcome.negotiation_id if outcome.reference else "",
        reference=outcome.reference,
        before=owners.name_of(tx, outcome.before) or "",
        owner=owners.name_of(tx, outcome.owner) or "",
        obstacle="" if outcome.obstacle is None else translate(_OBSTACLES[outcome.obstacle]),
        turn=f"{outcome.negotiation_id}:{outcome.before or ''}:{outcome.owner or ''}",
    )


@pages.route("/assign", methods=["POST"])
@for_bank(*ACTING)
def assign() -> Response:
    """What was shown is done, where it still holds; each case has its result."""
    person = current_staff()
    to = request.form.get("to", "")
    turns = [_turn(each) for each in request.form.getlist("turn")]

    def effect(tx: HubTransaction) -> str:
        done = assignment.carry_out(tx, _WAYS.get(to, Way.PERSON), turns, bank_code=person.bank)
        return f"/portal/assignments/{done.id}{onward()}"

    try:
        return do_once(person, effect)
    except Refused as error:
        return _planned([each.negotiation_id for each in turns], to, "", fault=error)


def _turn(text: str) -> Turn:
    negotiation_id, _, rest = text.partition(":")
    seen, _, owner = rest.partition(":")
    return Turn(negotiation_id=negotiation_id, seen_owner=seen or None, owner_id=owner or None)


@pages.route("/assignments/<id:assignment_id>")
@for_bank(*ACTING)
def show_assignment(assignment_id: str) -> Response:
    """What became of each case, and for half a minute a way to take it back."""
    return _result(assignment_id)


def _result(assignment_id: str, *, fault: Refused | None = None) -> Response:
    person = current_staff()
    # Its row is held, as it may be undone at the same moment.
    with face().hub.writing(person.actor) as tx:
        done = assignment.find(tx, assignment_id, bank_code=person.bank)
        rows = [_row(tx, each) for each in done.outcomes]
        may_undo = done.undo_until is not None and tx.now <= done.undo_until
    return page(
        "portal/assignment.html",
        title=translate("受理结果") if done.way == Way.ACKNOWLEDGE else translate("分派结果"),
        status=200 if fault is None else 422,
        faults=[] if fault is None else [fault_text(each.code, dict(each.params)) for each in fault.faults],
        rows=rows,
        way=done.way,
        how_many=sum(not each.obstacle for each in rows),
        undone=done.undone,
        may_undo=may_undo,
        undo_seconds=int(UNDO_WITHIN.total_seconds()),
    )


@pages.route("/assignments/<id:assignment_id>/undo", methods=["POST"])
@for_bank(*ACTING)
def undo_assignment(assignment_id: str) -> Response:
    """The cases are whose they were, but for those that somebody has changed since."""
    person = current_staff()

    def effect(tx: HubTransaction) -> str:
        assignment.undo(tx, assignment_id, bank_code=person.bank)
        return f"/portal/assignments/{assignment_id}{onward()}"

    try:
        return do_once(person, effect)
    except Refused as error:
        return _result(assignment_id, fault=error)


@pages.route("/negotiations/<id:negotiation_id>/owner", methods=["POST"])
@for_bank(*ACTING)
def set_owner(negotiation_id: str) -> Response:
    """One case is somebody's, or nobody's, from its own page."""
    person = current_staff()
    owner_id, seen = request.form.get("owner", "") or None, request.form.get("seen_owner", "") or None

    def effect(tx: HubTransaction) -> str:
        assignment.assign(tx, negotiation_id, bank_code=person.bank, owner_id=owner_id, seen_owner=seen)
        return negotiation_address(negotiation_id, "given_back" if owner_id is None else "assigned")

    try:
        return do_once(person, effect)
    except Refused as error:
        return _planned([negotiation_id], "", "", fault=error)
