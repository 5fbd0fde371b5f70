"""The metrics of the services as the page of health shows them, asked of each service by RPC: figures by name, and the alerts that stand."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from clients.gateway import web
from clients.gateway.web.session import Visitor
from shared.contract.operations import queries
from shared.contract.operations.metric_answers import ActiveAlert, Metric, Metrics
from shared.services import SERVICES

GIGABYTE = 10**9


class ProgramFigures(NamedTuple):
    """What one service says of itself."""

    service: str
    found: Metrics

    def all(self, name: str) -> Iterator[Metric]:
        return (one for one in self.found.metrics if one.name == name)

    def value(self, name: str) -> int | None:
        """The one value of a metric; the least where it has several; None where the service does not have it."""
        return min((int(one.value) for one in self.all(name)), default=None)


class Figures(NamedTuple):
    """What all services say of themselves, and which of them do not answer."""

    programs: tuple[ProgramFigures, ...]
    silent: tuple[str, ...]

    def all(self, name: str) -> list[Metric]:
        """A metric of all services; that of the machine once, although each service on it says it."""
        found = {tuple(one.labels.items()): one for program in self.programs for one in program.all(name)}
        return list(found.values())

    @property
    def alerts(self) -> list[ActiveAlert]:
        """Those that wake somebody first."""
        found = {(one.alert, *one.labels.items()): one for program in self.programs for one in program.found.alerts}
        return sorted(found.values(), key=lambda one: one.severity != "page")

    @property
    def disk(self) -> tuple[int, int] | None:
        """Free gigabytes and percent of the disk with the databases, where these are files."""
        free, part = self.all("tamdid_disk_free_bytes"), self.all("tamdid_disk_free_ratio")
        return (int(free[0].value / GIGABYTE), int(100 * part[0].value)) if free and part else None

    @property
    def certificates(self) -> list[tuple[str, datetime]]:
        """The servers with the ends of their certificates."""
        found = self.all("tamdid_certificate_end_timestamp_seconds")
        return [(one.labels["server"], datetime.fromtimestamp(one.value, UTC)) for one in found]


def of_all(visitor: Visitor) -> Figures:
    """Ask every service."""
    programs: list[ProgramFigures] = []
    silent: list[str] = []
    for service in SERVICES:
        found = web.rpc.if_known(lambda service=service: visitor.call(queries.GetMetrics(), service))  # type: ignore[misc]
        if found is None:
            silent.append(service)
        else:
            programs.append(ProgramFigures(service, found))
    return Figures(tuple(programs), tuple(silent))
