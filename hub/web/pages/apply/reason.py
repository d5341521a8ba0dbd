"""Why repaying is hard, in the person's own words, and what staff should know before they call."""

from flask import Blueprint, Response, request

from hub.web.pages.apply.step_pages import draft, judge, keep, merged, step_page, typed_before
from hub.web.pages.apply.steps import REASON
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import for_cardholders
from schemas.application import APPLICATION

blueprint = Blueprint("reason", __name__)


@blueprint.route("/reason")
@for_cardholders
def show() -> Response:
    """The questions, with what was answered before."""
    data = draft().data
    return step_page(REASON, typed_before(REASON, data) or filled(data))


@blueprint.route("/reason", methods=["POST"])
@for_cardholders
@keeps_unfinished
def save() -> Response:
    """The answers are kept."""
    state: FormState = read_form(request.form, APPLICATION)
    piece = {"hardship": state.data["hardship"], "support_needs": state.data["support_needs"]}
    state = judge(REASON, state, merged(draft().data, piece))
    return keep(REASON, piece) if state.sound else step_page(REASON, state)
