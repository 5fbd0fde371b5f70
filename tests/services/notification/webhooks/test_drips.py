"""A name that is looked up for ever and a handshake in drips end with the time of a request."""

import subprocess
import sys


def test_neither_a_name_server_nor_a_handshake_holds_up_a_request() -> None:
    program = [sys.executable, "-W", "ignore", "-m", "tests.services.notification.webhooks.dripping_receivers"]
    ran = subprocess.run(program, capture_output=True, text=True, timeout=100, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert ran.stdout.splitlines() == ["timeout", "timeout", "hung up"]
