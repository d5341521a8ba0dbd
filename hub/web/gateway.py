"""The gateway's one address: signed pairs in, signed pairs out, whatever becomes of them.

What the pairs hold goes the way of an application by API. Nothing of a person is in what is written about a call.
"""

import json
from dataclasses import replace

from flask import Blueprint, Response, g, request

from hub.banks.pairs import envelope
from hub.domain.actor import HUB
from hub.domain.consent_ledger import Door
from hub.domain.errors import HubError, Malformed
from hub.domain.plain import Plain
from hub.services.applications import gateway
from hub.services.applications.gateway import Correspondent, Order
from hub.services.transaction import HubTransaction
from hub.web import logs
from hub.web.access import face, public
from hub.web.api.applications import application_view, submit_loaded
from hub.web.callbacks import body_of_request
from hub.web.idempotency import Once, Reply
from hub.web.language import language
from hub.web.problems import Problem, problem_of
from hub.web.sentences import title
from hub.wiring import Hub
from schemas.application import load_application
from schemas.strict_json import decode

# An application may have 1 MiB as JSON; Base64 and the form around it add to that.
MAX_BODY = 2 * 2**20
_DONE = "成功 [Success]"
# What the statuses of problems are here, by `respCode`; the others keep theirs.
_STATUSES = {envelope.BAD_INPUT: 422, envelope.ID_REUSED: 422, envelope.UNKNOWN_ORDER: 404}

blueprint = Blueprint("gateway", __name__)


@blueprint.route("/gateway/negotiation", methods=["POST"])
@public
def call() -> Response:
    """An application is made, or shown as it is now; that is done before this answers."""
    hub = face().hub
    pairs: dict[str, str] = {}
    try:
        pairs.update(_pairs_of_request())
    except HubError as error:
        with hub.reading(HUB) as tx:
            nobody = gateway.find_correspondent(tx, {})
        return _refused({}, nobody, error, readable=False)
    with hub.reading(HUB) as tx:
        correspondent = gateway.find_correspondent(tx, pairs)
    try:
        order = gateway.read_order(correspondent.merchant, pairs, now=hub.real_clock.now())
        g.client_id = order.client_id
        view = _found(hub, order) if order.content is None else _taken(hub, order, pairs)
    except HubError as error:
        return _refused(pairs, correspondent, error)
    content = json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode()
    body = gateway.answer(pairs, correspondent.key, code=envelope.TAKEN, text=_DONE, content=content)
    return Response(body, content_type=envelope.MEDIA_TYPE)


def _pairs_of_request() -> dict[str, str]:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != envelope.MEDIA_TYPE or charset not in {"utf-8", "utf8"}:
        raise Malformed("pairs_type")
    return envelope.parse(body_of_request(most=MAX_BODY))


def _found(hub: Hub, order: Order) -> Plain:
    with hub.reading(order.actor) as tx:
        return application_view(tx, gateway.find(tx, order), client_id=order.client_id, locale=language())


def _taken(hub: Hub, order: Order, pairs: envelope.Pairs) -> Plain:
    data = decode(order.content or b"")
    loaded = load_application(data, now=hub.clock.now())
    order = gateway.whatever_its_spelling(order, pairs, data)

    def submit(tx: HubTransaction) -> str:
        return submit_loaded(tx, loaded, client_id=order.client_id, door=Door.GATEWAY)

    def keep(tx: HubTransaction) -> Reply:
        application_id = gateway.take(tx, order, submit)
        view = application_view(tx, application_id, client_id=order.client_id, locale=language())
        return Reply(status=200, body=view)

    # The order itself is the key, with a row of its own: no second answer is kept under it.
    once = Once(
        hub=hub,
        actor=order.actor,
        client_id=order.client_id,
        key=None,
        fingerprint="",
        keys_in_use=face().keys_in_use,
    )
    answer, _ = once.do(keep)
    view: Plain = answer.body
    return view


def _refused(
    pairs: envelope.Pairs, correspondent: Correspondent, error: HubError, *, readable: bool = True
) -> Response:
    problem = problem_of(error)
    if problem is None:
        raise error
    if problem.status >= 500:
        logs.failure(error)
    code = _code_of(problem)
    if code == envelope.ID_REUSED:
        problem = replace(problem, kind="order_id_reused", code="order_id_reused", detail_code="order_id_reused")
    if readable:
        problem = replace(problem, status=_STATUSES.get(code, problem.status))
    locale = language()
    body = gateway.answer(
        pairs,
        correspondent.key,
        code=code,
        text=title(problem.kind, locale),
        content=json.dumps(problem.plain(locale), ensure_ascii=False).encode(),
    )
    return Response(body, status=problem.status, headers=dict(problem.headers), content_type=envelope.MEDIA_TYPE)


def _code_of(problem: Problem) -> str:
    if problem.code == "idempotency_key_reused":
        return envelope.ID_REUSED
    if problem.status == 404:
        return envelope.UNKNOWN_ORDER
    return envelope.BAD_INPUT if problem.status in (400, 409, 413, 415, 422) else envelope.FAILED
