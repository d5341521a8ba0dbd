"""Proving again who one is, before something that matters: a decision, an export, a change of settings.

A view asks `require_fresh_sign_in()` before it does anything. Where the last proof is too old, its form is answered by
a page that asks for the second factor and holds everything that the form held; sending that page sends the form.
"""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from flask import Flask, Response, request, session

from hub.domain.errors import Fault
from hub.domain.identifiers import normalised_digits
from hub.domain.visitor import VisitorKind
from hub.services.accounts import passkeys as kept_passkeys
from hub.services.accounts import staff_sign_in
from hub.services.accounts.staff import Staff
from hub.services.accounts.staff_sign_in import Account
from hub.web import sign_in_limits
from hub.web.access import face
from hub.web.pages import passkeys
from hub.web.pages.authenticator import authenticator
from hub.web.pages.forms import FormState, Values
from hub.web.pages.pending_sign_in import note_failure
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import area_of, current_staff, forget_visitors, now_for_sessions

FRESH_FOR: Final = timedelta(minutes=10)
"""So long a proof of the second factor is good for what matters; signing in is one."""

CODE: Final = "confirm.code"
PRESS: Final = "confirm.press"
PASSKEY: Final = "confirm.passkey"
_OWN: Final = frozenset({"csrf_token", CODE, PRESS, PASSKEY})


class FreshSignInNeeded(Exception):
    """The person has to prove again who they are; `faults` says what was wrong with what they gave."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__()
        self.faults = faults


def require_fresh_sign_in() -> datetime:
    """When the person of this POST last proved their second factor, a few minutes ago at most.

    Ask it in the view of a form, outside any transaction and before anything is done; a file in the form would have to
    be chosen again. Raises `FreshSignInNeeded`, which is answered with a page, and `TooManyTries`.
    """
    person = current_staff()
    proved_at = _fresh_proof(person)
    if proved_at is None and not _OWN.isdisjoint(request.form.keys() - {"csrf_token"}):
        _prove(person)
        proved_at = _fresh_proof(current_staff())
    if proved_at is None:
        raise FreshSignInNeeded
    return proved_at


def _fresh_proof(person: Staff) -> datetime | None:
    if person.proved_at is None or person.proved_at < now_for_sessions() - FRESH_FOR:
        return None
    return person.proved_at


def _prove(person: Staff) -> None:
    """The session is fresh again, where what was given proves it; raises `FreshSignInNeeded`."""
    if _needs_no_code(person):
        _note_proof(person)
        return
    with face().limits.counting_wrong(sign_in_limits.staff_codes(person.id)) as was_right:
        if _is_proved(person):
            was_right()
            _note_proof(person)
            return
    forget_visitors()
    if _fresh_proof(current_staff()) is not None:
        # A second tap on the same button: the first has used the code up.
        return
    note_failure(person.email, second_step=True)
    raise FreshSignInNeeded(
        Fault("", "passkey_wrong") if PASSKEY in request.form else Fault("/confirm/code", "second_step_wrong")
    )


def _is_proved(person: Staff) -> bool:
    """Whether the passkey is the person's, or the code one of their authenticator that was not used before."""
    if PASSKEY in request.form:
        account = passkeys.proved(request.form[PASSKEY])
        return account is not None and account.staff.id == person.id
    hub = face().hub
    with hub.reading(person.actor) as tx:
        account = staff_sign_in.account_of(tx, person.id)
    if account is None or account.second_factor is None:
        return False
    typed = normalised_digits(request.form.get(CODE, ""))
    counter = authenticator().counter_of(typed, account.second_factor, after=account.last_counter)
    if counter is None:
        return False
    with hub.writing(person.actor) as tx:
        return staff_sign_in.take_code(tx, account.mark, counter)


def _needs_no_code(person: Staff) -> bool:
    """The demo's people have no second factor: they press a button, where the demo's door is open."""
    return person.is_demo and face().demo_is_open


def _note_proof(person: Staff) -> None:
    with face().hub.writing(person.actor) as tx:
        staff_sign_in.note_proof(tx, session[VisitorKind.STAFF], person, at=now_for_sessions())
    forget_visitors()


def install(app: Flask) -> None:
    """Who has to prove again who they are is asked for it, with all that their form held."""

    @app.errorhandler(FreshSignInNeeded)
    def ask(error: FreshSignInNeeded) -> Response:
        person = current_staff()
        with face().hub.reading(person.actor) as tx:
            account = staff_sign_in.account_of(tx, person.id)
            known = kept_passkeys.list_of(tx, person.id) if passkeys.are_possible() else []
        return page(
            "sign-in/confirm.html",
            title=translate("请确认是您本人"),
            status=422 if error.faults else 401,
            state=FormState(faults=error.faults),
            held=_held(),
            address=request.full_path.rstrip("?"),
            needs_no_code=_needs_no_code(person),
            has_authenticator=account is not None and account.second_factor is not None,
            sign_on_address=_sign_on_address(person, account),
            passkey_options=passkeys.sign_in_options(known) if known else None,
            minutes=int(FRESH_FOR.total_seconds()) // 60,
            back=_where_from(),
        )


def _sign_on_address(person: Staff, account: Account | None) -> str | None:
    """Where somebody proves anew who they are who has nothing to prove it with here."""
    if account is None or account.has_second_step or person.bank_code is None:
        return None
    return f"/sign-in/bank/{person.bank_code}?{urlencode({'again': '1', 'next': _where_from()})}"


def _held() -> Values:
    """Everything that the form held, but for what was given here."""
    return {name: typed for name, typed in request.form.lists() if name not in _OWN}


def _where_from() -> str:
    """The page on which the form stood, as far as the browser says so."""
    here = request.host_url
    came_from = request.referrer or ""
    if came_from.startswith(here) and request.form.get(CODE) is None:
        return "/" + came_from.removeprefix(here)
    return area_of(request.path).home
