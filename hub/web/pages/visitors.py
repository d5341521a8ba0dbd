"""Who looks at a page, and who may: every page route says it with one of the decorators here or `public`.

A session is a random token in the signed session cookie; what it opens is in the database, so that signing out,
running out and leaving a bank are real.
"""

import contextlib
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar, cast

from flask import g, session

from hub.domain.actor import HUB
from hub.domain.errors import NotAllowed, Unavailable
from hub.domain.staff import BANK_ROLES, Role
from hub.domain.visitor import VisitorKind
from hub.services.accounts import sign_in, staff_sign_in, unfinished_forms
from hub.services.accounts.cardholders import Cardholder
from hub.services.accounts.staff import Staff
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from hub.web.access import declared, face

HELD_FORM: Final = "held_form"
"""Under this the browser's cookie has the id of a form that it sent after its session had ended."""

_ROLES = frozenset(str(role) for role in BANK_ROLES)

P = ParamSpec("P")
R = TypeVar("R")
Finder = Callable[..., tuple[Any, bool] | None]


class Area(StrEnum):
    """Whose part of the hub an address belongs to, by its first word."""

    PUBLIC = "public"
    CARDHOLDER = "cardholder"
    STAFF = "staff"
    OPERATOR = "operator"

    @property
    def visitors(self) -> VisitorKind | None:
        """Who signs in there; None where nobody has to."""
        if self is Area.PUBLIC:
            return None
        return VisitorKind.CARDHOLDER if self is Area.CARDHOLDER else VisitorKind.STAFF

    @property
    def home(self) -> str:
        """Its first page; for everybody's area the way in."""
        return _HOMES[self]


_HOMES: Final = {Area.PUBLIC: "/", Area.CARDHOLDER: "/my/", Area.STAFF: "/portal/", Area.OPERATOR: "/ops/"}
_AREAS: Final = {"apply": Area.CARDHOLDER, "my": Area.CARDHOLDER, "portal": Area.STAFF, "ops": Area.OPERATOR}


def area_of(path: str) -> Area:
    """The area of the address `path`."""
    return _AREAS.get(path.split("/")[1], Area.PUBLIC)


class NotSignedIn(Exception):
    """The page is for people who have signed in; `kind` says how they do that."""

    def __init__(self, kind: VisitorKind) -> None:
        super().__init__(kind)
        self.kind = kind


def now_for_sessions() -> datetime:
    """The real time: sessions run by it, however far the hub's clock was moved for a demo."""
    return face().hub.real_clock.now()


def signed_in_cardholder() -> Cardholder | None:
    """The cardholder of the present request, or None."""
    found: Cardholder | None = _found(VisitorKind.CARDHOLDER, sign_in.find_cardholder)
    return found


def signed_in_staff() -> Staff | None:
    """The person at a bank, or the operator, of the present request, or None."""
    found: Staff | None = _found(VisitorKind.STAFF, staff_sign_in.find_staff)
    return found


def current_cardholder() -> Cardholder:
    """The cardholder of the present request; raises `NotSignedIn`."""
    found = signed_in_cardholder()
    if found is None:
        raise NotSignedIn(VisitorKind.CARDHOLDER)
    return found


def current_staff() -> Staff:
    """The person at a bank, or the operator, of the present request; raises `NotSignedIn`."""
    found = signed_in_staff()
    if found is None:
        raise NotSignedIn(VisitorKind.STAFF)
    return found


def _found(kind: VisitorKind, find: Finder) -> Any:
    # Looked up once a request: what was found stays true for its length.
    known: dict[VisitorKind, Any] = g.setdefault("visitors", {})
    if kind not in known:
        known[kind] = _look_up(kind, find)
    return known[kind]


def _look_up(kind: VisitorKind, find: Finder) -> Any:
    token = session.get(kind)
    if not isinstance(token, str):
        return None
    at, hub = now_for_sessions(), face().hub
    with hub.reading(HUB) as tx:
        found = find(tx, token, at=at)
    if found is None:
        return None
    visitor, note_use = found
    if note_use:
        # Whoever only reads goes on reading while nothing can be written.
        with contextlib.suppress(Unavailable), hub.writing(HUB) as tx:
            sign_in.note_use(tx, token, at=at)
    return visitor


