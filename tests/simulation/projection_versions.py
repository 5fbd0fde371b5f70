"""Two versions of a program's projections in one run: copies with the next version, filled while events flow, beside copies with the declared one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from shared.contract.envelope import Recorded
from shared.event_store.log import OnEvent
from shared.event_store.projection_versions import ProjectAll
from tests.simulation.environment import Environment
from tests.simulation.process import Process, Program
from tests.simulation.programs import PROGRAMS
from tests.simulation.projection_checks import REPLAYED, log_of
from tests.simulation.second_version import OF_SOURCES, SECOND
from tests.simulation.seeded_random import SeededRandom
from tests.support.replay import Log, replayed, rows_of

if TYPE_CHECKING:
    from tests.simulation.world import World

SEEDS_WITH_TWO = 2
"""Of five: the runs in which all copies know every type of event."""
VERSIONED_SHARE = 0.6
"""So many of the programs get a second version."""
DECLARED: Mapping[str, Program] = {one.name: one for one in PROGRAMS if one.name in SECOND}
ROLLED = 0.06
"""So often, in a step, one copy is replaced by one of the other version."""


def has_two(seed: int) -> bool:
    """Whether a run has two versions of projections."""
    return seed % 5 == SEEDS_WITH_TWO


class ProjectionVersions:
    """Which copies have the next version; at the beginning, none."""

    def __init__(self, environment: Environment, seed: int, processes: Sequence[Process]) -> None:
        self.environment = environment
        self.random = SeededRandom(f"projections of {seed}")
        self.programs = [name for name in sorted(SECOND) if has_two(seed) and self.random.occurs(VERSIONED_SHARE)]
        self.processes = [process for process in processes if process.program.name in self.programs]
        self.starts_at = self.random.randrange(0, 150)
        """The first step in which there is a copy with the next version."""
        for process in self.processes:
            process.slot.has_versions = process.has_versions = True
            process.restart()
        if self.programs:
            environment.log_step(f"there are two versions of the projections of {', '.join(self.programs)}")

    def before_step(self, number: int) -> None:
        """Perhaps replace a copy by one of the other version: an upgrade, its way back, and forward again."""
        if self.processes and number >= self.starts_at and self.random.occurs(ROLLED):
            process = self.random.choice(self.processes)
            self.replace(process)

    def replace(self, process: Process) -> None:
        """Let a copy have the other version."""
        is_declared = process.made_of is process.program
        process.made_of = SECOND[process.program.name] if is_declared else process.program
        self.environment.log_step(f"{process.name} has version {process.version} of its projections from now on")
        self.environment.tally["versions replaced"] += 1
        process.restart()

    def become(self, made_of: Mapping[str, Program]) -> None:
        """All copies have one version from now on, and it has all events."""
        for process in self.processes:
            if process.made_of is not made_of[process.program.name]:
                self.replace(process)
        for process in self.processes:
            process.get_ready()
            for subscription in process.subscriptions.values():
                subscription.follower.version.catch_up()

    def violations(self, world: "World") -> Iterator[str]:
        """In the end, rows of either version that are not those that the logs give, and what was done on an event twice or never."""
        for version, made_of in {"the declared": DECLARED, "the next": SECOND}.items():
            self.become(made_of)
            for name in self.programs:
                yield from (f"{version} version: {wrong}" for wrong in wrong_rows(world, name))
        self.become(DECLARED)
        for process in self.processes:
            process.take_over()
        for name in self.programs:
            if world.processes[name][0].log is None:
                continue  # capacity's own log, which has no reactions
            slot = world.slots[name]
            reacted = [row[0] for row in slot.rows("SELECT position FROM reacted ORDER BY position")]
            if reacted != [row[0] for row in slot.rows("SELECT position FROM events ORDER BY position")]:
                yield f"{name} has not reacted once to each of its events: {reacted}"


def wrong_rows(world: "World", name: str) -> Iterator[str]:
    """The tables of the version that a program's first copy has, where they are not as a replay gives them."""
    process = world.processes[name][0]
    projections = process.made_of.projections
    assert projections is not None
    logs: list[Log] = [(process.log.project, log_of(world, name))] if process.log else []
    logs += [(one_of(project), followed(world, process, source)) for source, project in projections.followed.items()]
    with process.database.read() as connection:
        live = rows_of(connection, projections.tables)
    if name in REPLAYED:
        fresh = replayed(projections.tables, *logs)
    else:
        fresh = of_first_version(process)
        read = [list(events) for _, events in logs]
        last = ((events[-1].source, events[-1].position) for events in read if events)
        fresh = {**fresh, OF_SOURCES: sorted(last)} if OF_SOURCES in live else live
    yield from (f"{name}: a replay gives other {table} than live" for table in live if live[table] != fresh[table])


def one_of(project_all: ProjectAll) -> OnEvent:
    """Projects one event as many are."""
    return lambda connection, recorded: project_all(connection, [recorded])


def followed(world: "World", process: Process, source: str) -> Sequence[Recorded]:
    """A source's events without what is parked or dropped."""
    query = "SELECT position FROM {} WHERE source = ?"
    tables = ("parked_events", "dropped_events")
    left_out = {row[0] for table in tables for row in process.slot.rows(query.format(table), source)}
    return [one for one in log_of(world, source) if one.position not in left_out]


def of_first_version(process: Process) -> Mapping[str, Any]:
    """Capacity's rows hang on its policies as well, so those of the next version are held against the declared one's, which a fold is held against."""
    first = process.program.projections
    assert first is not None
    with process.slot.engines[process.slot.declared][0].connect() as connection, connection.begin():
        return rows_of(connection, first.tables)
