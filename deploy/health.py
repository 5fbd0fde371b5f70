"""Whether the programs of this process live and are ready, told over HTTP to whoever supervises them."""

from typing import Any

import eventlet
import eventlet.wsgi
from sqlalchemy import text

from shared.extensions.store import OwnDatabase
from shared.settings import Settings


def serve(settings: Settings, runner: Any) -> None:
    """Answer `/live` and `/ready` on the health port, where there is one."""
    if settings.health_port == 0:
        return

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        good = environ["PATH_INFO"] == "/live" or is_ready(runner)
        start_response("200 OK" if good else "503 Service Unavailable", [("Content-Type", "text/plain")])
        return [b"ok\n" if good else b"not ready\n"]

    socket = eventlet.listen((settings.host, settings.health_port))
    eventlet.spawn_n(eventlet.wsgi.server, socket, app, log_output=False)


def is_ready(runner: Any) -> bool:
    """Every program of this process has started, and its database answers."""
    for container in runner.containers:
        own = container.shared_extensions.get(OwnDatabase)
        if not container.started:
            return False
        if own is not None:
            try:
                with own.database.read() as connection:
                    connection.execute(text("SELECT 1"))
            except Exception:  # noqa: BLE001 - whatever it is, we are not ready
                return False
    return True
