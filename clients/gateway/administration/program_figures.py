"""The metrics of the services as the page of health shows them: figures by name, and the alerts that stand."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from shared.contract.operations.metric_answers import ActiveAlert, Metric, Metrics

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
    """What all services say of themselves that answer."""

    programs: tuple[ProgramFigures, ...]

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
        """The servers with the ends of their certificates: of each the first one that a service has seen, as the alert has it."""
        first: dict[str, float] = {}
        for program in self.programs:
            for one in program.all("tamdid_certificate_end_timestamp_seconds"):
                first[one.labels["server"]] = min(one.value, first.get(one.labels["server"], one.value))
        return [(server, datetime.fromtimestamp(end, UTC)) for server, end in first.items()]
