"""Start programs by forking a process that has loaded their code: to load it is half of what a start of `python -m deploy.run` costs.

A forked program has what a started one has: a process and a group, an environment, a folder, a log and an exit code of its own. It runs
the same `main`, with code that was loaded with the same variables but for Tamdid's settings, which only `main` reads. So does `tamdid`,
which another process has loaded: one without eventlet.
The real way is tested by tests/journeys/test_starting.py and test_least_privileges.py, the containers and the installed wheel.
"""

import atexit
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import Any

ENABLED = False
"""Only tests turn it on: what is started by hand is started as it is described."""
RUNNER, COMMAND_LINE = "deploy.run", "deploy.tamdid"
LOADED = {
    RUNNER: (
        "deploy.standalone",
        "deploy.demonstration",
        "deploy.observability.metrics",
        "alembic.command",
        "argon2",
        "clients.gateway.pdf_document",
        "holidays.countries.iran",
    ),
    COMMAND_LINE: ("alembic.command",),
}
"""What most programs load while they start, and most commands."""
READ_LATE = ("TAMDID_", "COLUMNS", "XDG_STATE_HOME", "PYTEST_CURRENT_TEST")
"""How the names begin of what is read by `main` alone, or by no program."""
REQUEST_BYTES_MAX = 1024 * 1024
STOP_SECONDS_MAX = 10
UNKNOWN = 255
"""The exit code of a program whose keeper was killed."""
poll, waitpid = select.poll, os.waitpid
"""Python's own: `deploy.run` puts eventlet's in their place."""


class Forked:
    """A program that runs: its keeper ends it when `link` is closed, here or because this process is gone."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self._code: int | None = None
        self._lock = Lock()

    @property
    def returncode(self) -> int:
        return self.wait(0)

    def poll(self) -> int | None:
        with self._lock:  # a supervisor asks in a thread of its own
            if self._code is None and readable(self._link.fileno(), seconds=0):
                self._code = int(self._link.recv(16) or UNKNOWN)
            return self._code

    def wait(self, timeout: float) -> int:
        if self._code is None:
            readable(self._link.fileno(), seconds=timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(RUNNER, timeout)
        return code

    def close(self) -> None:
        """End the program if it runs."""
        if self.poll() is None:
            self._link.shutdown(socket.SHUT_WR)
            self.wait(3 * STOP_SECONDS_MAX)
        self._link.close()


def readable(*files: int, seconds: float | None = None) -> list[int]:
    """Which of these can be read or have ended, once one does or after so many seconds."""
    waited = poll()
    for file in files:
        waited.register(file, select.POLLIN)
    return [file for file, _ in waited.poll(None if seconds is None else 1000 * seconds)]


def are_possible(environment: Mapping[str, str], clean: Mapping[str, str]) -> bool:
    """Whether code that was loaded in a clean environment, of whichever folder, will do; coverage measures a process from its start."""
    is_loadable = ENABLED and hasattr(os, "pidfd_open") and "COVERAGE_PROCESS_CONFIG" not in os.environ
    return is_loadable and without_settings(environment) == {**clean, "PYTHONPATH": environment.get("PYTHONPATH")}


def without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in environment.items() if not name.startswith(READ_LATE)}


def fork(  # noqa: PLR0913 - what a start is made of
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    log: Path,
    pid_file: Path,
    module: str = RUNNER,
    errors: Path | None = None,
) -> Forked:
    """Start `deploy.run` or `tamdid` with these arguments in a folder; the file has its process's id as soon as it runs.

    Its errors go to the log too where they have no file of their own.
    """
    umask = os.umask(0)
    os.umask(umask)
    request = {"arguments": arguments, "settings": environment, "umask": umask}
    request |= {"folder": str(folder), "log": str(log), "errors": str(errors or log), "pid_file": str(pid_file)}
    loaded = connection(module, frozenset(without_settings(environment).items()))
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        socket.send_fds(loaded, [json.dumps(request).encode()], [theirs.fileno()])
    return Forked(ours)


@cache
def connection(module: str, environment: frozenset[tuple[str, str]]) -> socket.socket:
    """To a process that loads a module with these variables; it ends with this one."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-P", __file__, module]
    with theirs:
        process = subprocess.Popen(command, stdin=theirs.fileno(), env=dict(environment), start_new_session=True)
    atexit.register(process.wait, 3 * STOP_SECONDS_MAX)
    atexit.register(ours.close)
    return ours


