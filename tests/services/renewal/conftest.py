import pytest

from services.renewal.renewals import projection
from services.renewal.service import LOG, RenewalService
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.messaging import relay_cursor
from shared.subscriptions import follower


@pytest.fixture
def service(database_url: str) -> RenewalService:
    database = Database(database_url)
    database.create_tables(log.TABLES, relay_cursor.TABLES, follower.TABLES, projection.TABLES)
    made = RenewalService()
    made.records = Records(database, LOG)
    return made
