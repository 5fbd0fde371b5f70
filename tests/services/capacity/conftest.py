from collections.abc import Iterator

import pytest

from services.capacity.projection import projector
from shared.event_store.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    made.create_tables(projector.TABLES)
    yield made
    made.close()
