"""`/metrics`: figures of how the hub does, for Prometheus alone.

Requests are counted over all web processes of one `hub web`, which share files in `PROMETHEUS_MULTIPROC_DIR`; what
waits is asked of the database at each look. Whoever may not look is told that there is nothing.
"""

import os
import time
from collections.abc import Iterator
from typing import Final

from flask import Flask, Response, abort, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from hub.domain.actor import HUB
from hub.domain.errors import Unavailable
from hub.services.evidence import judging
from hub.settings import is_loopback
from hub.web import logs
from hub.web.access import public
from hub.web.headers import is_handed_on
from hub.web.operating_metrics import operating_metrics
from hub.wiring import Hub

SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable; it reads it when it is first imported."""
OWN_PORT: Final = "hub.metrics_port"
"""The key of a WSGI environment that came by the port of the metrics; no caller can set it."""
_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
# Whatever else a caller calls its method is one to the figures, which would otherwise grow with each.
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


class _Waiting(Collector):
    """What waits by now; raises `Unavailable` where the database does not answer."""

    def __init__(self, hub: Hub) -> None:
        self._queues = hub.jobs.count_waiting()
        self._oldest_s = hub.jobs.oldest_waiting_s()
        with hub.reading(HUB) as tx:
            self._files = judging.waiting(tx)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """A family for each figure."""
        waiting = GaugeMetricFamily("hub_jobs_waiting", "Jobs not yet taken by a worker", labels=("queue",))
        for queue, jobs in self._queues.items():
            waiting.add_metric((queue,), jobs)
        yield waiting
        yield GaugeMetricFamily(
            "hub_jobs_oldest_waiting_seconds", "How long the oldest job waits", value=self._oldest_s
        )
        yield GaugeMetricFamily("hub_files_waiting", "Files that wait for their verdict", value=self._files.files)
        yield GaugeMetricFamily(
            "hub_files_longest_waiting_seconds", "How long the first of them has waited", value=self._files.longest_s
        )


class _Database(Collector):
    def __init__(self, *, is_up: bool) -> None:
        self._is_up = is_up

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The one figure."""
        yield GaugeMetricFamily("hub_database_up", "Whether the database answered these figures", value=self._is_up)


def _of_database(hub: Hub) -> bytes:
    registry = CollectorRegistry()
    operating = b""
    try:
        registry.register(_Waiting(hub))
        operating = operating_metrics(hub)
    except Unavailable as error:
        logs.failure(error)
        registry = CollectorRegistry()
    registry.register(_Database(is_up=bool(operating)))
    return generate_latest(registry) + operating


def _may_look(hub: Hub) -> bool:
    if OWN_PORT in request.environ:
        return True
    if hub.settings.metrics_port is not None or hub.settings.trusted_proxies:
        return False
    return is_loopback(request.remote_addr or "") and not is_handed_on()


def install(app: Flask, hub: Hub) -> None:
    """`/metrics` answers, and every request is counted."""
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
        return Response(generate_latest(whole) + _of_database(hub), content_type=CONTENT_TYPE_LATEST)
