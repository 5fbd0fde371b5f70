"""What a service declares of its projections: their tables, and the logs that they are pure functions of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, MetaData

from shared.contract.envelope import Recorded
from shared.event_store.database import is_unavailable
from shared.event_store.log import EventLog, OnEvent
from shared.event_store.projection_versions import ProjectAll, lock_nothing
from shared.observability.log_format import describe


class CannotProject(ValueError):  # noqa: N818 - says what happened
    """An event that no rows can be made of, named by its source and position."""


class Pacing(NamedTuple):
    """How long work lets others go first, and who is told how far it is."""

    pause: Callable[[float], None]
    report: Callable[[str, int, int], None]
    """A phase, how much of it is done, and how much there is; may raise, which ends the work."""


class Bulk(NamedTuple):
    """A faster way to the same rows of many events: what is stored of each at first, and what is derived of all of it then."""

    store: ProjectAll
    derive: Callable[[Connection, Pacing], None]
    """Is called outside of a transaction, once all has been stored."""


@dataclass(frozen=True)
class Projections:
    """The projections of a service."""

    tables: MetaData
    log: EventLog | None = None
    """The service's own log, whose `project` writes them."""
    followed: Mapping[str, ProjectAll] = field(default_factory=dict)
    """How they follow from others' logs, by source."""
    lock: Callable[[Connection], None] = lock_nothing
    """Excludes until the commit whoever else writes them."""
    bulk: Bulk | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """All logs that the rows are made of; the own one first."""
        return (*([self.log.source] if self.log else []), *self.followed)


def one_by_one(project: OnEvent) -> ProjectAll:
    """Projects events one after another; an error names the event."""

    def project_all(connection: Connection, events: Sequence[Recorded]) -> None:
        for event in events:
            try:
                project(connection, event)
            except Exception as error:
                if is_unavailable(error):
                    raise
                raise CannotProject(f"{event.source} {event.position}: {describe(error)}") from error

    return project_all
