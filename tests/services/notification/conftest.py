import pytest

from services.notification.service import LOG
from services.notification.tables import TABLES
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.messaging import relay_cursor
from shared.subscriptions import checkpoints
from tests.support.servers.prepared_databases import Prepare


def create_tables(database: Database) -> None:
    database.create_tables(log.TABLES, relay_cursor.TABLES, checkpoints.TABLES, *TABLES)


@pytest.fixture
def prepare() -> Prepare:
    return create_tables


@pytest.fixture
def records(database_url: str) -> Records:
    return Records(Database(database_url), LOG)
