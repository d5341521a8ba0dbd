"""How people at banks and operators sign in, by password or passkey, and how they enrol; then comes `second_step`."""

from flask import Blueprint, Response, request, session

from hub.domain.actor import HUB
from hub.domain.errors import Fault
from hub.domain.visitor import VisitorKind
from hub.services.accounts import staff, staff_sign_in
from hub.services.operating import banks
from hub.web import sign_in_limits
from hub.web.access import face, public
from hub.web.pages import browser_sessions, passkeys
from hub.web.pages.authenticator import authenticator, password_faults
from hub.web.pages.browser_sessions import HELD_FORM, begin_staff, session_left_header
from hub.web.pages.forms import FormState
from hub.web.pages.pending_sign_in import finish, note_failure, wait_for_second_step
from hub.web.pages.rendering import PRIVATE, go, page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import for_staff, now_for_sessions, safe_next

pages = Blueprint("staff_door", __name__, url_prefix="/sign-in")


@pages.route("/staff")
@public
def ask() -> Response:
    """Asks for address and password."""
    return _password_page(FormState())


def _password_page(state: FormState, status: int = 200) -> Response:
    return page(
        "sign-in/staff.html",
        title=translate("工作台登录"),
        status=status,
        state=state,
        next_page=safe_next(request.values.get("next")),
        passkey_options=passkeys.sign_in_options() if passkeys.are_possible() else None,
        has_held=HELD_FORM in session,
        has_bank_sign_on=_has_bank_sign_on(),
    )


def _has_bank_sign_on() -> bool:
    with face().hub.reading(HUB) as tx:
        return any(each.sign_on is not None for each in banks.list_all(tx))


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
            note_failure(email, second_step=False)
            return _password_page(FormState(values={"email": [email]}, faults=(Fault("/email", "sign_in_wrong"),)), 422)
        was_right()
    return wait_for_second_step(account, next_page=safe_next(request.form.get("next")))


@pages.route("/staff/passkey", methods=["POST"])
@public
def check_passkey() -> Response:
    """The owner of the device is signed in: it was there, and it knew its owner, which are two factors."""
    limits = face().limits
    with limits.counting_wrong(sign_in_limits.passkeys()) as was_right:
        account = passkeys.proved(request.form.get(passkeys.ANSWER, ""))
        if account is None:
            return _password_page(FormState(faults=(Fault("", "passkey_wrong"),)), 422)
        was_right()
    with face().hub.writing(HUB) as tx:
        token = begin_staff(tx, account.staff.id, way="passkey")
    return go(finish(account, token, next_page=request.form.get("next", "")))


@pages.route("/staff/stay", methods=["POST"])
@for_staff
def stay() -> Response:
    """The session goes on for another quarter of an hour, as the person has asked; says how many seconds it has."""
    browser_sessions.stay(VisitorKind.STAFF)
    return Response(status=204, headers={**session_left_header(VisitorKind.STAFF), "Cache-Control": PRIVATE})


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
    return wait_for_second_step(account)
