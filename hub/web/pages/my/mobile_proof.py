"""Negotiations of the same document that another way in made: shown once the mobile that stands in them is proved.

Before that nothing is told of them but how many there are.
"""

from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, request, session

from hub.domain.errors import InvalidValue
from hub.domain.identifiers import mobile as as_mobile
from hub.domain.identifiers import normalised_digits
from hub.domain.visitor import VisitorKind
from hub.services.accounts import cardholders, mobile_proof, sign_in
from hub.services.accounts.attempts import Limit
from hub.web.access import face
from hub.web.pages.forms import FormState
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("mobile_proof", __name__, url_prefix="/others")

_HERE: Final = "/my/others"
_MOBILE: Final = "proof_mobile"
_CODES: Final = "proof_codes"
_ASKED_BY_ONE: Final = Limit(name="proof-codes", amount=10, window=timedelta(hours=1))


def _hidden() -> int:
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        return cardholders.count_hidden(tx, person)


@blueprint.route("")
@for_cardholders
def ask() -> Response:
    """Asks for the mobile that stands in the other applications; that of the host app stands there already."""
    return _mobile_page(FormState(values={"mobile": [current_cardholder().mobile]}))


def _mobile_page(state: FormState, status: int = 200) -> Response:
    hidden = _hidden()
    if not hidden:
        return go("/my/")
    return page(
        "my/others.html", title=translate("查看其他协商"), status=status, state=state, hidden=hidden, back="/my/"
    )


@blueprint.route("", methods=["POST"])
@for_cardholders
def send() -> Response:
    """A code is on its way where the mobile stands in one of them; the answer is the same where it does not."""
    person, typed = current_cardholder(), request.form.get("mobile", "")
    try:
        number = as_mobile(typed)
    except InvalidValue as error:
        return _mobile_page(FormState(values={"mobile": [typed]}, faults=(error.at("/mobile"),)), 422)
    face().limits.count((_ASKED_BY_ONE, (person.owner_key,)))
    with face().hub.writing(person.actor) as tx:
        message = mobile_proof.send_proof_code(tx, person, number)
    if message is not None:
        face().hub.sms.send(to=message.to, text=message.text)
    # An id that no code has where none was sent: who looks into the cookie must not learn it there.
    session[_CODES] = sign_in.codes_with(session.get(_CODES), None if message is None else message.code_id)
    # The number is not put into an address, where browsers and proxies would keep it.
    session[_MOBILE] = number
    return go(f"{_HERE}/code")


@blueprint.route("/code")
@for_cardholders
def ask_code() -> Response:
    """Asks for the code."""
    return _code_page(FormState())


def _code_page(state: FormState, status: int = 200) -> Response:
    mobile = session.get(_MOBILE)
    if mobile is None:
        return go(_HERE)
    return page(
        "my/others-code.html", title=translate("输入验证码"), status=status, state=state, mobile=mobile, back=_HERE
    )


@blueprint.route("/code", methods=["POST"])
@for_cardholders
def enter() -> Response:
    """What stands under the mobile is shown in this session, where the code is right."""
    mobile, typed = session.get(_MOBILE), request.form.get("code", "")
    if mobile is None:
        return go(_HERE)
    with face().hub.writing(current_cardholder().actor) as tx:
        fault = mobile_proof.prove_mobile(
            tx, session[VisitorKind.CARDHOLDER], mobile, normalised_digits(typed), asked=session.get(_CODES, ())
        )
    if fault is not None:
        return _code_page(FormState(values={"code": [typed]}, faults=(fault,)), 422)
    session.pop(_MOBILE)
    session.pop(_CODES)
    return go("/my/")
