"""`/ops/deliveries`: messages that have not reached their bank, and sending them again."""

from dataclasses import replace

from flask import Blueprint, Response, request

from hub.domain.errors import Malformed
from hub.services.delivery import queueing
from hub.services.operating import resending
from hub.services.reading.operator import MOST_SHOWN
from hub.services.reading.operator.messages import list_given_up, list_held_up
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.ops.results import SENT_AGAIN, act, done_notice
from hub.web.pages.ops.wording import bank_names, reason_of
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_operators

pages = Blueprint("deliveries", __name__)

_HERE = "/ops/deliveries"


@pages.route("/deliveries")
@for_operators
def listed() -> Response:
    """What was given up, and what is still tried."""
    with face().hub.reading(current_staff().actor) as tx:
        given_up, held_up = list_given_up(tx), list_held_up(tx)
        in_house, names = tx.adapters.in_house_kinds, bank_names(tx)
    return page(
        "ops/deliveries.html",
        title=translate("没有送达银行的消息"),
        given_up=[replace(each, detail=reason_of(each.detail)) for each in given_up],
        held_up=[replace(each, detail=reason_of(each.detail)) for each in held_up],
        bank_names=names,
        in_house=in_house,
        most=MOST_SHOWN,
        done=done_notice(),
    )


@pages.route("/deliveries/send-again", methods=["POST"])
@for_operators
def send_again() -> Response:
    """What was given up of one negotiation is on its way again; the log says who arranged it."""
    visitor, reference = current_staff(), request.form.get("reference", "")
    through = request.form.get("through") or None

    def effect(tx: HubTransaction) -> bool:
        if through is not None and through not in tx.adapters.in_house_kinds:
            raise Malformed("form_syntax")
        queueing.send_again(tx, reference, visitor.actor, through=through)
        return True

    return act(_HERE, effect, done=SENT_AGAIN)


@pages.route("/deliveries/try-now", methods=["POST"])
@for_operators
def try_now() -> Response:
    """The next attempt of one message is made now."""
    delivery_id = request.form.get("id", "")
    return act(_HERE, lambda tx: resending.try_now(tx, delivery_id), done=SENT_AGAIN)
