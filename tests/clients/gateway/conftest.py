"""The gateway's pages against services that answer from what a test sets."""

from collections.abc import Callable
from pathlib import Path

import flask
import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from clients.gateway.app import make_app
from clients.gateway.web.session import COOKIE
from shared.app_context import AppContext
from shared.settings import Settings
from tests.clients.gateway.fake_services import FakeServices

SignedIn = Callable[[str], FlaskClient]


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


@pytest.fixture
def app(services: FakeServices, tmp_path: Path) -> flask.Flask:
    settings = Settings(var=tmp_path, page_secret=SecretStr("a secret of this test"))
    return make_app(AppContext(services, settings))


@pytest.fixture
def signed_in(app: flask.Flask) -> SignedIn:
    """A browser with somebody's session, such as `member-session`; an empty one has none."""
    return browsers(app)


def browsers(app: flask.Flask) -> SignedIn:
    """Browsers of an application."""

    def open_browser(session: str) -> FlaskClient:
        client = app.test_client()
        if session:
            client.set_cookie(COOKIE, session)
        return client

    return open_browser


@pytest.fixture
def member(signed_in: SignedIn) -> FlaskClient:
    return signed_in("member-session")


@pytest.fixture
def manager(signed_in: SignedIn) -> FlaskClient:
    return signed_in("manager-session")


@pytest.fixture
def visitor(signed_in: SignedIn) -> FlaskClient:
    """Nobody who is signed in."""
    return signed_in("")
