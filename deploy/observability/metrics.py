"""The Prometheus metrics of this process's programs (`/metrics`): counted durations, and what is read when somebody asks."""

import pkgutil
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, Protocol

from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection

from deploy.observability import durations, machine
from deploy.observability.definitions import COUNTERS, GAUGES, INFO, Sample
from deploy.observability.program_state import ProgramState
from shared.nameko_extensions.event_store import ProgramDatabase
from shared.settings import Settings

RELEASES = Path(__file__).parents[1] / "releases.toml"
KEPT_SECONDS = 5.0
"""What was read serves so long, however often somebody asks."""
OF_SERVICES = {
    "payment": "deploy.observability.payment:PaymentMetrics",
    "renewal": "deploy.observability.renewal:RenewalMetrics",
    "notification": "deploy.observability.notification:NotificationMetrics",
}
"""By program; loaded where it runs."""


class OfService(Protocol):
    """What one program has to say besides."""

    def samples(self, connection: Connection, now: datetime) -> Iterable[Sample]: ...


class Program:
    """One program's metrics that are read."""

    def __init__(self, container: Any, settings: Settings) -> None:
        self.container = container
        self.state = ProgramState(container)
        place = OF_SERVICES.get(container.service_name)
        self.of_service: OfService | None = pkgutil.resolve_name(place)(settings) if place else None

    def samples(self) -> Iterator[Sample]:
        found = list(self.state.samples())
        yield from found
        is_up = Sample("tamdid_database_up", (self.state.name,), 1.0) in found
        if self.of_service is not None and is_up:
            own = self.container.shared_extensions[ProgramDatabase]
            with own.database.read() as connection:
                yield from self.of_service.samples(connection, datetime.now(UTC))


class StateCollector(Collector):
    """All that is read of the programs and their machine when somebody asks, and kept for a moment."""

    def __init__(self, settings: Settings, containers: Iterable[Any]) -> None:
        self.settings = settings
        self.programs = [Program(container, settings) for container in containers]
        names = [one.state.name for one in self.programs]
        self.certificates = machine.Certificates(settings, names[0])
        self._lock = Lock()
        self._kept: list[Metric] = []
        self._kept_until = 0.0

    def collect(self) -> list[Metric]:
        with self._lock:
            if monotonic() >= self._kept_until:
                self._kept = families(self.samples())
                self._kept_until = monotonic() + KEPT_SECONDS
            return self._kept

    def samples(self) -> Iterator[Sample]:
        for program in self.programs:
            yield from program.samples()
        yield from machine.disk(self.settings)
        yield from self.certificates.samples()


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

    def __init__(self, settings: Settings, containers: Iterable[Any]) -> None:
        disable_created_metrics()  # another series for each, which nothing reads
        self.registry = CollectorRegistry()
        programs = list(containers)
        durations.observe(self.registry, programs)
        ProcessCollector(registry=self.registry)
        self.registry.register(StateCollector(settings, programs))

    def page(self) -> bytes:
        """As Prometheus reads it."""
        return generate_latest(self.registry)
