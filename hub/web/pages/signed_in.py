"""Where the visitor is signed in, and signing out everywhere: one page for cardholders, banks' people and operators."""

from flask import Blueprint, Response, request

from hub.domain.staff import Role
from hub.services.accounts import open_sessions, staff
from hub.services.accounts.cardholders import Cardholder
from hub.services.accounts.staff import Staff
from hub.web.access import face
from hub.web.pages.both_desks import for_staff_at
from hub.web.pages.browser_sessions import end
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import (
    area_of,
    current_cardholder,
    current_staff,
    for_bank,
    for_cardholders,
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


@for_staff_at(pages, "/sessions")
def of_staff() -> Response:
    """Where somebody of the staff is signed in."""
    return _listed(current_staff())


@for_staff_at(pages, "/sessions", "POST")
def end_of_staff() -> Response:
    """Somebody of the staff is signed out everywhere."""
    return _ended(current_staff())


@for_staff_at(pages, "/sessions/others", "POST")
def end_others_of_staff() -> Response:
    """Somebody of the staff is signed out everywhere but here."""
    person = current_staff()
    with face().hub.writing(person.actor) as tx:
        open_sessions.end_others(tx, person)
    return go(f"{area_of(request.path).home}sessions")


@for_staff_at(pages, "/sessions/<key>/end", "POST")
def end_one_of_staff(key: str) -> Response:
    """Somebody of the staff is signed out on one device."""
    person = current_staff()
    with face().hub.writing(person.actor) as tx:
        open_sessions.end_one(tx, person, key)
    return go(f"{area_of(request.path).home}sessions")


@pages.route("/portal/staff/<id:staff_id>/sessions")
@for_bank(Role.BANK_ADMIN)
def of_colleague(staff_id: str) -> Response:
    """Where a colleague is signed in."""
    admin = current_staff()
    with face().hub.reading(admin.actor) as tx:
        person = staff.get_of_bank(tx, staff_id, bank_code=admin.bank)
        found = open_sessions.of_colleague(tx, person, at=now_for_sessions())
    return page(
        "portal/colleague-sessions.html",
        title=translate("同事已登录的设备"),
        colleague=person,
        sessions=found,
        back="/portal/staff",
    )


@pages.route("/portal/staff/<id:staff_id>/sessions", methods=["POST"])
@for_bank(Role.BANK_ADMIN)
def end_of_colleague(staff_id: str) -> Response:
    """The colleague is signed out everywhere, and signs in again like everybody."""
    admin = current_staff()
    with face().hub.writing(admin.actor) as tx:
        open_sessions.end_of_colleague(tx, staff.get_of_bank(tx, staff_id, bank_code=admin.bank))
    return go(request.path)
