from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from clients.admin import main
from clients.admin.transport import client as server
from clients.admin.transport import saved_session
from clients.admin.transport.amqp import AmqpServer
from deploy.containers import secrets
from shared.contract.auth import answers, commands
from shared.contract.auth import queries as auth_queries
from shared.contract.operations import queries as operations_queries
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason, Refused
from shared.passports import PassportOffice
from tests.clients.admin.examples import CARD, MEMBER
from tests.clients.admin.fake_server import MARYAM
from tests.clients.admin.transport.responder import Request, Responder, error, responding, result

QUERY = auth_queries.GetMember(member=MEMBER)
ANSWER_SECONDS = 10


def sign(life: timedelta) -> Any:
    """Passports `passport-1`, `passport-2` … that live so long."""
    tokens = (f"passport-{number}" for number in range(1, 100))

    def handle(request: Request) -> dict[str, Any]:
        expires_at = datetime.now(UTC) + life
        signed = answers.SignedPassports(
            tokens=dict.fromkeys(request.payload["services"], next(tokens)),
            passport=MARYAM.passport,
            expires_at=expires_at,
        )
        return result(signed.model_dump(mode="json"))

    return handle


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the command line's own key."""
    folder = tmp_path_factory.mktemp("keys")
    secrets.make_keys(folder, ["admin", "auth", "capacity"])
    return folder


def bearers(keys: Path, requests: list[Request]) -> list[str]:
    """Whose passport came with each request: the token of auth, or the program that signed its own."""
    shown = []
    for request in requests:
        token, service = request.properties.headers["nameko.auth_token"], request.key.partition(".")[0]
        is_own = not token.startswith("passport")
        shown.append(PassportOffice(service, keys).verify(token, datetime.now(UTC)).actor if is_own else token)
    return shown


@pytest.fixture
def auth(rabbitmq_url: str, keys: Path) -> Iterator[Responder]:
    with responding(rabbitmq_url, keys) as responder:
        responder.handlers["auth.issue_passports"] = sign(timedelta(minutes=5))
        responder.handlers["auth.get_member"] = lambda _: result(CARD.model_dump(mode="json"))
        yield responder


@pytest.fixture
def client(keys: Path, auth: Responder) -> Iterator[AmqpServer]:
    opened = AmqpServer(auth.url, "the-token", ANSWER_SECONDS, keys)
    yield opened
    opened.close()


def test_an_ask_goes_in_namekos_form_with_a_passport(keys: Path, auth: Responder, client: AmqpServer) -> None:
    assert client.call(QUERY) == CARD
    first, second = auth.requests
    assert first.key == "auth.issue_passports"
    assert first.payload["session"] == "the-token"
    assert "command_id" not in first.payload
    assert first.payload["services"] == ["auth"]
    assert bearers(keys, [first]) == ["program:admin"]
    assert (second.key, second.payload) == ("auth.get_member", {"member": MEMBER})
    assert second.properties.content_type == "application/json"
    assert second.properties.content_encoding == "utf-8"
    assert second.properties.expiration == "10000"
    headers = second.properties.headers
    assert headers["nameko.auth_token"] == "passport-1"
    assert headers["nameko.correlation_id"] == second.properties.correlation_id
    assert headers["nameko.call_id_stack"] == [f"tamdid.get_member.{second.properties.correlation_id}"]


def test_a_command_is_correlated_by_its_id_and_expires_at_its_deadline(auth: Responder, client: AmqpServer) -> None:
    auth.handlers["auth.dismiss_officer"] = lambda _: result({"position": 9})
    deadline = datetime.now(UTC) + timedelta(seconds=60)
    command = commands.DismissOfficer(id=UUID(int=5), deadline=deadline, officer="sara")
    assert client.call(command).position == 9
    issued, request = auth.requests
    assert issued.payload["command_id"] == str(command.id), "the passport is for this command alone"
    assert request.payload["id"] == request.properties.correlation_id == str(UUID(int=5))
    assert 50_000 < int(request.properties.expiration) <= 60_000


