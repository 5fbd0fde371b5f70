"""One request of a webhook against receivers that fail in every way: slow, broken, redirecting, with a wrong certificate, closed, inside."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.containers.certificates import issue, make_authority
from services.notification.webhooks.posting import Result
from tests.services.notification.webhooks.receiving import loopback, poster
from tests.support import scripted_http

HEADERS = {"webhook-id": "7"}
MADE_AT = datetime.now(UTC)


def request_of(connection: socket.socket) -> bytes:
    """All of a request, so that closing the connection takes back no answer."""
    request = b""
    while not request.endswith(b"{}") and (more := connection.recv(65_536)):
        request += more
    return request


@contextmanager
def saying(*pieces: bytes, drips: bool = False) -> Iterator[tuple[int, list[bytes]]]:
    """A raw server that answers a connection with these bytes; in drips it goes on with one byte after another, until who has called is gone."""
    listener = socket.create_server(("127.0.0.1", 0))
    got: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    got.append(request_of(connection))
                    for piece in pieces:
                        connection.sendall(piece)
                    while drips:
                        connection.sendall(b"x")
                        gone.wait(0.05)
                except OSError:
                    pass

    gone = threading.Event()
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], got
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@pytest.fixture
def receiver() -> Iterator[scripted_http.Scripted]:
    with scripted_http.serving() as script:
        yield script


@pytest.mark.parametrize(("status", "cause"), [(200, ""), (204, ""), (400, "status"), (410, "status"), (500, "status")])
def test_only_a_status_of_success_is_taken(receiver: scripted_http.Scripted, status: int, cause: str) -> None:
    receiver.status, receiver.body = status, b""
    assert poster()(receiver.url, HEADERS, "{}") == Result(status, cause)
    [got] = receiver.received
    assert (got.method, got.headers["webhook-id"], got.body) == ("POST", "7", b"{}")


def test_a_redirect_is_not_followed(receiver: scripted_http.Scripted) -> None:
    receiver.answer({}, 302, Location=f"{receiver.url}/elsewhere")
    assert poster()(f"{receiver.url}/hook", HEADERS, "{}") == Result(302, "redirect")
    assert [one.path for one in receiver.received] == ["/hook"]


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX-Drips: ", b"HTTP/1.1 200"], ids=["headers", "status line"])
def test_an_answer_in_drips_is_none(head: bytes) -> None:
    with saying(head, drips=True) as (port, _):
        assert poster()(f"http://127.0.0.1:{port}/", HEADERS, "{}").cause == "timeout"


def test_no_more_than_the_status_of_a_long_answer_is_read() -> None:
    with saying(b"HTTP/1.1 200 OK\r\nContent-Length: 900000000000\r\n\r\n", drips=True) as (port, _):
        assert poster()(f"http://127.0.0.1:{port}/", HEADERS, "{}") == Result(200)


def test_headers_without_end_are_refused() -> None:
    with saying(b"HTTP/1.1 200 OK\r\n", b"X: " + b"x" * 1_000_000) as (port, _):
        assert poster()(f"http://127.0.0.1:{port}/", HEADERS, "{}").cause == "broken"


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH_9.9\r\n"], ids=["nothing", "another protocol"])
def test_what_is_no_http_does_not_count(said: bytes) -> None:
    with saying(said) as (port, _):
        assert poster()(f"http://127.0.0.1:{port}/", HEADERS, "{}").cause == "broken"


def test_where_nobody_listens_it_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert poster()(f"http://127.0.0.1:{port}/", HEADERS, "{}") == Result(cause="unreachable")


def test_a_name_without_an_address_is_unreachable() -> None:
    def nowhere(*_: object, **__: object) -> list[object]:
        raise socket.gaierror

    assert poster(nowhere, is_development=False)("https://nowhere.example/", HEADERS, "{}") == Result(
        cause="unreachable"
    )


@pytest.mark.parametrize("address", ["10.0.0.7", "127.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"])
def test_a_name_that_leads_into_the_network_gets_no_connection(receiver: scripted_http.Scripted, address: str) -> None:
    port = receiver.url.rpartition(":")[2]
    send = poster(loopback("93.184.215.14", address), is_development=False)
    assert send(f"https://receiver.example:{port}/", HEADERS, "{}") == Result(cause="address")
    assert receiver.received == []


def test_a_url_that_was_stored_in_development_is_refused_in_production(receiver: scripted_http.Scripted) -> None:
    assert poster(is_development=False)(receiver.url, HEADERS, "{}") == Result(cause="address")
    assert receiver.received == []


def tls_server(folder: Path, host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's side with a certificate for a host, and the client's that knows its authority."""
    authority = make_authority(MADE_AT)
    pair = issue(authority, [host], MADE_AT)
    (folder / "key").write_bytes(pair.key)
    (folder / "crt").write_bytes(pair.certificate)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "crt", folder / "key")
    return server, ssl.create_default_context(cadata=authority.certificate.decode())


@contextmanager
def serving_tls(server: ssl.SSLContext, address: str = "127.0.0.1", port: int = 0) -> Iterator[tuple[int, list[bytes]]]:
    """A server with TLS that answers 200 to everything."""
    listener = socket.create_server((address, port))
    got: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                with server.wrap_socket(connection, server_side=True) as encrypted:
                    got.append(request_of(encrypted))
                    encrypted.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            except OSError:
                pass

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], got
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_a_certificate_of_the_name_by_a_known_authority_is_accepted(tmp_path: Path) -> None:
    server, known = tls_server(tmp_path, "receiver.example")
    with serving_tls(server) as (port, got):
        send = poster(loopback("127.0.0.1"), known)
        assert send(f"https://receiver.example:{port}/", HEADERS, "{}") == Result(200)
    assert got
    assert b"Host: receiver.example" in got[0]


@pytest.mark.parametrize("wrong", ["another name", "unknown authority"])
def test_any_other_certificate_is_refused(tmp_path: Path, wrong: str) -> None:
    server, known = tls_server(tmp_path, "other.example" if wrong == "another name" else "receiver.example")
    with serving_tls(server) as (port, got):
        send = poster(loopback("127.0.0.1"), known if wrong == "another name" else None)
        assert send(f"https://receiver.example:{port}/", HEADERS, "{}") == Result(cause="tls")
    assert got == []


def test_the_connection_is_made_to_the_checked_address_though_the_name_leads_elsewhere_a_moment_later(
    tmp_path: Path,
) -> None:
    """DNS rebinding: the second answer would be another host."""
    server, known = tls_server(tmp_path, "rebinder.example")
    answers = [["127.0.0.2"], ["127.0.0.3"], ["127.0.0.3"]]

    def rebinding(host: str, port: int, **more: object) -> list[object]:
        return loopback(*answers.pop(0))(host, port, **more)

    with serving_tls(server, "127.0.0.2") as (port, checked), serving_tls(server, "127.0.0.3", port) as (_, other):
        assert poster(rebinding, known)(f"https://rebinder.example:{port}/", HEADERS, "{}") == Result(200)
    assert (len(checked), len(other), len(answers)) == (1, 0, 2)
