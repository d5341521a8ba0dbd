"""The second step of a sign-in of staff: a code of the authenticator, a passkey, or a recovery code; setting one up."""

from typing import Final

from flask import Blueprint, Response, request

from hub.domain.actor import HUB
from hub.domain.errors import Fault
from hub.domain.identifiers import normalised_digits
from hub.services.accounts import passkeys as kept_passkeys
from hub.services.accounts import recovery_codes, staff_sign_in
from hub.services.accounts.staff_sign_in import Account
from hub.web import sign_in_limits
from hub.web.access import face, public
from hub.web.pages import passkeys
from hub.web.pages.authenticator import SetUp, authenticator
from hub.web.pages.browser_sessions import begin_staff
from hub.web.pages.forms import FormState
from hub.web.pages.pending_sign_in import DOOR, finish, keep, note_failure, pending, wait_for_second_step
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import now_for_sessions

pages = Blueprint("second_step", __name__, url_prefix="/sign-in")

_SIX_DIGITS: Final = "second_step_wrong"


@pages.route("/staff/code")
@public
def ask_code() -> Response:
    """Asks for a code of the authenticator, or for a passkey."""
    found = pending()
    return go(DOOR) if found is None or not found[0].has_second_step else _code_page(found[0], FormState())


def _code_page(account: Account, state: FormState, status: int = 200) -> Response:
    known = _passkeys_of(account)
    return page(
        "sign-in/staff-code.html",
        title=translate("第二步：证明是您本人"),
        status=status,
        state=state,
        has_authenticator=account.second_factor is not None,
        passkey_options=passkeys.sign_in_options(known) if known else None,
    )


def _passkeys_of(account: Account) -> list[kept_passkeys.Passkey]:
    if not account.has_passkeys or not passkeys.are_possible():
        return []
    with face().hub.reading(HUB) as tx:
        return kept_passkeys.list_of(tx, account.staff.id)


@pages.route("/staff/code", methods=["POST"])
@public
def check_code() -> Response:
    """The person is signed in, where the code is right and was not used before, or the passkey is theirs."""
    found = pending()
    if found is None or not found[0].has_second_step:
        return go(DOOR)
    account, kept = found
    with face().limits.counting_wrong(sign_in_limits.staff_codes(account.staff.id)) as was_right:
        given = request.form.get(passkeys.ANSWER)
        token = _by_code(account) if given is None else _by_passkey(account, given)
        if token is not None:
            was_right()
            return go(finish(account, token, next_page=kept["next"]))
    note_failure(account.staff.email, second_step=True)
    fault = Fault("/code", _SIX_DIGITS) if given is None else Fault("", "passkey_wrong")
    return _code_page(account, FormState(faults=(fault,)), 422)


def _by_code(account: Account) -> str | None:
    return None if account.second_factor is None else _opened_by(account, account.second_factor)


def _opened_by(account: Account, secret: str, *, is_new: bool = False) -> str | None:
    """The token of a session, where the code that was typed is one of that secret."""
    typed = normalised_digits(request.form.get("code", ""))
    counter = authenticator().counter_of(typed, secret, after=None if is_new else account.last_counter)
    if counter is None:
        return None
    with face().hub.writing(HUB) as tx:
        if not staff_sign_in.take_code(tx, account.mark, counter, second_factor=secret if is_new else None):
            return None
        return begin_staff(tx, account.staff.id)


def _by_passkey(account: Account, given: str) -> str | None:
    proved = passkeys.proved(given)
    if proved is None or proved.mark != account.mark:
        return None
    with face().hub.writing(HUB) as tx:
        return begin_staff(tx, account.staff.id, way="passkey")


@pages.route("/staff/recovery")
@public
def ask_recovery_code() -> Response:
    """Asks for one of the codes on paper."""
    found = pending()
    return go(DOOR) if found is None or not found[0].has_second_step else _recovery_page(FormState())


def _recovery_page(state: FormState, status: int = 200) -> Response:
    return page("sign-in/recovery.html", title=translate("用恢复码登录"), status=status, state=state)


@pages.route("/staff/recovery", methods=["POST"])
@public
def check_recovery_code() -> Response:
    """The code is used up, and the person sets up another second factor; only then they are signed in."""
    found = pending()
    if found is None or not found[0].has_second_step:
        return go(DOOR)
    account, kept = found
    with face().limits.counting_wrong(sign_in_limits.staff_codes(account.staff.id)) as was_right:
        with face().hub.writing(HUB) as tx:
            is_used = recovery_codes.use(tx, account.mark, request.form.get("code", ""), at=now_for_sessions())
        if is_used:
            was_right()
            return wait_for_second_step(account, next_page=kept["next"], recovered=True)
    note_failure(account.staff.email, second_step=True)
    return _recovery_page(FormState(faults=(Fault("/code", "recovery_code_wrong"),)), 422)


@pages.route("/staff/set-up")
@public
def show_set_up() -> Response:
    """Shows what to put into the authenticator, to somebody who has no second factor or has lost it."""
    found = pending()
    if found is None or (found[0].has_second_step and not found[1].get("recovered")):
        return go(DOOR)
    account, kept = found
    shown = authenticator().set_up(account.staff.email, kept.get("secret"))
    keep({**kept, "secret": shown.sealed})
    return _set_up_page(shown, FormState(), is_recovered="recovered" in kept)


def _set_up_page(shown: SetUp, state: FormState, status: int = 200, *, is_recovered: bool) -> Response:
    return page(
        "sign-in/staff-set-up.html",
        title=translate("设置验证器"),
        status=status,
        state=state,
        set_up=shown,
        is_recovered=is_recovered,
    )


@pages.route("/staff/set-up", methods=["POST"])
@public
def keep_set_up() -> Response:
    """The authenticator is the account's second factor from now on, and the person is signed in.

    Whoever has no recovery codes yet is shown ten, in the answer itself: they are kept nowhere.
    """
    found = pending()
    if found is None or "secret" not in found[1]:
        return go(DOOR)
    account, kept = found
    with face().limits.counting_wrong(sign_in_limits.staff_codes(account.staff.id)) as was_right:
        token = _opened_by(account, kept["secret"], is_new=True)
        if token is not None:
            was_right()
            return _signed_in_with_codes(account, finish(account, token, next_page=kept["next"]))
    note_failure(account.staff.email, second_step=True)
    shown = authenticator().set_up(account.staff.email, kept["secret"])
    state = FormState(faults=(Fault("/code", _SIX_DIGITS),))
    return _set_up_page(shown, state, 422, is_recovered="recovered" in kept)


def _signed_in_with_codes(account: Account, next_page: str) -> Response:
    with face().hub.writing(HUB) as tx:
        if recovery_codes.count_left(tx, account.staff.id):
            return go(next_page)
        codes = recovery_codes.renew(tx, account.staff.id, at=now_for_sessions())
    return codes_page(codes, account.staff.email, next_page)


def codes_page(codes: tuple[str, ...], email: str, next_page: str) -> Response:
    """The page that shows fresh recovery codes, for the only time."""
    return page(
        "sign-in/recovery-codes.html",
        title=translate("请保存恢复码"),
        codes=codes,
        email=email,
        next_page=next_page,
        made_at=now_for_sessions(),
    )
