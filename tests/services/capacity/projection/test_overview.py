from typing import Any

import pytest

from services.capacity.ledger.domain import SourceEvent
from services.capacity.projection import overview
from shared.contract.capacity import answers, queries
from shared.contract.values import JobKind, LicenceField, MemberClass
from shared.event_store.database import Database
from tests.services.capacity.live import APPROVED, CONFIRMED, JOINED, NOW, receive_all
from tests.services.capacity.sample_events import approved, confirmed, enrolled, job, licence

TOO_MUCH = job(degree=3, quantity="2")
MAPS = job(JobKind.MINE_EXPLOITATION_PLAN, 3, quantity="5", field=LicenceField.SURVEYING)
BOTH = licence(MemberClass.GRADE_2, LicenceField.SURVEYING, LicenceField.EXTRACTION)
"""Five plans of 110 P are 550: more than surveying's 540, less than extraction's 720."""


def story(number: str, *jobs: Any, held: Any = None, province: str = "isfahan") -> list[SourceEvent]:
    history = [enrolled(JOINED, held), approved(APPROVED, *jobs, as_licence=held), confirmed(CONFIRMED)]
    return [one.model_copy(update={"member": number, "province": province}) for one in history]


@pytest.fixture
def members(database: Database) -> Database:
    """Of Isfahan: nothing used, a half, too much, too much of one field; of Yazd: too much."""
    stories = [
        story("0000001"),
        story("0000002", job(starts="1405/03/01")),
        story("0000003", TOO_MUCH),
        story("0000004", MAPS, held=BOTH),
        story("0000005", TOO_MUCH, province="yazd"),
        [enrolled(JOINED, member="0000006")],
    ]
    receive_all(database, *(one for history in stories for one in history))
    return database


def over_use(database: Database, **changes: Any) -> answers.OverUse:
    query = queries.ListOverUse.model_validate({"province": "isfahan", "year": 1405} | changes)
    with database.read() as connection:
        return overview.over_use(connection, query, NOW)


def test_who_uses_too_much_is_listed_the_largest_excess_first(members: Database) -> None:
    found = over_use(members)
    assert [(one.member, one.used_units, one.ceiling_units, one.warnings) for one in found.capacities] == [
        ("0000003", 96000, 72000, ("over_ceiling", "over_field_ceiling")),
        ("0000004", 55000, 72000, ("over_field_ceiling",)),
    ]
    assert found.total == 2
    assert [one.member for one in over_use(members, limit=1, offset=1).capacities] == ["0000004"]
    assert over_use(members, year=1404).total == 0


@pytest.mark.parametrize(
    ("field", "members_over"), [("surveying", ["0000004"]), ("extraction", ["0000003"]), ("metallurgy", [])]
)
def test_the_list_may_be_of_one_field(members: Database, field: str, members_over: list[str]) -> None:
    found = over_use(members, field=field)
    assert ([one.member for one in found.capacities], found.total) == (members_over, len(members_over))


def test_only_members_of_the_province_are_listed(members: Database) -> None:
    assert [one.member for one in over_use(members, province="yazd").capacities] == ["0000005"]


def test_members_are_counted_by_the_share_that_they_use(members: Database) -> None:
    query = queries.GetCapacityOverview(province="isfahan", year=1405)
    with members.read() as connection:
        whole, *fields = overview.overview(connection, query).overviews
    counts = {share.up_to_percent: share.members for share in whole.shares}
    assert counts == {0: 1, 25: 0, 50: 1, 75: 0, 100: 1, None: 1}
    assert (whole.field, whole.members, whole.ceiling_units, whole.used_units) == (None, 4, 288000, 176000)
    assert [one.field for one in fields] == list(LicenceField)
    (surveying,) = [one for one in fields if one.field is LicenceField.SURVEYING]
    assert (surveying.members, surveying.ceiling_units, surveying.used_units) == (1, 54000, 55000)
    assert [share.members for share in surveying.shares] == [0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("use", "share"),
    [
        ((72000, 0), 0),
        ((72000, 1), 25),
        ((72000, 18000), 25),
        ((72000, 18001), 50),
        ((72000, 72000), 100),
        ((72000, 72001), None),
        ((0, 0), 0),
        ((0, 1), None),
    ],
)
def test_a_share_ends_exactly_at_its_percent(use: tuple[int, int], share: int | None) -> None:
    assert overview.share_of(*use) == share
