"""What the report says of rounds: ratios of those side by side, percentiles, bounds, and why a goal is missed."""

import json
from pathlib import Path

import pytest

from bench import report
from bench.findings import Finding, ratio_findings
from bench.runner import Outcome, Round, percentile

MACHINE = {"cores": 2, "load_before": 0.1}
RUN_SETTINGS = {"rounds": 3, "round_seconds": 1.0}


def rounds(*rates: float) -> list[Round]:
    return [Round(count=round(rate), seconds=1.0, latencies=[1 / rate]) for rate in rates]


def test_a_ratio_is_the_median_of_rounds_side_by_side_not_the_ratio_of_medians() -> None:
    outcome = Outcome({"ours": rounds(10, 100, 1000), "raw": rounds(100, 100, 2000)})
    assert outcome.ratio("ours", "raw") == 0.5
    assert outcome.rate("ours") / outcome.rate("raw") == 1


def test_latencies_are_those_of_all_rounds() -> None:
    outcome = Outcome({"ours": rounds(10, 100, 1000)})
    assert outcome.latency("ours", 0.5) == pytest.approx(0.01)
    assert outcome.figures()["ours"]["p50_ms"] == 10


def test_a_percentile_is_the_value_that_this_share_stays_under() -> None:
    values = [float(number) for number in range(1001)]
    assert [percentile(values, share) for share in (0.5, 0.99, 0.999)] == [500, 990, 999]
    assert percentile([7.0], 0.99) == 7


@pytest.mark.parametrize(
    ("finding", "bound", "verdict"),
    [
        (Finding("1", "", 0.7, "×", at_least=0.7), "≥ 0.7 ×", "met by 0%"),
        (Finding("1", "", 0.35, "×", at_least=0.7), "≥ 0.7 ×", "**missed** by 50%"),
        (Finding("9", "", 15, "ms", at_most=30), "≤ 30 ms", "met by 50%"),
        (Finding("9", "", 60, "ms", at_most=30), "≤ 30 ms", "**missed** by 100%"),
        (Finding("9", "", 60, "ms"), "–", "no goal"),
        (Finding("20", "", 0.98, "×", at_least=0.97, error=0.02), "≥ 0.97 ×", "met by less than the error"),
        (Finding("20", "", 1.05, "×", at_most=1.03, error=0.01), "≤ 1.03 ×", "**missed** by 2%"),
    ],
)
def test_a_finding_is_held_against_its_bound(finding: Finding, bound: str, verdict: str) -> None:
    assert (finding.bound, finding.verdict) == (bound, verdict)


def test_our_rate_is_held_against_each_other_side() -> None:
    outcome = Outcome({"ours": rounds(80), "raw": rounds(100), "peer": rounds(40)})
    assert [(one.value, one.met) for one in ratio_findings(outcome, "1", "append", {"raw": 0.9, "peer": 2})] == [
        (0.8, False),
        (2.0, True),
    ]


def test_a_value_stands_with_its_error_where_that_is_known() -> None:
    assert Finding("20", "", 0.984, "×", error=0.0153).text == "0.984 ± 0.015 ×"
    assert Finding("9", "", 123.45, "ms").text == "123 ms"


def test_the_figures_of_each_page_are_in_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(report, "REPORT", tmp_path / "RESULTS.md")
    pages = {"GET /": {"ms": 5.04, "RPCs": 2}, "POST /sign-in": {"ms": 76.7, "RPCs": 2.5}}
    report.save_findings("portal", [Finding("19", "CPU", 81, "ms", figures={"on": pages})], MACHINE, RUN_SETTINGS)
    text = report.REPORT.read_text(encoding="utf-8")
    assert "| 19 | CPU | on | GET / (5.04 ms, 2 RPCs) POST /sign-in (76.7 ms, 2.5 RPCs) |" in text


def test_a_miss_is_explained_as_long_as_it_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(report, "REPORT", tmp_path / "RESULTS.md")
    monkeypatch.setattr(report, "MISSES", {"5": "The broker dominates."})
    for value, is_explained in ((0.5, True), (0.9, False)):
        report.save_findings("relay", [Finding("5", "relay", value, "×", at_least=0.85)], MACHINE, RUN_SETTINGS)
        text = report.REPORT.read_text(encoding="utf-8")
        assert ("The broker dominates." in text) is is_explained
    assert [one["value"] for one in json.loads(report.RESULTS.read_text())["relay"]["findings"]] == [0.9]
