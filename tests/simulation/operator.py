"""The operator: takes parked partition keys up again, gives up single events, and sometimes does it twice at once."""

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from shared.subscriptions import parking
from shared.subscriptions.parking import Parked
from tests.simulation.environment import PromiseBroken
from tests.simulation.subscription import Subscription

if TYPE_CHECKING:
    from tests.simulation.world import World

OVERTAKEN = 0.5
"""So often somebody else is faster than a retry that has read what is parked."""
ACTS = 4
"""So much happens meanwhile."""
REASON = "the member was enrolled twice"


class Operator:
    """`tamdid parked retry|drop`, at any copy of a service."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.scene = world.scene

    def acts(self) -> None:
        """Retry a partition key or drop one of its events."""
        subscription = self.scene.chance.choice(self.world.subscriptions)
        found = self.parked(subscription)
        if found:
            position, partition_key = self.scene.chance.choice(found)
            self.scene.chance.choice(
                [
                    partial(self.mends, subscription, partition_key),
                    partial(self.retry, subscription, partition_key),
                    partial(self.drop, subscription, position),
                ]
            )()

    def parked(self, subscription: Subscription) -> list[Any]:
        """Positions and partition keys parked on a subscription, in order."""
        known = "SELECT position, partition_key FROM parked_events WHERE source = ? ORDER BY position"
        return subscription.process.slot.rows(known, subscription.source)

    def mends(self, subscription: Subscription, partition_key: str) -> None:
        """What was wrong with the handlers is put right, and the partition key taken up again."""
        self.world.witness.heal()
        self.retry(subscription, partition_key)

    def retry(self, subscription: Subscription, partition_key: str) -> None:
        """Take a partition key up; meanwhile another operator does the same, or another copy hears what its source has."""
        self.scene.tell(
            f"the operator retries {partition_key} from {subscription.source} at {subscription.process.name}"
        )
        if self.scene.weather.stale and self.scene.chance.happens(OVERTAKEN):
            other = self.any_copy(subscription)
            again = partial(self.retry, other, partition_key)
            subscription.rival = self.scene.chance.choice([again, partial(self.more_is_heard, other)])
        self.world.work(subscription.process, partial(self.take_up, subscription, partition_key))

    def more_is_heard(self, subscription: Subscription) -> None:
        """Members go on, and a copy takes what came of it."""
        for _ in range(ACTS):
            self.world.people.a_member_acts()
        self.world.work(subscription.process, subscription.starts_again)

    def take_up(self, subscription: Subscription, partition_key: str) -> None:
        """What is left of a partition key afterwards begins with an event whose handler fails."""
        subscription.follower.retry(partition_key)
        known = "SELECT position, error FROM parked_events WHERE source = ? AND partition_key = ? ORDER BY position"
        left = subscription.process.slot.rows(known, subscription.source, partition_key)
        if left and not left[0][1]:
            raise PromiseBroken(f"{subscription.name}: {left[0][0]} is left parked by a retry of {partition_key}")

    def drop(self, subscription: Subscription, position: int) -> None:
        self.scene.tell(f"the operator drops {position} from {subscription.source} at {subscription.process.name}")
        self.world.work(subscription.process, partial(self.drop_parked, subscription, position))

    def drop_parked(self, subscription: Subscription, position: int) -> None:
        """As `shared.nameko_extensions.admin_rpc.SubscriptionRpc.drop_parked`."""
        records = subscription.process.records
        with records.read() as connection:
            found = [one for one in parking.list_parked(connection, subscription.source) if one.position == position]
        self.scene.meanwhile(self.someone_retries(subscription, found))
        if found:
            at = self.scene.now

            def give_up(connection: Connection) -> None:
                parking.drop(connection, found[0], REASON, "officer:admin", at)

            records.write(give_up)

    def someone_retries(self, subscription: Subscription, found: list[Parked]) -> Any:
        """Another operator, at the same or another copy."""
        return partial(self.retry, self.any_copy(subscription), found[0].partition_key) if found else None

    def any_copy(self, subscription: Subscription) -> Subscription:
        """The subscription, or the same one of another copy."""
        return self.scene.chance.choice([one for one in self.world.subscriptions if one.key == subscription.key])

    def tidies(self) -> None:
        """Everything that has hope is retried; a subscription that is full of what has none gives it up."""
        for subscription in self.world.subscriptions:
            for partition_key in sorted({partition_key for _, partition_key in self.parked(subscription)}):
                self.retry(subscription, partition_key)
            found = self.parked(subscription)
            if len(found) >= parking.PARKED_MAX:
                for position, _ in found:
                    if self.world.witness.is_hopeless(subscription.key, position):
                        self.drop(subscription, position)
