"""WSGI middleware that begins the context of each HTTP request: its program and its correlation id, the caller's own where that is a UUID."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

from shared.observability import request_context
from shared.observability.request_context import RequestContext

CORRELATION_HEADER = "HTTP_X_CORRELATION_ID"
"""As WSGI names `X-Correlation-Id`."""

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


def with_context(app: WsgiApp, program: str) -> WsgiApp:
    """The application, in a context of its own for each request, until the answer's body is made."""

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        correlation_id = request_context.id_from(environ.get(CORRELATION_HEADER)) or uuid4()
        with request_context.within(RequestContext(program, correlation_id)):
            return app(environ, start_response)

    return serve
