"""The pages below `/ops/`, put into one blueprint."""

from flask import Blueprint, Response

from hub.web.pages.rendering import page, t
from hub.web.pages.visitors import for_operators

pages = Blueprint("ops", __name__, url_prefix="/ops")


@pages.route("/")
@for_operators
def home() -> Response:
    """The first page."""
    return page("ops/home.html", title=t("运行情况"))
