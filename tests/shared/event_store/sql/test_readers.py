"""Connections that read are kept, a few of them, and none that has seen an error."""

from contextlib import ExitStack

import pytest
from sqlalchemy import Connection, text

from shared.event_store.database import Database
from shared.event_store.sql import engines, readers
from shared.event_store.sql.readers import Readers


@pytest.fixture
def db(database_url: str) -> Database:
    return Database(database_url)


def one(reading: Readers) -> Connection:
    with reading.connection() as connection:
        connection.execute(text("SELECT 1"))
    return connection


def test_a_read_has_the_connection_of_the_one_before(db: Database) -> None:
    reading = Readers(db.engine)
    assert one(reading) is one(reading)


def test_after_an_error_it_is_closed(db: Database) -> None:
    reading = Readers(db.engine)
    with pytest.raises(LookupError), reading.connection() as connection:
        raise LookupError
    assert connection.closed
    assert one(reading) is not connection


def test_of_many_at_once_a_few_are_kept(db: Database) -> None:
    reading = Readers(db.engine)
    with ExitStack() as stack:
        taken = [stack.enter_context(reading.connection()) for _ in range(readers.KEPT_MAX + 2)]
    assert len({id(connection) for connection in taken}) == len(taken)
    assert sum(not connection.closed for connection in taken) == readers.KEPT_MAX
    reading.close_idle()
    assert all(connection.closed for connection in taken)


def test_one_that_was_lost_while_it_rested_is_replaced(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = Readers(db.engine)
    lost = one(reading)
    monkeypatch.setattr(engines, "IDLE_SECONDS", 0)
    monkeypatch.setattr(engines, "is_alive", lambda connection: connection is not lost)
    assert one(reading) is not lost
    assert lost.closed
