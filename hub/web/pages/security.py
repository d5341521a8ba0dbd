"""How somebody of the staff proves who they are: authenticator, passkeys, recovery codes. For banks and operators."""

from typing import Final

from flask import Blueprint, Response, request, session

from hub.domain.devices import device_of
from hub.domain.errors import Fault, InvalidValue
from hub.domain.identifiers import normalised_digits
from hub.services.accounts import open_sessions, recovery_codes, staff_sign_in
from hub.services.accounts import passkeys as kept_passkeys
from hub.services.accounts.staff import Staff
from hub.web import sign_in_limits
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages import passkeys
from hub.web.pages.authenticator import authenticator
from hub.web.pages.both_desks import for_staff_at
from hub.web.pages.forms import FormState
from hub.web.pages.fresh_sign_in import require_fresh_sign_in
from hub.web.pages.pending_sign_in import note_failure
from hub.web.pages.rendering import go, page
from hub.web.pages.second_step import codes_page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import area_of, current_staff, now_for_sessions

pages = Blueprint("security", __name__)

_DONE: Final = {
    "authenticator": marked("验证器已更换，其他设备都已退出。"),
    "passkey": marked("通行密钥已添加，下次登录可以直接用它。"),
    "removed": marked("通行密钥已移除。"),
}
_SECRET: Final = "new_authenticator"  # noqa: S105 - a name, no secret


def _address(done: str = "") -> str:
    return f"{area_of(request.path).home}security" + (f"?done={done}" if done else "")


@for_staff_at(pages, "/security")
def show() -> Response:
    """What the person proves who they are with."""
    return _page(FormState())


def _page(state: FormState, status: int = 200) -> Response:
    person, at = current_staff(), now_for_sessions()
    with face().hub.reading(person.actor) as tx:
        account = staff_sign_in.account_of(tx, person.id)
        known = kept_passkeys.list_of(tx, person.id)
        codes_left = recovery_codes.count_left(tx, person.id)
        sessions = open_sessions.of_visitor(tx, person, at=at)
    may_add = account is not None and passkeys.are_possible() and len(known) < kept_passkeys.MOST
    return page(
        "sign-in/security.html",
        title=translate("登录与安全"),
        status=status,
        state=state,
        done=_DONE.get(request.args.get("done", "")),
        account=account,
        known=known,
        new_options=passkeys.new_options(person, known) if may_add else None,
        most_name=kept_passkeys.MOST_NAME,
        codes_left=codes_left,
        codes_in_all=recovery_codes.AMOUNT,
        sessions=len(sessions),
        here=_address(),
    )


def _has_own_way_in(person: Staff) -> bool:
    """Whether the person signs in by themselves: the demo's accounts have nothing to sign in with."""
    return not person.is_demo


@for_staff_at(pages, "/security/recovery-codes", "POST")
def renew_codes() -> Response:
    """Ten new codes, in the answer itself: they are kept nowhere. Those of before are good for nothing any more."""
    person = current_staff()
    if not _has_own_way_in(person):
        return go(_address())
    require_fresh_sign_in()
    with face().hub.writing(person.actor) as tx:
        if request.form.get("left", "") != str(recovery_codes.count_left(tx, person.id)):
            # The same form once more: a page that was loaded again throws nothing away.
            return go(_address())
        codes = recovery_codes.renew(tx, person.id, at=now_for_sessions())
    return codes_page(codes, person.email, _address())


@for_staff_at(pages, "/security/authenticator", "POST")
def change_authenticator() -> Response:
    """A new authenticator is begun, or is the account's from now on; every other session has ended then."""
    person = current_staff()
    if not _has_own_way_in(person):
        return go(_address())
    require_fresh_sign_in()
    secret = session.get(_SECRET)
    if "code" not in request.form or not isinstance(secret, str):
        session[_SECRET] = authenticator().set_up(person.email).sealed
        return go(f"{_address()}/authenticator")
    typed = normalised_digits(request.form["code"])
    with face().limits.counting_wrong(sign_in_limits.staff_codes(person.id)) as was_right:
        counter = authenticator().counter_of(typed, secret, after=None)
        if counter is not None:
            with face().hub.writing(person.actor) as tx:
                staff_sign_in.change_second_factor(tx, person, secret, counter)
            was_right()
            session.pop(_SECRET)
            return go(_address("authenticator"))
    note_failure(person.email, second_step=True)
    return _authenticator_page(secret, FormState(faults=(Fault("/code", "second_step_wrong"),)), 422)


@for_staff_at(pages, "/security/authenticator")
def show_new_authenticator() -> Response:
    """Shows what to put into the new authenticator."""
    secret = session.get(_SECRET)
    return _authenticator_page(secret, FormState()) if isinstance(secret, str) else go(_address())


def _authenticator_page(secret: str, state: FormState, status: int = 200) -> Response:
    return page(
        "sign-in/new-authenticator.html",
        title=translate("更换验证器"),
        status=status,
        state=state,
        set_up=authenticator().set_up(current_staff().email, secret),
        back=_address(),
    )


@for_staff_at(pages, "/security/passkeys", "POST")
def add_passkey() -> Response:
    """The passkey that the device has made is the person's."""
    person = current_staff()
    if not _has_own_way_in(person):
        return go(_address())
    require_fresh_sign_in()
    typed = request.form.get("name", "")
    state = FormState(values={"name": [typed]})
    try:
        name = kept_passkeys.name_of(typed, device_of(request.user_agent.string) or translate("通行密钥"))
    except InvalidValue as error:
        return _page(state.with_faults([error.at("/name")]), 422)
    made = passkeys.checked_new(request.form.get(passkeys.ANSWER, ""))
    if made is None:
        return _page(state.with_faults([Fault("", "passkey_not_added")]), 422)
    with face().hub.writing(person.actor) as tx:
        is_added = kept_passkeys.add(
            tx,
            person,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=name,
            at=now_for_sessions(),
        )
    return go(_address("passkey")) if is_added else _page(state.with_faults([Fault("", "passkey_not_added")]), 422)


@for_staff_at(pages, "/security/passkeys/<id:passkey_id>/remove", "POST")
def remove_passkey(passkey_id: str) -> Response:
    """The passkey opens nothing any more; the only thing that proves who somebody is stays."""
    person = current_staff()
    require_fresh_sign_in()
    with face().hub.writing(person.actor) as tx:
        account = staff_sign_in.account_of(tx, person.id)
        known = [each.id for each in kept_passkeys.list_of(tx, person.id)]
        is_last = account is not None and account.second_factor is None and known == [passkey_id]
        if not is_last:
            kept_passkeys.remove(tx, person, passkey_id)
    return _page(FormState(faults=(Fault("", "passkey_is_last"),)), 409) if is_last else go(_address("removed"))
