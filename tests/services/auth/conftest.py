"""Auth's own records on each kind of database, and what hashes for it."""

from collections.abc import Iterator

import pytest

from services.auth.accounts import projection
from services.auth.register import card_links, undo_import
from services.auth.sign_in import captcha, credentials, sessions, throttle
from services.auth.sign_in.credentials import Passwords
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog

KEEPERS = (throttle, captcha, card_links, credentials, undo_import, sessions)
"""Each of them has brought its tables into `views.TABLES`."""


@pytest.fixture
def records(database_url: str) -> Iterator[Records]:
    """An empty log with the tables of all of auth."""
    database = Database(database_url)
    database.create_tables(log.TABLES, projection.TABLES)
    yield Records(database, EventLog("auth", projection.project))
    database.close()


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    """The real hasher, on this thread."""
    return Passwords()
