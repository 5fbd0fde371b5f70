"""The `Host` header of both web programs: their own hosts and the loopback are answered, any other is refused."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from clients.bank import app as bank
from clients.gateway import app as gateway
from shared.app_context import AppContext
from shared.settings import Settings
from tests.clients.gateway.fake_services import FakeServices
from tests.support import sandbox_bank

PORTAL, NOTICES, API = "https://portal.example.ir", "https://notices.example.ir:8443", "http://bank:8001"
FOREIGN = [
    "evil.example",
    "portal.example.ir.evil.example",
    "evil.example:8000",
    "portal.example.ir@evil.example",
    "[",
    "a b",
]


def portal(tmp_path: Path, proxies: int = 0) -> FlaskClient:
    settings = Settings(var=tmp_path, page_secret=SecretStr("a secret"), public_url=PORTAL, trusted_proxies=proxies)
    client: FlaskClient = gateway.make_app(AppContext(FakeServices(), settings)).test_client()
    return client


def status(client: FlaskClient, path: str, **headers: str) -> int:
    with client.get(path, headers=list(headers.items())) as answer:
        return answer.status_code


@pytest.mark.parametrize("host", ["portal.example.ir", "Portal.example.ir:443", "127.0.0.1:8000", "localhost"])
def test_the_portal_answers_for_its_own_host(tmp_path: Path, host: str) -> None:
    assert status(portal(tmp_path), "/sign-in", Host=host) == 200


@pytest.mark.parametrize("host", FOREIGN)
def test_the_portal_refuses_a_foreign_host(tmp_path: Path, host: str) -> None:
    client = portal(tmp_path)
    for path in ("/", "/sign-in", "/api", "/nowhere", "/static/base.css"):
        assert status(client, path, Host=host) == 400, path


def test_the_host_that_a_trusted_proxy_names_counts(tmp_path: Path) -> None:
    client = portal(tmp_path, proxies=1)
    assert status(client, "/", Host="gateway:8000", **{"X-Forwarded-Host": "portal.example.ir"}) == 200
    assert status(client, "/", Host="portal.example.ir", **{"X-Forwarded-Host": "evil.example"}) == 400


def test_what_is_no_trusted_proxy_names_no_host(tmp_path: Path) -> None:
    assert status(portal(tmp_path), "/", Host="evil.example", **{"X-Forwarded-Host": "portal.example.ir"}) == 400


@pytest.mark.parametrize(
    ("is_development", "host", "expected"),
    [
        (False, "notices.example.ir:8443", 405),
        (False, "bank:8001", 400),
        (True, "bank:8001", 405),
        (True, "evil.example", 400),
    ],
)
def test_the_bank_program_answers_for_its_own_hosts(
    tmp_path: Path, is_development: bool, host: str, expected: int
) -> None:
    records = sandbox_bank.records_at(f"sqlite:///{tmp_path}/bank.db")
    settings = Settings(var=tmp_path, bank_public_url=NOTICES, bank_url=API, development=is_development)
    context = AppContext(FakeServices(), settings, records)
    assert status(bank.make_app(context).test_client(), "/webhooks/bank", Host=host) == expected
    records.database.close()
