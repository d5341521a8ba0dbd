"""Whether the process lives, and whether it can work."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response

from hub.domain.actor import HUB
from hub.domain.errors import HubError, KeysUnusable, Unavailable
from hub.services.reading import directory
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
    why = {part: reason for part, look in _PARTS.items() if (reason := look(hub)) is not None}
    if why:
        return json_response({"status": "unavailable", "failing": list(why), "why": why}, 503)
    return json_response({"status": "ok"})


def _database(hub: Hub) -> str | None:
    """Why the database cannot be used, in a word; None where it can."""
    try:
        with hub.reading(HUB) as tx:
            directory.list_banks(tx)
    except KeysUnusable:
        return None  # the next part's business
    except HubError as error:
        logs.failure(error)
        return str(error) if isinstance(error, Unavailable) else "unusable"
    return None


def _keys(hub: Hub) -> str | None:
    """Why the secret keys cannot be used, in a word; None where they open what is stored, or nobody can tell now."""
    try:
        hub.require_keys()
    except Unavailable:
        return None
    except HubError as error:
        logs.failure(error)
        return "unusable"
    return None


def _store(hub: Hub) -> str | None:
    """Why the evidence store cannot be used, in a word; None where it can."""
    return None if face().store_check.is_usable(hub) else "unusable"


_PARTS: Mapping[str, Callable[[Hub], str | None]] = {
    "database": _database,
    "keys": _keys,
    "evidence": _store,
}
