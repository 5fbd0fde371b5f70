"""Invariants of logs, relays and subscriptions: no event is lost, applied twice or out of order."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.simulation.environment import InvariantViolated
from tests.simulation.recorder import PARKED_BY_OLD

if TYPE_CHECKING:
    from tests.simulation.process import Process
    from tests.simulation.subscription import Subscription
    from tests.simulation.world import World


def check_relay(world: "World", process: "Process") -> None:
    """The cursor never passes an event that the broker has not confirmed."""
    if process.relay is not None:
        cursor = process.slot.value("SELECT position FROM relay_cursor")
        missing = set(range(1, cursor + 1)) - world.recorder.confirmed[process.program.name]
        if missing:
            raise InvariantViolated(
                f"the cursor of {process.name} is at {cursor}, but {sorted(missing)} never went out"
            )


def violations(world: "World") -> Iterator[str]:
    """Everything that is lost, doubled or out of its order at the end of a run."""
    yield from logs(world)
    yield from answers(world)
    for subscription in {subscription.key: subscription for subscription in world.subscriptions}.values():
        yield from (
            f"{subscription.key[0]} follows {subscription.source}: {broken}"
            for broken in subscription_violations(world, subscription)
        )


def logs(world: "World") -> Iterator[str]:
    """Positions without holes, versions one after another, each event once."""
    for name, slot in world.slots.items():
        rows = slot.rows("SELECT position, stream, version FROM events ORDER BY position")
        if [position for position, _, _ in rows] != list(range(1, len(rows) + 1)):
            yield f"the log of {name} has a hole: {[position for position, _, _ in rows]}"
        if slot.value("SELECT position FROM log_head") != len(rows):
            yield f"the head of {name} is not its last event"
        versions: Counter[str] = Counter()
        for position, stream, version in rows:
            versions[stream] += 1
            if version != versions[stream]:
                yield f"{name} {position}: {stream} goes to version {version}, not {versions[stream]}"


def answers(world: "World") -> Iterator[str]:
    """What a program said it recorded is what its log has of the command, once."""
    found: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
    for name, slot in world.slots.items():
        query = "SELECT stream, metadata ->> 'causation_id', position, event_id FROM events ORDER BY position"
        for stream, cause, position, event_id in slot.rows(query):
            found[name, stream, cause].append((position, event_id))
    for (name, stream, command), events in world.recorder.answers.items():
        answered_events = [(position, event_id.hex) for position, event_id in events]
        if answered_events != found[name, stream, str(command)]:
            yield f"{name} answered {answered_events} to a command in {stream}, its log says {found[name, stream, str(command)]}"


def subscription_violations(world: "World", subscription: "Subscription") -> Iterator[str]:
    """Each event applied once and in its member's order, or parked, or dropped for a reason."""
    slot, source = subscription.process.slot, subscription.source
    log = dict(world.slots[source].rows("SELECT position, event_id FROM events"))
    query = "SELECT position FROM events WHERE type = ?"
    new = {row[0] for row in world.slots[source].rows(query, world.versions.new_type)}
    """What may have been applied late, because an old copy did not know it."""
    applied = slot.rows(
        "SELECT position, partition_key, event_id FROM applied WHERE source = ? ORDER BY number", source
    )
    parked = slot.rows("SELECT position, partition_key, error FROM parked_events WHERE source = ?", source)
    dropped = [row[0] for row in slot.rows("SELECT position FROM dropped_events WHERE source = ?", source)]
    fates = Counter([row[0] for row in applied] + [row[0] for row in parked] + dropped)
    yield from (f"{position} has {fates[position]} fates" for position in log if fates[position] != 1)
    last: Counter[str] = Counter()
    for position, partition_key, event_id in applied:
        if event_id.replace("-", "") != log.get(position):
            yield f"{position} was another event when it was applied"
        if position in new:
            continue
        if position < last[partition_key]:
            yield f"{position} of {partition_key} was applied after {last[partition_key]}"
        last[partition_key] = position
    for position, partition_key, error in parked:
        if position < last[partition_key] and position not in new:
            yield f"{last[partition_key]} of {partition_key} was applied although {position} is parked"
        if error and not error.startswith(("HandlerError", *PARKED_BY_OLD)):
            yield f"{position} is parked although nothing is wrong with its handler: {error}"
