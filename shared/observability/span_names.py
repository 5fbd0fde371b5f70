"""Names and attributes of spans by OpenTelemetry's semantic conventions 1.44 for HTTP, RPC, databases and messaging."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import URL

from shared.contract.envelope import Recorded

Value = str | int | Sequence[str]
METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"})
DEFAULT_PORTS = {"http": 80, "https": 443}


class Name(NamedTuple):
    """What a span is called, and what it is found by."""

    name: str
    attributes: Mapping[str, Value]
    outcome: str = ""
    """The attribute that says how it ended, where there is one for success too."""


def http_server(method: str, route: str, scheme: str) -> Name:
    """A request that a program answers. A path may hold a member's number, so `url.path` is the route, and no query is kept."""
    known = method if method in METHODS else "_OTHER"
    attributes = {"http.request.method": known, "url.scheme": scheme, "url.path": route or "/*"}
    if route:
        attributes["http.route"] = route
    return Name(f"{method if method in METHODS else 'HTTP'} {route}".rstrip(), attributes)


def http_client(method: str, url: str) -> Name:
    """A request to another host; the path stays out of it, since it may hold a key."""
    parts = urlsplit(url)
    port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    return Name(
        method,
        {
            "http.request.method": method,
            "server.address": parts.hostname or "",
            "server.port": port,
            "url.full": f"{parts.scheme}://{parts.hostname}:{port}/REDACTED",
        },
    )


def rpc(service: str, method: str) -> Name:
    """A call, on either side of it."""
    name = f"{service}/{method}"
    return Name(name, {"rpc.system.name": "nameko", "rpc.method": name}, "rpc.response.status_code")


def command(kind: str) -> Name:
    """A command that is decided; no convention names such spans."""
    return Name(f"handle {kind}", {"tamdid.command": kind})


def transaction(database: URL) -> Name:
    """A write transaction, with its wait for the commit that it shares with others."""
    namespace = Path(database.database or "").stem
    attributes: dict[str, Value] = {
        "db.system.name": database.get_backend_name(),
        "db.namespace": namespace,
        "db.operation.name": "COMMIT",
    }
    return Name(f"COMMIT {namespace}", attributes)


def append(source: str, types: Sequence[str]) -> Name:
    """An append to a log: the creation context, as the conventions call it, of the messages that are published of its events."""
    return Name(f"append {source}.events", {"tamdid.log": source, "tamdid.event.types": types})


def publish(system: str, events: Sequence[Recorded]) -> Name:
    """Of one event, or of a batch, whose messages have no id and no routing key in common."""
    first = events[0]
    if len(events) == 1:
        return _message("publish", "send", system, first, "")
    exchange = f"{first.source}.events"
    operation = _operation("publish", "send", system, exchange)
    return Name(f"publish {exchange}", operation | {"messaging.batch.message_count": len(events)})


def process(system: str, event: Recorded, subscriber: str) -> Name:
    return _message("process", "process", system, event, f":{subscriber}.follows.{event.source}")


def _message(operation: str, kind: str, system: str, event: Recorded, queue: str) -> Name:
    exchange = f"{event.source}.events"
    destination = f"{exchange}:{event.type}{queue}"
    return Name(
        f"{operation} {exchange}",
        _operation(operation, kind, system, destination)
        | {
            "messaging.destination.template": exchange,
            "messaging.rabbitmq.destination.routing_key": event.type,
            "messaging.message.id": str(event.event_id),
            "messaging.message.conversation_id": str(event.metadata.correlation_id),
        },
    )


def _operation(name: str, kind: str, system: str, destination: str) -> dict[str, Value]:
    return {
        "messaging.system": system,
        "messaging.operation.name": name,
        "messaging.operation.type": kind,
        "messaging.destination.name": destination,
    }
