from collections.abc import Iterator

import pytest

from shared.event_store.database import Database
from tests.services.capacity import live
from tests.support.servers.prepared_databases import Prepare


@pytest.fixture
def prepare() -> Prepare:
    return live.prepare


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.close()
