"""The bank program's application: called directly, or running as a bank."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from clients.bank import app
from shared.event_store.command_handler import Records
from tests.support import sandbox_bank
from tests.support.sandbox_bank import Clock, SandboxBank
from tests.support.servers.prepared_databases import Prepare


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[SandboxBank]:
    with sandbox_bank.running(tmp_path) as bank:
        yield bank


@pytest.fixture
def prepare() -> Prepare:
    return sandbox_bank.create_tables


@pytest.fixture
def records(database_url: str) -> Iterator[Records]:
    """Empty records, once on each kind of database."""
    made = sandbox_bank.records_at(database_url)
    yield made
    made.database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(records: Records, clock: Clock) -> FlaskClient:
    """A browser or program before the application in development."""
    return app.make_app(sandbox_bank.program(records), clock).test_client()
