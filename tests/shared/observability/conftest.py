"""Spans kept in memory, of every program."""

from collections.abc import Iterator
from functools import cache

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Tracer

from shared.observability import request_context, tracing


class Spans:
    """What was traced, in the order in which it ended."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()

    @cache  # noqa: B019 - one for each test
    def tracer_of(self, program: str) -> Tracer:
        provider = TracerProvider(resource=Resource({"service.name": program}), shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        return provider.get_tracer("tamdid")

    def ended(self) -> tuple[ReadableSpan, ...]:
        return self.exporter.get_finished_spans()

    def called(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.ended() if span.name == name]


@pytest.fixture(autouse=True)
def of_no_request() -> None:
    """A test that calls an RPC method leaves the context of its call behind."""
    request_context.enter(request_context.NOTHING)


@pytest.fixture
def spans() -> Iterator[Spans]:
    kept = Spans()
    tracing.configure(kept.tracer_of)
    yield kept
    tracing.configure(None)
