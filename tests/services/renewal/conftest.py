import pytest

from services.renewal.office_hours import rules
from services.renewal.service import LOG, RenewalService
from services.renewal.tables import TABLES
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
def service(database_url: str) -> RenewalService:
    made = RenewalService()
    made.records = Records(Database(database_url), LOG)
    made.office_rule = rules.load_rule()
    return made
