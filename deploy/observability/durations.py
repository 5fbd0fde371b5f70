"""Durations counted while programs work: of commits with events, of commands and queries, and of HTTP requests."""

from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any

import flask
from prometheus_client import CollectorRegistry, Histogram

from deploy.observability.definitions import BUCKETS_SECONDS, HISTOGRAMS
from shared.app_context import AppContext
from shared.nameko_extensions.event_store import ProgramDatabase
from shared.nameko_extensions.rpc_server import RpcEntrypoint
from shared.nameko_extensions.web import WebServer

MakeApp = Callable[[AppContext], flask.Flask]
BEGAN = "tamdid.began"
"""The key in a request's WSGI environment."""
NO_ROUTE = "none"
"""Of what nothing is there for: no path that somebody typed becomes a label."""


def observe(registry: CollectorRegistry, containers: Iterable[Any]) -> None:
    """Let programs count durations; before they start."""
    append, command, request = (
        Histogram(name, one.meaning, one.labels, buckets=BUCKETS_SECONDS, registry=registry)
        for name, one in HISTOGRAMS.items()
    )
    for container in containers:
        name = container.service_name
        own = container.shared_extensions.get(ProgramDatabase)
        if own is not None:
            own.database.on_append(append.labels(name).observe)
        for entrypoint in container.entrypoints:
            if isinstance(entrypoint, RpcEntrypoint):
                entrypoint.observe = observer_of(command, name, entrypoint.method_name)
        for one in container.dependencies:
            if isinstance(one, WebServer):
                one.make_app = with_durations(one.make_app, request, name)


def observer_of(histogram: Histogram, service: str, method: str) -> Callable[[str, float], None]:
    """How an RPC method counts an outcome."""
    children: dict[str, Any] = {}

    def observe_call(outcome: str, seconds: float) -> None:
        if outcome not in children:
            children[outcome] = histogram.labels(service, method, outcome)
        children[outcome].observe(seconds)

    return observe_call


def with_durations(make_app: MakeApp, histogram: Histogram, program: str) -> MakeApp:
    """Make an application that counts its requests, those that it refuses first of all too."""

    def begin() -> None:
        flask.request.environ[BEGAN] = monotonic()

    def end(response: flask.Response) -> flask.Response:
        rule = flask.request.url_rule
        route, method = (rule.rule, flask.request.method) if rule else (NO_ROUTE, NO_ROUTE)
        began = flask.request.environ.get(BEGAN)
        if began is not None:
            status = f"{response.status_code // 100}xx"
            histogram.labels(program, method, route, status).observe(monotonic() - began)
        return response

    def make(context: AppContext) -> flask.Flask:
        app = make_app(context)
        app.before_request_funcs.setdefault(None, []).insert(0, begin)
        app.after_request_funcs.setdefault(None, []).insert(0, end)  # they run from the last to the first
        return app

    return make
