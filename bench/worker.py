"""One side of a comparison in a process of its own: it is made once, then runs as many rounds as its standard input requests.

    python -m bench.worker [--green] bench.implementations.appends:ours '{"url": "sqlite:///…"}'

Each line on standard input is a number of operations; each line on standard output is a `Round` as JSON. `--green` runs it as our
programs run: under eventlet, with a PostgreSQL driver that yields.
"""

import importlib
import json
import os
import re
import select
import sys
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from deploy import memory

Run = Callable[[int], list[float] | None]
"""Does so many operations; returns the seconds that each took, where that is asked."""
Runs = AbstractContextManager[Run]
"""What a side makes. A run may have a method `prepare(count)`, which is not timed, and one `details()`, which tells more of all rounds so far."""


def patch() -> None:
    """eventlet, its driver's wait and the garbage collection of `deploy.run`, before anything else is imported."""
    warnings.filterwarnings("ignore", "\\s*Eventlet is deprecated")
    os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_select")
    import eventlet  # noqa: PLC0415 - only the sides that run as our programs do

    memory.collect_nothing()
    eventlet.monkey_patch()


def implementation(name: str, arguments: dict[str, Any]) -> Runs:
    """The side `module:function`, with its arguments."""
    module, _, function = name.partition(":")
    runs: Runs = getattr(importlib.import_module(module), function)(**arguments)
    return runs


def next_line() -> str:
    """The next line, or nothing at the end; under eventlet other green threads go on meanwhile."""
    select.select([sys.stdin], [], [])
    return sys.stdin.readline()


def peak_mb() -> float:
    """The most memory used so far; not by `getrusage`, which counts what the process was started from."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0


def serve(runs: Runs, *, green: bool) -> None:
    """Run rounds until standard input closes; `green`: with the garbage collection of our programs, once all is loaded."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")  # whatever else is printed must not be taken for an answer
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with runs as run:
        if green:
            memory.collect_less()
        print(json.dumps("ready"), file=answers, flush=True)
        prepare, details = getattr(run, "prepare", lambda _count: None), getattr(run, "details", dict)
        for line in iter(next_line, ""):
            count = int(line)
            prepare(count)
            started, cpu_before = perf_counter(), process_time()
            latencies = run(count)
            answer: dict[str, Any] = {
                "count": count,
                "seconds": perf_counter() - started,
                "latencies": latencies or [],
                "peak_mb": peak_mb(),
                "cpu_seconds": process_time() - cpu_before,
                "details": details(),
            }
            print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if green := arguments[0] == "--green":
        patch()
        arguments.pop(0)
    serve(implementation(arguments[0], json.loads(arguments[1])), green=green)
