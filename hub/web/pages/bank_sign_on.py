"""Signing in by a bank's own sign-on: to the provider and back; who has no account here gets none."""

import hmac
import logging
import secrets
import time
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request, session

from hub.bank_sign_on import Started
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.errors import NotFound, TooManyTries
from hub.domain.sign_on import Identity, SignedOn, SignOn, SignOnFailed, SignOnTrouble
from hub.services.accounts import staff_sign_in
from hub.services.accounts.staff_sign_in import Account
from hub.services.operating import banks
from hub.web import sign_in_limits
from hub.web.access import face, public
from hub.web.catalogue import marked
from hub.web.pages.browser_sessions import begin_staff
from hub.web.pages.pending_sign_in import finish, wait_for_second_step
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import now_for_sessions, safe_next

pages = Blueprint("bank_sign_on", __name__, url_prefix="/sign-in/bank")

_WAITING: Final = "sign_on"
# So long may somebody take at the provider's pages, in seconds.
_WAITS_S: Final = 900
# How long ago somebody may have proved who they are whom we asked to do it anew.
_ANEW: Final = timedelta(minutes=2)
_log = logging.getLogger(__name__)

_WORDS: Final = {
    SignOnTrouble.NOT_SET: marked("这家银行没有开通统一登录。请用工作邮箱和密码登录。"),
    SignOnTrouble.CANCELLED: marked("您在本行的登录页面没有完成登录。可以再试一次。"),
    SignOnTrouble.OVER: marked("这次登录等得太久，或者已经用过。请再试一次。"),
    SignOnTrouble.UNREACHABLE: marked("现在连不上本行的统一登录。请稍后再试，或用工作邮箱和密码登录。"),
    SignOnTrouble.WRONG_ANSWER: marked("本行的统一登录给出的结果无法核实，所以没有登录。请联系本行管理员或平台运营。"),
    SignOnTrouble.OTHER_PERSON: marked(
        "这个工作邮箱的账户原来对应本行的另一位用户，或者您在本行的用户已有另一个账户，所以没有登录。"
        "本行管理员已收到通知；请联系管理员核对。"
    ),
    SignOnTrouble.NO_ACCOUNT: marked("您在本行已通过验证，但工作台里没有您可用的账户。请联系本行管理员开通。"),
}


@pages.route("/")
@public
def choose() -> Response:
    """Asks which bank's sign-on it shall be."""
    with face().hub.reading(HUB) as tx:
        offered = [each for each in banks.list_all(tx) if each.sign_on is not None]
    names = [(each.code, each.name(page_language())) for each in offered]
    query = _next_query()
    return page("sign-in/bank-sign-on.html", title=translate("用本行统一登录"), banks=names, query=query, words="")


def _next_query() -> str:
    wanted = safe_next(request.args.get("next"))
    return f"?{urlencode({'next': wanted})}" if wanted else ""


@pages.route("/<code>")
@public
def begin(code: str) -> Response:
    """Leads to the bank's provider."""
    hub = face().hub
    face().limits.count(sign_in_limits.sign_ons())
    started = Started(
        state=secrets.token_urlsafe(24), nonce=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48)
    )
    again = request.args.get("again") == "1"
    try:
        _, sign_on = _sign_on_of(code)
        where = hub.bank_sign_on.address(sign_on, started, redirect_uri=_redirect_uri(), again=again)
    except SignOnFailed as error:
        return _failed(code, error)
    session[_WAITING] = {
        "bank": code,
        "state": started.state,
        "nonce": started.nonce,
        "verifier": started.verifier,
        "at": int(time.time()),
        "again": again,
        "next": safe_next(request.args.get("next")),
    }
    return go(where)


def _sign_on_of(code: str) -> tuple[Bank, SignOn]:
    with face().hub.reading(HUB) as tx:
        try:
            bank = banks.get(tx, code)
        except NotFound:
            raise SignOnFailed(SignOnTrouble.NOT_SET) from None
    if bank.sign_on is None:
        raise SignOnFailed(SignOnTrouble.NOT_SET)
    return bank, bank.sign_on


def _redirect_uri() -> str:
    return f"{face().hub.settings.public_url}/sign-in/bank/callback"


