"""Databases restored from an older backup at the end of a run: who has followed what is lost stops by name, everybody else goes on by itself."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta

from services.payment.attempts import polling
from shared.contract import cloud_events
from shared.contract.seal import GENESIS, digest_of, extended
from shared.event_store.epoch import begin_epoch
from shared.subscriptions.epochs import LogReplaced
from shared.subscriptions.seal_check import SealBroken
from tests.simulation import invariants, quiescence
from tests.simulation.fixtures import SUBSCRIPTIONS
from tests.simulation.in_memory_database import copy
from tests.simulation.schedule import Schedule
from tests.simulation.seeded_random import SeededRandom
from tests.simulation.subscription import Subscription
from tests.simulation.world import World

STEPS = 60
ROUNDS = 3
REPLAYED_MAX = 4
"""Messages of before the restore that come again."""


class Restores:
    """A backup of all databases at one moment of a run, and those that are restored from it: a source, a follower or both."""

    def __init__(self, world: World, seed: int, steps: int) -> None:
        self.world = world
        self.random = SeededRandom(f"restores of {seed}")
        self.at_step = self.random.randrange(steps // 2, steps)
        source = self.random.choice(sorted(SUBSCRIPTIONS))
        follower = self.random.choice(sorted(SUBSCRIPTIONS[source]))
        self.restored = self.random.choice([(source,), (source,), (follower,), (source, follower)])
        self.again = SeededRandom(f"restores again of {seed}").choice(("", "", "later", "earlier"))
        """Whether the first of them is restored once more: from a backup that was made since, or from the same."""
        self.copies: dict[str, sqlite3.Connection] = {}

    def before_step(self, number: int) -> None:
        """Make the backup when its moment has come."""
        if number == self.at_step:
            for name in self.restored:
                self.back_up(name)

    def back_up(self, name: str) -> None:
        self.copies[name] = sqlite3.connect(":memory:")
        copy(self.world.slots[name].keeper, self.copies[name])

    def play(self) -> None:
        """Restore, let everybody work on without faults, and then come to rest; perhaps all that once more."""
        for name in self.restored:
            self.restore(name)
        self.work_on()
        if self.again == "later":
            self.back_up(self.restored[0])
            self.work_on()
        if self.again:
            self.restore(self.restored[0])
            self.work_on()

    def work_on(self) -> None:
        schedule = Schedule(self.world)
        for _ in range(STEPS):
            self.world.environment.steps += 1
            self.world.environment.now += timedelta(seconds=self.random.randint(0, 20))
            schedule.act()
        for _ in range(ROUNDS):
            quiescence.fault_free_round(self.world)
            self.world.environment.now += quiescence.ROUND

    def restore(self, name: str) -> None:
        """All copies of a program stop, its database is the one of the backup, and its log begins a new epoch."""
        world = self.world
        world.environment.log_step(f"{name} is restored from the backup of step {self.at_step}")
        for process in world.processes[name]:
            process.database.close()
        copy(self.copies[name], world.slots[name].keeper)
        for process in world.processes[name]:
            process.restart()
        if world.processes[name][0].log is not None:
            epoch = self.random.uuid()
            world.processes[name][0].database.write(lambda connection: begin_epoch(connection, epoch))
        if name == "payment":
            polling.inquire_again(world.processes[name][0].records, world.environment.now)
        world.recorder.forget(name)
        messages = world.broker.routed[name]
        for subscriber in SUBSCRIPTIONS.get(name, ()):
            for body, headers in self.random.sample(messages, min(len(messages), self.random.randint(0, REPLAYED_MAX))):
                world.broker.put((subscriber, name), body, headers)

    def violations(self) -> Iterator[str]:
        """Whoever is wrong about what it has in common with its source."""
        for subscription in {one.key: one for one in reversed(self.world.subscriptions)}.values():
            yield from (f"after a restore, {subscription.name}: {broken}" for broken in self.broken(subscription))

    def broken(self, subscription: Subscription) -> Iterator[str]:
        tally, is_common = self.world.environment.tally, has_followed(self.world, subscription)
        try:
            subscription.follower.catch_up()
        except LogReplaced as replaced:
            tally["stopped after a restore"] += 1
            if is_common:
                yield f"it is stopped without a reason: {replaced}"
            return
        except SealBroken as broken:
            yield f"it is stopped by another name: {broken}"
            return
        if not is_common:
            yield "it goes on although its source does not have what it has followed"
            return
        tally["went on after a restore"] += 1
        yield from invariants.subscription_violations(self.world, subscription)


def has_followed(world: World, subscription: Subscription) -> bool:
    """Whether what was followed is how the source's log begins now."""
    query = "SELECT position, chain FROM checkpoints WHERE source = ?"
    found = subscription.process.slot.rows(query, subscription.source)
    if not found:
        return True
    position, followed = int(found[0][0]), str(found[0][1])
    source, chain = world.processes[subscription.source][0], GENESIS
    assert source.log is not None
    with source.database.read() as connection:
        events = source.log.read(connection, 0, position)
    for event in events:
        chain = extended(chain, digest_of(cloud_events.to_json(event)))
    return len(events) == position and chain == followed
