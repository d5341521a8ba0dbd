"""The first page of an application, and the list of its tasks."""

from flask import Blueprint, Response

from hub.domain.lifecycle import OPEN
from hub.services.accounts import sign_in
from hub.web.access import face
from hub.web.pages.apply import steps
from hub.web.pages.apply.check import faults_of
from hub.web.pages.apply.step_pages import draft
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("start", __name__)


@blueprint.route("/")
@for_cardholders
def home() -> Response:
    """What this is, what it costs, and what to have ready."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        running = [each for each in sign_in.list_for(tx, person) if each.status in OPEN]
    return page("apply/home.html", title=translate("和银行商量还款"), draft=draft(), has_open=bool(running))


@blueprint.route("/steps")
@for_cardholders
def tasks() -> Response:
    """Every step with how far it is."""
    there = draft()
    listed = steps.tasks(there.data, faults_of(there.data))
    return page(
        "apply/steps.html",
        title=translate("您的申请"),
        tasks=listed,
        draft=there,
        is_complete=all(status == "done" for _, _, status in listed),
        back="/apply/",
    )
