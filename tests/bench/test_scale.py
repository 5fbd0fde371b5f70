"""The figures of docs/scale.md are those that follow from the measured ones."""

import json
from typing import Any

import pytest

from bench import scale

RESULTS: dict[str, Any] = json.loads(scale.RESULTS.read_text(encoding="utf-8"))


def test_the_page_has_the_tables_that_follow_from_the_results() -> None:
    """`python -m bench.scale` writes them."""
    page = scale.PAGE.read_text(encoding="utf-8")
    assert scale.written(page, RESULTS) == page


def test_a_season_of_eighty_million_is_what_the_text_says() -> None:
    renewals = max(scale.YEARS.values())
    assert scale.short(renewals / scale.DAYS / 86_400) == "31"
    assert scale.short(scale.in_the_busiest_hour(renewals)) == "440"
    assert scale.short(scale.in_the_busiest_hour(renewals) * scale.EVENTS_A_RENEWAL) == "3,600"


def test_half_the_rate_takes_twice_the_cpu() -> None:
    slower = json.loads(json.dumps(RESULTS))
    found = scale.figures(slower)["whole renewals a second, distributed"]["figures"]["distributed"]
    found["rate"] /= 2
    assert scale.core_seconds(slower) == pytest.approx(2 * scale.core_seconds(RESULTS))


@pytest.mark.parametrize(
    ("value", "text"), [(0.0019, "0.0019"), (0.5, "0.50"), (2.78, "2.8"), (444.4, "440"), (3555, "3,600")]
)
def test_figures_have_two_digits_that_count(value: float, text: str) -> None:
    assert scale.short(value) == text
