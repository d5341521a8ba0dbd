"""The pages below `/portal/`, put into one blueprint."""

from flask import Blueprint, Response

from hub.web.pages.rendering import page, t
from hub.web.pages.visitors import for_bank

pages = Blueprint("portal", __name__, url_prefix="/portal")


@pages.route("/")
@for_bank()
def home() -> Response:
    """The first page."""
    return page("portal/home.html", title=t("待办队列"))
