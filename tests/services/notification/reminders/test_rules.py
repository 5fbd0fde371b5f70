"""The data file of reminders: days of the season, mornings, and wrong files."""

from datetime import date, timedelta

import pytest

from services.notification.reminders import rules
from services.notification.reminders.rules import FILE, Rules
from shared.policies import policy_files
from shared.policies.policy_files import PolicyError
from shared.provinces import PROVINCES
from shared.text import persian
from tests.services.notification.samples import AT

DEADLINE = persian.parse_date("1405/02/31")
TEXT = FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("days", [-1, 1, 7, 15, 30])
def test_the_season_reminds_before_its_deadline_and_once_after(days: int) -> None:
    found = [*rules.load().occasions(DEADLINE - timedelta(days=days))]
    assert {(one.year, one.deadline) for one in found} == {(1405, DEADLINE)}
    assert {one.province for one in found} == set(PROVINCES)


@pytest.mark.parametrize("days", [-30, -2, 0, 2, 6, 29, 31, 100])
def test_on_other_days_nobody_is_reminded(days: int) -> None:
    assert [*rules.load().occasions(DEADLINE - timedelta(days=days))] == []


def test_a_season_reminds_in_the_year_before_where_its_deadline_is_early() -> None:
    early = parsed(TEXT.replace('default = "02/31"', 'default = "01/05"'))
    found = [*early.occasions(date(2026, 3, 18))]
    assert {one.year for one in found} == {1405}


def test_the_next_morning_is_after_an_instant() -> None:
    morning = rules.load().next_morning(AT)
    assert AT < morning <= AT + timedelta(days=1)
    assert persian.format_instant(morning).endswith("09:00")
    assert rules.load().next_morning(morning) == morning + timedelta(days=1)


def parsed(text: str) -> Rules:
    return policy_files.parse(Rules, text, FILE.name)


@pytest.mark.parametrize(
    ("right", "wrong", "cell"),
    [
        ('default = "02/31"', 'isfahan = "02/31"', "deadline"),
        ('default = "02/31"', 'default = "13/01"', "deadline"),
        ('default = "02/31"', 'default = "07/31"', "deadline"),
        ('default = "02/31"', 'default = "12/30"', "deadline"),
        ('default = "02/31"', 'default = "02/31"\natlantis = "02/31"', "deadline"),
        ("invoice = [7, 1]", "invoice = [0]", "days"),
        ("promise = 60", "promise = -1", "minutes"),
        ('at = "09:00"', 'at = "25:00"', "at"),
        ('closed = ["thursday", "friday"]', 'closed = ["jomeh"]', "closed"),
        ("after = [1]", "", "days"),
    ],
)
def test_a_wrong_file_is_refused_by_its_cell(right: str, wrong: str, cell: str) -> None:
    with pytest.raises(PolicyError, match=rf"season.toml.*{cell}|{cell}"):
        parsed(TEXT.replace(right, wrong))