def begin(kind: VisitorKind, token: str) -> str | None:
    """The browser holds the session of that kind from now on; the one before has ended.

    It has a fresh CSRF token, unless the same cardholder has come back: their other open pages stay good. Gives the
    address of the form that was held for them, if one was.
    """
    before = session.get(kind)
    lapsed = None
    if isinstance(before, str):
        with face().hub.writing(HUB) as tx:
            lapsed = sign_in.find_lapsed(tx, before)
            sign_in.end_session(tx, before)
    session[kind] = token
    g.pop("visitors", None)
    # For what follows a person from one browser to the next.
    g.begun_cardholder = kind is VisitorKind.CARDHOLDER
    person = signed_in_cardholder() if kind is VisitorKind.CARDHOLDER else None
    if person is None or lapsed is None or _is_another(person, lapsed):
        session.pop("csrf_token", None)
    held = session.pop(HELD_FORM, None)
    if person is None or not isinstance(held, str):
        return None
    with face().hub.writing(person.actor) as tx:
        return unfinished_forms.give_out(tx, person, held, at=now_for_sessions())


def session_left() -> int | None:
    """The seconds until the cardholder's session ends by itself; None where nobody has signed in."""
    person = signed_in_cardholder()
    if person is None or person.session_ends_at is None:
        return None
    return max(0, int((person.session_ends_at - now_for_sessions()).total_seconds()))


def session_left_header() -> dict[str, str]:
    """The same for `form.js`, as the header that it reads."""
    left = session_left()
    return {} if left is None else {"Session-Left": str(left)}


def _is_another(person: Cardholder, other: Cardholder) -> bool:
    return (person.owner_key, person.client_id) != (other.owner_key, other.client_id)


def stay() -> None:
    """The session of the cardholder who is signed in goes on, since they said that they are still there."""
    token = session.get(VisitorKind.CARDHOLDER)
    if isinstance(token, str):
        with face().hub.writing(HUB) as tx:
            sign_in.stay(tx, token, at=now_for_sessions())
    g.pop("visitors", None)


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
    g.pop("visitors", None)


def begin_staff(tx: HubTransaction, staff_id: str) -> str:
    """The token of a new session of that account, in an open transaction."""
    return staff_sign_in.open_session(tx, staff_id, at=now_for_sessions())


def takes_any_form(view: Callable[P, R]) -> Callable[P, R]:
    """The page takes forms that do not hold this site's token; only where nothing is at stake."""
    cast("Any", view).takes_any_form = True
    return view


def for_cardholders(view: Callable[P, R]) -> Callable[P, R]:
    """The page is for a cardholder who has signed in; the view asks `current_cardholder()`."""

    @wraps(view)
    def shown(*args: P.args, **kwargs: P.kwargs) -> R:
        current_cardholder()
        return view(*args, **kwargs)

    return declared(shown, VisitorKind.CARDHOLDER)


def for_bank(*roles: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The page is for people at a bank who have one of `roles`; every role where none is named.

    The view asks `current_staff()`, whose `bank` is the only bank it may look at.
    """
    unknown = set(roles) - _ROLES
    if unknown:
        raise ValueError(f"no role of a bank: {', '.join(sorted(unknown))}")
    taken = frozenset(roles) or _ROLES

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def shown(*args: P.args, **kwargs: P.kwargs) -> R:
            person = current_staff()
            if person.role not in taken:
                raise NotAllowed(" or ".join(sorted(taken)))
            return view(*args, **kwargs)

        return declared(shown, " or ".join(sorted(taken)))

    return decorate


def for_operators(view: Callable[P, R]) -> Callable[P, R]:
    """The page is for operators of the hub; the view asks `current_staff()`."""

    @wraps(view)
    def shown(*args: P.args, **kwargs: P.kwargs) -> R:
        person = current_staff()
        if person.role != Role.OPERATOR:
            raise NotAllowed(Role.OPERATOR)
        return view(*args, **kwargs)

    return declared(shown, Role.OPERATOR)


def safe_next(asked: str | None, default: str) -> str:
    """`asked` where it is a path of this hub, `default` otherwise."""
    if asked is None or not asked.startswith("/") or asked.startswith(("//", "/\\")):
        return default
    return asked if asked.isprintable() and "\\" not in asked else default


__all__ = [
    "Cardholder",
    "NotSignedIn",
    "Staff",
    "current_cardholder",
    "current_staff",
    "for_bank",
    "for_cardholders",
    "for_operators",
]