def test_a_passport_serves_until_shortly_before_it_ends(keys: Path, auth: Responder, client: AmqpServer) -> None:
    client.call(QUERY)
    client.call(QUERY)
    auth.handlers["auth.issue_passports"] = sign(timedelta(seconds=20))
    short_lived = AmqpServer(auth.url, "the-token", ANSWER_SECONDS, keys)
    short_lived.call(QUERY)
    short_lived.call(QUERY)
    short_lived.close()
    own = "program:admin"
    assert bearers(keys, auth.requests) == [own, "passport-1", "passport-1", own, "passport-1", own, "passport-2"]


def test_without_a_session_the_program_calls_for_itself(keys: Path, auth: Responder) -> None:
    auth.handlers["auth.get_sign_in_rule"] = lambda _: result({"captcha_needed": True})
    nobody = AmqpServer(auth.url, None, ANSWER_SECONDS, keys)
    assert nobody.call(auth_queries.GetSignInRule(principal_kind="officer", name="maryam")).captcha_needed
    nobody.close()
    assert bearers(keys, auth.requests) == ["program:admin"]


def test_without_its_key_the_program_says_which_file_is_missing(auth: Responder, tmp_path: Path) -> None:
    keyless = AmqpServer(auth.url, "the-token", ANSWER_SECONDS, tmp_path)
    with pytest.raises(Refused) as caught:
        keyless.call(QUERY)
    assert caught.value.details["keys"].startswith(str(tmp_path / "admin.pem"))


def test_a_log_is_read_from_the_service_that_is_named(auth: Responder, client: AmqpServer) -> None:
    auth.handlers["auth.read_events"] = lambda _: result({"events": [], "head": 3})
    assert client.call(operations_queries.ReadEvents(after=0), service="auth").head == 3


def test_a_refusal_crosses_as_itself(auth: Responder, client: AmqpServer) -> None:
    auth.handlers["auth.get_member"] = lambda _: error("Refused", "bad_input", {"member": "missing"})
    with pytest.raises(Refused) as caught:
        client.call(QUERY)
    assert (caught.value.reason, caught.value.details) == (Reason.BAD_INPUT, {"member": "missing"})


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (error("KeyError", "boom"), "KeyError in get_member"),
        (error("MethodNotFound", "get_member"), "MethodNotFound in get_member"),
        (error("Refused", "out_of_ink", {}), "out_of_ink"),
        (error("Refused"), "None"),
        (result({"member": MEMBER}), "not understood"),
        (result(None), "not understood"),
    ],
    ids=["bug", "other-version", "unknown-refusal", "empty-refusal", "half-an-answer", "nothing"],
)
def test_anything_else_is_an_internal_error_with_a_number(
    auth: Responder, client: AmqpServer, reply: dict[str, Any], text: str
) -> None:
    auth.handlers["auth.get_member"] = lambda _: reply
    with pytest.raises(server.InternalError, match=text) as caught:
        client.call(QUERY)
    assert caught.value.correlation_id == auth.requests[-1].properties.correlation_id


def test_an_answer_of_auth_that_anybody_could_have_written_is_not_taken(auth: Responder, client: AmqpServer) -> None:
    def in_clear(request: Request) -> dict[str, Any]:
        request.encrypt_answer = None
        return result(CARD.model_dump(mode="json"))

    auth.handlers["auth.get_member"] = in_clear
    with pytest.raises(server.InternalError, match="does not come from its service"):
        client.call(QUERY)


def test_a_service_that_is_not_running_is_reported_at_once(client: AmqpServer) -> None:
    with pytest.raises(Refused) as caught:
        client.call(payment_queries.GetInvoices(member=MEMBER))
    assert caught.value.reason is Reason.NO_ANSWER
    assert caught.value.details == {"service": "payment is not running"}
    assert client.call(QUERY) == CARD


