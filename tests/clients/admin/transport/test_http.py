import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import flask
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner
from werkzeug.serving import make_server

from clients.admin import main
from clients.admin.transport import client as server
from clients.admin.transport import saved_session
from clients.admin.transport.http import HttpServer
from shared.contract.auth import commands
from shared.contract.auth import queries as auth_queries
from shared.contract.operations import queries as operations_queries
from shared.contract.refusals import Reason, Refused
from tests.clients.admin.examples import APPROVED, CARD, MEMBER
from tests.clients.admin.fake_server import MARYAM

QUERY = auth_queries.GetMember(member=MEMBER)
ANSWER_SECONDS = 10


@dataclass
class Gateway:
    """A small web server that speaks the gateway's API: replies by path, and remembers the requests."""

    url: str = ""
    replies: dict[str, Callable[[], Any]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)

    def answer(self, path: str) -> Any:
        self.requests.append((path, dict(flask.request.headers), flask.request.get_json()))
        return self.replies[path]()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway()
    app = flask.Flask("gateway")
    app.add_url_rule("/api/<path:path>", view_func=made.answer, methods=["POST"])
    running = make_server("127.0.0.1", 0, app, threaded=True)
    made.url = f"http://127.0.0.1:{running.server_port}"
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture
def client(gateway: Gateway) -> Iterator[HttpServer]:
    opened = HttpServer(gateway.url, "the-token", ANSWER_SECONDS)
    yield opened
    opened.close()


def refused(reason: Reason, status: int, **details: str) -> Callable[[], Any]:
    return lambda: ({"refused": reason.value, "details": details}, status)


def test_an_ask_goes_as_json_with_the_session_as_principal_kind(gateway: Gateway, client: HttpServer) -> None:
    gateway.replies["auth/get_member"] = lambda: CARD.model_dump(mode="json")
    assert client.call(QUERY) == CARD
    ((path, headers, body),) = gateway.requests
    assert (path, body) == ("auth/get_member", {"member": MEMBER})
    assert headers["Authorization"] == "Bearer the-token"
    assert headers["Content-Type"] == "application/json"


def test_a_command_carries_its_secret_and_its_id(gateway: Gateway, client: HttpServer) -> None:
    gateway.replies["auth/sign_in"] = lambda: MARYAM.model_dump(mode="json")
    command = commands.SignIn(
        id=UUID(int=5),
        deadline=datetime.now(UTC) + timedelta(seconds=ANSWER_SECONDS),
        principal_kind="officer",
        name="maryam",
        password=SecretStr("s3cret-enough"),
    )
    assert client.call(command) == MARYAM
    ((_, headers, body),) = gateway.requests
    assert body["password"] == "s3cret-enough"
    assert headers["X-Correlation-Id"] == body["id"] == str(UUID(int=5))


def test_a_log_is_read_from_the_service_that_is_named(gateway: Gateway, client: HttpServer) -> None:
    gateway.replies["bank/read_events"] = lambda: {"events": [], "head": 0}
    assert client.call(operations_queries.ReadEvents(after=0), service="bank").head == 0


def test_a_field_with_its_default_stays_away_from_a_server_that_may_not_know_it(
    gateway: Gateway, client: HttpServer
) -> None:
    gateway.replies["bank/read_events"] = lambda: {"events": [], "head": 0}
    client.call(operations_queries.ReadEvents(after=3, limit=7, verifying=False), service="bank")
    assert gateway.requests[0][2] == {"after": 3, "limit": 7}


def test_without_a_session_none_is_shown(gateway: Gateway) -> None:
    gateway.replies["auth/get_member"] = lambda: CARD.model_dump(mode="json")
    nobody = HttpServer(gateway.url, None, ANSWER_SECONDS)
    nobody.call(QUERY)
    nobody.close()
    assert "Authorization" not in gateway.requests[0][1]


def test_a_path_before_the_api_is_kept(gateway: Gateway) -> None:
    gateway.replies["portal/api/auth/get_member"] = lambda: CARD.model_dump(mode="json")
    below = HttpServer(f"{gateway.url}/api/portal", None, ANSWER_SECONDS)
    assert below.call(QUERY) == CARD
    below.close()


