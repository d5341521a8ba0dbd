"""Whether the process lives, and whether it can work."""

from flask import Blueprint, Response

from hub import health
from hub.findings import UNAVAILABLE, UNUSABLE, Finding, Part
from hub.web import logs
from hub.web.access import face, public
from hub.web.idempotency import json_response
from hub.wiring import Hub

blueprint = Blueprint("health", __name__)


@blueprint.route("/healthz")
@public
def alive() -> Response:
    """The process lives."""
    return json_response({"status": "ok"})


@blueprint.route("/readyz")
@public
def ready() -> Response:
    """Whether database, keys and evidence store can be used; `failing` names what cannot, `why` says it in a word."""
    hub = face().hub
    whys = {
        "database": _why(health.look(hub, Part.DATABASE)),
        "keys": _why_keys(hub),
        "evidence": None if face().store_check.is_usable(hub) else UNUSABLE,
    }
    why = {part: reason for part, reason in whys.items() if reason is not None}
    if why:
        return json_response({"status": "unavailable", "failing": list(why), "why": why}, 503)
    return json_response({"status": "ok"})


def _why(found: Finding) -> str | None:
    """Why a part cannot be used, in a word: the database's own, or no more than that it cannot."""
    if found.error is None:
        return None
    logs.failure(found.error)
    return str(found.error) if found.code == UNAVAILABLE else UNUSABLE


def _why_keys(hub: Hub) -> str | None:
    """As `_why`; None also where nobody can tell, for want of the database that would have to be opened."""
    found = health.look(hub, Part.KEYS)
    return None if found.code == UNAVAILABLE else _why(found)
