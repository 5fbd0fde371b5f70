"""A sandbox bank that answers over HTTP, and payment's own records on each kind of database.

After each test a replay of its log must give the rows that it has left.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.payment import process, tables
from services.payment import projection as payment_projection
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from tests.support import sandbox_bank
from tests.support.replay import hold_against_replay
from tests.support.sandbox_bank import SandboxBank
from tests.support.servers.prepared_databases import Prepare


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[SandboxBank]:
    with sandbox_bank.running(tmp_path) as bank:
        yield bank


def create_tables(database: Database) -> None:
    database.create_tables(log.TABLES, *tables.TABLES)


@pytest.fixture
def prepare() -> Prepare:
    return create_tables


def records_at(url: str) -> Iterator[Records]:
    database = Database(url)
    yield Records(database, EventLog("payment", payment_projection.project, process.react))
    database.close()


def replayed_records_at(url: str) -> Iterator[Records]:
    for records in records_at(url):
        yield records
        hold_against_replay(records, tables.PROJECTIONS)


@pytest.fixture
def records(database_url: str) -> Iterator[Records]:
    """Empty records, once on each kind of database."""
    yield from replayed_records_at(database_url)


@pytest.fixture
def sqlite_records(sqlite_url: str) -> Iterator[Records]:
    """Empty records, for tests in which the database is not the point."""
    yield from replayed_records_at(sqlite_url)


@pytest.fixture
def postgres_records(postgres_url: str) -> Iterator[Records]:
    """Empty records, for tests in which several copies of the program write at once."""
    yield from records_at(postgres_url)
