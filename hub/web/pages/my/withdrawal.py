"""Ending a negotiation by the person's own wish, after its consequences were said in plain words."""

from functools import partial

from flask import Blueprint, Response, request

from hub.domain.errors import Fault
from hub.services.negotiations import withdrawal
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.transaction import HubTransaction
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.my.negotiation_page import address_of, own, own_page
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished, left_here
from hub.web.pages.visitors import current_cardholder, for_cardholders
from schemas.actions import WORDS, load_words

blueprint = Blueprint("withdrawal", __name__, url_prefix="/negotiations/<id:negotiation_id>/withdraw")


@blueprint.route("")
@for_cardholders
def ask(negotiation_id: str) -> Response:
    """What withdrawing means."""
    return _page(own(negotiation_id), left_here() or FormState())


def _page(negotiation: OwnNegotiation, state: FormState) -> Response:
    return own_page("my/withdraw.html", negotiation, title=translate("撤回申请"), state=state)


@blueprint.route("", methods=["POST"])
@for_cardholders
@keeps_unfinished
def withdraw(negotiation_id: str) -> Response:
    """The negotiation has ended."""
    negotiation = own(negotiation_id)
    state = read_form(request.form, WORDS)
    words, faults = load_words(state.data, required=False)
    if request.form.get("sure") != "1":
        faults = [*faults, Fault("/sure", "required")]

    def end(tx: HubTransaction, words: str) -> str:
        withdrawal.withdraw(tx, negotiation_id, words, client_id=negotiation.client_id)
        return address_of(negotiation_id, "?done=withdrawn")

    form = partial(_page, negotiation)
    return send_once(current_cardholder(), state.with_faults(faults), words, end, form=form)
