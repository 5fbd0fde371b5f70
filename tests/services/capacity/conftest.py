from collections.abc import Iterator

import pytest

from shared.event_store.database import Database
from tests.services.capacity import live


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    live.prepare(made)
    yield made
    made.close()
