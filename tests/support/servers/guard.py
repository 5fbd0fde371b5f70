"""Keeps one server for as long as its parent lives: once standard input closes, ends it and removes its data.

A server that ended by itself, or was ended, leaves its data to the parent, who may want to start it again. Run as a program of its own, so that the server goes even when the parent was killed and could not clean up.
Arguments: the data directory, the name of the signal that stops the server (`SIGINT`), and the command.
"""

import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

STOP_SECONDS_MAX = 10
POLL_SECONDS = 0.5


def main(directory: str, stop_signal: str, *command: str) -> int:
    with (Path(directory) / "log").open("ab") as log:
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=directory, start_new_session=True
        )
    is_over = True
    try:
        is_over = not wait_for_either(server)
    finally:
        end(server, signal.Signals[stop_signal])
        if is_over:
            shutil.rmtree(directory, ignore_errors=True)
    return server.returncode


def wait_for_either(server: subprocess.Popen[bytes]) -> bool:
    """Return when the parent is gone or the server is; whether the parent is still there."""
    while server.poll() is None:
        readable, _, _ = select.select([sys.stdin], [], [], POLL_SECONDS)
        if readable and not os.read(sys.stdin.fileno(), 1):
            return False
    return True


def end(server: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
    """Ask the whole process group to stop, and insist after a while."""
    for step in (stop_signal, signal.SIGKILL):
        try:
            os.killpg(server.pid, step)
            server.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            return


if __name__ == "__main__":
    # Only the parent decides when it is over, not a Ctrl-C that the whole terminal hears.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main(*sys.argv[1:]))
