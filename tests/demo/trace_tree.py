"""The trace from a click to the line in the capacity ledger, read from the file of spans and shown as a tree with times."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.text import Text
from rich.tree import Tree

from tests.demo.browser import Unexpected
from tests.demo.event_logs import until

SECONDS = 30
LEDGER = "append capacity.events"
FOLLOWED = "process capacity.events"
"""Of whoever follows capacity: by then the trace is whole."""


@dataclass(frozen=True)
class Span:
    """A span as it was written."""

    name: str
    service: str
    kind: str
    trace: str
    id: str
    parent: str | None
    began_at: datetime
    ended_at: datetime
    attributes: dict[str, Any]
    links: tuple[str, ...]
    """The ids of the spans that it links to."""


def read(file: Path) -> list[Span]:
    """The spans of a file; a line that is being written is not one yet."""
    lines = file.read_text(encoding="utf-8").split("\n")[:-1]
    return [span_of(json.loads(line)) for line in lines]


def span_of(written: dict[str, Any]) -> Span:
    began_at, ended_at = (datetime.fromisoformat(written[name]) for name in ("start_time", "end_time"))
    links = tuple(one["context"]["span_id"] for one in written["links"])
    context, service = written["context"], written["resource"]["attributes"]["service.name"]
    return Span(
        written["name"], service, written["kind"].removeprefix("SpanKind."), context["trace_id"], context["span_id"],
        written["parent_id"], began_at, ended_at, written["attributes"], links,
    )  # fmt: skip


def to_ledger(file: Path) -> list[Span]:
    """The trace in which the capacity of a member was granted, when all of it is written."""

    def whole() -> list[Span] | None:
        spans = read(file)
        ends = {span.trace for span in spans if span.name == FOLLOWED}
        grants = [
            span for span in spans if span.name == LEDGER and "CapacityGranted" in span.attributes["tamdid.event.types"]
        ]
        found = next((span.trace for span in grants if span.trace in ends), None)
        trace = [span for span in spans if span.trace == found]
        return trace if any(span.parent is None for span in trace) else None

    return until(whole, SECONDS, "whole trace to the capacity ledger")


def shown(trace: list[Span]) -> Tree:
    """The trace as a tree: when each span began after the click, how long it took, and in which program."""
    ids = {span.id for span in trace}
    roots = [span for span in trace if span.parent not in ids]
    if len(roots) != 1:
        raise Unexpected(f"the trace has {len(roots)} beginnings")
    (root,) = roots
    tree = Tree(f"One trace, {len(trace)} spans of {len({span.service for span in trace})} programs ({root.trace})")
    add(tree, root, trace, root.began_at)
    return tree


def add(tree: Tree, span: Span, trace: list[Span], began_at: datetime) -> None:
    after, took = ((one.total_seconds() * 1000) for one in (span.began_at - began_at, span.ended_at - span.began_at))
    branch = tree.add(
        Text.assemble(f"{after:8.1f} +{took:.1f} ms  ", (f"{span.service:<12} ", "cyan"), (words_of(span), "bold"))
    )
    for child in sorted((one for one in trace if one.parent == span.id), key=lambda one: one.began_at):
        add(branch, child, trace, began_at)


def words_of(span: Span) -> str:
    """Its name, and for an event its type."""
    types = span.attributes.get("tamdid.event.types") or [
        span.attributes.get("messaging.rabbitmq.destination.routing_key", "")
    ]
    return f"{span.name} {', '.join(types)}".rstrip()
