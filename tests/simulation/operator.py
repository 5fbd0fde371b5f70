"""The operator: retries parked partition keys, drops single events, and sometimes does it twice at once."""

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from shared.subscriptions import parking
from shared.subscriptions.parking import Parked
from tests.simulation.environment import InvariantViolated
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
        self.environment = world.environment

    def acts(self) -> None:
        """Retry a partition key or drop one of its events."""
        subscription = self.environment.random.choice(self.world.subscriptions)
        found = self.parked(subscription)
        if found:
            position, partition_key = self.environment.random.choice(found)
            self.environment.random.choice(
                [
                    partial(self.repair_and_retry, subscription, partition_key),
                    partial(self.retry, subscription, partition_key),
                    partial(self.drop, subscription, position),
                ]
            )()

    def parked(self, subscription: Subscription) -> list[Any]:
        """Positions and partition keys parked on a subscription, in order."""
        query = "SELECT position, partition_key FROM parked_events WHERE source = ? ORDER BY position"
        return subscription.process.slot.rows(query, subscription.source)

    def repair_and_retry(self, subscription: Subscription, partition_key: str) -> None:
        """What was wrong with the handlers is put right, and the partition key taken up again."""
        self.world.recorder.repair_handlers()
        self.retry(subscription, partition_key)

    def retry(self, subscription: Subscription, partition_key: str) -> None:
        """Retry a partition key while another operator does the same, or another copy receives more from the source."""
        self.environment.log_step(
            f"the operator retries {partition_key} from {subscription.source} at {subscription.process.name}"
        )
        if self.environment.fault_rates.stale and self.environment.random.occurs(OVERTAKEN):
            other = self.any_copy(subscription)
            again = partial(self.retry, other, partition_key)
            subscription.during_pull = self.environment.random.choice([again, partial(self.receive_more, other)])
        self.world.work(subscription.process, partial(self.retry_all, subscription, partition_key))

    def receive_more(self, subscription: Subscription) -> None:
        """Members act, and a copy receives the events of that."""
        for _ in range(ACTS):
            self.world.users.a_member_acts()
        self.world.work(subscription.process, subscription.maybe_restarts)

    def retry_all(self, subscription: Subscription, partition_key: str) -> None:
        """What is left of a partition key afterwards begins with an event whose handler fails."""
        subscription.follower.retry(partition_key)
        query = "SELECT position, error FROM parked_events WHERE source = ? AND partition_key = ? ORDER BY position"
        left = subscription.process.slot.rows(query, subscription.source, partition_key)
        if left and not left[0][1]:
            raise InvariantViolated(f"{subscription.name}: {left[0][0]} is left parked by a retry of {partition_key}")

    def drop(self, subscription: Subscription, position: int) -> None:
        self.environment.log_step(
            f"the operator drops {position} from {subscription.source} at {subscription.process.name}"
        )
        self.world.work(subscription.process, partial(self.drop_parked, subscription, position))

    def drop_parked(self, subscription: Subscription, position: int) -> None:
        """As `shared.nameko_extensions.admin_rpc.SubscriptionRpc.drop_parked`."""
        records = subscription.process.records
        with records.read() as connection:
            found = [one for one in parking.list_parked(connection, subscription.source) if one.position == position]
        self.environment.interleave(self.concurrent_retry(subscription, found))
        if found:
            at = self.environment.now

            def drop_event(connection: Connection) -> None:
                parking.drop(connection, found[0], REASON, "officer:admin", at)

            records.write(drop_event)

    def concurrent_retry(self, subscription: Subscription, found: list[Parked]) -> Any:
        """Another operator, at the same or another copy."""
        return partial(self.retry, self.any_copy(subscription), found[0].partition_key) if found else None

    def any_copy(self, subscription: Subscription) -> Subscription:
        """The subscription, or the same one of another copy."""
        return self.environment.random.choice([one for one in self.world.subscriptions if one.key == subscription.key])

    def drop_while_full(self) -> None:
        """Everything that may succeed is retried; a subscription that is full of permanent failures drops them."""
        for subscription in self.world.subscriptions:
            for partition_key in sorted({partition_key for _, partition_key in self.parked(subscription)}):
                self.retry(subscription, partition_key)
            found = self.parked(subscription)
            if len(found) >= parking.PARKED_MAX:
                for position, _ in found:
                    if self.world.recorder.fails_for_ever(subscription.key, position):
                        self.drop(subscription, position)
