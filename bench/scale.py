"""The tables of docs/scale.md, computed from the measured figures: `python -m bench.scale` writes them, and `make bench` does."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")
PAGE = Path(__file__).parents[1] / "docs" / "scale.md"
BEGIN, END = "<!-- made by bench/scale.py -->", "<!-- end -->"
DAYS = 30
BUSIEST_HOUR = 0.02
"""Of the thirty days' renewals: fourteen times the average, as the last evening of a season has it."""
BUSY = 0.6
"""Of the cores, so that a copy may end and a page is still answered in time."""
EVENTS_A_RENEWAL = 8
OF_ONE_LOG = 4
"""Events that the fullest logs, renewal's and payment's, have of each renewal."""
YEARS = {
    "one organization": 5_000,
    "all organizations of a country": 500_000,
    "a large country's every adult": 80_000_000,
}
MACHINES = (2, 8, 32)


def figures(results: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Every finding by its words."""
    return {one["what"]: one for measure in results.values() for one in measure["findings"]}


def rate(results: Mapping[str, Any], what: str, side: str) -> float:
    found: float = figures(results)[what]["figures"][side]["rate"]
    return found


def core_seconds(results: Mapping[str, Any]) -> float:
    """The CPU of one renewal with all that runs beside it on the measured machine: broker, database, the sandbox bank, whoever sends."""
    cores: int = results["renewals"]["machine"]["cores"]
    return cores / rate(results, "whole renewals a second, distributed", "distributed")


def short(value: float) -> str:
    """Two digits that count."""
    if value == 0:
        return "0"
    digits = max(0, 1 - math.floor(math.log10(abs(value))))
    return f"{round(value, 1 - math.floor(math.log10(abs(value)))):,.{digits}f}"


def in_the_busiest_hour(renewals: int) -> float:
    """Renewals a second."""
    return renewals * BUSIEST_HOUR / 3600


def tables(results: Mapping[str, Any]) -> Iterator[str]:
    yield from measured(results)
    yield ""
    yield from needed(results)
    yield ""
    yield from carried(results)


def measured(results: Mapping[str, Any]) -> Iterator[str]:
    """What the arithmetic begins with."""
    threads = "append, 16 writers, 1 a commit, postgresql: ours / counter row, 16 processes"
    relayed = "relay, log to confirm: ours / py-amqp, pipelined"
    followed = "follow, a row an event, postgresql: ours / bare consumer, 100 a transaction"
    waited = figures(results)["longest wait for the capacity at that rate, distributed"]["value"]
    yield "| Measured on two cores | |"
    yield "|---|---|"
    yield f"| whole renewals a second, RabbitMQ and PostgreSQL beside | {rate(results, 'whole renewals a second, distributed', 'distributed')} |"
    yield f"| so, CPU of one renewal with everything beside it | {short(1000 * core_seconds(results))} ms |"
    yield f"| longest wait from the confirmation to the capacity at that rate | {short(waited)} s |"
    yield f"| one log: events a second from 16 writers of one process, which share commits | {short(rate(results, threads, 'ours'))} |"
    yield f"| one log's counter row: commits a second from 16 processes, nothing shared | {short(rate(results, threads, 'counter row, 16 processes'))} |"
    yield f"| one relay: events a second | {short(rate(results, relayed, 'ours'))} |"
    yield f"| one subscription that writes a row an event: events a second | {short(rate(results, followed, 'ours'))} |"


def needed(results: Mapping[str, Any]) -> Iterator[str]:
    """What a season of each size needs in its busiest hour."""
    counter = rate(
        results,
        "append, 16 writers, 1 a commit, postgresql: ours / counter row, 16 processes",
        "counter row, 16 processes",
    )
    followed = rate(results, "follow, a row an event, postgresql: ours / bare consumer, 100 a transaction", "ours")
    rows: list[tuple[str, list[str]]] = [
        ("a second, on average", [short(n / DAYS / 86_400) for n in YEARS.values()]),
        ("a second, in the busiest hour", [short(in_the_busiest_hour(n)) for n in YEARS.values()]),
        ("events a second then", [short(in_the_busiest_hour(n) * EVENTS_A_RENEWAL) for n in YEARS.values()]),
        ("cores then, at 60 %", [short(in_the_busiest_hour(n) * core_seconds(results) / BUSY) for n in YEARS.values()]),
        (
            "of the counter row's commits",
            [percent(in_the_busiest_hour(n) * OF_ONE_LOG / counter) for n in YEARS.values()],
        ),
        ("of one such subscription", [percent(in_the_busiest_hour(n) * OF_ONE_LOG / followed) for n in YEARS.values()]),
    ]
    yield f"| Renewals in {DAYS} days | {' | '.join(f'{n:,} ({name})' for name, n in YEARS.items())} |"
    yield "|---|---|---|---|"
    yield from (f"| {what} | {' | '.join(cells)} |" for what, cells in rows)


def carried(results: Mapping[str, Any]) -> Iterator[str]:
    """What one machine of so many cores carries, with broker and database on it."""
    yield "| One machine of | renewals a second, at 60 % | in 30 days, so that the busiest hour is carried |"
    yield "|---|---|---|"
    for cores in MACHINES:
        a_second = cores * BUSY / core_seconds(results)
        yield f"| {cores} cores | {short(a_second)} | {short(a_second * 3600 / BUSIEST_HOUR)} |"


def percent(share: float) -> str:
    return f"{short(100 * share)} %"


def written(page: str, results: Mapping[str, Any]) -> str:
    """The page with its tables made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return "\n".join([f"{before}{BEGIN}", "", *tables(results), "", f"{END}{after}"])


def main() -> None:
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")


if __name__ == "__main__":
    main()
