"""The context of the present request or work: program, correlation id, command id and span, for log lines and for messages that go on."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import ParamSpec, Self, TypeVar
from uuid import UUID

from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, TraceFlags, format_span_id, format_trace_id

CORRELATION_HEADER = "nameko.correlation_id"
"""Of an RPC message: the id of the request that it belongs to."""
TRACE_HEADER = "traceparent"
"""Of an RPC message: the span of its sender, in W3C's own form."""
TRACEPARENT = re.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")
TRACE_ID = slice(3, 35)
SAMPLED = frozenset("13579bdf")
"""The last digit of the flags of a trace that is recorded."""
LEFT_OUT = f"00-{'f' * 32}-{'f' * 16}-00"
"""In place of a span, the header of a call in a trace that is not recorded; these have no ids, since nobody could look one up."""
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class RequestContext:
    """What the present greenlet works for."""

    program: str = ""
    correlation_id: UUID | None = None
    command_id: UUID | None = None
    span: Span | None = None
    """The span that the next one is a child of; None where nothing is traced."""
    left_out: bool = False
    """Whether it belongs to a trace that is not recorded; nothing within that begins another one."""

    @property
    def trace_id(self) -> str:
        return self.traceparent[TRACE_ID]

    @property
    def traceparent(self) -> str:
        """What events carry."""
        return traceparent_of(self.span) if self.span is not None else ""

    def under(self, span: Span) -> Self:
        """The same for what is done within a span."""
        return replace(self, span=span, left_out=False)


NOTHING = RequestContext()
_PRESENT: ContextVar[RequestContext] = ContextVar("tamdid_request_context", default=NOTHING)


def present() -> RequestContext:
    """The context of this greenlet; each new greenlet begins with none."""
    return _PRESENT.get()


def enter(context: RequestContext) -> None:
    """Take a context for the rest of this greenlet, or until another one is taken."""
    _PRESENT.set(context)


def leave_trace_of_block(before: RequestContext) -> None:
    """End a block's trace. What else was set within it stays, such as the command's id, for lines that are logged after it."""
    _PRESENT.set(replace(_PRESENT.get(), span=before.span, left_out=before.left_out))


@contextmanager
def within(context: RequestContext) -> Iterator[None]:
    """Take a context until the block ends."""
    before = _PRESENT.set(context)
    try:
        yield
    finally:
        _PRESENT.reset(before)


def set_command(command_id: UUID) -> None:
    """Add the id of the command that is being handled."""
    _PRESENT.set(replace(_PRESENT.get(), command_id=command_id))


def headers() -> dict[str, str]:
    """What an RPC message carries on of the present context."""
    context = present()
    carried = {}
    if context.correlation_id is not None:
        carried[CORRELATION_HEADER] = str(context.correlation_id)
    if traceparent := LEFT_OUT if context.left_out else context.traceparent:
        carried[TRACE_HEADER] = traceparent
    return carried


def enter_call(program: str, correlation_id: object, traceparent: object) -> None:
    """Take what the headers of an RPC message carry, for the greenlet of its call."""
    header = traceparent if isinstance(traceparent, str) and TRACEPARENT.fullmatch(traceparent) else ""
    span = span_from(header) if is_sampled(header) else None
    enter(RequestContext(program, id_from(correlation_id), span=span, left_out=bool(header) and span is None))


def carried(function: Callable[P, T]) -> Callable[P, T]:
    """The function as it runs in another greenlet or thread, in the context of this one."""
    context = present()

    def run(*args: P.args, **options: P.kwargs) -> T:
        enter(context)
        return function(*args, **options)

    return run


def run_as(program: str, run: Callable[[], T]) -> T:
    """Run what a program does by itself, in a greenlet of its own."""
    enter(RequestContext(program))
    return run()


def id_from(header: object) -> UUID | None:
    """The correlation id in a header, where it is a valid one."""
    try:
        return UUID(str(header)) if header else None
    except ValueError:
        return None


def is_sampled(traceparent: str) -> bool:
    """Whether a span's trace is recorded, by its flags alone: a relay and a follower look at each event of all traces."""
    return traceparent[-1:] in SAMPLED


def span_from(header: object) -> Span | None:
    """The sender's span in a header or an event, where it is a valid one."""
    if not header or not (found := TRACEPARENT.fullmatch(str(header))):
        return None
    trace_id, span_id, flags = (int(part, 16) for part in found.groups())
    return NonRecordingSpan(SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags)))


def traceparent_of(span: Span) -> str:
    """A span as a header or an event carries it."""
    context = span.get_span_context()
    trace_id, span_id = format_trace_id(context.trace_id), format_span_id(context.span_id)
    return f"00-{trace_id}-{span_id}-{context.trace_flags:02x}"
