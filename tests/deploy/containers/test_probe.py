"""The probe's exit code is the program's own word on whether it is ready."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from deploy.containers import probe


class AppContext(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/ready" else 404)
        self.end_headers()
        self.wfile.write(b"as of now")

    def log_message(self, *_: object) -> None:
        """Nothing: the test's output is its own."""


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[AppContext]]:
    class Own(AppContext):
        pass

    with HTTPServer(("127.0.0.1", 0), Own) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("TAMDID_HEALTH_PORT", str(server.server_port))
        yield Own
        server.shutdown()


@pytest.mark.usefixtures("program")
def test_a_ready_program_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert probe.main() == 0
    assert capsys.readouterr().out == "as of now\n"


def test_a_program_that_is_not_ready_is_not_well(program: type[AppContext], capsys: pytest.CaptureFixture[str]) -> None:
    program.status = 503
    assert probe.main() == 1
    assert capsys.readouterr().err == "not ready: as of now\n"


def test_no_answer_is_not_well(program: type[AppContext], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAMDID_HEALTH_PORT", "1")
    assert probe.main() == 1
