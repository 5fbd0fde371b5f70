"""The sides of a page: the gateway with services that answer at once, and the same template on bare Flask."""

import http.client
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any
from uuid import uuid4

import flask
from pydantic import SecretStr

from clients.admin.transport.http import HttpServer
from clients.gateway.app import make_app
from clients.gateway.web.session import COOKIE
from shared.app_context import AppContext
from shared.contract.auth import commands
from shared.contract.refusals import Refused
from shared.settings import Settings
from tests.clients.gateway import samples
from tests.clients.gateway.fake_services import FakeServices

PAGE = "/member"
BARE = "/bare"
SESSION = "member-session"
PATIENCE_SECONDS = 10
WAITING_MAX = 400
"""Sign-ins that wait for their answer at the same time."""


def portal(var: str) -> flask.Flask:
    """The gateway's own application, in front of services that answer from memory."""
    services = FakeServices()
    services.renewal = samples.renewal("approved")
    services.invoices = (samples.invoice("open"),)
    settings = Settings.model_validate({"var": var, "page_secret": SecretStr("a secret of the bench")})
    return make_app(AppContext(services, settings))


def bare_portal(var: str) -> flask.Flask:
    """The same template with the same values, without what the gateway does before and after each request."""
    app, (template, context) = portal(var), rendered(portal(var))
    app.before_request_funcs.clear()
    app.after_request_funcs.clear()
    app.add_url_rule(BARE, view_func=lambda: app.jinja_env.get_template(template.name).render(context))
    return app


def rendered(app: flask.Flask) -> tuple[Any, dict[str, Any]]:
    """What the page renders: its template and the values."""
    found: list[tuple[Any, dict[str, Any]]] = []

    def note(_app: object, template: Any, context: dict[str, Any], **_extra: object) -> None:
        found.append((template, context))

    with flask.template_rendered.connected_to(note, app):
        client = app.test_client()
        client.set_cookie(COOKIE, SESSION)
        if client.get(PAGE).status_code != http.client.OK:
            raise RuntimeError("the page is not there")
    return found[0]


@contextmanager
def server(port: int, var: str, bare: bool) -> Iterator[Callable[[int], None]]:
    """Serve under eventlet until the end; its rounds do nothing."""
    import eventlet.wsgi  # noqa: PLC0415 - not in the processes that only look at pages

    socket = eventlet.listen(("127.0.0.1", port))
    thread = eventlet.spawn(eventlet.wsgi.server, socket, bare_portal(var) if bare else portal(var), log_output=False)
    yield lambda _count: None
    thread.kill()


@contextmanager
def browser(port: int, path: str, at_once: int, session: str) -> Iterator[Callable[[int], list[float]]]:
    """Load the page again and again, over connections that stay open."""
    pool = ThreadPoolExecutor(at_once)
    connections = [http.client.HTTPConnection("127.0.0.1", port) for _ in range(at_once)]
    headers = {"Cookie": f"{COOKIE}={session}"}

    def load(connection: http.client.HTTPConnection, count: int) -> list[float]:
        latencies = []
        for _ in range(count):
            started = perf_counter()
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            response.read()
            if response.status != http.client.OK:
                raise RuntimeError(f"{path}: {response.status}")
            latencies.append(perf_counter() - started)
        return latencies

    def run(count: int) -> list[float]:
        each = max(1, count // at_once)
        return [latency for found in pool.map(load, connections, [each] * at_once) for latency in found]

    yield run


@contextmanager
def signing_in(url: str, member: str, code: str, a_second: float) -> Iterator[Callable[[int], list[float]]]:
    """Sign in at a steady pace, whether or not the last one has been answered; how long each took."""
    pool = ThreadPoolExecutor(WAITING_MAX)

    def sign_in() -> float:
        started = perf_counter()
        server = HttpServer(url, None, PATIENCE_SECONDS)
        deadline = datetime.now(UTC) + timedelta(seconds=PATIENCE_SECONDS)
        command = commands.SignIn(
            id=uuid4(), deadline=deadline, principal_kind="member", name=member, password=SecretStr(code)
        )
        with suppress(Refused):  # too many at once: they are refused
            server.call(command)
        server.close()
        return perf_counter() - started

    def run(count: int) -> list[float]:
        started, waiting = perf_counter(), []
        for number in range(count):
            time.sleep(max(0, started + number / a_second - perf_counter()))
            waiting.append(pool.submit(sign_in))
        return [one.result() for one in waiting]

    yield run
