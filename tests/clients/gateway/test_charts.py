"""Geometry of charts: from right to left, in their bounds, with scales whose half is whole."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.gateway import charts
from clients.gateway.charts import WIDTH, Row, Table, Weeks

TABLE = Table(("هفته",), ())
VALUES = st.lists(st.integers(-100, 10**12), min_size=1, max_size=12)


def drawn(values: list[int]) -> charts.Chart:
    weeks = Weeks([str(one) for one in values], (("a", values), ("b", values[::-1])), charts.shown_number)
    return charts.lines("x", "", "", TABLE, weeks)


def test_a_bar_begins_on_the_right_and_is_as_long_as_its_share() -> None:
    chart = charts.bars("x", "", "", TABLE, (Row("a", (4,), "۴"), Row("b", (1,), "۱", is_late=True)))
    bars = [one for one in chart.rects if one.kind != "track"]
    assert [(one.x, one.width, one.kind) for one in bars] == [(0, WIDTH, "first"), (270, 90, "late")]
    assert all(one.x + one.width == WIDTH for one in chart.rects)


def test_bars_are_shares_of_the_least_maximum_where_all_are_smaller() -> None:
    chart = charts.bars("x", "", "", TABLE, (Row("a", (50,), ""),), least=100)
    assert [one.width for one in chart.rects if one.kind == "first"] == [WIDTH / 2]


def test_the_oldest_week_is_on_the_right() -> None:
    (path,) = (one for one in drawn([1, 2, 3]).paths if one.kind == "first")
    assert all(earlier[0] > later[0] and earlier[1] > later[1] for earlier, later in pairwise(path.points))


@given(VALUES)
def test_everything_is_drawn_within_the_picture(values: list[int]) -> None:
    weeks = Weeks([""] * len(values), (("a", values), ("b", values)), charts.shown_number)
    for chart in (drawn(values), charts.columns("x", "", "", TABLE, weeks)):
        assert all(one.x >= -2 and one.x + one.width <= WIDTH + 2 for one in chart.rects)
        assert all(one.y >= -5 and one.y + one.height <= chart.height for one in chart.rects)
        assert all(0 <= x <= WIDTH and 0 <= y <= chart.height for one in chart.paths for x, y in one.points)


@pytest.mark.parametrize(
    ("value", "ceiling"),
    [(0, 2), (1, 2), (2, 2), (3, 4), (5, 6), (10, 10), (11, 20), (61, 80), (101, 200), (999, 1000)],
)
def test_the_scale_ends_at_an_even_number(value: int, ceiling: int) -> None:
    assert charts.nice_ceiling(value) == ceiling


def test_cells_are_shown_in_persian_digits() -> None:
    cells = (1234, Decimal("1.5"), "1405/01/22", -5)
    assert [charts.shown_cell(one) for one in cells] == ["۱٬۲۳۴", "۱٫۵", "۱۴۰۵/۰۱/۲۲", "−۵"]
