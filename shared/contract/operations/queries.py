"""Queries that operations answers."""

from collections.abc import Iterator
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contract.base import Query
from shared.contract.bounds import COUNTED, POSITION_MAX, Limit, Offset
from shared.contract.operations import answers, metric_answers, rebuild_answers
from shared.contract.values import (
    MembershipNo,
    OfficerName,
    PartitionKey,
    Source,
)

READ_EVENTS_MAX = 1000
"""Events in one answer."""
FIND_EVENTS_MAX = 500
"""Events that one query asks for by their ids."""
EVERYBODY = ""
"""In place of a member's number, for a read of a whole log."""


class ReadEvents(Query[answers.RecordedEvents]):
    """Events of a log after a position, in order; for our own programs and for admins. Asked of any service by `read_events`."""

    method: ClassVar[str] = "read_events"
    after: Annotated[int, Field(ge=0, le=POSITION_MAX), COUNTED]
    limit: Annotated[int, Field(ge=1, le=READ_EVENTS_MAX), COUNTED] = READ_EVENTS_MAX
    """About so many: the answer ends at a sealed event."""
    verifying: bool = False
    """Also answer with all seals of these events, and the rows that are not written as the service writes them."""

    def members_read(self, answer: answers.RecordedEvents) -> Iterator[tuple[str, int | None]]:  # noqa: ARG002 - events of all
        yield EVERYBODY, None


class FindEvents(Query[answers.FoundEvents]):
    """Which of some events a log has; for the programs that follow it. Asked of any service by `find_events`."""

    method: ClassVar[str] = "find_events"
    ids: Annotated[tuple[UUID, ...], Field(max_length=FIND_EVENTS_MAX)]


class ListParked(Query[answers.ParkedEvents]):
    """Events whose handler kept failing, and those that wait behind them; for admins."""

    source: Source | None = None
    partition_key: PartitionKey | None = None
    limit: Limit = 50
    offset: Offset = 0


class GetSubscriptions(Query[answers.Subscriptions]):
    """How far a service follows its sources; for admins and our own programs."""


class GetMetrics(Query[metric_answers.Metrics]):
    """What a service's `/metrics` says of its state, and the alerts that stand; for admins. Asked of any service by `get_metrics`."""


class CompareSources(Query[answers.Comparison]):
    """What a service has in common with each of its sources, and what it has followed beyond that; for admins."""


class ListOrphanedEvents(Query[answers.OrphanedEvents]):
    """Own events of a service whose causes its sources have lost in a restore; for admins."""

    limit: Limit = 50
    offset: Offset = 0


class GetRetention(Query[answers.Retention]):
    """What the daily retention of a service deletes, after how many days, and what it has deleted; for admins."""


class ListReads(Query[answers.Reads]):
    """Which officers have read a member's rows, or what an officer has read, the newest first. Asked of any service by `list_reads`.

    A member sees the own ones; an auditor names a member of the served provinces, or an officer.
    """

    member: MembershipNo | None = None
    officer: OfficerName | None = None
    limit: Limit = 50
    offset: Offset = 0


class GetPersonalData(Query[answers.PersonalData]):
    """All rows that a service holds of a member, for that member alone; where there is a second factor, after a code of it."""

    member: MembershipNo


class GetErasureReport(Query[answers.ErasureReport]):
    """What a service has erased of a member, and what it has left and why; for admins."""

    member: MembershipNo


class GetProjections(Query[rebuild_answers.Projections]):
    """Which tables of a service are projections, which logs they are made of, and its newest rebuild; for admins."""


class GetRebuild(Query[rebuild_answers.Rebuild]):
    """How far the newest rebuild of a service is; for admins."""
