"""The pages below `/apply/`, put into one blueprint."""

from flask import Blueprint, Response

from hub.web.pages.rendering import page, t
from hub.web.pages.visitors import for_cardholders

pages = Blueprint("apply", __name__, url_prefix="/apply")


@pages.route("/")
@for_cardholders
def home() -> Response:
    """The first page."""
    return page("apply/home.html", title=t("和银行商量还款"))
