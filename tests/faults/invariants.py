"""The invariants after a run, read from every program's own database: each violation in a sentence."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid5

from sqlalchemy import Connection, Table, create_engine, select

from clients.bank.sandbox.rules import Status
from clients.bank.sandbox.tables import SESSIONS
from deploy.databases import STORES
from services.capacity import startup
from services.capacity.projection import projector
from services.capacity.tables import projections, state
from services.payment.tables import INVOICES
from shared.contract.envelope import Recorded
from shared.contract.payment import events
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import HEAD, EventLog
from shared.event_store.sql import schema
from shared.messaging import relay_cursor, topology
from shared.services import FOLLOWERS, SOURCES, SUBSCRIPTIONS
from shared.settings import Settings
from shared.subscriptions import checkpoints, parking
from tests.faults.load import Accepted, Renewal

SHOWN_MAX = 5
PAID = {Status.PAID.value, Status.VERIFIED.value}
Logs = Mapping[str, Sequence[Recorded]]


def versions_of_today() -> dict[str, int]:
    """The version of each program's projections."""
    return {program: schema.version_of(store.projections) for program, store in STORES.items()}


class Databases:
    """Every program's database, read without a proxy."""

    def __init__(
        self,
        urls: Mapping[str, str],
        published: Collection[str] = SOURCES,
        versions: Mapping[str, int] | None = None,
    ) -> None:
        """`versions` are those of the projections that the running programs write, if not today's."""
        self.published = published
        """The logs whose programs run in a version that publishes them."""
        self.engines = {program: create_engine(url, pool_pre_ping=True) for program, url in urls.items()}
        for program, version in (versions_of_today() if versions is None else versions).items():
            if program in self.engines:
                schema.find_first(self.engines[program], schema.of_projections(version))

    def close(self) -> None:
        for engine in self.engines.values():
            engine.dispose()

    def head(self, source: str) -> int:
        with self.engines[source].connect() as connection:
            head: int = connection.execute(select(HEAD.c.position)).scalar_one()
        return head

    def logs(self) -> dict[str, Sequence[Recorded]]:
        """Every log as a whole."""
        found: dict[str, Sequence[Recorded]] = {}
        for source in self.engines.keys() & SUBSCRIPTIONS.keys():
            with self.engines[source].begin() as connection:
                found[source] = EventLog(source, project_nothing).read(connection, 0, self.head(source) + 1)
        return found

    def heads(self) -> dict[str, int]:
        """Each log's last position."""
        return {source: self.head(source) for source in self.engines.keys() & SUBSCRIPTIONS.keys()}

    def list_lags(self, heads: Mapping[str, int] | None = None) -> list[str]:
        """Every subscription and relay that is not at its log's head, or that is behind the head of a moment ago."""
        late = []
        for source, head in (heads or self.heads()).items():
            for subscriber in self.engines.keys() & SUBSCRIPTIONS[source]:
                place = self.one(subscriber, checkpoints.CHECKPOINTS, source)
                if place < head or (place > head and not heads):
                    late.append(f"{subscriber} has followed {source} to {place} of {head}")
            if source not in self.published:
                continue
            with self.engines[source].connect() as connection:
                cursor = connection.execute(select(relay_cursor.CURSOR.c.position)).scalar_one()
            if cursor < head or (cursor > head and not heads):
                late.append(f"{source} has published {cursor} of its {head} events")
        return late

    def one(self, subscriber: str, checkpoints: Table, source: str) -> int:
        query = select(checkpoints.c.position).where(checkpoints.c.source == source)
        with self.engines[subscriber].connect() as connection:
            return connection.execute(query).scalar() or 0

    def parked(self) -> list[str]:
        found = []
        for subscriber in sorted(self.engines.keys() & FOLLOWERS):
            with self.engines[subscriber].connect() as connection:
                found += [f"{subscriber} has parked {one}" for one in parking.list_parked(connection)]
        return found

    def rows(self, program: str, table: Table) -> list[dict[str, Any]]:
        with self.engines[program].connect() as connection:
            return rows_of(connection, table)


