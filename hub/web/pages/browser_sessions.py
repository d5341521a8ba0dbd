"""How the sessions that a browser holds begin, go on and end; who they belong to is asked of `visitors`."""

from typing import Final

from flask import g, request, session

from hub.domain.actor import HUB
from hub.domain.devices import device_of
from hub.domain.visitor import VisitorKind
from hub.services.accounts import sign_in, staff_sign_in, unfinished_forms
from hub.services.accounts.cardholders import Cardholder
from hub.services.accounts.staff import Staff
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.visitors import (
    forget_visitors,
    now_for_sessions,
    signed_in,
    signed_in_cardholder,
    signed_in_staff,
)

HELD_FORM: Final = "held_form"
"""Under this the browser's cookie has the id of a form that it sent after its session had ended."""


def begin(kind: VisitorKind, token: str) -> str | None:
    """The browser holds the session of that kind from now on; the one before has ended.

    It has a fresh CSRF token, unless the same person has come back: their other open pages stay good. Gives the
    address of the form that was held for them, if one was.
    """
    before = session.get(kind)
    lapsed: Cardholder | Staff | None = None
    if isinstance(before, str):
        with face().hub.writing(HUB) as tx:
            lapsed = find_lapsed(tx, kind, before)
            sign_in.end_session(tx, before)
    session[kind] = token
    forget_visitors()
    # For what follows a person from one browser to the next.
    g.begun_cardholder = kind is VisitorKind.CARDHOLDER
    person: Cardholder | Staff | None = signed_in(kind)
    if person is None or lapsed is None or _is_another(person, lapsed):
        session.pop("csrf_token", None)
    held = session.pop(HELD_FORM, None)
    if person is None or not isinstance(held, str):
        return None
    with face().hub.writing(person.actor) as tx:
        return unfinished_forms.give_out(tx, person, held, at=now_for_sessions())


def find_lapsed(tx: HubTransaction, kind: VisitorKind, token: str) -> Cardholder | Staff | None:
    """Whose session of that kind the token opened, also where it has ended by itself; None once somebody ended it."""
    return sign_in.find_lapsed(tx, token) if kind is VisitorKind.CARDHOLDER else staff_sign_in.find_lapsed(tx, token)


def session_left(kind: VisitorKind) -> int | None:
    """The seconds until the visitor's session of that kind ends by itself; None where nobody has signed in."""
    person: Cardholder | Staff | None = signed_in(kind)
    if person is None or person.session_ends_at is None:
        return None
    return max(0, int((person.session_ends_at - now_for_sessions()).total_seconds()))


def session_left_header(kind: VisitorKind) -> dict[str, str]:
    """The same for `form.js`, as the header that it reads."""
    left = session_left(kind)
    return {} if left is None else {"Session-Left": str(left)}


def _is_another(person: Cardholder | Staff, other: Cardholder | Staff) -> bool:
    if isinstance(person, Staff) or isinstance(other, Staff):
        return person.owner_key != other.owner_key
    return (person.owner_key, person.client_id) != (other.owner_key, other.client_id)


def stay(kind: VisitorKind) -> None:
    """The session of who is signed in goes on, since they said that they are still there.

    A cardholder's lasts longer by it; that of staff is used, and ends twelve hours after the sign-in all the same.
    """
    token = session.get(kind)
    if isinstance(token, str):
        with face().hub.writing(HUB) as tx:
            if kind is VisitorKind.CARDHOLDER:
                sign_in.stay(tx, token, at=now_for_sessions())
            else:
                sign_in.note_use(tx, token, at=now_for_sessions())
    forget_visitors()


def end() -> None:
    """The browser holds no session any more, and those it held are gone."""
    visitors = [(VisitorKind.CARDHOLDER, signed_in_cardholder()), (VisitorKind.STAFF, signed_in_staff())]
    with face().hub.writing(HUB) as tx:
        for kind, visitor in visitors:
            token = session.get(kind)
            if isinstance(token, str):
                sign_in.end_session(tx, token)
            if visitor is not None:
                audit.note(tx, AuditKind.SIGNED_OUT, actor=visitor.actor)
    session.clear()
    forget_visitors()


def begin_staff(tx: HubTransaction, staff_id: str, *, way: str | None = None) -> str:
    """The token of a new session of that account in this browser, in an open transaction.

    `way` is how the person proved who they are, where that was not password and authenticator.
    """
    device = device_of(request.user_agent.string)
    return staff_sign_in.open_session(tx, staff_id, at=now_for_sessions(), device=device, way=way)
