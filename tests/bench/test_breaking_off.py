"""A benchmark that is told to end (SIGTERM) leaves no worker behind, not even one in the middle of a round, nor what it has started."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.support.member import eventually

ROOT = Path(__file__).parents[2]
STUBBORN = """
import subprocess, sys
print('"ready"', flush=True)
sys.stdin.readline()
child = subprocess.Popen(["sleep", "1000"])
with open(sys.argv[1], "w") as written:
    written.write(f"{child.pid}\\n")
child.wait()
"""
BENCH = """
import sys
from bench import environment, runner

runner.END_SECONDS = 0.1
folder = sys.argv[1]
side = runner.Side("stubborn", folder + "/child", {}, program=(sys.executable, folder + "/stubborn.py"))
with environment.opened(quick=True, long=False) as opened, runner.worker(side, opened) as worker:
    worker.run(1)
"""


def is_running(process: int) -> bool:
    """Whether a process does anything; an orphan whose end nobody has asked about does not."""
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rpartition(") ")[2][0] != "Z"


def test_a_benchmark_that_is_ended_ends_its_workers_with_their_children(tmp_path: Path) -> None:
    (tmp_path / "stubborn.py").write_text(STUBBORN)
    written = tmp_path / "child"
    command = [sys.executable, "-c", BENCH, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as bench:
        eventually(lambda: written.exists() and written.read_text().endswith("\n"), "the worker is in its round")
        bench.send_signal(signal.SIGTERM)
        _, said = bench.communicate()
    assert said.endswith("KeyboardInterrupt\n")
    assert not is_running(int(written.read_text()))