def test_a_late_reply_is_not_taken_for_the_next_ones(
    keys: Path, auth: Responder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "GRACE_SECONDS", 0)
    held: list[Request] = []
    auth.handlers["auth.get_member"] = held.append
    hasty = AmqpServer(auth.url, None, 0.3, keys)
    with pytest.raises(Refused) as caught:
        hasty.call(QUERY)
    assert caught.value.details == {"service": "auth is silent"}

    def late_first(_: Request) -> dict[str, Any]:
        auth.reply(held[0], result(CARD.model_copy(update={"member": "999"}).model_dump(mode="json")))
        return result(CARD.model_dump(mode="json"))

    auth.handlers["auth.get_member"] = late_first
    monkeypatch.setattr(server, "GRACE_SECONDS", ANSWER_SECONDS)
    assert hasty.call(QUERY).member == MEMBER
    hasty.close()


def test_a_lost_connection_is_opened_again(client: AmqpServer) -> None:
    client.call(QUERY)
    assert client._connection is not None
    client._connection._connection.close()
    assert client.call(QUERY) == CARD


def test_nothing_is_left_at_the_broker(keys: Path, auth: Responder, rabbitmq_server: Any) -> None:
    opened = AmqpServer(auth.url, None, ANSWER_SECONDS, keys)
    opened.call(QUERY)
    opened.close()
    vhost = auth.url.rpartition("/")[2]
    names = [queue["name"] for queue in rabbitmq_server.manage("GET", f"queues/{vhost}").json()]
    assert names == ["rpc-auth"]


def test_a_broker_where_no_service_ever_ran_gives_no_answer(keys: Path, rabbitmq_url: str) -> None:
    early = AmqpServer(rabbitmq_url, None, ANSWER_SECONDS, keys)
    with pytest.raises(Refused) as caught:
        early.call(QUERY)
    early.close()
    assert caught.value.reason is Reason.NO_ANSWER
    assert "nameko-rpc" in caught.value.details["broker"]


def test_a_broker_that_does_not_know_us_gives_no_answer(keys: Path, rabbitmq_url: str) -> None:
    scheme, _, place = rabbitmq_url.partition("://")
    stranger = AmqpServer(f"{scheme}://nobody:wrong@{place.rpartition('@')[2]}", None, ANSWER_SECONDS, keys)
    with pytest.raises(Refused) as caught:
        stranger.call(QUERY)
    assert caught.value.reason is Reason.NO_ANSWER


def test_where_there_is_no_broker_there_is_no_answer(keys: Path) -> None:
    nowhere = AmqpServer("amqp://127.0.0.1:9", None, ANSWER_SECONDS, keys)
    with pytest.raises(Refused) as caught:
        nowhere.call(QUERY)
    assert caught.value.reason is Reason.NO_ANSWER


def test_the_whole_command_line_at_a_broker(keys: Path, auth: Responder) -> None:
    auth.handlers["auth.get_sign_in_rule"] = lambda _: result({"captcha_needed": False})
    auth.handlers["auth.sign_in"] = lambda _: result(MARYAM.model_dump(mode="json"))
    at_broker = {"TAMDID_SERVER": auth.url, "TAMDID_KEYS": str(keys), "TAMDID_PASSWORD": "s3cret-enough"}
    run = CliRunner()
    signed_in = run.invoke(main.app, ["sign-in", "--as", "maryam"], env=at_broker)
    assert signed_in.exit_code == 0, signed_in.output
    shown = run.invoke(main.app, ["members", "show", MEMBER, "--json"], env=at_broker)
    assert shown.exit_code == 0, shown.output
    assert answers.MemberCard.model_validate_json(shown.stdout) == CARD
    missing = run.invoke(main.app, ["desk", "list"], env=at_broker)
    assert missing.exit_code == 3
    assert "renewal is not running" in missing.stderr


def test_a_service_that_stays_silent_ends_with_its_own_exit_code(
    keys: Path, auth: Responder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "GRACE_SECONDS", 0)
    monkeypatch.setenv("TAMDID_KEYS", str(keys))
    auth.handlers["auth.get_member"] = lambda _: None
    saved_session.save(auth.url, MARYAM)
    result = CliRunner().invoke(main.app, ["--server", auth.url, "--timeout", "۱", "members", "show", MEMBER])
    assert result.exit_code == 3
    assert "auth is silent" in result.stderr