def serve(module: str) -> None:
    """Load a module, and fork a keeper for each request until the connection ends; or run as a program that was forked."""
    gc.disable()  # as `deploy.run` does while it loads
    channel = socket.socket(fileno=os.dup(0))
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - the standard input of all that is forked
        os.dup2(nothing.fileno(), 0)
    loaded = importlib.import_module(module)
    for name in LOADED[module]:
        with suppress(ModuleNotFoundError):  # a release may not have it yet
            importlib.import_module(name)
    if module == RUNNER:
        main = loaded.main
        programs = importlib.import_module("deploy.programs")
        for named in (programs.PROGRAMS, getattr(programs, "IN_DEVELOPMENT", {})):
            list(named.values())
        forget_hub()
    else:
        main = partial(loaded.app, prog_name="tamdid")
    if len(tasks := list(Path("/proc/self/task").iterdir())) > 1:
        raise RuntimeError(f"no forked process would have the threads {tasks}")
    gc.freeze()
    while (received := socket.recv_fds(channel, REQUEST_BYTES_MAX, 1))[0]:
        request, [link], *_ = received
        if os.fork() == 0:
            channel.close()
            given = json.loads(request)
            keep(link, given)
            sys.argv = [module, *given["arguments"]]
            sys.exit(main(given["arguments"]))
        os.close(link)
        reap(os.WNOHANG)
    reap()


def forget_hub() -> None:
    """Leave no hub of eventlet's, which patching makes: what is forked would share its epoll."""
    hubs = importlib.import_module("eventlet.hubs")
    hub = hubs.get_hub()
    if hub.get_timers_count() or hub.get_readers() or hub.get_writers():
        raise RuntimeError("no forked process would have what waits in the hub")
    hub.poll.close()
    hubs.use_hub()


def reap(options: int = 0) -> None:
    """Wait for the keepers that have ended, or for all: their time is time of the tests."""
    with suppress(ChildProcessError):
        while waitpid(-1, options)[0]:
            pass


def keep(link: int, given: dict[str, Any]) -> None:
    """Fork the program, end it when the link is closed, and say with which code it ended; returns in the program alone."""
    os.setsid()
    program = os.fork()
    if program == 0:
        os.close(link)
        os.setpgid(0, 0)
        prepare(given)
        return
    os.setpgid(program, program)
    ended = os.pidfd_open(program)
    if ended not in readable(link, ended):
        os.killpg(program, signal.SIGTERM)
        readable(ended, seconds=STOP_SECONDS_MAX)
    with suppress(ProcessLookupError):  # its own processes, too
        os.killpg(program, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(waitpid(program, 0)[1])
    with suppress(BrokenPipeError):
        os.write(link, str(code & 0xFF).encode())
    os._exit(0)


def prepare(given: dict[str, Any]) -> None:
    """Give a forked process what it is to have of its own."""
    os.umask(given["umask"])
    os.chdir(given["folder"])
    os.environ.update(given["settings"])
    gc.enable()  # as it is where `main` does not say otherwise
    Path(given["pid_file"]).write_text(str(os.getpid()))
    for number, name in enumerate(("log", "errors"), start=1):
        with open(given[name], "ab") as file:  # noqa: PTH123 - os.open is eventlet's and would make a hub
            os.dup2(file.fileno(), number)


if __name__ == "__main__":
    serve(sys.argv[1])
