"""Circuit breaker of a bank: failures are counted with every exchange, and nobody is sent to one that is down."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, update

from services.payment.tables import HEALTH, PROBES, SWEEPS
from shared.contract import base
from shared.contract.payment import answers, events
from shared.event_store.sql import by_key, upsert

FAILURES_MAX = 3
"""So many questions in a row without a usable answer in time, and the bank counts as down."""
PROBE_EVERY = timedelta(seconds=15)
SWEEP_EVERY = timedelta(seconds=120)


def record_answer(connection: Connection, bank: str, at: datetime, *, is_well: bool) -> None:
    """A question was answered in time, or not."""
    if is_well:
        well = {"failures": 0, "failing_since": None, "answered_at": at}
        upsert.put(connection, HEALTH, {"bank": bank}, well)
        return
    ensure_row(connection, bank)
    this = HEALTH.c.bank == bank
    connection.execute(update(HEALTH).where(this, HEALTH.c.failures == 0).values(failing_since=at))
    connection.execute(update(HEALTH).where(this).values(failures=HEALTH.c.failures + 1))


def ensure_row(connection: Connection, bank: str) -> None:
    upsert.add(connection, HEALTH, {"bank": bank, "failures": 0})


def row_of(connection: Connection, bank: str) -> dict[str, Any] | None:
    row = by_key.find(connection, HEALTH, {"bank": bank})
    return None if row is None else dict(row._asdict())


def is_down(connection: Connection, bank: str) -> bool:
    """Whether nobody is to be sent there: it does not answer, or its outage is not yet over on record."""
    row = row_of(connection, bank)
    return row is not None and (row["failures"] >= FAILURES_MAX or row["down_since"] is not None)


def claim_probe(connection: Connection, bank: str, at: datetime, time_scale: int = 1) -> bool:
    """Whether to probe a bank that is down; one copy at a time does."""
    return PROBES.claim_recurring(connection, bank, at, at + PROBE_EVERY / time_scale)


def sweep_is_due(connection: Connection, bank: str, at: datetime) -> bool:
    """Whether there is a sweep to claim; not while the bank is down."""
    return not is_down(connection, bank) and SWEEPS.armed(connection, [bank]).get(bank, at) <= at


def claim_sweep(connection: Connection, bank: str, at: datetime, time_scale: int = 1) -> bool:
    """Whether to list the unverified payments now; one copy at a time does."""
    return SWEEPS.claim_recurring(connection, bank, at, at + SWEEP_EVERY / time_scale)


def react(connection: Connection, event: base.Event) -> None:
    """An outage is on record, or over."""
    match event:
        case events.BankOutageBegan():
            ensure_row(connection, event.bank)
            connection.execute(update(HEALTH).where(HEALTH.c.bank == event.bank).values(down_since=event.began_at))
        case events.BankOutageEnded():
            connection.execute(update(HEALTH).where(HEALTH.c.bank == event.bank).values(down_since=None))
        case _:
            pass


def health_of(connection: Connection, bank: str) -> answers.BankHealth:
    """How a bank is, for those who wait for it."""
    row = row_of(connection, bank)
    if row is None:
        return answers.BankHealth(bank=bank, is_up=True)
    is_up = not is_down(connection, bank)
    since = None if is_up else row["down_since"] or row["failing_since"]
    return answers.BankHealth(bank=bank, is_up=is_up, down_since=since, answered_at=row["answered_at"])
