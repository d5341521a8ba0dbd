"""What a person can end, object to or have erased, and what follows from each, in plain words on one page."""

from flask import Blueprint, Response, request

from hub.services.reading.cardholder import consents, negotiations
from hub.web.pages.my.consents import words_of
from hub.web.pages.my.negotiation_page import own_page, reading_own
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("rights", __name__, url_prefix="/negotiations/<id:negotiation_id>/rights")


@blueprint.route("")
@for_cardholders
def show(negotiation_id: str) -> Response:
    """Withdraw, complain, delete: what can be done now, and whom to ask for the rest."""
    with reading_own(negotiation_id) as (tx, negotiation):
        complaint = negotiations.complaint_of(tx, current_cardholder(), negotiation)
        own = consents.of_own(tx, current_cardholder(), negotiation_id)
    return own_page(
        "my/rights.html",
        negotiation,
        title=translate("撤回、投诉、删除"),
        has_grievance=bool(complaint.grievances),
        # Before it has arrived there is nothing at the bank that would stay there.
        has_arrived=own.has_reached_bank,
        consents=[(each, words_of(each, negotiation)) for each in own.listed],
        done=request.args.get("done") == "1",
    )
