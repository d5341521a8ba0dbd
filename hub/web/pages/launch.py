"""The way in from a host app: a code in the address signs one person in, once, within five minutes."""

from flask import Blueprint, Response, request

from hub.domain.actor import HUB
from hub.domain.visitor import VisitorKind
from hub.services.accounts import cardholders, sign_in
from hub.services.applications import drafts
from hub.services.reading.cardholder import negotiations
from hub.web.access import face, public
from hub.web.pages.browser_sessions import begin
from hub.web.pages.rendering import PRIVATE, go, page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_cardholder, now_for_sessions, signed_in_cardholder

pages = Blueprint("launch", __name__)


@pages.route("/launch")
@public
def enter() -> Response:
    """Signs the person in and shows what is theirs. A look without reading (HEAD) uses nothing up.

    Where somebody else is signed in in this browser, they are asked first: anybody can send a link.
    """
    if request.method == "HEAD":
        return Response(headers={"Cache-Control": PRIVATE})
    code, signed_in = request.args.get("code", ""), signed_in_cardholder()
    if signed_in is not None:
        with face().hub.reading(HUB) as tx:
            is_other = sign_in.replaces_another(tx, code, signed_in)
        if is_other:
            return page("sign-in/launch-other.html", title=translate("要换一个人登录吗？"), code=code)
    return _sign_in(code)


@pages.route("/launch", methods=["POST"])
@public
def replace() -> Response:
    """Who is signed in has said that the person of the code may take their place in this browser."""
    return _sign_in(request.form.get("code", ""))


def _sign_in(code: str) -> Response:
    with face().hub.writing(HUB) as tx:
        token = sign_in.launch(tx, code, at=now_for_sessions())
    if token is None:
        return page("sign-in/launch-over.html", title=translate("请回到 App 重新进入"), status=410)
    return go(begin(VisitorKind.CARDHOLDER, token) or home_of_cardholder())


def home_of_cardholder() -> str:
    """Where the person who has just signed in wants to be: at what is open or hidden, or where they stopped writing.

    Who has neither reads what this is before they begin.
    """
    person = current_cardholder()
    with face().hub.reading(HUB) as tx:
        if negotiations.has_open(tx, person) or cardholders.count_hidden(tx, person) > 0:
            return "/my/"
        return "/apply/steps" if drafts.find(tx, person).is_begun else "/apply/"
