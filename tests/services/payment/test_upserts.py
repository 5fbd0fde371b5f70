"""Rows that two copies of payment write at the same time on PostgreSQL: neither fails, and there is one of each."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, Subquery, Table, func, select

from services.payment.attempts import alerts, polling
from services.payment.banks import circuit_breaker
from services.payment.refunds import finance_tasks, queue
from services.payment.tables import ALERTS, HEALTH, INQUIRIES, REVERSALS, TASKS
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.subscriptions.timers import TIMERS, Timers
from tests.services.payment.samples import (
    AMOUNT,
    AT,
    AUTHORITY,
    BANK,
    FIRST,
    ISSUE,
    MEMBER,
    PROVINCE,
    YEAR,
    record,
    start,
)

WAIT_SECONDS = 20
STILL_WAITS_SECONDS = 0.3
TASK: dict[str, Any] = {"kind": "held", "member": MEMBER, "year": YEAR, "province": PROVINCE, "amount_rials": AMOUNT}
Write = Callable[[Connection], object]


def mark(connection: Connection) -> None:
    INQUIRIES.cancel(connection, FIRST)
    polling.poll_now(connection, AUTHORITY, AT)


def timers_of(timers: Timers) -> Subquery:
    return select(TIMERS).where(TIMERS.c.kind == timers.kind).subquery(timers.kind)


WRITES: list[tuple[Table | Subquery, Write]] = [
    (timers_of(INQUIRIES), mark),
    (timers_of(REVERSALS), lambda connection: queue.enqueue(connection, FIRST, AT)),
    (TASKS, lambda connection: finance_tasks.write_task(connection, FIRST, {**TASK, "since": AT})),
    (HEALTH, lambda connection: circuit_breaker.record_answer(connection, BANK, AT, is_well=False)),
    (ALERTS, lambda connection: alerts.record(connection, "disputed", AT, FIRST)),
]


@pytest.fixture
def other(postgres_url: str, postgres_records: Records) -> Iterator[Records]:
    """Another copy of the program, once the first has made the tables."""
    database = Database(postgres_url)
    yield Records(database, postgres_records.log)
    database.close()


@pytest.mark.parametrize(("table", "write"), WRITES, ids=[table.name for table, _ in WRITES])
def test_two_copies_that_write_the_same_row_at_once_both_do(
    postgres_records: Records, other: Records, table: Table | Subquery, write: Write
) -> None:
    record(postgres_records, ISSUE, start())
    there, go = Event(), Event()

    def held(connection: Connection) -> None:
        write(connection)
        there.set()
        assert go.wait(WAIT_SECONDS)

    with ThreadPoolExecutor(2) as copies:
        first = copies.submit(postgres_records.write, held)
        assert there.wait(WAIT_SECONDS)
        second = copies.submit(other.write, write)
        with pytest.raises(TimeoutError):
            second.result(STILL_WAITS_SECONDS)
        go.set()
        first.result(WAIT_SECONDS)
        second.result(WAIT_SECONDS)
    with postgres_records.read() as connection:
        assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 1


def test_what_two_copies_count_at_once_is_counted_twice(postgres_records: Records, other: Records) -> None:
    with ThreadPoolExecutor(2) as copies:
        for done in [copies.submit(one.write, WRITES[3][1]) for one in (postgres_records, other) * 5]:
            done.result(WAIT_SECONDS)
    with postgres_records.read() as connection:
        assert connection.execute(select(HEALTH.c.failures)).scalar_one() == 10
