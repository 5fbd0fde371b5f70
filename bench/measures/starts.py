"""Goal 13: how soon `make run` is ready, and how much memory it holds when nobody uses it."""

import time
from collections.abc import Iterator
from statistics import median

from bench.environment import Environment
from bench.findings import Finding
from bench.measures.renewals import resident_mb
from tests.support.servers import instance

IDLE_SECONDS = 5


def starts(environment: Environment) -> Iterator[Finding]:
    """The first start, with an empty folder: it makes its keys and databases, and loads the demonstration's register."""
    seconds, memory = [], []
    with environment.progress.step(environment.rounds) as advance:
        for _ in range(environment.rounds):
            started = time.monotonic()
            with instance.standalone() as running:
                seconds.append(time.monotonic() - started)
                time.sleep(IDLE_SECONDS)
                memory.append(resident_mb(int(running.processes[0].pid_file.read_text())))
            advance()
    figures = {"make run": {"seconds": [round(one, 2) for one in seconds], "mb": [round(one, 1) for one in memory]}}
    yield Finding("13", "make run, installed → ready", median(seconds), "s", at_most=3, figures=figures)
    yield Finding("13", "idle memory of standalone (resident)", median(memory), "MB", at_most=150, figures=figures)
