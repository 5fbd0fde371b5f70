"""Any other side with metrics counted and JSON logs; and with these, one that sends the traces of another part of the requests by turns, by OTLP."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from opentelemetry.trace import Tracer

from bench.implementations import sample_logs
from bench.worker import Run, implementation
from deploy import trace_export
from shared.observability import log_format, tracing
from shared.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

EXPORT_SECONDS = 5
"""Between two exports, as the SDK has it by itself: longer than a round."""


class Turning:
    """Another run; its details say which part was traced in the last round, and how many seconds the exports take of each that is traced.

    One process does all of them: two that do the same differ, for as long as they run, by more than is measured here.
    The parts come forwards and backwards by turns, so that what a round leaves to the next falls on each.
    Exports fall between the rounds, after as much tracing as there is between two exports elsewhere.
    """

    def __init__(self, run: Run, parts: Sequence[float], processors: "Sequence[SpanProcessor]") -> None:
        self.run = run
        self.processors = processors
        self.tracers: dict[float, Callable[[str], Tracer]] = {
            part: cache(partial(trace_export.tracer, processors=processors)) for part in parts if part
        }
        self.next_part = partial(next, cycle([*parts, *reversed(parts)]))
        self.part = self.traced_seconds = self.export_share = 0.0

    def prepare(self, count: int) -> None:
        if self.traced_seconds >= EXPORT_SECONDS:
            self.export()
        self.part = self.next_part()
        os.environ["OTEL_TRACES_SAMPLER_ARG"] = str(self.part)  # read when a program's first span is made
        sample_logs.Traced.every = round(1 / self.part) if self.part else 0
        tracing.configure(self.tracers.get(self.part))
        getattr(self.run, "prepare", lambda _count: None)(count)

    def __call__(self, count: int) -> list[float] | None:
        began = perf_counter()
        latencies = self.run(count)
        if self.part:
            self.traced_seconds += perf_counter() - began
        return latencies

    def export(self) -> None:
        began = perf_counter()
        for one in self.processors:
            one.force_flush()
        self.export_share, self.traced_seconds = (perf_counter() - began) / self.traced_seconds, 0.0

    def details(self) -> dict[str, float]:
        return {"part": self.part, "export_share": self.export_share}


@contextmanager
def counted(make: str, arguments: dict[str, Any]) -> Iterator[Run]:
    """What `make` names, with its arguments, metrics counted and JSON logs."""
    log_format.configure("WARNING", "bench")
    with implementation(make, arguments) as run:
        yield run


@contextmanager
def traced(make: str, arguments: dict[str, Any], collector: str, parts: Sequence[float], var: str) -> Iterator[Run]:
    """The same, which sends traces; 0 of `parts` is a round without."""
    os.environ |= {"OTEL_EXPORTER_OTLP_ENDPOINT": collector, "OTEL_TRACES_SAMPLER": "parentbased_traceidratio"}
    os.environ["OTEL_BSP_SCHEDULE_DELAY"] = "3600000"  # milliseconds: no round has the export of another
    processors = list(trace_export.span_processors(Settings(var=Path(var))))
    with counted(make, arguments) as run:
        yield Turning(run, parts, processors)
