"""What `/metrics` has beside requests: the hub's figures as Prometheus reads them, asked for now and then."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from flask import copy_current_request_context
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from hub.domain.actor import HUB
from hub.domain.errors import Unavailable
from hub.jobs.port import QUEUES
from hub.services.evidence import judging
from hub.services.reading.operator.figure import Figure, of_each, one
from hub.services.reading.operator.figures import figures, log_figures
from hub.web import logs
from hub.web.store_check import StoreCheck
from hub.wiring import Hub

KEPT_S: Final = 5.0
"""For so long the database is not asked again, whoever asks for the figures."""
_LOG_KEPT_S: Final = 600.0
_STORE_WITHIN_S: Final = 3.0
_QUEUES: Final = tuple(rule.name for rule in QUEUES)

_Look = Callable[[Hub], Sequence[Figure]]


class _Kept:
    """What a look found, for a while; one thread looks, and who comes meanwhile waits for it."""

    def __init__(self, look: _Look, kept_s: float) -> None:
        self._look = look
        self._kept_s = kept_s
        self._turn = threading.Lock()
        self._found: tuple[float, Sequence[Figure]] | None = None

    def of(self, hub: Hub) -> Sequence[Figure]:
        """The figures of that look; raises `Unavailable`."""
        with self._turn:
            if self._found is None or time.monotonic() - self._found[0] >= self._kept_s:
                self._found = (time.monotonic(), self._look(hub))
            return self._found[1]


class OperatingMetrics:
    """The figures of a hub as text, for all threads of a process."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._looks = (_Kept(_of_work, KEPT_S), _Kept(_of_log, _LOG_KEPT_S))
        self._store = _StoreFigures(hub)

    def text(self, store_check: StoreCheck) -> bytes:
        """All figures; where the database does not answer that alone, and how the store is."""
        began = time.perf_counter()
        found: list[Figure] = []
        try:
            for look in self._looks:
                found += look.of(self._hub)
        except Unavailable as error:
            logs.failure(error)
            found = []
        is_up = bool(found)
        found += [
            one("hub_database_up", "Whether the database answered these figures", is_up),
            *self._store.figures(store_check),
        ]
        if is_up:
            found.append(one("hub_figures_seconds", "How long these figures took", time.perf_counter() - began))
        registry = CollectorRegistry()
        registry.register(_Collected(found))
        return generate_latest(registry)


class _Collected(Collector):
    def __init__(self, found: Sequence[Figure]) -> None:
        self._found = found

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """A family for each figure."""
        for figure in self._found:
            family = GaugeMetricFamily(figure.name, figure.says, labels=figure.labels)
            for labels, value in figure.values:
                family.add_metric(labels, float(value))
            yield family


class _StoreFigures:
    """How the evidence store is; one that hangs holds a thread of its own, and nobody who asks."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._looking: threading.Thread | None = None
        self._is_up = False

    def figures(self, check: StoreCheck) -> list[Figure]:
        """Whether it can be used, and its room where that can be told."""
        looking = self._looking
        if looking is None or not looking.is_alive():
            looking = self._looking = threading.Thread(
                target=copy_current_request_context(self._look), args=(check,), name="store-figures", daemon=True
            )
            looking.start()
        looking.join(_STORE_WITHIN_S)
        is_up = self._is_up and not looking.is_alive()
        found = [one("hub_evidence_store_up", "Whether files can be written, read back and deleted", is_up)]
        free = self._hub.store.free_bytes() if is_up else None
        if free is not None:
            found.append(one("hub_evidence_store_free_bytes", "Room in the folder of the evidence store", free))
        return found

    def _look(self, check: StoreCheck) -> None:
        # Whatever comes up instead of an answer, it is none.
        self._is_up = False
        self._is_up = check.is_usable(self._hub)


def _of_work(hub: Hub) -> list[Figure]:
    queues, oldest_s, dead = hub.jobs.count_waiting(), hub.jobs.oldest_waiting_s(), hub.jobs.count_dead()
    with hub.reading(HUB) as tx:
        files = judging.waiting(tx)
        counted = figures(tx, real_now=hub.real_clock.now())
    return [
        of_each("hub_jobs_waiting", "Jobs not yet taken by a worker", "queue", _QUEUES, queues),
        one("hub_jobs_oldest_waiting_seconds", "How long the oldest job waits", oldest_s),
        one("hub_jobs_dead", "Jobs that were given up", dead),
        one("hub_files_waiting", "Files that wait for their verdict", files.files),
        one("hub_files_longest_waiting_seconds", "How long the first of them has waited", files.longest_s),
        *counted,
    ]


def _of_log(hub: Hub) -> list[Figure]:
    with hub.reading(HUB) as tx:
        return log_figures(tx)
