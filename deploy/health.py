"""Liveness and readiness of this process's programs over HTTP, for whoever supervises them."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import eventlet
import eventlet.wsgi
from sqlalchemy import select, text

from shared.event_store.database import Database
from shared.event_store.log import HEAD
from shared.messaging.connection_status import ConnectionStatus
from shared.messaging.relay import Relay
from shared.messaging.relay_cursor import CURSOR
from shared.nameko_extensions import EventStore, Subscription
from shared.nameko_extensions.event_store import ProgramDatabase
from shared.nameko_extensions.http_connections import Connections, TimedProtocol
from shared.nameko_extensions.rpc_transport import ReconnectingConsumer
from shared.settings import Settings

DISCONNECTED_SECONDS_MAX = 30
"""A program whose calls, relay or a subscription have not reached the broker for longer is unready."""
REPORT_SECONDS = 1
JSON = [("Content-Type", "application/json")]
METRICS = [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")]


def serve(settings: Settings, runner: Any, metrics: Callable[[], bytes]) -> None:
    """Answer `/live`, `/ready` and `/metrics` on the health port; for the first two no RPC is needed."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/metrics":
            start_response("200 OK", METRICS)
            return [metrics()]
        status, report = answer(environ["PATH_INFO"], runner.containers, handles_signals=runner.handles_signals)
        start_response(status, JSON)
        return [json.dumps(report).encode() + b"\n"]

    socket = eventlet.listen((settings.host, settings.health_port))
    eventlet.spawn_n(
        eventlet.wsgi.server, socket, app, log_output=False, custom_pool=Connections(), protocol=TimedProtocol
    )


def answer(path: str, containers: Iterable[Any], *, handles_signals: bool) -> tuple[str, dict[str, Any]]:
    """The HTTP status and the JSON: a process that answers lives; it is ready when no program has a reason not to be, and a signal stops it cleanly."""
    if path == "/live":
        return "200 OK", {"live": True}
    if path != "/ready":
        return "404 Not Found", {"paths": ["/live", "/ready", "/metrics"]}
    programs = {container.service_name: state_of(container) for container in containers}
    reasons = [f"{name}: {reason}" for name, state in programs.items() for reason in reasons_of(state)]
    if not handles_signals:
        reasons.append("the process is still starting")
    report = {"ready": not reasons, "reasons": reasons, "programs": programs}
    return ("503 Service Unavailable" if reasons else "200 OK"), report


def state_of(container: Any) -> dict[str, Any]:
    """One program: whether it has started, its calls and their replies, its database, its relay and its subscriptions."""
    listens = all(getattr(one, "is_listening", True) for one in container.dependencies)
    state: dict[str, Any] = {"started": bool(container.started) and listens, "left_to_fill": left_to_fill(container)}
    if state["left_to_fill"] and not container.started:
        return state
    if consumer := container.shared_extensions.get(ReconnectingConsumer):
        state["calls"] = report_of(consumer.connection_status)
    own = container.shared_extensions.get(ProgramDatabase)
    if own is None:
        return state
    try:
        with own.database.read() as connection:
            connection.execute(text("SELECT 1"))
        for one in sorted(container.dependencies, key=lambda one: str(one.attr_name)):
            if isinstance(one, EventStore) and one.log is not None and one.relay is not None:
                state["relay"] = relay_of(one.own.database, one.relay)
                state["unknown_types"] = sorted(one.log.unknown_types)
            elif isinstance(one, Subscription):
                state.setdefault("subscriptions", {})[one.source] = subscription_of(one)
        state["database"] = "answers"
    except Exception as error:  # noqa: BLE001 - whatever it is, we are not ready
        state["database"] = type(error).__name__
    return state


def left_to_fill(container: Any) -> int:
    """How many events this version of the projections lacks, before the program takes its first call."""
    left = 0
    for one in container.dependencies:
        if isinstance(one, EventStore):
            left += one.left_to_fill
        elif isinstance(one, Subscription) and hasattr(one, "follower"):
            left += one.follower.version.left_to_fill
    return left


def report_filling(runner: Any, say: Callable[[str], object]) -> None:
    """Say each second how many events the projections of a new version lack, until all programs have started and none does."""
    is_filling = True
    while is_filling:
        eventlet.sleep(REPORT_SECONDS)
        is_filling = not all(container.started for container in runner.containers)
        for container in runner.containers:
            if left := left_to_fill(container):
                is_filling = True
                say(f"{container.service_name}: its projections are filled; {left} events are left")


def relay_of(database: Database, relay: Relay) -> dict[str, Any]:
    """How far the relay is behind its log, in events."""
    with database.read() as connection:
        head, published = (connection.execute(select(one.c.position)).scalar_one() for one in (HEAD, CURSOR))
    return {**report_of(relay.connection_status), "behind": head - published}


def subscription_of(subscription: Subscription) -> dict[str, Any]:
    """How far the subscription is, by its own last knowledge of the source."""
    own = subscription.own_state()
    return {
        **report_of(subscription.connection_status),
        "position": own.checkpoint,
        "behind": own.lag_events,
        "parked": own.parked,
        "unknown": own.unknown,
        "full": own.full,
        "is_stopped": own.is_stopped,
    }


def report_of(link: ConnectionStatus) -> dict[str, Any]:
    return {"connected": link.is_up, "seconds": round(link.seconds, 1), "error": link.error}


def reasons_of(state: dict[str, Any]) -> Iterator[str]:
    """Why a program is not ready."""
    if not state["started"]:
        yield "has not started"
    if state["left_to_fill"]:
        yield f"its projections are filled; {state['left_to_fill']} events are left"
    if state.get("database", "answers") != "answers":
        yield f"its database does not answer ({state['database']})"
    for name in state.get("unknown_types", ()):
        yield f"its own log holds {name}, which only a later version of the program knows"
    yield from reasons_of_links(state)


def reasons_of_links(state: dict[str, Any]) -> Iterator[str]:
    """The same of its calls, its relay and its subscriptions."""
    links: dict[str, Any] = {name: state[name] for name in ("calls", "relay") if name in state}
    links |= {
        f"subscription from {source}": subscription for source, subscription in state.get("subscriptions", {}).items()
    }
    for name, link in links.items():
        if not link["connected"] and link["seconds"] > DISCONNECTED_SECONDS_MAX:
            yield f"{name}: disconnected for {link['seconds']:.0f} s ({link['error']})"
        if link.get("is_stopped"):
            yield f"{name}: it is stopped ({link['error']})"
        if link.get("full"):
            yield f"{name}: {link['parked']} events are parked, and it is stopped"
