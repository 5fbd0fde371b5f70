import pytest

from services.renewal import views
from services.renewal.service import LOG, RenewalService
from shared import event_log, follower, relay_cursor
from shared.command_handler import Records
from shared.database import Database


@pytest.fixture
def service(database_url: str) -> RenewalService:
    database = Database(database_url)
    database.create_tables(event_log.TABLES, relay_cursor.TABLES, follower.TABLES, views.TABLES)
    made = RenewalService()
    made.records = Records(database, LOG)
    return made
