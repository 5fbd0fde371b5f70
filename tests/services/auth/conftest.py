"""Fixtures of auth: its records on each kind of database, and the password hasher."""

from collections.abc import Iterator

import pytest

from services.auth.accounts import projection
from services.auth.sign_in.credentials import Passwords
from services.auth.tables import TABLES
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog


@pytest.fixture
def records(database_url: str) -> Iterator[Records]:
    """An empty log with the tables of all of auth."""
    database = Database(database_url)
    database.create_tables(log.TABLES, *TABLES)
    yield Records(database, EventLog("auth", projection.project))
    database.close()


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    """The real hasher, on this thread."""
    return Passwords()
