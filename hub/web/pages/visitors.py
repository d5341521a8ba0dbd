"""Who looks at a page, and who may: every page route says it with one of the decorators here or `public`.

A session is a random token in the signed session cookie; what it opens is in the database, so that signing out,
running out and leaving a bank are real.
"""

import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar, cast

from flask import current_app, g, request, session

from hub.domain.actor import HUB
from hub.domain.errors import NotAllowed, Unavailable
from hub.domain.staff import BANK_ROLES, Role
from hub.domain.visitor import VisitorKind
from hub.services.accounts import sign_in, staff_sign_in
from hub.services.accounts.cardholders import Cardholder
from hub.services.accounts.staff import Staff
from hub.services.reading.bank.beside import Desk, desk_of
from hub.services.transaction import HubTransaction
from hub.web.access import declared, face
from hub.web.pages.translation import speak_of_lender

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
    found: Staff | None = _found(VisitorKind.STAFF, _find_staff)
    return found


def _find_staff(tx: HubTransaction, token: str, *, at: datetime) -> tuple[Staff, bool] | None:
    found = staff_sign_in.find_staff(tx, token, at=at)
    if found is not None and found[0].bank_code is not None:
        # It stands beside every page, so it comes with the lookup of who looks.
        g.desk = desk_of(tx, found[0])
        speak_of_lender(g.desk.is_lender)
    return found


def current_desk() -> Desk | None:
    """What stands beside the pages of the signed-in person at a bank; None for everybody else."""
    found: Desk | None = g.get("desk") if signed_in_staff() is not None else None
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


_SIGNED_IN: Final[Mapping[VisitorKind, Callable[[], Any]]] = {
    VisitorKind.CARDHOLDER: signed_in_cardholder,
    VisitorKind.STAFF: signed_in_staff,
}


def signed_in(kind: VisitorKind) -> Cardholder | Staff | None:
    """Who of that kind has signed in in this browser, or None."""
    found: Cardholder | Staff | None = _SIGNED_IN[kind]()
    return found


def visitor_of(area: Area) -> Cardholder | Staff:
    """Who is signed in to that area; raises `NotSignedIn`, also for everybody's area, where nobody is."""
    kind = area.visitors or VisitorKind.CARDHOLDER
    found = signed_in(kind)
    if found is None:
        raise NotSignedIn(kind)
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
    if note_use and not _is_no_use():
        # Whoever only reads goes on reading while nothing can be written.
        with contextlib.suppress(Unavailable), hub.writing(HUB) as tx:
            sign_in.note_use(tx, token, at=at)
    return visitor


def forget_visitors() -> None:
    """Who the visitor is, is looked up once more: what is known of them has changed in this request."""
    g.pop("visitors", None)


def is_no_use(view: Callable[P, R]) -> Callable[P, R]:
    """A script asks for this by itself: it does not keep the session of somebody who has gone away."""
    cast("Any", view).is_no_use = True
    return view


def _is_no_use() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "is_no_use", False)


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

        cast("Any", shown).roles = taken
        return declared(shown, " or ".join(sorted(taken)))

    return decorate


def for_staff(view: Callable[P, R]) -> Callable[P, R]:
    """The page is for whoever works at a bank or at the hub, in any role; the view asks `current_staff()`."""

    @wraps(view)
    def shown(*args: P.args, **kwargs: P.kwargs) -> R:
        current_staff()
        return view(*args, **kwargs)

    return declared(shown, " or ".join(sorted(Role)))


def for_operators(view: Callable[P, R]) -> Callable[P, R]:
    """The page is for operators of the hub; the view asks `current_staff()`."""

    @wraps(view)
    def shown(*args: P.args, **kwargs: P.kwargs) -> R:
        person = current_staff()
        if person.role != Role.OPERATOR:
            raise NotAllowed(Role.OPERATOR)
        return view(*args, **kwargs)

    return declared(shown, Role.OPERATOR)


def safe_next(asked: str | None) -> str:
    """`asked` where it is a path of this hub, nothing otherwise."""
    if asked is None or not asked.startswith("/") or asked.startswith(("//", "/\\")):
        return ""
    return asked if asked.isprintable() and "\\" not in asked else ""


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
