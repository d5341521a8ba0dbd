"""The pages below `/my/`, put into one blueprint."""

from flask import Blueprint, Response

from hub.web.pages.rendering import page, t
from hub.web.pages.visitors import for_cardholders

pages = Blueprint("my", __name__, url_prefix="/my")


@pages.route("/")
@for_cardholders
def home() -> Response:
    """The first page."""
    return page("my/home.html", title=t("我的协商"))
