"""Whether the process lives, whether it can work, and figures of how it does."""

import math
import time
from collections.abc import Callable, Mapping

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from hub.domain.actor import HUB
from hub.domain.errors import HubError, KeysUnusable, Unavailable
from hub.services import directory, judging
from hub.web import logs
from hub.web.access import face, public
from hub.web.idempotency import json_response
from hub.web.operating_metrics import operating_metrics
from hub.wiring import Hub

blueprint = Blueprint("health", __name__)

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


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
    try:
        hub.store.check()
    except HubError as error:
        logs.failure(error)
        # What the store itself said may name places and accounts, which is nobody's business but the operator's.
        return "unusable"
    return None


_PARTS: Mapping[str, Callable[[Hub], str | None]] = {
    "database": _database,
    "keys": _keys,
    "evidence": _store,
}


def install(app: Flask, hub: Hub) -> None:
    """`/healthz`, `/readyz` and `/metrics` answer, and every request is counted."""
    registry = CollectorRegistry()
    seconds = Histogram(
        "hub_request_seconds", "How long requests took", ("method", "route"), buckets=_BUCKETS_S, registry=registry
    )
    count = Counter("hub_requests", "Requests answered", ("method", "route", "status"), registry=registry)
    database = Gauge("hub_database_up", "Whether the database answered these figures", registry=registry)
    waiting = Gauge("hub_jobs_waiting", "Jobs not yet taken by a worker", ("queue",), registry=registry)
    oldest = Gauge("hub_jobs_oldest_waiting_seconds", "How long the oldest job waits", registry=registry)
    files = Gauge("hub_files_waiting", "Files that wait for their verdict", registry=registry)
    longest = Gauge("hub_files_longest_waiting_seconds", "How long the first of them has waited", registry=registry)

    @app.after_request
    def measure(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule is not None else "unknown"
        count.labels(request.method, route, str(response.status_code)).inc()
        if "started" in g:
            seconds.labels(request.method, route).observe(time.perf_counter() - g.started)
        return response

    @app.route("/metrics")
    @public
    def metrics() -> Response:
        """Figures for Prometheus; without those of the database while it does not answer."""
        operating = b""
        waiting.clear()
        for each in (oldest, files, longest):
            each.set(math.nan)
        try:
            for queue, jobs in hub.jobs.count_waiting().items():
                waiting.labels(queue).set(jobs)
            oldest.set(hub.jobs.oldest_waiting_s())
            with hub.reading(HUB) as tx:
                unjudged = judging.waiting(tx)
            files.set(unjudged.files)
            longest.set(unjudged.longest_s)
            operating = operating_metrics(hub)
        except Unavailable as error:
            logs.failure(error)
            database.set(0)
        else:
            database.set(1)
        return Response(generate_latest(registry) + operating, content_type=CONTENT_TYPE_LATEST)

    app.register_blueprint(blueprint)
