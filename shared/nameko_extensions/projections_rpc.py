"""RPC methods that rebuild a service's projections, as a background job: work longer than an RPC call, which stops with the program."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

import eventlet
from nameko.extensions import DependencyProvider

from shared.contract.operations import commands, queries, rebuild_answers
from shared.contract.values import Role
from shared.nameko_extensions.admin_rpc import ServiceRpc, subscriptions_of
from shared.nameko_extensions.rpc_server import rpc
from shared.subscriptions.replay import jobs, runner
from shared.subscriptions.replay.projections import Projections

STOP_SECONDS = 5
"""How long a job may take to notice that the program stops."""


class Jobs(Protocol):
    """What a service runs its long work with."""

    def run(self, work: Callable[[], None], name: str) -> None:
        """Run `work`, which must raise nothing, beside the calls."""
        ...

    def is_stopping(self) -> bool:
        """Whether the work should end, because the program does."""
        ...


class Background(DependencyProvider):
    """Gives a service its `Jobs`."""

    def setup(self) -> None:
        self._stopping = False
        self._threads: set[Any] = set()

    def run(self, work: Callable[[], None], name: str) -> None:
        thread = self.container.spawn_managed_thread(work, identifier=name)
        self._threads.add(thread)
        thread.link(self._threads.discard)

    def is_stopping(self) -> bool:
        return self._stopping

    def stop(self) -> None:
        self._stopping = True
        with eventlet.Timeout(STOP_SECONDS, False):
            for thread in list(self._threads):
                thread.wait()

    def get_dependency(self, _worker_ctx: Any) -> "Background":
        return self


class ProjectionsRpc(ServiceRpc):
    """A service with projections, which it can make again of its logs."""

    projections: Projections
    rebuilds: Jobs = Background()

    @rpc
    def get_projections(self, query: queries.GetProjections) -> rebuild_answers.Projections:  # noqa: ARG002 - the query has no fields
        self.caller.must_have(Role.ADMIN)
        tables = tuple(table.name for table in self.projections.tables.sorted_tables)
        return rebuild_answers.Projections(
            tables=tables, sources=self.projections.sources, rebuild=self.newest_rebuild()
        )

    @rpc
    def rebuild_projections(self, command: commands.RebuildProjections) -> rebuild_answers.Rebuild:
        self.caller.must_have(Role.ADMIN)
        self.start_rebuild(command.id, command.actor, command.at, check=command.check)
        return self.newest_rebuild()

    @rpc
    def cancel_rebuild(self, command: commands.CancelRebuild) -> rebuild_answers.Rebuild:  # noqa: ARG002 - the command has no fields
        self.caller.must_have(Role.ADMIN)
        self.records.write(jobs.cancel)
        return self.newest_rebuild()

    @rpc
    def get_rebuild(self, query: queries.GetRebuild) -> rebuild_answers.Rebuild:  # noqa: ARG002 - the query has no fields
        self.caller.must_have(Role.ADMIN)
        return self.newest_rebuild()

    def start_rebuild(self, rebuild: UUID, by: str, at: datetime, *, check: bool = False) -> None:
        """Start one beside the calls, once for each id; `Refused` where another one runs."""
        if not self.records.write(lambda connection: jobs.start(connection, rebuild, by, at, check=check)):
            return
        job = jobs.Job(self.records.database, rebuild, check, lambda: datetime.now(UTC), self.rebuilds.is_stopping)
        sources = [one for one in subscriptions_of(self) if one.source in self.projections.followed]
        self.rebuilds.run(lambda: runner.run(job, self.projections, sources, time.sleep), "rebuild")

    def newest_rebuild(self) -> rebuild_answers.Rebuild:
        with self.records.read() as connection:
            return jobs.newest(connection, datetime.now(UTC))
