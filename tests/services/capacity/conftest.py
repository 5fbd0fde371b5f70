from collections.abc import Iterator

import pytest

from services.capacity import views
from shared.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    made.create_tables(views.TABLES)
    yield made
    made.close()
