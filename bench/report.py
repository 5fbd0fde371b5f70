"""The report: the figures as data in `results.json`, as a page in `RESULTS.md`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import goals
from bench.findings import Finding
from bench.missed_goals import MISSES

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"
REPORT = FOLDER / "RESULTS.md"
HEAD = """# The figures

Made by `make bench`; do not edit. Every ratio is the median of rounds in which the sides took turns on the same machine, so that a
machine that drifts drifts for all of them (with `±` that of the sums of all rounds, and two standard errors); absolute figures are orientation only. The goals
are those of the issue; a ratio's goal is a bound on the ratio. *Raw* sides do the same durable work with the driver alone, under the same columns and constraints.
"""


def save_findings(
    name: str, findings: Sequence[Finding], machine: Mapping[str, Any], run_settings: Mapping[str, Any]
) -> None:
    """Replace a measure's earlier findings, and write the report anew."""
    results: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    measured_at = datetime.now(UTC).isoformat(timespec="seconds")
    plain = [finding.plain() for finding in findings]
    results[name] = {"measured_at": measured_at, **run_settings, "machine": dict(machine), "findings": plain}
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    REPORT.write_text("\n".join(report_lines(results)) + "\n")


def report_lines(results: Mapping[str, Any]) -> Iterator[str]:
    yield HEAD
    yield from machine_lines(results)
    yield "| # | What | Measured | Goal | |\n|---|---|---|---|---|"
    for finding in all_findings(results):
        cells = (finding.goal, finding.what, finding.text, finding.bound, finding.verdict)
        yield f"| {' | '.join(cells)} |"
    yield from missed_goal_lines(results)
    yield from side_lines(results)


def all_findings(results: Mapping[str, Any]) -> list[Finding]:
    """In the order of the goals."""
    found = [
        Finding(**{name: value for name, value in plain.items() if name not in {"met", "verdict"}})
        for name in goals.MEASURES
        if name in results
        for plain in results[name]["findings"]
    ]
    return sorted(found, key=lambda finding: int(finding.goal))


def machine_lines(results: Mapping[str, Any]) -> Iterator[str]:
    """The machine of the latest run, and when each measure was taken."""
    latest = max(results.values(), key=lambda one: str(one["measured_at"]))["machine"]
    for name, value in latest.items():
        text = ", ".join(f"{key} {one}" for key, one in value.items()) if isinstance(value, dict) else value
        yield f"- {name.replace('_', ' ')}: {text}"
    for name, one in results.items():
        load = one["machine"]["load_before"]
        yield f"- {name}: {one['measured_at']}, {one['rounds']} rounds of {one['round_seconds']} s, load before {load}"
    yield ""


def missed_goal_lines(results: Mapping[str, Any]) -> Iterator[str]:
    """What dominates where a goal is missed, and what was tried."""
    missed = {finding.goal for finding in all_findings(results) if not finding.met}
    explained = [goal for goal in MISSES if goal in missed]
    if explained:
        yield "\n## Where a goal is missed\n"
        for goal in explained:
            yield f"**{goal}.** {MISSES[goal]}\n"


def side_lines(results: Mapping[str, Any]) -> Iterator[str]:
    """Each side's own figures: median rates in operations a second with their range, latencies in milliseconds."""
    yield "\n## The sides\n\nMedian rates a second (with their range) and latencies; the noise of the machine is in the range.\n"
    yield "| # | Of | Side | Figures |\n|---|---|---|---|"
    earlier_lines = set()
    for finding in all_findings(results):
        for side, figures in finding.figures.items():
            line = f"| {finding.goal} | {finding.what.split(':')[0]} | {side} | {figures_text(figures)} |"
            if line not in earlier_lines:
                earlier_lines.add(line)
                yield line


def figures_text(figures: Any) -> str:
    if not isinstance(figures, dict):
        return f"{figures:,.4g}" if isinstance(figures, int | float) else str(figures)
    parts = []
    for name, value in figures.items():
        if name == "rates":
            parts.append(f"({min(value):,.0f}–{max(value):,.0f})")
        elif isinstance(value, list):
            parts.append(f"{name.replace('_ms', '')} {min(value):,g}–{max(value):,g}")
        elif isinstance(value, dict):
            parts.append(f"{name} ({', '.join(f'{one:,.3g} {unit}' for unit, one in value.items())})")
        elif name == "rate":
            parts.append(f"{value:,.0f}/s")
        else:
            parts.append(f"{name.removesuffix('_ms')} {value:,.3g}{' ms' if name.endswith('_ms') else ''}")
    return " ".join(parts)
