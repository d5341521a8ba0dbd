"""One negotiation: all that a bank knows of it, and the plan that is drawn up beside it."""

from flask import Response

from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.case_page import CasePage
from hub.web.pages.visitors import for_bank


@pages.route("/negotiations/<id:negotiation_id>")
@for_bank()
def show(negotiation_id: str) -> Response:
    """The whole negotiation; each look goes into the access log."""
    return CasePage(negotiation_id=negotiation_id)()
