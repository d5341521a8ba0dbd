"""Where the visitor is signed in, and signing out everywhere: one page for cardholders, banks' people and operators."""

from flask import Blueprint, Response

from hub.services.accounts import open_sessions
from hub.services.accounts.cardholders import Cardholder
from hub.services.accounts.staff import Staff
from hub.web.access import face
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import (
    current_cardholder,
    current_staff,
    end,
    for_bank,
    for_cardholders,
    for_operators,
    now_for_sessions,
)

pages = Blueprint("signed_in", __name__)


def _listed(visitor: Cardholder | Staff) -> Response:
    with face().hub.reading(visitor.actor) as tx:
        found = open_sessions.of_visitor(tx, visitor, at=now_for_sessions())
    back = "/my/" if isinstance(visitor, Cardholder) else None
    return page("sign-in/sessions.html", title=translate("已登录的设备"), sessions=found, here=visitor.key, back=back)


def _ended(visitor: Cardholder | Staff) -> Response:
    with face().hub.writing(visitor.actor) as tx:
        open_sessions.end_all(tx, visitor)
    end()
    return go("/sign-in/gone")


@pages.route("/my/sessions")
@for_cardholders
def of_cardholder() -> Response:
    """Where the person is signed in."""
    return _listed(current_cardholder())


@pages.route("/my/sessions", methods=["POST"])
@for_cardholders
def end_of_cardholder() -> Response:
    """The person is signed out everywhere."""
    return _ended(current_cardholder())


@pages.route("/portal/sessions")
@for_bank()
def of_banks_people() -> Response:
    """Where the person at a bank is signed in."""
    return _listed(current_staff())


@pages.route("/portal/sessions", methods=["POST"])
@for_bank()
def end_of_banks_people() -> Response:
    """The person at a bank is signed out everywhere."""
    return _ended(current_staff())


@pages.route("/ops/sessions")
@for_operators
def of_operator() -> Response:
    """Where the operator is signed in."""
    return _listed(current_staff())


@pages.route("/ops/sessions", methods=["POST"])
@for_operators
def end_of_operator() -> Response:
    """The operator is signed out everywhere."""
    return _ended(current_staff())
