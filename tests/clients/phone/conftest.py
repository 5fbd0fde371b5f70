"""A running phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import phone as phones
from tests.support.phone import Phone


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Phone]:
    with phones.running(tmp_path) as phone:
        yield phone
