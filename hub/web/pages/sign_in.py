"""Signing in and out: cardholders by a code to their mobile; `staff_door` is for people at banks and operators."""

from typing import Final

from flask import Blueprint, Response, request, session

from hub.domain.actor import HUB
from hub.domain.errors import Fault, InvalidValue
from hub.domain.identifiers import mobile as as_mobile
from hub.domain.identifiers import normalised_digits
from hub.domain.visitor import VisitorKind
from hub.services.accounts import sign_in
from hub.web import sign_in_limits
from hub.web.access import face, public
from hub.web.pages import browser_sessions
from hub.web.pages.browser_sessions import HELD_FORM, begin, end, session_left_header
from hub.web.pages.forms import FormState
from hub.web.pages.launch import home_of_cardholder
from hub.web.pages.rendering import PRIVATE, go, page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import for_cardholders, now_for_sessions, safe_next

front = Blueprint("front", __name__)
pages = Blueprint("sign_in", __name__, url_prefix="/sign-in")

_MOBILE: Final = "sign_in_mobile"
# The codes that this browser asked for: nobody else's asking takes them away, nobody else can guess at them.
_CODES: Final = "sign_in_codes"
_NEXT: Final = "sign_in_next"


@front.route("/")
@public
def begin_here() -> Response:
    """Leads on: to the demo's door where it is open, to the sign-in elsewhere."""
    return go("/demo/" if face().demo_is_open else "/sign-in/")


@pages.route("/")
@public
def ask() -> Response:
    """Asks for the mobile number; where somebody else wanted to go from this browser is forgotten."""
    session.pop(_NEXT, None)
    return _mobile_page(FormState())


def _mobile_page(state: FormState, status: int = 200) -> Response:
    return page(
        "sign-in/mobile.html",
        title=translate("用手机号登录"),
        status=status,
        state=state,
        next_page=_next_page(),
        has_held=HELD_FORM in session,
        is_erased=request.args.get("done") == "erased",
    )


def _code_page(state: FormState, mobile: str, status: int = 200) -> Response:
    return page(
        "sign-in/code.html",
        title=translate("输入验证码"),
        status=status,
        state=state,
        mobile=mobile,
        next_page=session.get(_NEXT, ""),
        is_sent_again=state.sound and request.args.get("again") == "1",
    )


def _next_page() -> str:
    return safe_next(request.values.get("next"))


@pages.route("/", methods=["POST"])
@public
def send() -> Response:
    """A code is on its way, whether or not the hub knows the number."""
    typed = request.form.get("mobile", "")
    try:
        limits = face().limits
        limits.count(*sign_in_limits.texts(limits, as_mobile(typed)))
        with face().hub.writing(HUB) as tx:
            message = sign_in.send_code(tx, typed)
    except InvalidValue as error:
        return _mobile_page(FormState(values={"mobile": [typed]}, faults=(error.at("/mobile"),)), 422)
    face().hub.sms.send(to=message.to, text=message.text)
    # The number is not put into an address, where browsers and proxies would keep it.
    session[_CODES] = sign_in.codes_with(session.get(_CODES), message.code_id)
    session[_MOBILE], session[_NEXT] = message.to, _next_page() or session.get(_NEXT, "")
    return go("/sign-in/code?again=1" if request.args.get("again") == "1" else "/sign-in/code")


@pages.route("/code")
@public
def ask_code() -> Response:
    """Asks for the code."""
    mobile = session.get(_MOBILE)
    return go("/sign-in/") if mobile is None else _code_page(FormState(), mobile)


@pages.route("/code", methods=["POST"])
@public
def enter() -> Response:
    """The holder of the mobile is signed in, where the code is right."""
    mobile = session.get(_MOBILE)
    if mobile is None:
        return go("/sign-in/")
    typed = request.form.get("code", "")
    limits = face().limits
    with limits.counting_wrong(*sign_in_limits.guesses(limits, mobile)) as was_right:
        with face().hub.writing(HUB) as tx:
            found = sign_in.use_code(
                tx, mobile, normalised_digits(typed), asked=session.get(_CODES, ()), at=now_for_sessions()
            )
        if not isinstance(found, Fault):
            was_right()
    if isinstance(found, Fault):
        return _code_page(FormState(values={"code": [typed]}, faults=(found,)), mobile, 422)
    wanted = session.pop(_NEXT, "")
    session.pop(_MOBILE)
    session.pop(_CODES)
    held = begin(VisitorKind.CARDHOLDER, found)
    sign_in_limits.signed_in(limits, sign_in_limits.MOBILE, mobile)
    return go(safe_next(wanted) or held or home_of_cardholder())


@pages.route("/stay", methods=["POST"])
@for_cardholders
def stay() -> Response:
    """The session goes on, as the person has asked; says how many seconds it has now."""
    browser_sessions.stay(VisitorKind.CARDHOLDER)
    return Response(status=204, headers={**session_left_header(VisitorKind.CARDHOLDER), "Cache-Control": PRIVATE})


@pages.route("/out", methods=["POST"])
@public
def leave() -> Response:
    """The browser is signed out, the session is gone, and the browser is asked to forget what it still holds."""
    end()
    gone_to = go("/sign-in/gone")
    # Cookies of how pages look stay.
    gone_to.headers["Clear-Site-Data"] = '"cache", "storage"'
    return gone_to


@pages.route("/gone")
@public
def gone() -> Response:
    """Says that the person is signed out."""
    return page("sign-in/gone.html", title=translate("您已退出"))
