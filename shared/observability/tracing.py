"""Tracing over the OpenTelemetry API: spans of requests, calls, commands and events in all programs; off until configured."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from random import random
from types import TracebackType
from typing import TypeVar

from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanKind, StatusCode, Tracer, set_span_in_context
from sqlalchemy import URL

from shared.contract.base import Event
from shared.contract.envelope import Metadata, Recorded
from shared.contract.refusals import Refused
from shared.observability import request_context, span_names
from shared.observability.log_format import named
from shared.observability.request_context import is_sampled, present, span_from, traceparent_of
from shared.observability.span_names import Name

R = TypeVar("R", bound=Recorded)


class Configuration:
    """Where the spans of each program go."""

    tracer_of: Callable[[str], Tracer] | None = None
    messaging_system = "rabbitmq"
    part = 1.0
    """Of the traces that begin here, how many are recorded."""


CONFIGURATION = Configuration()
NO_SPAN: AbstractContextManager[None] = nullcontext()


def configure(tracer_of: Callable[[str], Tracer] | None, messaging_system: str = "rabbitmq", part: float = 1.0) -> None:
    """Trace from now on this part of what begins here, with a tracer for each program; None ends it.

    Whether a trace is recorded is decided here, where it begins, and not by the SDK's sampler, which makes a span for each that it leaves out.
    """
    CONFIGURATION.tracer_of, CONFIGURATION.messaging_system, CONFIGURATION.part = tracer_of, messaging_system, part


def is_on() -> bool:
    return CONFIGURATION.tracer_of is not None


class LeavingOut(AbstractContextManager[None]):
    """A block in a trace that is not recorded."""

    def __enter__(self) -> None:
        self.context = present()
        request_context.enter(replace(self.context, left_out=True))

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        request_context.leave_trace_of_block(self.context)


class Spanning:
    """A block as a span, which is the parent of those within it. An error is told by its type or its reason, never by its text."""

    def __init__(
        self, name: Name, kind: SpanKind, program: str = "", parent: Span | None = None, links: Sequence[Link] = ()
    ) -> None:
        self.name, self.kind, self.program, self.parent, self.links = name, kind, program, parent, links

    def __enter__(self) -> Span:
        self.context = present()
        self.span = started(
            self.name, self.kind, self.program or self.context.program, self.parent or self.context.span, self.links
        )
        request_context.enter(self.context.under(self.span))
        return self.span

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        request_context.leave_trace_of_block(self.context)
        if self.name.outcome:
            self.span.set_attribute(self.name.outcome, "OK" if error is None else error_type(error))
        finish(self.span, error)


def started(name: Name, kind: SpanKind, program: str, parent: Span | None, links: Sequence[Link] = ()) -> Span:
    if CONFIGURATION.tracer_of is None:
        raise LookupError("tracing is not configured")
    context = set_span_in_context(parent, Context()) if parent is not None else Context()
    return CONFIGURATION.tracer_of(program).start_span(name.name, context, kind, name.attributes, links)


def finish(span: Span, error: BaseException | None = None) -> None:
    if error is not None:
        span.set_attribute("error.type", error_type(error))
        if not isinstance(error, Refused):
            span.set_status(StatusCode.ERROR)
    span.end()


def error_type(error: BaseException) -> str:
    return str(error.reason.value) if isinstance(error, Refused) else named(error)


def begun(name: Callable[[], Name], kind: SpanKind, program: str = "") -> AbstractContextManager[Span | None]:
    """A span of the present trace, or one that begins a trace; none where nothing is traced, or the trace is not recorded."""
    context = present()
    if not is_on() or context.left_out:
        return NO_SPAN
    if context.span is None and random() >= CONFIGURATION.part:  # noqa: S311 - no secret
        return LeavingOut()
    return Spanning(name(), kind, program)


def rpc_client(service: str, method: str) -> AbstractContextManager[Span | None]:
    """A call to a service, until its answer."""
    return begun(lambda: span_names.rpc(service, method), SpanKind.CLIENT)


def rpc_server(method: str) -> AbstractContextManager[Span | None]:
    """A call that this program answers."""
    return begun(lambda: span_names.rpc(present().program, method), SpanKind.SERVER)


def command(kind: type, program: str) -> AbstractContextManager[Span | None]:
    """A command, from the load of its stream to its commit."""
    return begun(lambda: span_names.command(kind.__name__), SpanKind.INTERNAL, program)


def transaction(database: URL) -> AbstractContextManager[Span | None]:
    """A write transaction of what is traced; what a program writes by itself begins no trace."""
    if not is_on() or present().span is None:
        return NO_SPAN
    return Spanning(span_names.transaction(database), SpanKind.CLIENT)


@contextmanager
def http_server(method: str, route: Callable[[], str], scheme: str) -> Iterator[Callable[[int], None]]:
    """A request that this program answers; what is yielded takes the answer's status."""
    with begun(lambda: span_names.http_server(method, route(), scheme), SpanKind.SERVER) as span:
        yield partial(set_status, span)


