"""An answer that comes in drips is none after a named time, over HTTP and SMTP, and the connection ends."""

import subprocess
import sys


def test_an_answer_in_drips_is_none() -> None:
    program = [sys.executable, "-W", "ignore", "-m", "tests.services.notification.providers.dripping_servers"]
    ran = subprocess.run(program, capture_output=True, text=True, timeout=100, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    kinds = ("headers", "body", "mail")
    assert ran.stdout.splitlines() == [line for kind in kinds for line in ("hung up", f"{kind} unknown TotalTimeout")]
