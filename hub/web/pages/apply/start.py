"""The first page of an application, and the list of its tasks."""

from flask import Blueprint, Response, request

from hub.services.reading.cardholder import negotiations
from hub.services.reading.cardholder.draft import files_of
from hub.web.pages.apply import steps
from hub.web.pages.apply.check import faults_of
from hub.web.pages.apply.step_pages import reading_draft
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("start", __name__)


@blueprint.route("/")
@for_cardholders
def home() -> Response:
    """What this is, what it costs, and what to have ready."""
    with reading_draft() as (tx, there):
        has_open = negotiations.has_open(tx, current_cardholder())
    return page("apply/home.html", title=translate("和银行商量还款"), draft=there, has_open=has_open)


@blueprint.route("/steps")
@for_cardholders
def tasks() -> Response:
    """Every step with how far it is."""
    with reading_draft() as (tx, there):
        files = files_of(tx, there.data.get("evidence", []))
    listed = steps.tasks(there.data, faults_of(there.data, files))
    return page(
        "apply/steps.html",
        title=translate("您的申请"),
        tasks=listed,
        draft=there,
        is_known=request.args.get("done") == "known",
        is_complete=all(status == "done" for _, _, status in listed),
        back="/apply/",
    )
