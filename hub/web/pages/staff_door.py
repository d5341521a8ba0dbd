"""How people at banks and operators sign in: password, then a code of their authenticator; and how they enrol."""

import time
from typing import Any, Final

from flask import Blueprint, Response, request, session

from hub.domain.actor import HUB
from hub.domain.errors import Fault
from hub.domain.identifiers import normalised_digits
from hub.domain.staff import Role
from hub.domain.visitor import VisitorKind
from hub.services.accounts import staff, staff_sign_in
from hub.services.accounts.staff_sign_in import Account
from hub.web import sign_in_limits
from hub.web.access import face, public
from hub.web.pages.authenticator import SetUp, authenticator, password_faults
from hub.web.pages.forms import FormState
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import begin, begin_staff, now_for_sessions, safe_next

pages = Blueprint("staff_door", __name__, url_prefix="/sign-in")

_DOOR: Final = "/sign-in/staff"
# Between password and code there may lie this long, in seconds.
_PENDING_S: Final = 600
_PENDING: Final = "staff_pending"


@pages.route("/staff")
@public
def ask() -> Response:
    """Asks for address and password."""
    return _password_page(FormState())


def _password_page(state: FormState, status: int = 200) -> Response:
    next_page = safe_next(request.values.get("next"), "")
    return page("sign-in/staff.html", title=translate("工作台登录"), status=status, state=state, next_page=next_page)


@pages.route("/staff", methods=["POST"])
@public
def check_password() -> Response:
    """Goes on to the second step where the password is right; says the same of a wrong address and a wrong password."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    limits = face().limits
    with limits.counting_wrong(*sign_in_limits.passwords(limits, email)) as was_right:
        with face().hub.reading(HUB) as tx:
            account = staff_sign_in.find_account(tx, email)
        if not authenticator().is_right(account, password) or account is None:
            _note_failure(email, second_step=False)
            return _password_page(FormState(values={"email": [email]}, faults=(Fault("/email", "sign_in_wrong"),)), 422)
        was_right()
    _wait_for_code(account, next_page=safe_next(request.form.get("next"), ""))
    return go(f"{_DOOR}/code" if account.second_factor else f"{_DOOR}/set-up")


def _note_failure(email: str, *, second_step: bool) -> None:
    with face().hub.writing(HUB) as tx:
        staff_sign_in.note_failure(tx, email, second_step=second_step)


def _wait_for_code(account: Account, *, next_page: str = "") -> None:
    session[_PENDING] = {"mark": account.mark, "at": int(time.time()), "next": next_page}


def _pending() -> tuple[Account, dict[str, Any]] | None:
    """Whose password was right a moment ago, unless the account has changed meanwhile."""
    kept = session.get(_PENDING)
    if not isinstance(kept, dict) or kept["at"] < time.time() - _PENDING_S:
        return None
    with face().hub.reading(HUB) as tx:
        account = staff_sign_in.find_account_marked(tx, kept["mark"])
    return None if account is None else (account, kept)


@pages.route("/staff/code")
@public
def ask_code() -> Response:
    """Asks for a code of the authenticator."""
    return go(_DOOR) if _pending() is None else _code_page(FormState())


def _code_page(state: FormState, status: int = 200) -> Response:
    return page("sign-in/staff-code.html", title=translate("输入验证器上的数字"), status=status, state=state)


@pages.route("/staff/code", methods=["POST"])
@public
def check_code() -> Response:
    """The person is signed in, where the code is right and was not used before."""
    pending = _pending()
    second_factor = None if pending is None else pending[0].second_factor
    if pending is None or second_factor is None:
        return go(_DOOR)
    account, kept = pending
    typed = normalised_digits(request.form.get("code", ""))
    with face().limits.counting_wrong(sign_in_limits.staff_codes(account.staff.id)) as was_right:
        counter = authenticator().counter_of(typed, second_factor, after=account.last_counter)
        signed_in = None if counter is None else _sign_in(account, kept, counter)
        if signed_in is not None:
            was_right()
            return signed_in
    _note_failure(account.staff.email, second_step=True)
    return _code_page(FormState(faults=(Fault("/code", "second_step_wrong"),)), 422)


def _sign_in(
    account: Account, kept: dict[str, Any], counter: int, *, second_factor: str | None = None
) -> Response | None:
    with face().hub.writing(HUB) as tx:
        if not staff_sign_in.take_code(tx, account.mark, counter, second_factor=second_factor):
            return None
        token = begin_staff(tx, account.staff.id)
    session.pop(_PENDING)
    begin(VisitorKind.STAFF, token)
    sign_in_limits.signed_in(face().limits, sign_in_limits.STAFF, account.staff.email)
    home = "/ops/" if account.staff.role == Role.OPERATOR else "/portal/"
    return go(safe_next(kept["next"], "") or home)


@pages.route("/staff/set-up")
@public
def show_set_up() -> Response:
    """Shows what to put into the authenticator, to somebody who has none yet."""
    pending = _pending()
    if pending is None or pending[0].second_factor is not None:
        return go(_DOOR)
    account, kept = pending
    shown = authenticator().set_up(account.staff.email, kept.get("secret"))
    session[_PENDING] = {**kept, "secret": shown.sealed}
    return _set_up_page(shown, FormState())


def _set_up_page(shown: SetUp, state: FormState, status: int = 200) -> Response:
    return page("sign-in/staff-set-up.html", title=translate("设置验证器"), status=status, state=state, set_up=shown)


@pages.route("/staff/set-up", methods=["POST"])
@public
def keep_set_up() -> Response:
    """The authenticator is the account's second factor from now on, and the person is signed in."""
    pending = _pending()
    if pending is None or pending[0].second_factor is not None or "secret" not in pending[1]:
        return go(_DOOR)
    account, kept = pending
    typed = normalised_digits(request.form.get("code", ""))
    with face().limits.counting_wrong(sign_in_limits.staff_codes(account.staff.id)) as was_right:
        counter = authenticator().counter_of(typed, kept["secret"], after=None)
        signed_in = None if counter is None else _sign_in(account, kept, counter, second_factor=kept["secret"])
        if signed_in is not None:
            was_right()
            return signed_in
    _note_failure(account.staff.email, second_step=True)
    shown = authenticator().set_up(account.staff.email, kept["secret"])
    return _set_up_page(shown, FormState(faults=(Fault("/code", "second_step_wrong"),)), 422)


