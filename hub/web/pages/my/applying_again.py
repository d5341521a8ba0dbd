"""Applying again after an agreement: the form opens with what the hub still knows of the person."""

from flask import Blueprint, Response

from hub.services.applications import drafts
from hub.services.transaction import HubTransaction
from hub.web.pages.my.negotiation_page import own
from hub.web.pages.once import do_once
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("applying_again", __name__, url_prefix="/negotiations/<id:negotiation_id>/apply-again")


@blueprint.route("", methods=["POST"])
@for_cardholders
def begin(negotiation_id: str) -> Response:
    """The draft is begun; what was typed in it before stays."""
    negotiation, person = own(negotiation_id), current_cardholder()

    def fill(tx: HubTransaction) -> str:
        drafts.begin_again(tx, person, negotiation.id)
        return "/apply/steps?done=known"

    return do_once(person, fill)
