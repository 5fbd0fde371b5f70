"""The gateway's pages against services that answer from what a test sets."""

from collections.abc import Callable
from pathlib import Path
from types import MethodType
from typing import Any, cast

import flask
import pytest
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from pydantic import SecretStr
from werkzeug.routing import Rule

from clients.gateway.app import make_app
from clients.gateway.web import rpc
from clients.gateway.web.session import COOKIE
from shared.app_context import AppContext
from shared.settings import Settings
from tests.clients.gateway import samples
from tests.clients.gateway.fake_services import FakeServices

SignedIn = Callable[[str], FlaskClient]


class CompiledTemplates(BytecodeCache):
    """Compiles each template once for all applications of the tests."""

    def __init__(self) -> None:
        self.compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (known := self.compiled.get(bucket.key + bucket.checksum)) is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


flask.Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}


def compile_addresses_once() -> None:
    """Compile each address once for all applications of the tests: that takes most of the time in which one is made."""
    compile_rule, known = Rule.compile, dict[Any, tuple[Any, ...]]()

    def compile_once(rule: Rule) -> None:
        if rule.defaults:  # whose values are part of what is compiled
            compile_rule(rule)
            return
        key = rule.rule, rule.subdomain, rule.host, rule.merge_slashes, rule.map.host_matching
        if key not in known:
            compile_rule(rule)
            builders = tuple(cast(MethodType, one).__func__ for one in (rule._build, rule._build_unknown))
            known[key] = rule._parts, rule._trace, rule._converters, rule.arguments, builders
        rule._parts, rule._trace, rule._converters, arguments, builders = known[key]
        rule.arguments = set(arguments)
        rule._build, rule._build_unknown = (MethodType(builder, rule) for builder in builders)

    setattr(Rule, "compile", compile_once)  # noqa: B010 - mypy lets no method be replaced otherwise


compile_addresses_once()


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands at the time of the sample answers, so that no test depends on the day on which it runs."""
    monkeypatch.setattr(rpc, "now", lambda: samples.NOW)


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
