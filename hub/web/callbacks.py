"""Where banks' systems call the hub: `/adapters/{bank_code}/{door}`, whatever the adapter makes of the call."""

import hashlib
from contextlib import suppress

from flask import Blueprint, Response, request

from hub.banks.port import Answering, Incoming, Refusal
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.errors import HubError, NotFound, TooLarge, TooManyTries
from hub.services.delivery.bank_calls import BankCalls
from hub.services.operating import banks
from hub.web.access import face, public
from hub.web.bodies import announced_length, whole_body
from hub.web.language import language
from hub.web.limits import UNSIGNED_CALLS
from hub.web.refusals import refusal_of
from hub.wiring import Hub
from schemas.bank_events import load_call

MAX_BODY = 2**20

blueprint = Blueprint("callbacks", __name__)


@blueprint.route("/adapters/<bank_code>/<door>", methods=["POST"])
@public
def call(bank_code: str, door: str) -> Response:
    """The bank's event is applied, once, before this answers; whether the bank sent it is the adapter's to say."""
    hub = face().hub
    bank, adapter = _door_of(hub, bank_code, door)
    incoming = Incoming(
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body_of_request(),
        content_type=request.mimetype,
    )
    refusal = _taken(hub, bank, adapter, incoming)
    answer = adapter.answer(incoming, bank, refusal)
    return Response(
        answer.body, status=answer.status, headers=dict(answer.headers), content_type=answer.content_type or None
    )


def _door_of(hub: Hub, bank_code: str, door: str) -> tuple[Bank, Answering]:
    with hub.reading(HUB) as tx:
        bank = banks.of_institution(tx, bank_code)
    adapter = hub.adapters.of(bank)
    if not isinstance(adapter, Answering) or adapter.door != door:
        raise NotFound
    return bank, adapter


def _taken(hub: Hub, bank: Bank, adapter: Answering, incoming: Incoming) -> Refusal | None:
    calls = BankCalls(transactions=hub, clock=hub.clock, load=load_call)
    try:
        bank_call = adapter.read(incoming, bank)
    except HubError as error:
        # Nobody signed it. Of a flood of such calls some are as good for the operator as all, and each is a write.
        with suppress(TooManyTries):
            face().limits.count_from_lease(UNSIGNED_CALLS, bank.code)
            calls.refuse(bank, error, digest=hashlib.sha256(incoming.body).hexdigest())
        return refusal_of(error, language())
    try:
        calls.take(bank, bank_call)
    except HubError as error:
        return refusal_of(error, language())
    return None


def body_of_request(*, most: int = MAX_BODY) -> bytes:
    """The bytes of the present request; raises `TooLarge` before any of them is read."""
    length = announced_length(request)
    if length > most:
        raise TooLarge(most)
    return whole_body(request, length)
