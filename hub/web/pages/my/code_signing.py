"""Signing with a code, as every page that signs does it: sending it, trying it, and the words where it has to wait."""

import math
from collections.abc import Callable, Sequence

from flask import Response, request

from hub.domain.errors import ConfirmationPaused, ConfirmationStopped, Fault, TooManyTries, WrongConfirmationCode
from hub.services.codes import CodeMessage
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.once import do_once
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_cardholder
from hub.web.sentences import detail
from schemas.actions import ACCEPTANCE, load_confirmation_code


def send_code(draw: Callable[[HubTransaction], CodeMessage], *, back: str) -> Response:
    """The code that `draw` gives is on its way to the applicant's mobile; leads to `back`. Raises `TooManyTries`."""
    messages: list[CodeMessage] = []

    def send(tx: HubTransaction) -> str:
        messages.append(draw(tx))
        return back

    def deliver() -> None:
        face().hub.sms.send(to=messages[-1].to, text=messages[-1].text)

    return do_once(current_cardholder(), send, afterwards=deliver)


def read_signature() -> tuple[FormState, str | None]:
    """The form as it was sent, and the code where it can be one and the person has said that they agree."""
    state = read_form(request.form, ACCEPTANCE)
    code, faults = load_confirmation_code(state.data)
    if request.form.get("agreed") != "1":
        faults = [*faults, Fault("/agreed", "required")]
    state = state.with_faults(faults)
    return state, code if state.sound else None


def try_code(
    sign: Callable[[HubTransaction], WrongConfirmationCode | None], *, signed: str, again: str
) -> tuple[Response, Sequence[Fault]]:
    """Leads to `signed` where the code was right; otherwise to `again`, with what is wrong with it.

    Raises `TooManyTries`.
    """
    wrong: list[WrongConfirmationCode] = []

    def attempt(tx: HubTransaction) -> str:
        # A wrong code is no error of the transaction: the try has to count.
        refused = sign(tx)
        if refused is None:
            return signed
        wrong.append(refused)
        return again

    response = do_once(current_cardholder(), attempt)
    return response, wrong[-1].faults if wrong else ()


def wait_words(refused: TooManyTries) -> str:
    """Why no code can be sent or tried now, and when one can."""
    if isinstance(refused, ConfirmationStopped):
        return detail("confirmation_stopped", {}, page_language())
    if isinstance(refused, ConfirmationPaused):
        return detail("confirmation_paused", {}, page_language())
    minutes = math.ceil(refused.retry_after_s / 60)
    return translate("确认码已经发过了。请在 %(minutes)s 分钟后再获取；最新的一条 10 分钟内仍可使用。", minutes=minutes)
