"""A worker of webhooks as a process of its own: one round over a database, at an instant. Run by `test_power_cut.py`."""

import sys
from datetime import datetime
from pathlib import Path

from services.notification.service import LOG
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from tests.services.notification.webhooks.receiving import Desk, poster, secret_box

if __name__ == "__main__":
    url, keys, at = sys.argv[1:]
    desk = Desk(Records(Database(url), LOG), secret_box(Path(keys)), poster(), datetime.fromisoformat(at))
    desk.send()
