"""The examples of the OpenAPI document: requests that are sent to the API before sample services, each with what came back."""

import json
import logging
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from pydantic import SecretStr

from clients.gateway.api import problems
from clients.gateway.api.catalogue import OFFERED, OPEN
from clients.gateway.app import make_app
from shared.app_context import AppContext
from shared.contract.base import Message
from shared.contract.refusals import Reason
from shared.contract.renewal import commands
from shared.settings import Settings
from tests.clients.gateway import samples
from tests.clients.gateway.api import example_requests
from tests.clients.gateway.fake_services import ANSWERS, FakeServices

LENGTH_MAX = 6000
"""Of an example's text: an overview of a whole season tells nobody more than its schema."""
MANAGER = {
    "Authorization": "Bearer manager-session",
    problems.CORRELATION: "0b6f8c1e-4f0e-4f0a-9a53-6a5f3d7b2c10",
    "Accept-Language": "en",
}
REFUSED = {
    403: (Reason.NOT_ALLOWED, {}),
    404: (Reason.UNKNOWN_MEMBER, {}),
    409: (Reason.HELD_BY_COLLEAGUE, {"officer": "officer:sara", "held_until": "2026-11-29T10:30:00+00:00"}),
    429: (Reason.TOO_MANY_ATTEMPTS, {"until": "2026-11-29T08:45:00+00:00"}),
    503: (Reason.NO_ANSWER, {}),
}
DESK = "/api/renewal/list_desk"
WHOSE = {"province": "isfahan"}


class Portal:
    """The API with services that are made anew for each request."""

    def __init__(self, folder: Path) -> None:
        self.services = FakeServices()
        settings = Settings(var=folder, page_secret=SecretStr("a secret of the examples"))
        self.client: FlaskClient = make_app(AppContext(self.call, settings)).test_client()

    def call(self, message: Message[Any], passport: str | None = None, service: str | None = None) -> Any:
        return self.services(message, passport, service)

    def renew(self) -> FakeServices:
        self.services = services = FakeServices()
        services.renewal, services.capacity = samples.renewal("submitted"), samples.capacity()
        services.last_declaration, services.desk = samples.DECLARATION, (services.renewal,)
        services.bank_day = samples.bank_day(on=example_requests.FIELDS["on"])
        services.invoices, services.notices = (samples.invoice("settled"),), (samples.notice(),)
        return services


@cache
def played() -> dict[str, Any]:
    """By path the request and its answer, and under `problems` a body of each status."""
    with tempfile.TemporaryDirectory() as folder:
        portal = Portal(Path(folder))
        return {**dict(operations(portal)), "problems": dict(all_problems(portal))}


def operations(portal: Portal) -> Iterator[tuple[str, Any]]:
    for (service, method), kind in sorted(OFFERED.items(), key=lambda item: item[0]):
        if kind not in ANSWERS:
            continue
        portal.renew()
        body, path = example_requests.request(kind), f"/api/{service}/{method}"
        headers = {name: value for name, value in MANAGER.items() if kind not in OPEN or name != "Authorization"}
        answer = portal.client.post(path, json=body, headers=headers)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        if len(answer.text) <= LENGTH_MAX:
            yield path, {"request": body, "answer": parsed(answer.text)}


def all_problems(portal: Portal) -> Iterator[tuple[str, Any]]:
    for status, (reason, details) in REFUSED.items():
        portal.renew().refuse(commands.ApproveRenewal, reason, details)
        body = example_requests.request(commands.ApproveRenewal)
        yield problem(portal, status, path="/api/renewal/approve_renewal", json=body)
    portal.renew()
    yield problem(portal, 400, json={"province": "Isfahan"})
    yield problem(portal, 401, json=WHOSE, headers={"Authorization": ""})
    yield problem(portal, 406, json=WHOSE, headers={"Accept": "text/csv"})
    yield problem(portal, 413, data="x" * 2_000_000)
    yield problem(portal, 415, data="<desk/>", headers={"Content-Type": "application/xml"})
    portal.services.fail(RuntimeError("a fault of the examples"))
    logging.disable(logging.ERROR)  # of this fault
    try:
        yield problem(portal, 500, json=WHOSE)
    finally:
        logging.disable(logging.NOTSET)


def problem(portal: Portal, status: int, path: str = DESK, **request: Any) -> tuple[str, Any]:
    """A request that is answered with a status, and the problem that it brings."""
    headers = {**MANAGER, **request.pop("headers", {})}
    answer = portal.client.post(path, headers=headers, **request)
    assert (answer.status_code, answer.mimetype) == (status, problems.MEDIA_TYPE), answer.text
    return str(status), parsed(answer.text)


def parsed(text: str) -> Any:
    """A body with its sets in order."""
    return json.loads(text, object_hook=in_order)


def in_order(part: dict[str, Any]) -> dict[str, Any]:
    """Sets, whose order is another in each process."""
    return part | {name: sorted(part[name]) for name in ("provinces", "roles") if isinstance(part.get(name), list)}
