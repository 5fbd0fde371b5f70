"""Any other side whose rounds by turns have what is compared: metrics and JSON logs or none, and with these on, OTLP traces of a part of the requests."""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from itertools import cycle
from pathlib import Path
from time import perf_counter, process_time, sleep
from typing import Any
from unittest.mock import patch

from prometheus_client import CollectorRegistry, Histogram, generate_latest

from bench.implementations import sample_logs
from bench.worker import Run, implementation
from deploy import trace_export
from deploy.observability import durations
from shared.observability import log_format, tracing
from shared.settings import Settings

EXPORT_SECONDS = 5
"""Between two exports of spans, as the SDK has it by itself."""
SCRAPE_SECONDS = 15
"""Between two reads of the metrics, as deploy/observability/prometheus.yml has it."""
LOOK_SECONDS, IDLE_SECONDS, LOOKS_MAX = 0.1, 0.01, 50
"""A process that takes no more CPU than this between two looks has nothing left to do."""


class Turning:
    """Another run, whose rounds have one part after the other of what `switch` switches; its details say which the last round had.

    One process does all of them: two that do the same differ, for as long as they run, by more than is measured here.
    The parts come forwards and backwards by turns, so that what drifts falls on each. `regularly` is what has to be done
    after each so many `seconds` of rounds with a part, at the end of one.
    """

    def __init__(
        self,
        run: Run,
        parts: Sequence[float],
        switch: Callable[[float], None],
        seconds: float,
        regularly: Callable[[], object],
    ) -> None:
        self.run, self.switch, self.seconds, self.regularly = run, switch, seconds, regularly
        self.next_part = partial(next, cycle([*parts, *reversed(parts)]))
        self.part = self.seconds_since = 0.0

    def prepare(self, count: int) -> None:
        wait_until_idle()
        self.part = self.next_part()
        self.switch(self.part)
        getattr(self.run, "prepare", lambda _count: None)(count)
        wait_until_idle()

    def __call__(self, count: int) -> list[float] | None:
        began = perf_counter()
        latencies = self.run(count)
        if self.part:
            self.seconds_since += perf_counter() - began
            if self.seconds_since >= self.seconds:
                self.regularly()
                self.seconds_since = 0.0
        return latencies

    def details(self) -> dict[str, float]:
        return {"part": self.part}


def wait_until_idle() -> None:
    """Until what a round or its preparation has left to do is done, which is no part of any round."""
    for _ in range(LOOKS_MAX):
        before = process_time()
        sleep(LOOK_SECONDS)
        if process_time() - before < IDLE_SECONDS:
            return


class SwitchedHistogram(Histogram):
    """Counts while it is on. Off, it is still found by its labels and called, which takes a microsecond."""

    is_on = True

    def observe(self, amount: float, exemplar: dict[str, str] | None = None) -> None:
        if SwitchedHistogram.is_on:
            super().observe(amount, exemplar)


@contextmanager
def observed(make: str, arguments: dict[str, Any]) -> Iterator[tuple[Run, Sequence[CollectorRegistry]]]:
    """What `make` names, with its arguments, metrics that can be switched, and JSON logs; and where the metrics are read."""
    registries: list[CollectorRegistry] = []
    observe = durations.observe

    def observe_and_keep(registry: CollectorRegistry, containers: Iterable[Any]) -> None:
        registries.append(registry)
        observe(registry, containers)

    log_format.configure("WARNING", "bench")
    with (
        patch.object(durations, "Histogram", SwitchedHistogram),
        patch.object(durations, "observe", observe_and_keep),
        implementation(make, arguments) as run,
    ):
        yield run, registries


@contextmanager
def counted(make: str, arguments: dict[str, Any], parts: Sequence[float]) -> Iterator[Turning]:
    """The same, which counts, writes JSON logs and has its metrics read in each round whose part is not 0."""
    with observed(make, arguments) as (run, registries):
        handlers = logging.root.handlers

        def switch(part: float) -> None:
            SwitchedHistogram.is_on = bool(part)
            logging.root.handlers = handlers if part else [logging.NullHandler()]

        try:
            yield Turning(run, parts, switch, SCRAPE_SECONDS, lambda: [generate_latest(one) for one in registries])
        finally:
            logging.root.handlers = handlers


@contextmanager
def traced(make: str, arguments: dict[str, Any], parts: Sequence[float], collector: str, var: str) -> Iterator[Turning]:
    """The same with metrics and JSON logs, which sends traces of a part of the requests; 0 of `parts` is a round without."""
    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector
    os.environ["OTEL_BSP_SCHEDULE_DELAY"] = "3600000"  # milliseconds: a round without has no export but of 512 spans
    processors = list(trace_export.span_processors(Settings(var=Path(var))))
    tracer_of = cache(partial(trace_export.tracer, processors=processors))

    def switch(part: float) -> None:
        sample_logs.Traced.every = round(1 / part) if part else 0
        tracing.configure(tracer_of if part else None, part=part)

    with observed(make, arguments) as (run, _registries):
        yield Turning(run, parts, switch, EXPORT_SECONDS, lambda: [one.force_flush() for one in processors])
