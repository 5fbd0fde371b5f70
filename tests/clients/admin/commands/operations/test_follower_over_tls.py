"""The service of docs/integrating.md over TLS: it verifies the broker's name by the broker's own authority."""

import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE
from urllib.parse import urlsplit

import pytest

from deploy.containers.certificates import issue, make_authority
from tests.clients.admin.commands.operations.test_broker_followers import (
    ANSWER_SECONDS_MAX,
    PAGE,
    broker,
    management,
    publish,
    run,
    url,
)
from tests.support.examples import examples

__all__ = ["broker", "management", "run", "url"]
NAME = "localhost"


def copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def cross(plain: socket.socket, tls: ssl.SSLContext, address: tuple[str, int]) -> None:
    """Forward a connection over TLS to a plain one."""
    with (
        plain,
        suppress(OSError),
        tls.wrap_socket(plain, server_side=True) as outer,
        socket.create_connection(address) as inner,
        ThreadPoolExecutor(2) as both,
    ):
        both.submit(copy, outer, inner)
        both.submit(copy, inner, outer)


def serve(listener: socket.socket, tls: ssl.SSLContext, address: tuple[str, int]) -> None:
    """Until the listener is shut, and each of its connections has ended."""
    with ThreadPoolExecutor(8) as connections:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            connections.submit(cross, plain, tls, address)


@pytest.fixture
def over_tls(url: str, tmp_path: Path) -> Iterator[str]:
    """The follower's address of the broker over TLS, with a certificate for `localhost` by an authority in the file `ca`."""
    made_at = datetime.now(UTC)
    authority = make_authority(made_at)
    pair = issue(authority, [NAME], made_at)
    (tmp_path / "ca").write_bytes(authority.certificate)
    (tmp_path / "pair").write_bytes(pair.key + pair.certificate)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "pair")
    parts = urlsplit(url)
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        server = threading.Thread(target=serve, args=(listener, tls, (parts.hostname, parts.port)))
        server.start()
        yield f"amqps://{parts.username}:{parts.password}@{NAME}:{listener.getsockname()[1]}{parts.path}"
        listener.shutdown(socket.SHUT_RDWR)
        server.join()


@contextmanager
def running(address: str, authority: Path | None) -> Iterator[subprocess.Popen[str]]:
    """The service of the page; what it prints ends after a while."""
    (program,) = [one for one in examples(PAGE, "python") if "nameko" in one]
    own = {"BROKER": address, **({"BROKER_CA": str(authority)} if authority else {})}
    command, path = [sys.executable, "-W", "ignore", "-I", "-c", program], {"PATH": os.environ["PATH"]}
    with subprocess.Popen(command, env=own | path, stdout=PIPE, stderr=PIPE, text=True) as process:
        guard = threading.Timer(ANSWER_SECONDS_MAX, process.kill)
        guard.start()
        try:
            yield process
        finally:
            guard.cancel()
            process.kill()


def test_it_hears_events_by_the_authority_of_the_broker(broker: str, over_tls: str, tmp_path: Path) -> None:
    with running(over_tls, tmp_path / "ca") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "listening\n"
        publish(broker, "renewal.events", "RenewalApproved", {"data": {"member": "0012345", "year": 1405}})
        assert process.stdout.readline() == "approved 0012345 1405\n"


@pytest.mark.parametrize("wrong", ["another name", "unknown authority"])
def test_it_sends_no_secret_to_another_broker(over_tls: str, tmp_path: Path, wrong: str) -> None:
    is_name = wrong == "another name"
    address = over_tls.replace(f"@{NAME}:", "@127.0.0.1:") if is_name else over_tls
    with running(address, tmp_path / "ca" if is_name else None) as process:
        assert process.stderr is not None
        assert any("CERTIFICATE_VERIFY_FAILED" in line for line in process.stderr)
