"""WSGI middleware that begins the context of each HTTP request: its program, its correlation id (the caller's own where that is a UUID), and a trace."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from uuid import uuid4

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from shared.observability import request_context, tracing
from shared.observability.request_context import RequestContext

CORRELATION_HEADER = "HTTP_X_CORRELATION_ID"
"""As WSGI names `X-Correlation-Id`."""

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


def with_context(app: WsgiApp, program: str, rules: Map) -> WsgiApp:
    """The application, in a context of its own for each request, until the answer's body is made. No caller's `traceparent` is believed."""

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        correlation_id = request_context.id_from(environ.get(CORRELATION_HEADER)) or uuid4()
        with request_context.within(RequestContext(program, correlation_id)):
            return traced(environ, start_response) if tracing.is_on() else app(environ, start_response)

    def traced(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        method, scheme = environ["REQUEST_METHOD"], environ["wsgi.url_scheme"]
        with tracing.http_server(method, partial(route_of, rules, environ), scheme) as answered:

            def begin_answer(status: str, *more: Any) -> Any:
                answered(int(status.partition(" ")[0]))
                return start_response(status, *more)

            return app(environ, begin_answer)

    return serve


def route_of(rules: Map, environ: dict[str, Any]) -> str:
    """The pattern of the request's path; empty where it has none."""
    try:
        rule, _ = rules.bind_to_environ(environ).match(return_rule=True)
    except HTTPException:
        return ""
    return str(rule.rule)
