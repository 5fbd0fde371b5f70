"""One run from its seed: steps under faults, then quiescence, then the invariants."""

import traceback
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from shared.contract import upcasting
from shared.event_store import database, projection_versions
from shared.messaging import relay
from shared.subscriptions import follower, parking
from shared.subscriptions.replay import fill, source_reader, temporary_tables
from tests.simulation import invariants, projection_checks, quiescence, rebuilds, reconciliation
from tests.simulation.environment import Crash, InvariantViolated
from tests.simulation.rebuilds import Rebuilds
from tests.simulation.restores import Restores
from tests.simulation.schedule import Schedule
from tests.simulation.seeded_random import SeededRandom
from tests.simulation.world import World

STEPS = 220
STEP_SECONDS_MAX = 20


@dataclass(frozen=True)
class Outcome:
    """How a run ended: without a violated invariant, or with one and the last steps before it."""

    seed: int
    broken: str = ""
    trace: tuple[str, ...] = ()
    tally: Mapping[str, int] = field(default_factory=dict)
    """How often what happened."""


def run(seed: int) -> Outcome:
    """Play a seed to its end; nothing but an interrupt is raised.

    An error that is kept would keep its run's connections open, and the next run waits for their locks without an end.
    """
    try:
        return play(seed)
    except Exception as error:  # noqa: BLE001 - whatever it is, a run that ends by it has failed
        return Outcome(seed, failure(error), tuple(traceback.format_exception(error)))


def play(seed: int) -> Outcome:
    """All of a run, between a new world and the end of its connections."""
    with pytest.MonkeyPatch.context() as patch:
        draw_limits(SeededRandom(f"limits of {seed}"), patch)
        world, broken = World(seed), ""
        patch.setattr(upcasting, "is_known", world.versions.is_known)
        patch.setattr(temporary_tables, "own_connection", rebuilds.own_connection)
        try:
            run_steps(world, seed)
        except InvariantViolated as error:
            broken = str(error)
        except (Crash, Exception) as error:  # noqa: BLE001 - whatever it is, its trace is needed
            broken = failure(error)
        finally:
            world.close()
    return Outcome(seed, broken, tuple(world.environment.trace), tally(world))


def failure(error: BaseException) -> str:
    return f"the simulation itself fails: {type(error).__name__}: {error}"


def draw_limits(random: SeededRandom, patch: pytest.MonkeyPatch) -> None:
    """Small limits, so that short histories reach them."""
    patch.setattr(follower, "PULL_MAX", random.choice([2, 5, 500]))
    patch.setattr(relay, "BATCH_MAX", random.choice([1, 4, 500]))
    patch.setattr(parking, "PARKED_MAX", random.choice([3, 8, 1_000]))
    patch.setattr(database, "COMMIT_BATCH_MAX", random.choice([1, 2, 64]))
    patch.setattr(projection_versions, "PAGE_MAX", random.choice([1, 3, 200]))
    patch.setattr(fill, "PROJECTED_AT_ONCE", random.choice([1, 7, 50]))
    patch.setattr(source_reader, "READ_EVENTS_MAX", random.choice([2, 9, 500]))


def run_steps(world: World, seed: int) -> None:
    """All steps, and what must hold after them; then the same where databases are restored from a backup that was made on the way."""
    schedule, restores = Schedule(world), Restores(world, seed, STEPS)
    operator = Rebuilds(world, seed, restores.restored)
    world.environment.log_step(f"{len(world.users.members)} members, {len(world.every_process)} processes")
    world.users.the_registrar_acts()
    for number in range(STEPS):
        restores.before_step(number)
        world.versions.maybe_replace(world.every_process)
        world.projections.before_step(number)
        operator.before_step()
        world.environment.steps += 1
        world.environment.now += timedelta(seconds=world.random.randint(0, STEP_SECONDS_MAX))
        schedule.act()
    quiescence.reach_quiescence(world)
    operator.finish()
    broken = [*world.projections.violations(world), *operator.violations()]
    broken += [*invariants.violations(world), *projection_checks.violations(world)]
    if broken:
        raise InvariantViolated("; ".join(broken))
    restores.play()
    if broken := list(restores.violations()) or list(reconciliation.violations(world)):
        raise InvariantViolated("; ".join(broken))


def tally(world: World) -> Mapping[str, int]:
    """How much of what happened in a run."""
    counts = Counter(world.environment.tally)
    for slot in world.slots.values():
        counts["events"] += slot.value("SELECT count(*) FROM events")
        counts["applied"] += slot.value("SELECT count(*) FROM applied")
        counts["parked in the end"] += slot.value("SELECT count(*) FROM parked_events")
        counts["dropped"] += slot.value("SELECT count(*) FROM dropped_events")
    kinds = {"PaymentSettled": "settled", "DuplicatePaymentFound": "paid twice", "PaymentConfirmed": "confirmed"}
    for kind, name in kinds.items():
        counts[name] += world.slots["payment"].value("SELECT count(*) FROM events WHERE type = ?", kind)
    return counts
