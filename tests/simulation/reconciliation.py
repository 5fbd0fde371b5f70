"""Reconciliation at the end of a run: what was followed of lost logs is taken back by the programs' own code, all goes on, and is right again."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import Connection, delete, insert

from services.capacity.projection import projector
from services.capacity.tables.projections import PROJECTIONS as OF_CAPACITY
from services.payment import subscriptions as payment_subscriptions
from services.payment.attempts import reconciler
from shared.contract.envelope import Recorded
from shared.contract.operations import queries
from shared.contract.passport import Passport, PrincipalKind
from shared.subscriptions.epochs import LogReplaced
from shared.subscriptions.reconciliation.source_log import SourceLog
from shared.subscriptions.reconciliation.taking_back import Compared, Reconciliation
from tests.simulation import invariants, programs, projection_checks, quiescence
from tests.simulation.process import Process
from tests.simulation.projection_checks import REPLAYED, log_of
from tests.simulation.subscription import Subscription
from tests.simulation.world import World
from tests.support.replay import replayed

REACTIONS = {("payment", "renewal"): payment_subscriptions.REACTIONS}
ADMIN = "officer:admin"
ROUNDS = 3


def violations(world: World) -> Iterator[str]:
    """Reconcile every subscription, let everybody work on, and tell what is lost, doubled or wrong after that."""
    subscriptions = list({one.key: one for one in reversed(world.subscriptions)}.values())
    changed: set[str] = set()
    for subscription in subscriptions:
        compared = reconciliation_of(world, subscription).compare()
        if compared.state == "beyond":
            yield from take_back(world, subscription, compared)
            changed.add(subscription.process.program.name)
        elif compared.state != "following":
            yield f"{subscription.name} cannot be compared: {compared.state}"
    for name in sorted(changed):
        rebuild(world, name)
    for _ in range(ROUNDS):
        quiescence.fault_free_round(world)
        world.environment.now += quiescence.ROUND
    for subscription in subscriptions:
        yield from (
            f"after its reconciliation, {subscription.name}: {broken}" for broken in still_broken(world, subscription)
        )
    yield from projections(world)
    yield from reactions(world)
    yield from money(world)


def reconciliation_of(world: World, subscription: Subscription) -> Reconciliation:
    """As `shared.nameko_extensions.admin_rpc.reconciliation_of`."""
    source = world.processes[subscription.source][0].records
    own = Passport(principal_kind=PrincipalKind.PROGRAM, subject=subscription.process.program.name)
    log = SourceLog(
        subscription.signatures,
        lambda after, limit: source.read_events(queries.ReadEvents(after=after, limit=limit, verifying=True), own),
        lambda ids: source.find_events(queries.FindEvents(ids=tuple(ids))),
    )
    return Reconciliation(subscription.process.database, log, REACTIONS.get(subscription.key, ()))


def take_back(world: World, subscription: Subscription, compared: Compared) -> Iterator[str]:
    """As an admin does it, who is slow: the second one who says the same changes nothing."""
    reconciliation, at = reconciliation_of(world, subscription), world.environment.now
    world.environment.log_step(f"{subscription.name}: what is after {compared.common.position} is taken back")
    world.environment.tally["taken back after a restore"] += 1
    if not reconciliation.take_back(compared, ADMIN, at):
        yield f"{subscription.name} cannot be taken back"
    beyond = "DELETE FROM applied WHERE source = ? AND position > ?"
    of_source = (subscription.source, compared.common.position)
    subscription.process.database.write(lambda connection: connection.exec_driver_sql(beyond, of_source).close())
    if reconciliation.take_back(compared, ADMIN, at + timedelta(seconds=1)):
        yield f"{subscription.name} is taken back twice"


def rebuild(world: World, name: str) -> None:
    """The projections of the logs as far as they are followed, without what is parked or dropped."""
    own = world.processes[name][0]
    if name == "capacity":
        events = [one for source in own.subscriptions for one in followed(world, own, source)]
        own.database.write(lambda connection: rebuild_capacity(connection, events))
    elif name in REPLAYED:
        tables, sources = REPLAYED[name]
        logs = [(own.log.project, log_of(world, name))] if own.log else []
        logs += [(project, followed(world, own, source)) for source, project in sources.items()]
        rows = replayed(tables, *logs)

        def write(connection: Connection) -> None:
            for table in tables.sorted_tables:
                connection.execute(delete(table))
                values = [dict(zip(table.columns.keys(), row, strict=True)) for row in rows[table.name]]
                if values:
                    connection.execute(insert(table), values)

        own.database.write(write)


def rebuild_capacity(connection: Connection, events: Sequence[Recorded]) -> None:
    for table in OF_CAPACITY.sorted_tables:
        connection.execute(delete(table))
    projector.replay(connection, events)


def followed(world: World, own: Process, source: str) -> list[Recorded]:
    """The events of a source up to a program's checkpoint, without what is parked or dropped."""
    checkpoint = own.slot.value("SELECT position FROM checkpoints WHERE source = ?", source) or 0
    left_out = {
        position
        for table in ("parked_events", "dropped_events")
        for (position,) in own.slot.rows(f"SELECT position FROM {table} WHERE source = ?", source)  # noqa: S608 - the names are ours
    }
    return [one for one in log_of(world, source) if one.position <= checkpoint and one.position not in left_out]


