"""`/metrics`: figures of how the hub does, for Prometheus alone.

Requests are counted over all web processes of one `hub web`, which share files in `PROMETHEUS_MULTIPROC_DIR`; what
waits is asked of the database, every few seconds at most. Whoever may not look is told that there is nothing.
"""

import os
import time
from typing import Final

from flask import Flask, Response, abort, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from hub.settings import is_loopback
from hub.web.access import face, public
from hub.web.headers import is_handed_on
from hub.web.operating_metrics import OperatingMetrics
from hub.wiring import Hub

SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable; it reads it when it is first imported."""
OWN_PORT: Final = "hub.metrics_port"
"""The key of a WSGI environment that came by the port of the metrics; no caller can set it."""
_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
# Whatever else a caller calls its method is one to the figures, which would otherwise grow with each.
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


def _may_look(hub: Hub) -> bool:
    if OWN_PORT in request.environ:
        return True
    if hub.settings.metrics_port is not None or hub.settings.trusted_proxies:
        return False
    return is_loopback(request.remote_addr or "") and not is_handed_on()


def install(app: Flask, hub: Hub) -> None:
    """`/metrics` answers, and every request is counted."""
    operating = OperatingMetrics(hub)
    own = CollectorRegistry()
    seconds = Histogram(
        "hub_request_seconds", "How long requests took", ("method", "route"), buckets=_BUCKETS_S, registry=own
    )
    count = Counter("hub_requests", "Requests answered", ("method", "route", "status"), registry=own)

    @app.after_request
    def measure(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule is not None else "unknown"
        method = request.method if request.method in _METHODS else "other"
        count.labels(method, route, str(response.status_code)).inc()
        if "started" in g:
            seconds.labels(method, route).observe(time.perf_counter() - g.started)
        return response

    @app.route("/metrics")
    @public
    def metrics() -> Response:
        """Figures for Prometheus; without those of the database while it does not answer."""
        if not _may_look(hub):
            abort(404)
        whole = own
        if SHARED_FOLDER in os.environ:
            whole = CollectorRegistry()
            MultiProcessCollector(whole)  # type: ignore[no-untyped-call]  # the library has no type there
        return Response(generate_latest(whole) + operating.text(face().store_check), content_type=CONTENT_TYPE_LATEST)