def rows_of(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def project_nothing(_connection: Connection, _recorded: Recorded) -> None:
    """Project nothing: a log that is only read needs no views."""


def violations(databases: Databases, renewals: Sequence[Renewal]) -> list[str]:
    """Every violated invariant."""
    logs = databases.logs()
    return [
        *databases.list_lags(),
        *databases.parked(),
        *check_logs(logs),
        *check_accepted_commands(logs, [one for renewal in renewals for one in renewal.accepted]),
        *check_completed_renewals(logs, renewals),
        *money(databases, logs),
        *capacity(databases, logs),
    ]


def check_logs(logs: Logs) -> Iterator[str]:
    """No hole in the positions, no jump in the versions, no event twice, and each event's id follows from its cause."""
    ids = Counter(one.event_id for log in logs.values() for one in log)
    yield from (f"event {event_id} is there {count} times" for event_id, count in ids.items() if count > 1)
    for source, log in logs.items():
        if [one.position for one in log] != list(range(1, len(log) + 1)):
            yield f"the log of {source} has a hole"
        versions = defaultdict(list)
        for one in log:
            versions[one.stream].append(one.version)
        for stream, found in versions.items():
            if found != list(range(1, len(found) + 1)):
                yield f"{stream} of {source} has the versions {found}"


def check_accepted_commands(logs: Logs, commands: Sequence[Accepted]) -> Iterator[str]:
    """Each answered command is in the log once, by the one event that it records."""
    caused = defaultdict(list)
    for source, log in logs.items():
        for one in log:
            caused[source, one.metadata.causation_id].append(one)
    for command in commands:
        brought = caused[command.service, command.command]
        if [(one.stream, one.type) for one in brought] != [(command.stream, command.type)]:
            yield f"{command} was answered, but brought {brought}"
        elif brought[0].event_id != uuid5(command.command, f"{command.stream}#0"):
            yield f"{command} brought an event with a foreign id"


def check_completed_renewals(logs: Logs, renewals: Sequence[Renewal]) -> Iterator[str]:
    """A completed renewal is confirmed once."""
    confirmed = Counter(
        one.stream.split("/")[1] for one in logs["payment"] if one.type == events.PaymentConfirmed.__name__
    )
    for renewal in renewals:
        if renewal.is_completed and confirmed[renewal.member] != 1:
            yield f"the renewal of {renewal.member} was carried through, but is confirmed {confirmed[renewal.member]} times"


def money(databases: Databases, logs: Logs) -> Iterator[str]:
    """One settlement an invoice; at the bank and with us the same sessions are paid, for the same amounts."""
    settled: dict[str, events.PaymentSettled] = {}
    for one in logs["payment"]:
        fact = one.event
        if isinstance(fact, events.PaymentSettled):
            if one.stream in settled:
                yield f"{one.stream} is settled twice"
            settled[one.stream] = fact
        elif isinstance(fact, events.PaymentHeld | events.DuplicatePaymentFound | events.PaymentFailed):
            yield f"{one.stream} has a {one.type}"
    amounts = {
        f"invoice/{row['member']}/{row['year']}": (row["status"], row["amount_rials"])
        for row in databases.rows("payment", INVOICES)
    }
    for stream, fact in settled.items():
        status, amount = amounts[stream]
        if status not in {"settled", "confirmed"} or amount != fact.amount_rials:
            yield f"{stream} is {status} with {amount} rials, but was settled with {fact.amount_rials}"
    at_bank = sum(row["amount_rials"] for row in databases.rows("bank", SESSIONS) if row["status"] in PAID)
    with_us = sum(fact.amount_rials for fact in settled.values())
    if at_bank != with_us:
        yield f"{at_bank} rials were paid at the bank, and {with_us} are settled with us"


def capacity(databases: Databases, logs: Logs) -> Iterator[str]:
    """The rows of capacity are equal to a new projection of the logs."""
    fresh = Database("sqlite://")
    fresh.create_tables(*state.TABLES)
    startup.record_policies(Records(fresh, None), Settings(), datetime.now(UTC))
    followed = [one for source in topology.sources_of("capacity") for one in logs[source]]
    fresh.write(lambda connection: projector.replay(connection, followed))
    for table in projections.PROJECTIONS.sorted_tables:
        with fresh.read() as connection:
            should = {key_of(table, row): row for row in rows_of(connection, table)}
        live = {key_of(table, row): row for row in databases.rows("capacity", table)}
        differing = [key for key in live.keys() | should.keys() if live.get(key) != should.get(key)]
        for key in differing[:SHOWN_MAX]:
            yield f"{table.name} {key} is {live.get(key)}, but the logs come to {should.get(key)}"
    fresh.close()


def key_of(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)
