"""The Prometheus metrics of this process's programs (`/metrics`): counted durations, and what is read when somebody asks."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from deploy.observability import durations
from deploy.observability.definitions import COUNTERS, GAUGES, INFO, Sample
from deploy.observability.program_metrics import ProgramMetrics

RELEASES = Path(__file__).parents[1] / "releases.toml"


class StateCollector(Collector):
    """All that is read of the programs and their machine when somebody asks."""

    def __init__(self, programs: ProgramMetrics) -> None:
        self.programs = programs

    def collect(self) -> list[Metric]:
        return families(self.programs.samples())


def families(samples: Iterable[Sample]) -> list[Metric]:
    """The samples as Prometheus' metric families, all of a name together."""
    made: dict[str, Any] = {}
    for metric, labels, value in samples:
        if metric not in made:
            kind, one = (
                (GaugeMetricFamily, GAUGES[metric]) if metric in GAUGES else (CounterMetricFamily, COUNTERS[metric])
            )
            made[metric] = kind(metric, one.meaning, labels=one.labels)
        made[metric].add_metric(labels, value)
    build = InfoMetricFamily(INFO.removesuffix("_info"), "The version of the programs.")
    build.add_metric((), {"version": own_version()})
    return [*made.values(), build]


def own_version() -> str:
    """The last release, of which a container's image knows nothing else."""
    return str(list(tomllib.loads(RELEASES.read_text(encoding="utf-8"))["releases"])[-1])


class Metrics:
    """The metrics of programs that have not started yet."""

    def __init__(self, programs: ProgramMetrics) -> None:
        disable_created_metrics()  # another series for each, which nothing reads
        self.registry = CollectorRegistry()
        durations.observe(self.registry, [one.container for one in programs.programs])
        ProcessCollector(registry=self.registry)
        self.registry.register(StateCollector(programs))

    def page(self) -> bytes:
        """As Prometheus reads it."""
        return generate_latest(self.registry)
