"""Who saw what of a negotiation: when, in which role, and why."""

from flask import Blueprint, Response

from hub.services.reading import reading_log
from hub.web.pages.my.negotiation_page import own_page, reading_own
from hub.web.pages.translation import translate
from hub.web.pages.visitors import for_cardholders

blueprint = Blueprint("readings", __name__, url_prefix="/negotiations/<id:negotiation_id>/readings")

_MOST = 300


@blueprint.route("")
@for_cardholders
def show(negotiation_id: str) -> Response:
    """Every reading of the person's data, newest first: of the bank, the hub, the host app, and their own."""
    with reading_own(negotiation_id) as (tx, negotiation):
        readings = reading_log.readings_by_day(tx, negotiation.id, most=_MOST)
    return own_page("my/readings.html", negotiation, title=translate("谁看过我的资料"), readings=readings)
