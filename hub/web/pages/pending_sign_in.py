"""Between two steps of a sign-in of staff: whose first step was right a moment ago, and how the last one ends."""

import time
from typing import Any, Final

from flask import Response, request, session

from hub.domain.actor import HUB
from hub.domain.devices import device_of
from hub.domain.sign_on import Identity
from hub.domain.staff import Role
from hub.domain.visitor import VisitorKind
from hub.mail.kinds import MailKind
from hub.services.accounts import staff_sign_in
from hub.services.accounts.staff_sign_in import Account
from hub.services.notifications import staff_mails
from hub.web import sign_in_limits
from hub.web.access import face
from hub.web.pages.browser_sessions import begin
from hub.web.pages.rendering import LAST_SIGN_IN, go
from hub.web.pages.visitors import now_for_sessions, safe_next, signed_in_staff

DOOR: Final = "/sign-in/staff"
# Between two steps there may lie this long, in seconds.
_PENDING_S: Final = 600
_PENDING: Final = "staff_pending"
_DEVICE: Final = "staff-device"


def wait_for_second_step(account: Account, *, next_page: str = "", **more: Any) -> Response:
    """The first step was right; leads to the second, or to setting one up."""
    session[_PENDING] = {"mark": account.mark, "at": int(time.time()), "next": next_page, **more}
    return go(f"{DOOR}/code" if account.has_second_step and not more.get("recovered") else f"{DOOR}/set-up")


def pending() -> tuple[Account, dict[str, Any]] | None:
    """Whose first step was right a moment ago, unless the account has changed meanwhile; and what was kept of it."""
    kept = session.get(_PENDING)
    if not isinstance(kept, dict) or kept["at"] < time.time() - _PENDING_S:
        return None
    with face().hub.reading(HUB) as tx:
        account = staff_sign_in.find_account_marked(tx, kept["mark"])
    return None if account is None else (account, kept)


def keep(kept: dict[str, Any]) -> None:
    """This is kept of the sign-in until its last step."""
    session[_PENDING] = kept


def finish(account: Account, token: str, *, next_page: str = "") -> str:
    """The browser holds the session of that token; gives the page that comes next."""
    _bind(account, session.pop(_PENDING, None))
    held = begin(VisitorKind.STAFF, token)
    session[LAST_SIGN_IN] = 1
    sign_in_limits.signed_in(face().limits, sign_in_limits.STAFF, account.staff.email)
    _tell_of_new_device(account)
    return safe_next(next_page) or held or ("/ops/" if account.staff.role == Role.OPERATOR else "/portal/")


def _bind(account: Account, kept: Any) -> None:
    """Whoever came by their bank's sign-on is known there only once the second factor is right too.

    Or a stranger to whom the address was given would keep the owner out. Somebody else who was first meanwhile stays.
    """
    if isinstance(kept, dict) and kept.get("sign_on"):
        issuer, subject = kept["sign_on"]
        with face().hub.writing(HUB) as tx:
            staff_sign_in.bind_sign_on(tx, account.staff.id, Identity(issuer=issuer, subject=subject))


def _tell_of_new_device(account: Account) -> None:
    """A mail, where nobody signed in to the account on such a device in the last thirty days, but on another."""
    limits, device = face().limits, device_of(request.user_agent.string)
    is_known = limits.knows(_DEVICE, account.staff.id, device)
    limits.remember(_DEVICE, account.staff.id, device)
    person = signed_in_staff()
    if is_known or person is None or person.last_sign_in is None:
        return
    with face().hub.writing(HUB) as tx:
        staff_mails.of_account(tx, person.id, MailKind.NEW_DEVICE, at=now_for_sessions())


def note_failure(email: str, *, second_step: bool) -> None:
    """Somebody tried in vain."""
    with face().hub.writing(HUB) as tx:
        staff_sign_in.note_failure(tx, email, second_step=second_step)
