"""The web server extension: a Flask application on eventlet's WSGI server inside a nameko service."""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import eventlet
import eventlet.wsgi
from flask import Flask
from greenlet import GreenletExit
from nameko.extensions import DependencyProvider

from shared.app_context import AppContext
from shared.event_store.command_handler import Records
from shared.nameko_extensions.event_store import ProgramDatabase
from shared.nameko_extensions.http_connections import (
    CONNECTIONS_MAX,
    CONNECTIONS_PER_ADDRESS_MAX,
    Connections,
    TimedProtocol,
)
from shared.nameko_extensions.rpc_client import RpcClientExtension
from shared.settings import Settings

ANSWER_SECONDS = 6
"""That a program which stops waits for its last answers; less than `deploy.run` gives it to stop."""

logger = logging.getLogger(__name__)


def with_chunked_bodies(app: Flask) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Let Flask read chunked bodies: the server terminates them without setting `wsgi.input_terminated`."""

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if "HTTP_TRANSFER_ENCODING" in environ:
            environ["wsgi.input_terminated"] = True
        return app(environ, start_response)

    return serve


class SilentLog:
    """The log of eventlet's server without its texts, which hold addresses and tracebacks."""

    def error(self, _text: str) -> None:
        logger.warning("a request broke off while it was read")

    def info(self, _text: str) -> None:
        logger.debug("the web server has logged something")

    debug = write = info


class WebServer(DependencyProvider):
    """Serves the application of `make_app`, from the start of the container to its stop."""

    rpc_client = RpcClientExtension()
    is_listening = False
    """A container counts as started for nameko before its extensions are."""

    def __init__(self, port: Callable[[Settings], int], make_app: Callable[[AppContext], Flask]) -> None:
        self.port = port
        self.make_app = make_app

    def start(self) -> None:
        settings: Settings = self.container.config["settings"]
        app = self.make_app(AppContext(self.rpc_client.call, settings, self.own_records()))
        is_behind_a_proxy = settings.trusted_proxies > 0  # whose connections are all from its own address
        self.connections = Connections(per_address=None if is_behind_a_proxy else CONNECTIONS_PER_ADDRESS_MAX)
        self.socket = eventlet.listen((settings.host, self.port(settings)), reuse_port=False, backlog=CONNECTIONS_MAX)
        self.is_listening = True
        self.thread = self.container.spawn_managed_thread(lambda: self.serve(app), identifier="web server")

    def serve(self, app: Flask) -> None:
        """Serve until the socket is closed. Requests are not logged: their addresses may hold a payment's key."""
        eventlet.wsgi.server(
            self.socket,
            with_chunked_bodies(app),
            log=SilentLog(),
            log_output=False,
            custom_pool=self.connections,
            protocol=TimedProtocol,
        )

    def own_records(self) -> Records | None:
        """The program's records, where its class declares a `records` store."""
        store = getattr(self.container.service_cls, "records", None)
        shared = self.container.shared_extensions.get(ProgramDatabase)
        return Records(shared.database, store.log) if store is not None and shared is not None else None

    def stop(self) -> None:
        """Accept nothing more, and wait for the answers to present requests: what they need of the program is stopped after this."""
        self.thread.kill()  # it closes idle connections, and ends when each other one has had its answer
        self.socket.close()
        with eventlet.Timeout(ANSWER_SECONDS, False), suppress(GreenletExit):
            self.thread.wait()

    def get_dependency(self, _worker_ctx: Any) -> None:
        return None
