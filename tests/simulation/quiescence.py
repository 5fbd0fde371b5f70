"""After the faults: rounds of calm work in which all that has hope must be done, and what is left when it is not."""

import gc
from collections.abc import Iterator
from datetime import timedelta

from tests.simulation.environment import InvariantViolated
from tests.simulation.process import Process
from tests.simulation.seeded_random import NO_FAULTS
from tests.simulation.subscription import Subscription
from tests.simulation.world import World

ROUNDS_MAX = 12
"""Calm rounds within which everything has come to rest."""
ROUND = timedelta(minutes=45)
"""Longer than any window of the bank."""
TURNS_MAX = 100
"""A relay has published all within so many turns, also where one event is all it takes at a time."""
IDLE_TURNS_MAX = 2
"""The first one connects; when the next one takes nothing either, the subscription is somebody else's, or full."""


def reach_quiescence(world: World) -> None:
    """What fails for ever stays parked; `InvariantViolated` names all else that is not done in the end."""
    world.environment.fault_rates = NO_FAULTS
    world.environment.full_disks.clear()
    world.environment.broken_parkings.clear()
    gc.collect()  # connections of processes that have crashed, with their locks: an operating system would have closed them
    for process in world.every_process:
        process.skew = timedelta()
    world.recorder.repair_handlers()
    world.versions.end_upgrade()
    world.environment.log_step("the faults stop")
    world.load_policies()
    for _ in range(ROUNDS_MAX):
        fault_free_round(world)
        if not any(unfinished(world)):
            return
        world.environment.steps += 1
        world.environment.now += ROUND
    raise InvariantViolated(f"does not come to rest: {', '.join(unfinished(world))}")


def fault_free_round(world: World) -> None:
    """Everybody's turn."""
    while world.network.late:
        world.network.deliver_late_request()
    for user in world.users.all:
        world.users.call(user)
    world.users.notices, notices = [], world.users.notices
    for notice in notices:
        world.retry_call(notice)
    world.broker.release_delayed()
    for copies in world.processes.values():
        for _ in range(TURNS_MAX):
            if is_behind(copies[0]):
                world.publish(copies[0])
    for subscription in world.subscriptions:
        drain(world, subscription)
    world.reconcile_payments(world.processes["payment"][0])
    world.operator.drop_while_full()


def drain(world: World, subscription: Subscription) -> None:
    """Receive what is in the queue; of the copies the first one also pulls from the source, as idle ones do."""
    queue, idle = world.broker.queues[subscription.key], 0
    while (queue or subscription.waiting) and idle < IDLE_TURNS_MAX:
        before = len(queue)
        world.work(subscription.process, subscription.turn)
        idle = idle + 1 if len(queue) >= before else 0
    if subscription.process.copy == 1:
        world.work(subscription.process, subscription.catch_up)


def unfinished(world: World) -> Iterator[str]:
    """What is still to be done."""
    for user in world.users.all:
        if user.pending:
            yield f"{user.name} waits for {user.pending.about}"
    if not world.broker.is_empty:
        yield "messages lie in the broker"
    for name, copies in world.processes.items():
        if is_behind(copies[0]):
            yield f"{name} has not published all"
    for subscription in world.subscriptions:
        yield from unfinished_on(world, subscription)
    watched = world.slots["payment"].value("SELECT count(*) FROM timers WHERE kind = 'inquiry'")
    if watched:
        yield f"{watched} attempts are watched"


def unfinished_on(world: World, subscription: Subscription) -> Iterator[str]:
    """What a subscription has not come to."""
    checkpoint, head = checkpoint_of(subscription), head_of(world, subscription.source)
    if checkpoint != head:
        yield f"{subscription.name}: at {checkpoint} of {head}"
    yield from (f"{subscription.name}: {position} is parked" for position in retryable_parked(world, subscription))


def is_behind(process: Process) -> bool:
    """Whether a program's relay has anything to publish."""
    return process.relay is not None and bool(
        process.slot.value("SELECT (SELECT max(position) FROM events) > (SELECT position FROM relay_cursor)")
    )


def retryable_parked(world: World, subscription: Subscription) -> Iterator[int]:
    """Parked events that a retry would apply."""
    hopeless: set[str] = set()
    for position, partition_key in world.operator.parked(subscription):
        if world.recorder.fails_for_ever(subscription.key, position):
            hopeless.add(partition_key)
        elif partition_key not in hopeless:
            yield position


def head_of(world: World, source: str) -> int:
    head: int = world.slots[source].value("SELECT count(*) FROM events")
    return head


def checkpoint_of(subscription: Subscription) -> int:
    return (
        subscription.process.slot.value("SELECT position FROM checkpoints WHERE source = ?", subscription.source) or 0
    )
