"""The first page of an application, which needs no sign-in, and the list of its tasks."""

from typing import Final

from flask import Blueprint, Response, request

from hub.services.applications.drafts import Draft
from hub.services.reading.cardholder import negotiations
from hub.services.reading.cardholder.draft import files_of
from hub.web.access import face, public
from hub.web.pages.apply import steps
from hub.web.pages.apply.check import faults_of
from hub.web.pages.apply.step_pages import draft_of, reading_draft
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import for_cardholders, signed_in_cardholder

blueprint = Blueprint("start", __name__)

_SIGN_IN_FIRST: Final = f"/sign-in/?next={steps.CARDS.address}"


@blueprint.route("/")
@public
def home() -> Response:
    """What this is, what it costs, and what to have ready; for everybody, and without a script."""
    person = signed_in_cardholder()
    there, has_open = Draft(data={}), False
    if person is not None:
        with face().hub.reading(person.actor) as tx:
            there, has_open = draft_of(tx, person), negotiations.has_open(tx, person)
    return page(
        "apply/home.html",
        title=translate("和银行商量还款"),
        draft=there,
        has_open=has_open,
        begin=_SIGN_IN_FIRST if person is None else steps.CARDS.address,
    )


@blueprint.route("/steps")
@for_cardholders
def tasks() -> Response:
    """Every step with how far it is."""
    with reading_draft() as (tx, there):
        files = files_of(tx, there.data.get("evidence", []))
    listed = steps.tasks(there.data, faults_of(there.data, files))
    *asked, _ = listed
    return page(
        "apply/steps.html",
        title=translate("您的申请"),
        tasks=listed,
        draft=there,
        done=sum(status == "done" for _, _, status in asked),
        following=next((address for _, address, status in listed if status in {"doing", "todo"}), steps.CHECK),
        is_known=request.args.get("done") == "known",
        is_complete=all(status == "done" for _, _, status in asked),
        back="/apply/",
    )