def test_a_refusal_crosses_as_itself(gateway: Gateway, client: HttpServer) -> None:
    gateway.replies["auth/get_member"] = refused(Reason.BAD_INPUT, 422, member="string_too_short")
    with pytest.raises(Refused) as caught:
        client.call(QUERY)
    assert caught.value.reason is Reason.BAD_INPUT
    assert caught.value.details == {"member": "string_too_short"}


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (lambda: ("<h1>Oops</h1>", 500), "HTTP 500"),
        (lambda: ("<h1>Another server</h1>", 404), "HTTP 404"),
        (lambda: ({"refused": "out_of_ink", "details": {}}, 400), "out_of_ink"),
        (lambda: {"member": MEMBER}, "not understood"),
        (lambda: "<h1>Welcome</h1>", "not understood"),
    ],
    ids=["page-500", "page-404", "unknown-refusal", "half-an-answer", "page-200"],
)
def test_anything_else_is_an_internal_error_with_a_number(
    gateway: Gateway, client: HttpServer, reply: Callable[[], Any], expected: str
) -> None:
    gateway.replies["auth/get_member"] = reply
    with pytest.raises(server.InternalError, match=expected) as caught:
        client.call(QUERY)
    assert caught.value.correlation_id == gateway.requests[0][1]["X-Correlation-Id"]


def test_the_servers_own_number_of_a_failure_comes_first(gateway: Gateway, client: HttpServer) -> None:
    gateway.replies["auth/get_member"] = lambda: ({"correlation_id": "seen-in-the-log"}, 500)
    with pytest.raises(server.InternalError) as caught:
        client.call(QUERY)
    assert caught.value.correlation_id == "seen-in-the-log"


def test_a_proxy_with_nothing_behind_it_is_no_answer(gateway: Gateway, client: HttpServer) -> None:
    gateway.replies["auth/get_member"] = lambda: ("<h1>Bad gateway</h1>", 502)
    with pytest.raises(Refused) as caught:
        client.call(QUERY)
    assert caught.value.reason is Reason.NO_ANSWER


def test_an_answer_that_does_not_come_is_not_waited_for(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "GRACE_SECONDS", 0)
    is_over = threading.Event()
    gateway.replies["auth/get_member"] = lambda: str(is_over.wait(ANSWER_SECONDS))
    hasty = HttpServer(gateway.url, None, 0.2)
    with pytest.raises(Refused) as caught:
        hasty.call(QUERY)
    is_over.set()
    hasty.close()
    assert caught.value.reason is Reason.NO_ANSWER


def test_a_proxy_for_the_world_outside_does_not_see_what_stays_here(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    gateway.replies["auth/get_member"] = lambda: CARD.model_dump(mode="json")
    direct = HttpServer(gateway.url, None, ANSWER_SECONDS)
    assert direct.call(QUERY) == CARD
    direct.close()


def test_the_whole_command_line_over_http(gateway: Gateway) -> None:
    gateway.replies["auth/get_sign_in_rule"] = lambda: {"captcha_needed": False}
    gateway.replies["auth/sign_in"] = lambda: MARYAM.model_dump(mode="json")
    gateway.replies["renewal/get_renewal"] = lambda: {
        "current_year": 1405,
        "renewal": APPROVED.model_dump(mode="json"),
    }
    gateway.replies["auth/get_officer_names"] = lambda: {"names": {"maryam": "مریم تهرانی"}}
    gateway.replies["auth/get_member_names"] = lambda: {"names": {}}
    gateway.replies["renewal/preview_decisions"] = lambda: {
        "previews": [{"member": MEMBER, "year": 1405, "status": "submitted", "declaration_version": 1}]
    }
    gateway.replies["renewal/approve_renewal"] = refused(Reason.ALREADY_DECIDED, 409)
    at_gateway = {"TAMDID_SERVER": gateway.url, "TAMDID_PASSWORD": "s3cret-enough"}
    run = CliRunner()
    assert run.invoke(main.app, ["sign-in", "--as", "maryam"], env=at_gateway).exit_code == 0
    result = run.invoke(main.app, ["desk", "approve", MEMBER, "--year", "1405"], env=at_gateway)
    assert result.exit_code == 1
    assert "This request is already decided. — decided: returned, مریم تهرانی" in result.stdout


def test_where_nobody_listens_the_exit_code_says_no_answer() -> None:
    nowhere = "http://127.0.0.1:9"
    saved_session.save(nowhere, MARYAM)
    result = CliRunner().invoke(main.app, ["--server", nowhere, "members", "show", MEMBER])
    assert result.exit_code == 3
    assert "The service did not answer in time." in result.stderr


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1:8000", "http://", "http://host:port"])
def test_a_server_that_cannot_be_is_wrong_usage(url: str) -> None:
    assert CliRunner().invoke(main.app, ["--server", url, "desk", "list"]).exit_code == 2