def set_status(span: Span | None, status: int, failures_from: int = HTTPStatus.INTERNAL_SERVER_ERROR) -> None:
    """The status of an HTTP answer; those from `failures_from` on are failures."""
    if span is None:
        return
    span.set_attribute("http.response.status_code", status)
    if status >= failures_from:
        span.set_attribute("error.type", str(status))
        span.set_status(StatusCode.ERROR)


def http_client(method: str, url: str) -> AbstractContextManager[Span | None]:
    """A request to another host, which is told nothing of our traces."""
    return begun(lambda: span_names.http_client(method, url), SpanKind.CLIENT)


def append(source: str, events: Sequence[Event], metadata: Metadata) -> AbstractContextManager[Metadata]:
    """An append as a span; the metadata that its events carry, so that whoever follows them finds this span. It begins no trace.

    Of a trace that is not recorded they carry nothing: nobody could see more of it.
    """
    if metadata.traceparent and not is_sampled(metadata.traceparent):
        metadata = metadata.model_copy(update={"traceparent": ""})
    parent = span_from(metadata.traceparent) or present().span if is_on() else None
    return nullcontext(metadata) if parent is None else _append(source, events, metadata, parent)


@contextmanager
def _append(source: str, events: Sequence[Event], metadata: Metadata, parent: Span) -> Iterator[Metadata]:
    name = span_names.append(source, [type(one).__name__ for one in events])
    with Spanning(name, SpanKind.INTERNAL, source, parent) as span:
        yield metadata.model_copy(update={"traceparent": traceparent_of(span)})


def publish(source: str, events: Sequence[Recorded]) -> AbstractContextManager[Span | None]:
    """The publication of a batch of events, until the broker has confirmed it: a span in the trace of the first that is traced, linked to each append."""
    traced = dict.fromkeys(event.metadata.traceparent for event in events) if is_on() else ()
    parents = [parent for parent in map(appended, traced) if parent is not None]
    if not parents:
        return NO_SPAN
    name = span_names.publish(CONFIGURATION.messaging_system, events)
    return Spanning(name, SpanKind.CLIENT, source, parents[0], [link_to(one) for one in parents])


def process(events: Sequence[R]) -> AbstractContextManager[Sequence[R]]:
    """The effects of a followed log's events: a span in the trace of each, linked to its append; what they cause follows from it."""
    return _process(events) if is_on() else nullcontext(events)


@contextmanager
def _process(events: Sequence[R]) -> Iterator[Sequence[R]]:
    program, carrying, spans = present().program, list(events), list[Span]()
    for place, event in enumerate(events):
        if (parent := appended(event.metadata.traceparent)) is not None:
            name = span_names.process(CONFIGURATION.messaging_system, event, program)
            span = started(name, SpanKind.CONSUMER, program, parent, [link_to(parent)])
            spans.append(span)
            metadata = event.metadata.model_copy(update={"traceparent": traceparent_of(span)})
            carrying[place] = replace(event, metadata=metadata)
    failure: BaseException | None = None
    try:
        yield carrying
    except BaseException as error:
        failure = error
        raise
    finally:
        for span in spans:
            finish(span, failure)


def appended(carried: str) -> Span | None:
    """The append of an event of a recorded trace, by what the event carries."""
    return span_from(carried) if is_sampled(carried) else None


def link_to(span: Span) -> Link:
    return Link(span.get_span_context())