@pages.route("/enrol/<token>")
@public
def ask_password(token: str) -> Response:
    """Asks the holder of an enrolment link for a password; looking at it uses nothing up."""
    with face().hub.reading(HUB) as tx:
        person = staff.find_enrolment(tx, token, at=now_for_sessions())
    return _link_over() if person is None else _enrol_page(person.email, FormState())


def _link_over() -> Response:
    return page("sign-in/enrol-over.html", title=translate("这个链接不能再用了"), status=410)


def _enrol_page(email: str, state: FormState, status: int = 200) -> Response:
    return page("sign-in/enrol.html", title=translate("设置密码"), status=status, state=state, email=email)


@pages.route("/enrol/<token>", methods=["POST"])
@public
def keep_password(token: str) -> Response:
    """The password is the account's, the link is used up, and the authenticator comes next."""
    at, hub = now_for_sessions(), face().hub
    with hub.reading(HUB) as tx:
        person = staff.find_enrolment(tx, token, at=at)
    if person is None:
        return _link_over()
    password = request.form.get("password", "")
    faults = password_faults(password, request.form.get("again", ""), email=person.email)
    if faults:
        return _enrol_page(person.email, FormState(faults=tuple(faults)), 422)
    password_hash = authenticator().hashed(password)
    with hub.writing(HUB) as tx:
        enrolled = staff.enrol(tx, token, password_hash, at=at)
        account = None if enrolled is None else staff_sign_in.find_account(tx, enrolled.email)
    if account is None:
        return _link_over()
    _wait_for_code(account)
    return go(f"{_DOOR}/set-up")
