"""Where spans go: to an OTLP collector by OpenTelemetry's own environment variables, and with `TAMDID_TRACE` into a file of the data folder."""

import os
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from shared.messaging.relay import BATCH_MAX
from shared.observability import tracing
from shared.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Tracer

FILE = "traces.jsonl"
"""In the data folder: a span a line, of all programs that write there."""
OTLP = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
NAMESPACE = "tamdid"
SAMPLER, PART = "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"
RATIO = "traceidratio"
SAMPLERS = ("always_on", "always_off", RATIO)
"""With or without `parentbased_` before, which makes no difference: a trace is recorded or not by the program in which it begins."""
LINKS_MAX = "OTEL_SPAN_LINK_COUNT_LIMIT"
"""Without it the SDK keeps 128 links of a span; one of a publication has as many as its batch has events."""


def is_wanted(settings: Settings) -> bool:
    if os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    return settings.trace or any(os.environ.get(name) for name in OTLP)


def problems(settings: Settings) -> Iterator[str]:
    """What keeps wanted traces from being written, or leaves open how many are."""
    if not is_wanted(settings):
        return
    if find_spec("opentelemetry.sdk") is None:
        yield "Traces are wanted, and OpenTelemetry's SDK is not installed: pip install 'tamdid[trace]'."
    if sampler() not in SAMPLERS:
        yield f"{SAMPLER} names no sampler that is known. Set it to {', '.join(SAMPLERS)}, or one of these after parentbased_."
    elif sampler() == RATIO and not is_part(os.environ.get(PART, "")):
        yield f"{PART} is not a number from 0 to 1, such as 0.001: the part of the traces that {RATIO} records."


def sampler() -> str:
    return (os.environ.get(SAMPLER) or SAMPLERS[0]).lower().removeprefix("parentbased_")


def is_part(text: str) -> bool:
    """Whether it is a number from 0 to 1."""
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False


def part() -> float:
    """How many of the traces that begin in this process are recorded."""
    return float(os.environ[PART]) if sampler() == RATIO else float(sampler() == SAMPLERS[0])


def configure(settings: Settings) -> None:
    """Trace where the environment or the settings say so."""
    if not is_wanted(settings):
        return
    processors = list(span_processors(settings))
    system = "rabbitmq" if settings.broker_url.startswith("amqp") else "in_memory"
    tracing.configure(cache(lambda program: tracer(program, processors)), system, part())


def tracer(program: str, processors: Sequence["SpanProcessor"]) -> "Tracer":
    """A tracer with the program as its `service.name`, also where one process runs many."""
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - what traces nothing needs no SDK
    from opentelemetry.sdk.trace import SpanLimits, TracerProvider  # noqa: PLC0415 - see above
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON  # noqa: PLC0415 - see above

    resource = Resource.create({"service.name": program or NAMESPACE, "service.namespace": NAMESPACE})
    limits = SpanLimits(max_links=None if os.environ.get(LINKS_MAX) else BATCH_MAX)
    provider = TracerProvider(sampler=ALWAYS_ON, resource=resource, span_limits=limits)
    for one in processors:
        provider.add_span_processor(one)
    return provider.get_tracer(NAMESPACE)


def span_processors(settings: Settings) -> Iterator["SpanProcessor"]:
    from opentelemetry.sdk.trace.export import (  # noqa: PLC0415 - see above
        BatchSpanProcessor,
        ConsoleSpanExporter,
        SimpleSpanProcessor,
    )

    if settings.trace:
        settings.var.mkdir(parents=True, exist_ok=True)
        out = (settings.var / FILE).open("a", encoding="utf-8")
        yield SimpleSpanProcessor(ConsoleSpanExporter(out=out, formatter=lambda span: span.to_json(indent=None) + "\n"))
    if any(os.environ.get(name) for name in OTLP):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - see above

        yield BatchSpanProcessor(OTLPSpanExporter())
