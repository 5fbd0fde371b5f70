"""The operator rebuilds projections while events flow: rows that were damaged come right, also where a rebuild was broken off before."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.pool import NullPool

from shared.contract.seal import Delivery
from shared.event_store.database import Database
from shared.subscriptions.replay import jobs, runner, temporary_tables
from tests.simulation.in_memory_database import InterceptableDatabase, opened
from tests.simulation.process import Process
from tests.simulation.projection_versions import has_two
from tests.simulation.rpc import DATABASE_TROUBLE
from tests.simulation.second_version import COLUMN, OF_SOURCES, ROWS
from tests.simulation.seeded_random import SeededRandom
from tests.simulation.subscription import Subscription

if TYPE_CHECKING:
    from tests.simulation.world import World

SEEDS_WITHOUT = 0.3
"""So many of the runs with two versions of projections have no rebuild."""
REBUILT = 0.03
"""So often, in a step, a rebuild is started."""
CHECKS = 0.25
DAMAGED = 0.7
CANCELLED = 0.02
"""So often, whenever a rebuild lets others go first, somebody cancels it or its program begins to stop."""
OTHERS_GO_FIRST = (0, 0, 1, 6)
"""So much happens before it goes on."""
DAMAGE: Mapping[str, str] = {
    "auth": "INSERT OR REPLACE INTO officers (officer, roles, provinces) VALUES ('nobody', '', '')",
    "renewal": "UPDATE renewals SET tracking_code = 'damaged'",
    "payment": "UPDATE invoices SET card_mask = 'damaged'",
    "capacity": "UPDATE capacity_lines SET rule = 'damaged'",
}
"""Wrong rows of the declared version that nobody decides by; of the next one, the new column."""
COLUMN_IN: Mapping[str, str] = {
    "auth": ROWS["member"][0],
    "renewal": ROWS["renewal"][0],
    "payment": ROWS["invoice"][0],
    "capacity": OF_SOURCES,
}
FORGED = ("SealBroken", "LookupError")
"""How the errors begin with which a rebuild ends that an adversary has answered."""

real_own_connection = temporary_tables.own_connection


@dataclass
class SourceOf:
    """A source as a rebuild pulls from it: as `shared.nameko_extensions.subscription.Subscription.pull`."""

    subscription: Subscription
    source: str

    def pull(self, after: int, limit: int) -> Sequence[Delivery]:
        answer = self.subscription.process.world.pull(self.source, after, limit)
        return self.subscription.signatures.deliveries(answer)


@contextmanager
def own_connection(database: Database) -> Iterator[Connection]:
    """A new connection to the database of a copy in the simulation."""
    assert isinstance(database, InterceptableDatabase)
    with ExitStack() as stack:
        with opened(database.slot.engine(database.projections_version, NullPool)):
            connection = stack.enter_context(real_own_connection(database))
        yield connection


class Rebuilds:
    """The rebuilds of one run."""

    def __init__(self, world: "World", seed: int, spared: Collection[str]) -> None:
        self.world = world
        self.spared = spared
        """Programs of which a backup is made: no rebuild would mend what is damaged there."""
        self.random = SeededRandom(f"rebuilds of {seed}")
        self.has_any = has_two(seed) and not self.random.occurs(SEEDS_WITHOUT)
        self.processes = [process for process in world.every_process if process.program.projections]
        self.damaged: set[tuple[str, int]] = set()
        """Programs and versions with rows that only a rebuild sets right."""
        self.is_calm = False

    def before_step(self) -> None:
        """Perhaps start one at any copy, or only compare."""
        if self.has_any and self.random.occurs(REBUILT):
            process = self.random.choice(self.processes)
            if process.is_ready and self.random.occurs(DAMAGED):
                self.damage(process)
            self.world.work(process, partial(self.rebuild, process, check=self.random.occurs(CHECKS)))

    def damage(self, process: Process) -> None:
        name, version, is_declared = process.program.name, process.version, process.made_of is process.program
        if is_declared and name in self.spared:
            return
        self.world.environment.log_step(f"rows of {process.name}, version {version}, are damaged")
        statement = DAMAGE[name] if is_declared else f"UPDATE {COLUMN_IN[name]} SET {COLUMN} = NULL"  # noqa: S608 - ours
        process.slot.keepers[version].execute(statement)
        self.damaged.add((name, version))

    def rebuild(self, process: Process, *, check: bool = False) -> None:
        """As `shared.nameko_extensions.projections_rpc.ProjectionsRpc.start_rebuild`, to its end."""
        declared = process.made_of.projections
        assert declared is not None
        rebuild, environment = self.random.uuid(), self.world.environment
        by, at = "officer:admin", environment.now
        environment.log_step(f"{'a check' if check else 'a rebuild'} of {process.name} begins")
        process.records.write(lambda connection: jobs.start(connection, rebuild, by, at, check=check))
        projections = replace(declared, log=process.log)
        sources = [
            SourceOf(one, one.source) for one in process.subscriptions.values() if one.source in declared.followed
        ]
        job = jobs.Job(process.database, rebuild, check, lambda: environment.now, self.is_stopping)
        runner.run(job, projections, sources, partial(self.let_others_go_first, process))
        self.ended(process, rebuild)

    def is_stopping(self) -> bool:
        return not self.is_calm and self.random.occurs(CANCELLED)

    def let_others_go_first(self, process: Process, seconds: float) -> None:
        """Time goes by, somebody else acts, and perhaps an admin cancels."""
        environment = self.world.environment
        if not self.is_calm and self.random.occurs(CANCELLED):
            process.records.write(jobs.cancel)
        for _ in range(0 if self.is_calm else self.random.choice(OTHERS_GO_FIRST)):
            environment.run_other(environment.any_action)
        environment.pause(seconds)

    def ended(self, process: Process, rebuild: UUID) -> None:
        query = "SELECT status, error, differences FROM rebuilds WHERE rebuild = ?"
        ((status, error, differences),) = process.slot.rows(query, rebuild.hex)
        self.world.environment.log_step(f"the rebuild of {process.name} is {status}: {error or differences}")
        self.world.environment.tally[f"rebuilds {status}"] += 1
        if status == "switched":
            self.damaged.discard((process.program.name, process.version))

    def finish(self) -> None:
        """What is damaged in the end is rebuilt."""
        self.is_calm = True
        while self.damaged:
            name, version = min(self.damaged)
            process = self.world.processes[name][0]
            if process.version != version:
                self.world.projections.replace(process)
            process.get_ready()
            self.world.environment.now += jobs.LOST_AFTER * 2
            self.rebuild(process)
            if (name, version) in self.damaged:
                return

    def is_injected(self, error: str) -> bool:
        """Whether a fault of this run explains that a rebuild has failed: of a database, or of the adversary's answers."""
        if error.startswith("OperationalError"):
            return any(trouble in error for trouble in DATABASE_TROUBLE)
        adversary = self.world.adversary
        return error.startswith(FORGED) and adversary.has_answered and adversary.source in error

    def violations(self) -> Iterator[str]:
        """Rebuilds that failed although nothing was in their way, and damage that is left."""
        for name in sorted({process.program.name for process in self.processes}):
            for (error,) in self.world.slots[name].rows("SELECT error FROM rebuilds WHERE status = 'failed'"):
                if not self.is_injected(error):
                    yield f"a rebuild of {name} has failed: {error}"
        yield from (f"a rebuild has not mended {name}, version {version}" for name, version in sorted(self.damaged))
