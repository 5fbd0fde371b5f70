"""The metrics of this process's programs that are read when somebody asks, by `/metrics` or by RPC; each part is kept for a moment."""

import logging
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from threading import Lock
from time import monotonic
from typing import Any, Protocol

import eventlet
from sqlalchemy import Connection

from deploy.observability import machine
from deploy.observability.active_alerts import active
from deploy.observability.definitions import COUNTERS, GAUGES, Sample
from deploy.observability.program_state import ProgramState
from shared.contract.operations.metric_answers import Metric, Metrics
from shared.nameko_extensions.admin_rpc import OwnMetrics
from shared.nameko_extensions.event_store import ProgramDatabase
from shared.settings import Settings

LOOK_SECONDS_MAX = 5.0
"""Half of the time in which Prometheus gives up, and takes the program itself for gone."""
KEPT_SECONDS = 5.0
"""What was read serves so long, however often somebody asks."""
OF_SERVICES = {
    "payment": "deploy.observability.payment:PaymentMetrics",
    "renewal": "deploy.observability.renewal:RenewalMetrics",
    "notification": "deploy.observability.notification:NotificationMetrics",
}
"""By program; loaded where it runs."""

logger = logging.getLogger(__name__)


class OfService(Protocol):
    """What one program has to say besides."""

    def samples(self, connection: Connection, now: datetime) -> Iterable[Sample]: ...


class Kept:
    """What was read, for a moment; one reader at a time."""

    def __init__(self, read: Callable[[], Iterable[Sample]]) -> None:
        self._read = read
        self._lock = Lock()
        self._samples: list[Sample] = []
        self._until = 0.0

    def samples(self) -> list[Sample]:
        with self._lock:
            if monotonic() >= self._until:
                self._samples = list(self._read())
                self._until = monotonic() + KEPT_SECONDS
            return self._samples


class Program:
    """One program's metrics that are read."""

    def __init__(self, container: Any, settings: Settings) -> None:
        self.container = container
        self.state = ProgramState(container)
        place = OF_SERVICES.get(container.service_name)
        self.of_service: OfService | None = pkgutil.resolve_name(place)(settings) if place else None
        self.kept = Kept(self.read)

    def read(self) -> list[Sample]:
        """What is known in time. A database that keeps its answer for longer counts as away, as one that refuses it."""
        found: list[Sample] = []
        with eventlet.Timeout(LOOK_SECONDS_MAX, False):
            try:
                for one in self.all():
                    found.append(one)  # noqa: PERF402 - what was found before the time is over
            except Exception:
                logger.exception("the metrics of %s are not all known", self.state.name)
            return found
        name = self.state.name
        is_known = any(one.metric == "tamdid_database_up" for one in found)
        return (
            found
            if is_known
            else [Sample("tamdid_program_ready", (name,), 0), Sample("tamdid_database_up", (name,), 0)]
        )

    def all(self) -> Iterator[Sample]:
        is_up = False
        for one in self.state.samples():
            is_up |= one == Sample("tamdid_database_up", (self.state.name,), 1.0)
            yield one
        if not is_up:
            return
        with self.container.shared_extensions[ProgramDatabase].database.read() as connection:
            yield from machine.missing_standbys(self.state.name, connection)
            if self.of_service is not None:
                yield from self.of_service.samples(connection, datetime.now(UTC))


class ProgramMetrics:
    """Those of all programs of this process, which have not started yet, and of their machine."""

    def __init__(self, settings: Settings, containers: Iterable[Any]) -> None:
        self.programs = [Program(container, settings) for container in containers]
        servers = machine.TlsServers(settings, self.programs[0].state.name)
        self.machine = Kept(lambda: [*machine.disk(settings), *servers.samples()])
        for program in self.programs:
            for one in program.container.dependencies:
                if isinstance(one, OwnMetrics):
                    one.read = lambda program=program: self.answer(program)  # type: ignore[misc]

    def samples(self) -> Iterator[Sample]:
        return read_at_once([*(one.kept for one in self.programs), self.machine])

    def answer(self, program: Program) -> Metrics:
        """What one program answers by RPC."""
        metrics = [metric_of(one) for one in read_at_once([program.kept, self.machine])]
        return Metrics(metrics=tuple(metrics), alerts=tuple(active(metrics, datetime.now(UTC))))


def read_at_once(parts: Iterable[Kept]) -> Iterator[Sample]:
    """All samples of several parts, of which none waits for another."""
    for found in eventlet.GreenPool().imap(Kept.samples, parts):
        yield from found


def metric_of(sample: Sample) -> Metric:
    """A sample with its labels by name."""
    definition = GAUGES.get(sample.metric) or COUNTERS[sample.metric]
    labels = dict(zip(definition.labels, sample.labels, strict=True))
    return Metric(name=sample.metric, labels=labels, value=sample.value)
