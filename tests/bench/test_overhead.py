"""Which rounds of the overhead benchmark are compared."""

from itertools import cycle, islice

import pytest
from opentelemetry.sdk.trace import SpanProcessor

from bench.implementations import observed, sample_logs
from bench.measures import overhead
from bench.runner import Outcome, Round
from shared.observability import tracing


@pytest.mark.parametrize("taken", range(4))
def test_each_traced_round_is_compared_with_its_neighbour_wherever_the_warm_up_ended(taken: int) -> None:
    """On a machine that gets slower with each round a part that costs nothing is found to cost nothing."""
    parts = islice(cycle([0.0, 0.01, 0.01, 0.0]), taken, taken + 4 * 10 + 1)
    rounds = [
        Round(count=1, seconds=1.02**number, details={"part": part, "export_share": 0.0})
        for number, part in enumerate(parts)
    ]
    compared = overhead.by_part(Outcome({overhead.TRACED: rounds}), "traces")
    assert compared.ratio("traces", overhead.UNTRACED) == pytest.approx(1, abs=0.001)
    assert len(compared.rounds["traces"]) == 20


def test_exports_count_for_the_rounds_whose_spans_they_send() -> None:
    details = [{"part": part, "export_share": 0.25} for part in (0.0, 0.01, 0.01, 0.0)]
    rounds = [Round(count=1, seconds=2, cpu_seconds=1, details=one) for one in details * 2]
    compared = overhead.by_part(Outcome({overhead.TRACED: rounds}), "traces")
    assert {one.seconds for one in compared.rounds["traces"]} == {2.5}
    assert {one.seconds for one in compared.rounds[overhead.UNTRACED]} == {2}


def test_spans_are_exported_between_rounds_after_so_much_tracing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three rounds of two traced seconds each and an export of three seconds: half as long as they."""
    clock, flushed = [0.0], []

    class Processor(SpanProcessor):
        def force_flush(self, timeout_millis: int = 0) -> bool:  # noqa: ARG002 - the SDK's signature
            flushed.append(clock[0])
            clock[0] += 3
            return True

    def run(_count: int) -> None:
        clock[0] += 2

    monkeypatch.setattr(observed, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(tracing, "configure", lambda _tracer_of: None)
    monkeypatch.setattr(sample_logs.Traced, "every", 0)
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "")
    turning = observed.Turning(run, [0.0, 0.5], [Processor()])
    for _ in range(7):
        turning.prepare(1)
        turning(1)
    assert flushed == [12]
    assert turning.details() == {"part": 0.5, "export_share": 0.5}
