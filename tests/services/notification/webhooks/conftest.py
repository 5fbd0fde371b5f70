from pathlib import Path

import pytest

from shared.event_store.command_handler import Records
from tests.services.notification.webhooks.receiving import Desk, secret_box


@pytest.fixture
def desk(records: Records, tmp_path: Path) -> Desk:
    return Desk(records, secret_box(tmp_path / "keys"))
