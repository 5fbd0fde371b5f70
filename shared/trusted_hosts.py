"""Trusted hosts: requests whose `Host` header names none of them are refused, so that no link, cookie or cache goes by a forged one."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from werkzeug.sansio.utils import host_is_trusted
from werkzeug.wrappers import Response

LOOPBACK = ("127.0.0.1", "localhost")
"""Always trusted, for health probes and rehearsals: no stranger's browser can be led to it."""
STATUS = 400
TEXT = "این نشانی از آن این سامانه نیست."
HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


def refuse_foreign_hosts(app: WsgiApp, *urls: str) -> WsgiApp:
    """The application for the hosts of these URLs and the loopback; to be put behind what evaluates a proxy's headers."""
    trusted = [*LOOPBACK, *(urlsplit(url).hostname or "" for url in urls)]
    refused = Response(TEXT, STATUS, HEADERS, mimetype="text/plain")

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST") or environ["SERVER_NAME"]
        return (
            app(environ, start_response) if host_is_trusted(host.lower(), trusted) else refused(environ, start_response)
        )

    return serve
