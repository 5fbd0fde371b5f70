"""Computations off the hub: those of one kind fill their own threads alone, and more than may wait are refused at once."""

import os
import subprocess
import sys


def test_a_flood_of_one_kind_is_refused_and_keeps_no_other_kind_waiting() -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.shared.nameko_extensions.busy_threads"]
    environment = {**os.environ, "EVENTLET_THREADPOOL_SIZE": "3"}
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)
    assert ran.stdout == f"16 4 {[2**number for number in range(8)]}\n", ran.stderr
