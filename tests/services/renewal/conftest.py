import pytest

from services.renewal.office_hours import rules
from services.renewal.service import LOG, RenewalService
from services.renewal.tables import TABLES
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.messaging import relay_cursor
from shared.subscriptions import checkpoints


@pytest.fixture
def service(database_url: str) -> RenewalService:
    database = Database(database_url)
    database.create_tables(log.TABLES, relay_cursor.TABLES, checkpoints.TABLES, *TABLES)
    made = RenewalService()
    made.records = Records(database, LOG)
    made.office_rule = rules.load_rule()
    return made
