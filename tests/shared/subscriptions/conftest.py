"""The databases of the subscriptions' tests have the tables of the sample log."""

import pytest

from tests.support import sample_log
from tests.support.servers.prepared_databases import Prepare


@pytest.fixture
def prepare() -> Prepare:
    return sample_log.create_tables
