"""Fixtures of auth: its records on each kind of database, and the password hasher."""

import sys
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from services.auth.accounts import projection
from services.auth.sign_in.credentials import Passwords
from services.auth.tables import PROJECTIONS, TABLES
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from tests.support.replay import hold_against_replay
from tests.support.servers.prepared_databases import Prepare

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def create_tables(database: Database) -> None:
    database.create_tables(log.TABLES, *TABLES)


@pytest.fixture
def prepare() -> Prepare:
    return create_tables


@pytest.fixture
def records(database_url: str) -> Iterator[Records]:
    """An empty log with the tables of all of auth."""
    database = Database(database_url)
    yield Records(database, EventLog("auth", projection.project))
    database.close()


@pytest.fixture
def replays(records: Records) -> Iterator[None]:
    """After the test a replay of the log gives the rows that it has left."""
    yield
    hold_against_replay(records, PROJECTIONS)


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    """A hasher on this thread whose hashes cost little: some thousand are made here."""
    return Passwords(hasher=CHEAP)


@pytest.fixture(autouse=True)
def cheap_hashes_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's hasher costs as little where a test has loaded it; `test_credentials.py` looks at the cost."""
    if service := sys.modules.get("services.auth.service"):
        cheap = Passwords(hasher=CHEAP)
        monkeypatch.setattr(service.PASSWORDS, "_hasher", cheap._hasher)
        monkeypatch.setattr(service.PASSWORDS, "_nobodys", cheap._nobodys)