def still_broken(world: World, subscription: Subscription) -> Iterator[str]:
    """It goes on to the end of its source's log, and each event has one fate."""
    try:
        subscription.follower.catch_up()
    except LogReplaced as replaced:
        yield f"it is still stopped: {replaced}"
        return
    yield from invariants.subscription_violations(world, subscription)


def projections(world: World) -> Iterator[str]:
    """What all rows are, by the logs as they are now."""
    yield from projection_checks.renewals(world)
    yield from projection_checks.attempts(world)
    yield from projection_checks.capacity(world)
    yield from projection_checks.replays(world)


def reactions(world: World) -> Iterator[str]:
    """Each approval that was applied is billed, each once; whose approval is lost waits for a person."""
    payment, renewal = world.slots["payment"], world.slots["renewal"]
    issued = payment.rows(
        "SELECT position, stream, metadata ->> 'causation_id' FROM events WHERE type = 'InvoiceIssued'"
    )
    streams = Counter(stream for _, stream, _ in issued)
    yield from (f"{stream} is issued {count} times" for stream, count in streams.items() if count > 1)
    approved = renewal.rows("SELECT event_id, stream FROM events WHERE type = 'RenewalApproved'")
    applied = {row[0].replace("-", "") for row in payment.rows("SELECT event_id FROM applied WHERE source = 'renewal'")}
    for event_id, stream in approved:
        if event_id in applied and not streams[stream.replace("renewal", "invoice")]:
            yield f"{stream} is approved, and has no invoice"
    causes = {event_id for event_id, _ in approved}
    cases = {row[0] for row in payment.rows("SELECT position FROM orphaned_events")}
    for position, stream, cause in issued:
        if cause.replace("-", "") not in causes and position not in cases:
            yield f"{stream} has lost its approval, and nobody is told"


def money(world: World) -> Iterator[str]:
    """What the bank took is recorded once where the attempt is known; a payment that waits for us and is not known is told of."""
    payment, process = world.slots["payment"], world.processes["payment"][0]
    attempts = dict(payment.rows("SELECT authority, status FROM attempts"))
    references: Counter[str] = Counter()
    for (reference,) in payment.rows(
        "SELECT data ->> 'bank_reference' FROM events WHERE type IN ('PaymentSettled', 'DuplicatePaymentFound')"
    ):
        references[reference] += 1
    yield from (f"the reference {one} counts {count} times" for one, count in references.items() if count > 1)
    reconciler.sweep(programs.verification(process), world.environment.now)
    reported = {row[0] for row in payment.rows("SELECT subject FROM alerts WHERE kind = 'payment_unknown'")}
    for authority, session in world.bank.sessions.items():
        status = attempts.get(authority)
        if session.state == "verified" and status is not None and status not in {"settled", "duplicate", "held"}:
            yield f"the bank took the money of {authority}, which is {status} here"
        if session.state == "paid" and status is None and authority not in reported:
            yield f"the bank has a payment under {authority}, and nobody is told"
