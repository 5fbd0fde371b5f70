"""The folders of each room hold their limits, and a room that does not is named with what is wrong."""

from collections import Counter

import pytest

from tests.support import import_graph
from tests.support.import_graph import Room

ROOMS = import_graph.rooms()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_holds_every_limit(room: str) -> None:
    assert list(ROOMS[room].problems()) == []


def test_a_circle_a_full_folder_and_too_many_imports_are_named() -> None:
    files = Counter({"invoices": import_graph.FOLDER_FILES_MAX + 1, "banks": 3})
    imports = Counter({("invoices", "banks"): import_graph.ROOM_IMPORTS_MAX, ("banks", "invoices"): 1})
    full, many, circle = Room("services/payment", files, imports).problems()
    assert full.startswith("services/payment/invoices has 13 files")
    assert many.startswith("services/payment has 41 imports between its folders")
    assert circle.startswith("services/payment has a circle: ")


def test_an_import_upward_is_told_from_one_downward() -> None:
    assert import_graph.is_lower("shared.settings", "services.auth.service")
    assert not import_graph.is_lower("services.auth.service", "shared.settings")
    assert not import_graph.is_lower("clients.admin.main", "services.auth.service")
