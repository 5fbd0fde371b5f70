"""The simulation itself: a short run of it, each safeguard turned off, and its own foundations."""

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from shared.event_store.database import Database
from tests.simulation import quiescence, runs
from tests.simulation.environment import Environment, InvariantViolated, ProcessDied
from tests.simulation.in_memory_database import Slot, copy, opened
from tests.simulation.mutants import MUTANTS
from tests.simulation.run import Outcome, run
from tests.simulation.seeded_random import NO_FAULTS, SeededRandom
from tests.simulation.world import World

SEEDS = 40
LINES = 60


@pytest.mark.slow
def test_all_invariants_hold_on_every_schedule() -> None:
    for outcome in runs.run_seeds(dict.fromkeys([*runs.regressions(), *range(SEEDS)])):
        if outcome.broken:
            runs.save_regression(outcome)
            last_lines = "\n".join(outcome.trace[-LINES:])
            pytest.fail(f"{last_lines}\nseed {outcome.seed} violates an invariant: {outcome.broken}", pytrace=False)


@pytest.mark.slow
def test_each_safeguard_is_missed_when_it_is_gone() -> None:
    assert [one.name for one in runs.detect_all(hints=True) if one.seeds is None] == []


def test_the_same_seed_gives_the_same_run() -> None:
    assert run(7) == run(7)
    assert run(7).trace != run(8).trace


def test_an_error_of_the_simulation_itself_ends_a_run_as_a_failed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_world: World) -> None:
        raise OperationalError("SELECT", {}, sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr(World, "close", fail)
    outcome = run(7)
    assert "the simulation itself fails: OperationalError" in outcome.broken
    assert any("in fail" in line for line in outcome.trace)
    monkeypatch.undo()
    assert not run(8).broken


def test_a_connection_that_was_left_open_holds_up_no_later_run() -> None:
    world = World(7)
    left = world.slots["payment"].engine(world.slots["payment"].declared).raw_connection()
    reading = left.cursor()
    reading.execute("SELECT name FROM sqlite_master")
    reading.fetchone()
    with pytest.raises(InvariantViolated, match="left open"):
        copy(sqlite3.connect(":memory:"), world.slots["payment"].keeper)
    world.close()
    assert not run(8).broken
    left.close()


def test_what_a_crashed_process_has_locked_is_free_before_the_last_policy_comes() -> None:
    """Nobody would load it again."""
    world = World(1)
    capacity = world.slots["capacity"]
    assert policies(capacity) == 1
    gc.disable()
    try:
        leave_a_reader(capacity)
        quiescence.reach_quiescence(world)
    finally:
        gc.enable()
    assert policies(capacity) == 2
    world.close()


def leave_a_reader(slot: Slot) -> None:
    """Only a search for garbage finds it."""
    reading = slot.engine(slot.declared).raw_connection().cursor()
    left: list[object] = [reading]
    left.append(left)
    reading.execute("SELECT name FROM sqlite_master")
    reading.fetchone()


def policies(capacity: Slot) -> object:
    return capacity.value("SELECT count(*) FROM capacity_policies")


def test_a_run_has_what_it_is_meant_to_go_through() -> None:
    tally = runs.total(run(seed) for seed in range(4))
    restored = {"stopped after a restore", "went on after a restore"}
    two_versions = {
        "versions replaced",
        "pages filled",
        *(f"rebuilds {how}" for how in ("switched", "checked", "cancelled")),
    }
    assert {
        "events",
        "applied",
        "settled",
        "crashes",
        "messages lost",
        "copies replaced",
        *restored,
        *two_versions,
    } <= {what for what, count in tally.items() if count}


def test_a_violated_invariant_is_reported_and_its_seed_saved_once(tmp_path: Path) -> None:
    kept = tmp_path / "regressions.txt"
    names = [mutant.name for mutant in MUTANTS]
    found = runs.detect(names.index("deliveries are acknowledged before the commit"))
    for _ in range(2):
        runs.save_regression(Outcome(found.seed, found.broken), kept)
    assert runs.regressions(kept) == [found.seed]
    assert "acknowledges" in kept.read_text("utf-8")


class OneProcess:
    """A process with nothing but a database."""

    name = "alone"

    def __init__(self, slot: Slot) -> None:
        self.slot = slot
        self.environment = Environment(SeededRandom(1), NO_FAULTS)
        self.life = 0
        slot.reset(self.environment)
        self.start()

    def start(self) -> None:
        with opened(self.slot.engines[self.slot.declared][0]):
            self.database = Database("")
        self.life += 1

    def restart(self) -> None:
        self.database.close()
        self.start()

    def get_ready(self) -> None:
        """It needs nothing."""

    def put(self, number: int) -> None:
        statement = "INSERT INTO applied (source, position, partition_key, event_id) VALUES ('here', ?, '', '')"
        self.database.write(lambda connection: connection.exec_driver_sql(statement, (number,)))

    def numbers(self) -> list[int]:
        return [row[0] for row in self.slot.rows("SELECT position FROM applied ORDER BY number")]


@pytest.fixture
def alone() -> Iterator[OneProcess]:
    process = OneProcess(Slot("alone", (), lambda _: None))
    yield process
    process.database.close()


def dying_at(process: OneProcess, point: int, number: int) -> list[int]:
    """What is left when the process dies at a point of its writing."""

    def work() -> None:
        process.environment.frames[-1].dies_in = point
        process.put(number)

    with suppress(ProcessDied):
        process.environment.within(process, work)
    return process.numbers()


def test_what_is_not_committed_is_lost_with_its_process_and_nothing_else(alone: OneProcess) -> None:
    begin, insert, commit, afterwards = 1, 2, 3, 4
    assert dying_at(alone, begin, 1) == []
    assert dying_at(alone, insert, 2) == []
    assert dying_at(alone, commit, 3) == []
    assert dying_at(alone, afterwards, 4) == [4]
    assert dying_at(alone, 99, 5) == [4, 5]


def test_a_process_that_has_died_does_not_work_on(alone: OneProcess) -> None:
    def work() -> None:
        alone.environment.run_other(alone.restart)
        alone.put(1)

    with pytest.raises(ProcessDied):
        alone.environment.within(alone, work)
    assert (alone.numbers(), alone.life) == ([], 2)


def test_two_copies_have_a_connection_each(alone: OneProcess) -> None:
    """The second one waits for the first, as copies do on a real file; here it is refused at once."""
    first, second = (engine.connect() for engine in alone.slot.engines[alone.slot.declared])
    with first, second:
        second.exec_driver_sql("PRAGMA busy_timeout = 1")
        second.rollback()
        first.begin()
        first.exec_driver_sql("INSERT INTO applied (source, position, partition_key, event_id) VALUES ('', 1, '', '')")
        with pytest.raises((OperationalError, sqlite3.OperationalError), match="locked"):
            second.begin()
        first.rollback()
    assert alone.numbers() == []
