"""What comes back over HTTP is bounded and read defensively, and no key or number is in a log."""

import logging
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from services.notification.providers.http_client import BODY_BYTES_MAX, HttpClient, read
from services.notification.providers.port import Answer, Message, Outcome
from tests.support.scripted_http import Scripted
from tests.support.sms_adapters import ADAPTERS

KEY = "4E6A-secret/key="


def unknown(cause: str) -> Answer:
    return Answer(Outcome.UNKNOWN, cause=cause)


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def read_request(connection: socket.socket) -> None:
    """Head and body of one request: a connection that is closed before they are read is reset."""
    request = b""
    while not (length := re.search(rb"(?i)content-length: (\d+).*?\r\n\r\n", request, re.DOTALL)) or len(
        request
    ) < length.end() + int(length[1]):
        request += connection.recv(65_536)


@contextmanager
def silent(raw: bytes) -> Iterator[str]:
    """A server that reads a request, says some bytes and then nothing more."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                read_request(connection)
                connection.sendall(raw)
                if not raw.endswith(b"gone"):
                    done.wait(10)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        done.set()
        thread.join()


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (200, b"", unknown("no_object")),
        (200, b"<html>maintenance</html>", unknown("no_object")),
        (200, b"[" * 100_000, unknown("no_object")),
        (200, b"[]", unknown("no_object")),
        (200, b"\xff\xfe", unknown("no_object")),
        (200, b"null", unknown("no_object")),
        (200, b"{" + b" " * BODY_BYTES_MAX + b"}", unknown("too_long")),
        (302, b"", unknown("no_object")),
        (401, b"<html>", Answer(Outcome.REFUSED, cause="account")),
        (403, b"", Answer(Outcome.REFUSED, cause="account")),
        (429, b"slow down", Answer(Outcome.REFUSED, cause="busy")),
        (500, b'{"status": 1}', unknown("status 500")),
        (502, b"<html>", unknown("status 502")),
        (503, b"<html>", Answer(Outcome.REFUSED, cause="busy")),
        (503, b'{"status": 1}', Answer(Outcome.REFUSED, cause="busy")),
        (504, b"<html>", unknown("status 504")),
    ],
)
def test_what_is_no_answer_in_the_providers_form(status: int, body: bytes, answer: Answer) -> None:
    assert read(status, body, dict) == answer


@pytest.mark.parametrize("status", [200, 400, 401, 429])
def test_an_object_is_read_whatever_the_status_says_below_500(status: int) -> None:
    assert read(status, b'{"status": 1}', dict) == {"status": 1}


FOREIGN: list[dict[str, object]] = [{}, {"message": "Too Many Requests"}, {"title": "Too many", "status": 429}]


@pytest.mark.parametrize("body", FOREIGN, ids=["nothing", "a message", "a problem"])
@pytest.mark.parametrize("provider", sorted({*ADAPTERS}))
def test_where_an_object_has_no_code_of_the_provider_the_status_decides(
    provider: str, body: dict[str, object], message: Message, script: Scripted
) -> None:
    """Whoever stands before it has handed it nothing."""
    script.answer(body, 429)
    assert ADAPTERS[provider](script.url, KEY, None).send(message) == Answer(Outcome.REFUSED, cause="busy")


def test_a_body_that_does_not_end_is_read_to_the_limit_alone(script: Scripted) -> None:
    script.answer(b" " * (3 * BODY_BYTES_MAX))
    assert HttpClient("any", script.url, dict).get("/x") == unknown("too_long")


def test_a_redirect_is_not_followed(script: Scripted) -> None:
    script.answer(b"", 302, Location="/elsewhere")
    assert HttpClient("any", script.url, dict).get("/x") == unknown("no_object")
    assert len(script.received) == 1


def test_a_compressed_answer_is_not_asked_for_nor_unpacked(script: Scripted) -> None:
    script.answer(b"\x1f\x8b\x08\x00", Content_Encoding="gzip")
    assert HttpClient("any", script.url, dict).get("/x") == unknown("no_object")
    assert script.received[0].headers["accept-encoding"] == "identity"


def test_a_proxy_of_the_environment_does_not_see_the_key(script: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert HttpClient("any", script.url, dict).get("/x") == {}


@pytest.mark.parametrize("base_url", ["", "127.0.0.1", "ftp://127.0.0.1", "http://[", "http://\x00"])
def test_an_address_that_is_none_refuses(base_url: str) -> None:
    assert HttpClient("any", base_url, dict).get("/x") == Answer(Outcome.REFUSED, cause="unreachable")


@pytest.mark.parametrize("provider", sorted(ADAPTERS))
def test_what_never_left_may_be_sent_by_another(provider: str, message: Message) -> None:
    assert ADAPTERS[provider](closed_port(), KEY, None).send(message) == Answer(Outcome.REFUSED, cause="unreachable")
    assert ADAPTERS[provider](closed_port(), KEY, None).deliveries(["1"]) == {}


@pytest.mark.parametrize("provider", sorted(ADAPTERS))
def test_a_message_whose_answer_does_not_come_may_have_been_sent(provider: str, message: Message) -> None:
    with silent(b"") as url:
        assert ADAPTERS[provider](url, KEY, httpx.Timeout(0.2)).send(message) == unknown("ReadTimeout")
    with silent(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ngone") as url:
        assert ADAPTERS[provider](url, KEY, None).send(message) == unknown("RemoteProtocolError")


def test_a_provider_that_ends_the_connection_after_its_answer_is_reached_again() -> None:
    """A message on the old connection would get no answer, and count as perhaps sent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(2):
                connection, _ = listener.accept()
                with connection:
                    read_request(connection)
                    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{"id":1}')
                    connection.recv(65_536)  # a next request, which goes unanswered, or the end of the connection

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        client = HttpClient("any", f"http://127.0.0.1:{listener.getsockname()[1]}", dict)
        assert [client.post("/x", json={}) for _ in range(2)] == [{"id": 1}] * 2
        serving.join()


@pytest.mark.parametrize("provider", sorted(ADAPTERS))
def test_neither_key_nor_number_is_printed_or_logged(
    provider: str, message: Message, script: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    script.answer({"number": message.address}, 503)
    adapter = ADAPTERS[provider](script.url, KEY, None)
    adapter.send(message)
    adapter.deliveries(["1"])
    ADAPTERS[provider](closed_port(), KEY, None).send(message)
    assert len(caplog.records) >= 3
    said = caplog.text + repr(adapter) + repr(vars(adapter)["_http"])
    assert not any(one in said for one in (KEY, "secret", message.address, message.address[1:]))
