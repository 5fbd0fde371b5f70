"""One side of a contest in a process of its own: it is made once, then runs as many rounds as it is told on its standard input.

    python -m bench.worker [--green] bench.appends:ours '{"url": "sqlite:///…"}'

Each line on standard input is a number of operations; each line on standard output is a `Round` as JSON. `--green` runs it as our
programs run: under eventlet, with a PostgreSQL driver that yields.
"""

import importlib
import json
import os
import sys
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from time import perf_counter
from typing import Any

Runs = AbstractContextManager[Callable[[int], list[float] | None]]
"""What a side makes: a function that does so many operations, and returns the seconds that each took where that is asked."""


def patch() -> None:
    """As `deploy.run` does, before anything else is imported."""
    warnings.filterwarnings("ignore", "\\s*Eventlet is deprecated")
    os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_select")
    import eventlet  # noqa: PLC0415 - only the sides that run as our programs do

    eventlet.monkey_patch()


def made(name: str, arguments: dict[str, Any]) -> Runs:
    """The side `module:function`, with its arguments."""
    module, _, function = name.partition(":")
    runs: Runs = getattr(importlib.import_module(module), function)(**arguments)
    return runs


def serve(runs: Runs) -> None:
    """Run rounds until standard input closes."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")  # whatever else is printed must not be taken for an answer
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with runs as run:
        print(json.dumps("ready"), file=answers, flush=True)
        for line in sys.stdin:
            started = perf_counter()
            latencies = run(int(line))
            seconds = perf_counter() - started
            answer = {"count": int(line), "seconds": seconds, "latencies": latencies or []}
            print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[0] == "--green":
        patch()
        arguments.pop(0)
    serve(made(arguments[0], json.loads(arguments[1])))
