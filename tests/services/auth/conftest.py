"""Auth's own records on each kind of database, and what hashes for it."""

from collections.abc import Iterator

import pytest

from services.auth import attempts, challenges, check_links, credentials, imports, sessions, views
from services.auth.credentials import Passwords
from shared import event_log
from shared.command_handler import Records
from shared.database import Database
from shared.event_log import EventLog

KEEPERS = (attempts, challenges, check_links, credentials, imports, sessions)
"""Each of them has brought its tables into `views.TABLES`."""


@pytest.fixture
def records(database_url: str) -> Iterator[Records]:
    """An empty log with the tables of all of auth."""
    database = Database(database_url)
    database.create_tables(event_log.TABLES, views.TABLES)
    yield Records(database, EventLog("auth", views.project))
    database.close()


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    """The real hasher, on this thread."""
    return Passwords()