@pages.route("/callback")
@public
def come_back() -> Response:
    """The person is signed in, or asked for the second step, where the provider says that they have an account here."""
    face().limits.count(sign_in_limits.sign_on_answers())
    waiting = session.pop(_WAITING, None)
    code = waiting["bank"] if isinstance(waiting, dict) else ""
    try:
        account, identity, has_two_factors = _account_of(waiting)
    except SignOnFailed as error:
        return _failed(code, error)
    if not has_two_factors:
        return wait_for_second_step(account, next_page=waiting["next"], sign_on=[identity.issuer, identity.subject])
    with face().hub.writing(HUB) as tx:
        is_theirs = staff_sign_in.bind_sign_on(tx, account.staff.id, identity)
        token = begin_staff(tx, account.staff.id, way="sign_on") if is_theirs else ""
    if not is_theirs:
        # Two came for the first time at once, and the other was first.
        return _failed(code, _other_person(account))
    return go(finish(account, token, next_page=waiting["next"]))


def _account_of(waiting: Any) -> tuple[Account, Identity, bool]:
    """Whom the provider has let in, who they are there, and whether that was two factors; raises `SignOnFailed`."""
    state = request.args.get("state", "")
    if not isinstance(waiting, dict) or waiting["at"] < time.time() - _WAITS_S:
        raise SignOnFailed(SignOnTrouble.OVER)
    if not hmac.compare_digest(state.encode(), str(waiting["state"]).encode()):
        raise SignOnFailed(SignOnTrouble.OVER, "state")
    try:
        # The cookie is the browser's, who may send an old one: that it was taken is kept here.
        face().limits.count(sign_in_limits.sign_on_state(state))
    except TooManyTries:
        raise SignOnFailed(SignOnTrouble.OVER, "state taken before") from None
    bank, sign_on = _sign_on_of(waiting["bank"])
    if request.args.get("iss", sign_on.issuer) != sign_on.issuer:
        raise SignOnFailed(SignOnTrouble.WRONG_ANSWER, "iss")
    if "code" not in request.args:
        raise SignOnFailed(SignOnTrouble.CANCELLED, request.args.get("error", "")[:60])
    started = Started(state=state, nonce=waiting["nonce"], verifier=waiting["verifier"])
    redirect_uri, given = _redirect_uri(), request.args["code"]
    said = face().hub.bank_sign_on.redeem(sign_on, started, given, redirect_uri=redirect_uri)
    if waiting["again"] and (said.proved_at is None or said.proved_at < now_for_sessions() - _ANEW):
        raise SignOnFailed(SignOnTrouble.WRONG_ANSWER, "auth_time")
    return _known(bank, sign_on, said), said.identity, sign_on.counts_as_second_factor(said)


def _known(bank: Bank, sign_on: SignOn, said: SignedOn) -> Account:
    address = sign_on.address_of(said.value)
    with face().hub.reading(HUB) as tx:
        account = None if address is None else staff_sign_in.find_account(tx, address)
        may_be_theirs = account is not None and staff_sign_in.may_be_of(tx, account, said.identity)
    if account is None or account.staff.bank_code != bank.code:
        raise SignOnFailed(SignOnTrouble.NO_ACCOUNT)
    if not may_be_theirs:
        raise _other_person(account)
    return account


def _other_person(account: Account) -> SignOnFailed:
    with face().hub.writing(HUB) as tx:
        staff_sign_in.note_other_person(tx, account)
    return SignOnFailed(SignOnTrouble.OTHER_PERSON)


def _failed(code: str, error: SignOnFailed) -> Response:
    _log.warning("sign-on failed", extra={"bank": code, "trouble": error.trouble, "detail": error.detail})
    if error.trouble is not SignOnTrouble.OTHER_PERSON:
        with face().hub.writing(HUB) as tx:
            staff_sign_in.note_sign_on_failure(tx, code, error.trouble)
    return page(
        "sign-in/bank-sign-on.html",
        title=translate("没有登录成功"),
        status=422,
        banks=[] if error.trouble is SignOnTrouble.NOT_SET else [(code, "")] if code else [],
        query="",
        words=translate(_WORDS[error.trouble]),
    )
