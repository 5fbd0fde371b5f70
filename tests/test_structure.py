"""The structure of the source stays within its limits: no import cycle, no folder with too many files, few imports between folders."""

import pytest

from tests import structure
from tests.structure import Room

ROOMS = structure.rooms()


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_is_within_its_limits(name: str) -> None:
    assert [*ROOMS[name].problems()] == []


def test_every_breach_is_found() -> None:
    room = Room("services.sample")
    room.folders["crowded"] |= {f"module_{number}" for number in range(structure.FILES_MAX + 1)}
    room.folders["other"].add("module")
    room.imports["crowded", "other"] = structure.IMPORTS_MAX
    room.imports["other", "crowded"] = 1
    room.imports["service", "crowded"] = 1
    assert [*room.problems()] == [
        "services.sample: crowded has 13 source files, more than 12",
        "services.sample: 41 imports between folders, more than 40",
        "services.sample: a circle between crowded, other",
    ]
