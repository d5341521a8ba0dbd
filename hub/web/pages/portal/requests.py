"""`/portal/requests`: what people ask beside negotiations, in the queue as a tab of its own, all kinds together."""

from itertools import groupby
from typing import Final

from flask import Response, request
from werkzeug.wrappers import Response as WsgiResponse

from hub.domain.errors import Refused
from hub.domain.service_request import RequestKind
from hub.domain.staff import ACTING
from hub.services.reading import requests
from hub.services.reading.bank.people import colleagues
from hub.services.reading.log_parts import parts_of
from hub.services.requests import owning
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.once import do_once
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.queue_tabs import REQUESTS, tabs_of
from hub.web.pages.portal.queue_words import GROUPS, TONES
from hub.web.pages.portal.request_desk import desk_of
from hub.web.pages.rendering import go, page
from hub.web.pages.request_words import KINDS, bank_page, kind_of, status_of
from hub.web.pages.translation import fault_text, translate
from hub.web.pages.visitors import current_desk, current_staff, for_bank

_BELOW: Final = REQUESTS.removeprefix("/portal")
_MINE, _UNASSIGNED = "mine", "unassigned"
_STAY: Final = "stay"


@pages.route(_BELOW)
@for_bank()
def list_requests() -> Response:
    """The bank's open requests by how urgent they are, of one kind or one clerk where the address names them."""
    person = current_staff()
    chosen = next((each for each in RequestKind if each == request.args.get("kind")), None)
    whose = request.args.get("whose", "")
    with face().hub.reading(person.actor) as tx:
        counts = requests.counts_of_bank(tx, person.bank)
        found = requests.list_of_bank(
            tx,
            person.bank,
            kind=chosen,
            owner_id=person.id if whose == _MINE else None,
            is_unowned=whose == _UNASSIGNED,
        )
        names = colleagues(tx, person.bank).names
    desk = current_desk()
    tally = None if desk is None else desk.tally
    by_urgency = groupby(found, key=lambda each: each.urgency)
    may_act = person.role in ACTING
    return page(
        "portal/requests.html",
        title=translate("办理事项"),
        tabs=tabs_of(person, None, tally, sum(each.open for each in counts.values()), is_requests=True),
        kinds=[
            (_address(each, whose), translate(KINDS[each]), counts[each].open, each is chosen)
            for each in RequestKind
            if each in counts
        ],
        owners=[
            (_address(chosen, each), words, each == whose)
            for each, words in ((_MINE, translate("我经办的")), (_UNASSIGNED, translate("未分派")))
            if may_act or each == _UNASSIGNED
        ],
        is_filtered=chosen is not None or whose in (_MINE, _UNASSIGNED),
        may_act=may_act,
        here=_address(chosen, whose),
        groups=[
            (
                translate(GROUPS[urgency]),
                TONES[urgency],
                [
                    (each, bank_page(each), kind_of(each), status_of(each), names.get(each.owner_id or "", ""))
                    for each in rows
                ],
            )
            for urgency, rows in by_urgency
        ],
    )


def _address(kind: RequestKind | None, whose: str) -> str:
    """The list of that kind and clerk."""
    asked = [f"kind={kind}"] if kind is not None else []
    asked += [f"whose={whose}"] if whose in (_MINE, _UNASSIGNED) else []
    return "?".join(each for each in (REQUESTS, "&".join(asked)) if each)


@pages.route(f"{_BELOW}/<id:matter_id>")
@for_bank()
def show_request(matter_id: str) -> Response | WsgiResponse:
    """The page of the request's own kind; where that has none, where it stands and its log."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        erased = requests.erased_of_bank(tx, matter_id, bank_code=person.bank)
        if erased is not None:
            return page("portal/request-erased.html", title=kind_of(erased), asked=erased, back=REQUESTS)
        found, log = requests.of_bank(tx, matter_id, bank_code=person.bank)
        desk = desk_of(tx, matter_id)
    if bank_page(found) != request.path:
        return go(bank_page(found))
    return page(
        "portal/request.html",
        title=kind_of(found),
        asked=found,
        desk=desk,
        standing=status_of(found),
        log=parts_of(log),
        back=REQUESTS,
    )


@pages.route(f"{_BELOW}/<id:matter_id>/owner")
@for_bank(*ACTING)
def ask_request_owner(matter_id: str) -> Response:
    """Asks whose the request shall be."""
    return _owner_form(matter_id)


def _owner_form(matter_id: str, fault: Refused | None = None) -> Response:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        found, _ = requests.of_bank(tx, matter_id, bank_code=person.bank)
        people = colleagues(tx, person.bank)
    return page(
        "portal/request-owner.html",
        title=translate("分派办理事项"),
        status=200 if fault is None else 422,
        asked=found,
        kind=kind_of(found),
        owner=people.names.get(found.owner_id or "", ""),
        people=people.acting,
        faults=[] if fault is None else [fault_text(each.code, dict(each.params)) for each in fault.faults],
        action=f"{REQUESTS}/{matter_id}/owner",
        back=REQUESTS,
    )


@pages.route(f"{_BELOW}/<id:matter_id>/owner", methods=["POST"])
@for_bank(*ACTING)
def set_request_owner(matter_id: str) -> Response:
    """The request is somebody's, or nobody's."""
    person = current_staff()
    owner_id, seen = request.form.get("owner", "") or None, request.form.get("seen_owner", "") or None

    def effect(tx: HubTransaction) -> str:
        owning.assign(tx, matter_id, bank_code=person.bank, owner_id=owner_id, seen_owner=seen)
        # Who takes it on its own page goes on there.
        return f"{REQUESTS}/{matter_id}" if request.form.get("then") == _STAY else REQUESTS

    try:
        return do_once(person, effect)
    except Refused as error:
        return _owner_form(matter_id, error)
