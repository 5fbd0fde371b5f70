"""What a later version of the program records: an event type of its own, and a known one with data of the next version."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import pytest

from shared.contract import catalogue, upcasting
from shared.contract.base import Event


class RenewalReopened(Event, source="renewal"):
    """Made-up: no version of the program has it yet."""

    member: str


class RenewalSeen(Event, source="renewal"):
    """Made-up too; nothing is wrong where it is not recorded."""

    is_optional: ClassVar[bool] = True
    member: str


class RenewalWithdrawn(Event, source="renewal"):
    """The next version of the type of this name."""

    member: str
    schema_version: int = 2


LATER = (RenewalReopened, RenewalSeen, RenewalWithdrawn)


@contextmanager
def running() -> Iterator[None]:
    """Within the block, the program is that later version."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in LATER:
            patch.setitem(catalogue.EVENTS, kind.__name__, kind)
        for new in (RenewalReopened, RenewalSeen):
            patch.setitem(upcasting.NEWEST, new.__name__, 1)
        patch.setitem(upcasting.NEWEST, RenewalWithdrawn.__name__, 2)
        patch.setitem(upcasting.UPCASTERS, (RenewalWithdrawn.__name__, 1), dict)
        yield
