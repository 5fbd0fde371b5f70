"""What the events have been made of at the end of a run: the programs' own views, capacity's rows, and the money."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData, select

from services.auth.tables import PROJECTIONS as OF_AUTH
from services.capacity.ledger import domain
from services.capacity.ledger.domain import EVERY_YEAR, Fact
from services.capacity.ledger.lines import Origin
from services.capacity.policies import registry
from services.capacity.projection import projector
from services.capacity.tables.projections import LINES, SUMMARIES
from services.payment.tables import PROJECTIONS as OF_PAYMENT
from services.renewal import subscriptions as renewal_subscriptions
from services.renewal.tables import PROJECTIONS as OF_RENEWAL
from shared.contract import upcasting
from shared.contract.envelope import Recorded
from shared.event_store.log import OnEvent
from tests.support.replay import EVENTS_MAX, replayed, rows_of

if TYPE_CHECKING:
    from tests.simulation.world import World

RENEWAL_STATUS = {
    "RenewalRequested": "requested",
    "DeclarationSubmitted": "submitted",
    "RenewalReturned": "returned",
    "RenewalRejected": "rejected",
    "RenewalApproved": "approved",
    "RenewalWithdrawn": "withdrawn",
}
ATTEMPT_STATUS = {
    "PaymentStarted": "started",
    "PaymentSettled": "settled",
    "PaymentFailed": "failed",
    "PaymentHeld": "held",
    "DuplicatePaymentFound": "duplicate",
}

REPLAYED: dict[str, tuple[MetaData, dict[str, OnEvent]]] = {
    "auth": (OF_AUTH, {}),
    "renewal": (OF_RENEWAL, {"auth": renewal_subscriptions.project_auth}),
    "payment": (OF_PAYMENT, {}),
}
"""The projections of each program, and how it projects the logs that it follows."""


def violations(world: "World") -> Iterator[str]:
    """Everything that is not as the logs have it."""
    yield from renewals(world)
    yield from attempts(world)
    yield from capacity(world)
    yield from money(world)
    yield from invoices(world)
    yield from replays(world)


def renewals(world: "World") -> Iterator[str]:
    """Each renewal has the status of its last event; each declaration and reason has its text."""
    slot = world.slots["renewal"]
    projected = {
        f"renewal/{member}/{year}": now for member, year, now in slot.rows("SELECT member, year, status FROM renewals")
    }
    last = dict(slot.rows("SELECT stream, type FROM events WHERE stream LIKE 'renewal/%' ORDER BY position"))
    if projected != {stream: RENEWAL_STATUS[kind] for stream, kind in last.items()}:
        yield f"the renewals projected at {projected}, their events at {last}"
    counts = Counter(dict(slot.rows("SELECT type, count(*) FROM events GROUP BY type")))
    if slot.value("SELECT count(*) FROM declarations") != counts["DeclarationSubmitted"]:
        yield "the declarations are not those that the events speak of"
    if slot.value("SELECT count(*) FROM notes") != counts["RenewalReturned"] + counts["RenewalRejected"]:
        yield "the reasons are not those that the events speak of"


def attempts(world: "World") -> Iterator[str]:
    """Each attempt to pay has the status of its last event."""
    slot = world.slots["payment"]
    projected = dict(slot.rows("SELECT attempt, status FROM attempts"))
    expected = {
        attempt.replace("-", ""): ATTEMPT_STATUS[kind]
        for attempt, kind in slot.rows("SELECT data ->> 'attempt', type FROM events ORDER BY position")
        if kind in ATTEMPT_STATUS
    }
    if projected != expected:
        yield f"the attempts projected at {projected}, their events at {expected}"


def capacity(world: "World") -> Iterator[str]:
    """Capacity's rows are a fresh fold of the sources' logs, without what is parked or dropped."""
    slot, process = world.slots["capacity"], world.processes["capacity"][0]
    left_out = {(source, position) for source, position in slot.rows("SELECT source, position FROM parked_events")}
    left_out |= set(slot.rows("SELECT source, position FROM dropped_events"))
    facts: dict[str, list[tuple[int, Fact]]] = defaultdict(list)
    for source in process.subscriptions:
        for position, kind, data in world.slots[source].rows("SELECT position, type, data FROM events"):
            if kind in domain.EVENT_TYPES and (source, position) not in left_out:
                expected = upcasting.read(domain.EVENT_TYPES[kind], data)
                year, at = domain.year_and_instant(expected)
                facts[getattr(expected, "member", domain.EVERY_MEMBER)].append(
                    (year, Fact(Origin(source, position), at, expected))
                )
    members = [member.name for member in world.users.members]
    with process.database.read() as connection:
        policies = registry.recorded(connection)
        touched = {(member, EVERY_YEAR) for member in facts}
        lines, summaries = projector.values(projector.derive(facts, touched, policies))
        for table, should in ((LINES, lines), (SUMMARIES, summaries)):
            query = select(table).where(table.c.member.in_(members))
            names = [column.name for column in table.primary_key]
            live = {tuple(row[name] for name in names): dict(row) for row in connection.execute(query).mappings()}
            fresh = {tuple(row[name] for name in names): row for row in should}
            wrong = [key for key in live.keys() | fresh.keys() if live.get(key) != fresh.get(key)]
            if wrong:
                yield f"{table.name} {sorted(wrong)} are not as a fresh fold of the logs has them"


def money(world: "World") -> Iterator[str]:
    """An invoice is settled once, a reference counts once, and no money that the bank took is forgotten."""
    slot = world.slots["payment"]
    settled: Counter[str] = Counter()
    references: Counter[str] = Counter()
    for stream, kind, data in slot.rows("SELECT stream, type, data FROM events ORDER BY position"):
        event: Any = upcasting.event_of(kind, data)
        if kind in {"PaymentSettled", "DuplicatePaymentFound"}:
            references[event.bank_reference] += 1
            session = world.bank.sessions[event.authority]
            if session.state != "verified" or session.order.amount_rials != event.amount_rials:
                yield f"{stream}: {kind} of a session that is {session.state}"
        settled[stream] += kind == "PaymentSettled"
    yield from (f"{stream} is settled {count} times" for stream, count in settled.items() if count > 1)
    yield from (f"the reference {one} counts {count} times" for one, count in references.items() if count > 1)
    recorded = dict(slot.rows("SELECT authority, status FROM attempts"))
    for session in world.bank.sessions.values():
        if session.state == "verified" and recorded.get(session.authority) not in {"settled", "duplicate", "held"}:
            yield f"the bank took the money of {session.authority}, which is {recorded.get(session.authority)} here"


def invoices(world: "World") -> Iterator[str]:
    """Every approval that payment has applied has its invoice."""
    query = "SELECT event_id FROM applied WHERE source = 'renewal'"
    applied = {event_id.replace("-", "") for (event_id,) in world.slots["payment"].rows(query)}
    approved = dict(world.slots["renewal"].rows("SELECT event_id, position FROM events WHERE type = 'RenewalApproved'"))
    causes = {
        cause.replace("-", "")
        for (cause,) in world.slots["payment"].rows(
            "SELECT metadata ->> 'causation_id' FROM events WHERE type = 'InvoiceIssued'"
        )
    }
    for event_id in approved.keys() & applied - causes:
        yield f"the approval {approved[event_id]} was applied, and has no invoice"


def replays(world: "World") -> Iterator[str]:
    """The rows of all projections are those that the logs alone give, without what is parked or dropped."""
    for name, (projections, followed) in REPLAYED.items():
        own, slot = world.processes[name][0], world.slots[name]
        logs = [(own.log.project, log_of(world, name))] if own.log else []
        for source, project in followed.items():
            left_out = {
                position
                for table in ("parked_events", "dropped_events")
                for (position,) in slot.rows(f"SELECT position FROM {table} WHERE source = ?", source)  # noqa: S608 - the names are ours
            }
            logs.append((project, [one for one in log_of(world, source) if one.position not in left_out]))
        with own.database.read() as connection:
            live = rows_of(connection, projections)
        fresh = replayed(projections, *logs)
        yield from (f"{name}: a replay gives other {table} than live" for table in live if live[table] != fresh[table])


def log_of(world: "World", source: str) -> list[Recorded]:
    process = world.processes[source][0]
    assert process.log is not None
    with process.database.read() as connection:
        return process.log.read(connection, 0, EVENTS_MAX)
