"""The program is killed (SIGKILL) between a request and the record of its answer: the event is sent again, with the same id."""

import subprocess
import sys
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from services.notification.webhooks.sending import LEASE
from tests.services.notification import samples as s
from tests.services.notification.webhooks.receiving import Desk

ENDS_WITHIN_SECONDS = 60


def worker(url: str, keys: Path, at: datetime) -> "subprocess.Popen[bytes]":
    module = "tests.services.notification.webhooks.one_round"
    return subprocess.Popen([sys.executable, "-W", "ignore", "-m", module, url, str(keys), at.isoformat()])


def test_killed_before_the_answer_is_on_record_it_sends_again_with_the_same_id(
    desk: Desk, database_url: str, tmp_path: Path
) -> None:
    got: list[str] = []
    running: list[subprocess.Popen[bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.headers["webhook-id"])
            if len(got) == 1:
                running[0].kill()
                running[0].wait()
            else:
                self.send_response(204)
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    desk.is_development = True
    desk.add(f"http://127.0.0.1:{server.server_port}/")
    desk.follow(s.ENROLLED, s.REQUESTED)
    for after in (timedelta(), timedelta(seconds=1), LEASE):
        process = worker(database_url, tmp_path / "keys", desk.now + after)
        running.append(process)
        process.wait(ENDS_WITHIN_SECONDS)
    server.shutdown()
    server.server_close()
    assert [process.returncode for process in running] == [-9, 0, 0]
    assert len(got) == 2  # in the lease nobody sends it
    assert got[0] == got[1]
    assert [(row.state, row.tries) for row in desk.deliveries()] == [("delivered", 1)]
