"""The figures of `hub.services.reading.operator.figures` as Prometheus reads them, beside those of the process."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from hub.domain.actor import HUB
from hub.services.reading.operator.figures import Figure, figures
from hub.wiring import Hub


class _Counted(Collector):
    def __init__(self, counted: list[Figure], dead_jobs: int) -> None:
        self._counted = counted
        self._dead_jobs = dead_jobs

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """A family for each figure."""
        for figure in self._counted:
            family = GaugeMetricFamily(figure.name, figure.says, labels=figure.labels)
            for labels, value in figure.values:
                family.add_metric(labels, float(value))
            yield family
        yield GaugeMetricFamily("hub_jobs_dead", "Jobs that were given up", value=self._dead_jobs)


def operating_metrics(hub: Hub) -> bytes:
    """The figures as text; raises `Unavailable` where the database does not answer."""
    with hub.reading(HUB) as tx:
        counted = figures(tx)
    registry = CollectorRegistry()
    registry.register(_Counted(counted, len(hub.jobs.list_dead())))
    return generate_latest(registry)
