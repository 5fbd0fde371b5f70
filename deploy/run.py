"""Run any set of programs in one process: `python -m deploy.run auth renewal`, or `all` for the standalone instance."""

import os
import warnings

warnings.filterwarnings("ignore", "\\s*Eventlet is deprecated")  # DECISIONS.md says why it is here all the same
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_select")  # the only way psycopg yields to eventlet
# As many as auth hashes passwords and draws captchas in at once: each thread keeps the memory of a hash for its next one.
os.environ.setdefault("EVENTLET_THREADPOOL_SIZE", "3")
os.environ.setdefault(
    "PYDANTIC_DISABLE_PLUGINS", "__all__"
)  # it would look for some in every package that is installed
from deploy import memory

memory.load_less()
memory.give_back()  # before what is imported fills the heap
if __name__ == "__main__":
    memory.collect_nothing()
import eventlet

eventlet.monkey_patch()

from shared.nameko_extensions import name_resolution

name_resolution.keep_addresses_briefly()

import argparse
import logging
import random
import signal
import sys
from functools import partial
from types import FrameType

from nameko.runners import ServiceRunner

from deploy import databases, health, instance_lock, start_checks, trace_export
from deploy.observability.program_metrics import ProgramMetrics
from deploy.programs import IN_DEVELOPMENT, PROGRAMS
from shared import broker_nodes
from shared.event_store.sql.schema import TablesOutOfDate
from shared.messaging import amqp_timeouts, in_memory
from shared.observability import log_format
from shared.settings import Settings

PRIVATE_UMASK = 0o077
"""Whatever a program writes is its owner's alone, and SQLite gives its files no mode of their own."""
WORKERS_MAX = 32
"""Calls that one program works on at the same time."""
AMQP_HEARTBEAT_SECONDS = 10
STOP_SECONDS = 8
WAKE_SECONDS = 1


class Runner(ServiceRunner):
    """The programs of this process; once it handles signals they stop it cleanly."""

    handles_signals = False


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="deploy.run", description=__doc__)
    parser.add_argument("programs", nargs="+", choices=[*PROGRAMS, *IN_DEVELOPMENT, "all"], metavar="PROGRAM")
    parser.add_argument("--demonstration", action="store_true", help="load a made-up register and say who can sign in")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    os.umask(PRIVATE_UMASK)
    os.environ |= {"TAMDID_DEVELOPMENT": "true"} if options.demonstration else {}  # for what reads its settings itself
    alone = "all" in options.programs
    name = "tamdid" if alone or len(options.programs) > 1 else options.programs[0]
    log_format.configure(os.environ.get("TAMDID_LOG", "WARNING"), name)
    settings = Settings()
    try:
        instance_lock.acquire_to_run(settings, alone=alone)
    except (instance_lock.InUse, instance_lock.RestoreUnfinished) as error:
        print(error, file=sys.stderr)
        return 1
    if alone:
        from deploy import standalone  # noqa: PLC0415 - a program of its own needs neither keys nor data made

        settings = standalone.prepare(settings, demonstration=options.demonstration)
    programs = [*PROGRAMS, *(IN_DEVELOPMENT if settings.development else ())] if alone else options.programs
    if problems := start_checks.problems(programs, settings):
        print(*problems, sep="\n", file=sys.stderr)
        return 1
    amqp_timeouts.register(settings.broker_ca)
    in_memory.register()
    trace_export.configure(settings)
    try:
        runner = start(programs, settings)
    except (TablesOutOfDate, databases.DatabaseFailed) as error:
        print(error, file=sys.stderr)
        return 1
    if options.demonstration:
        from deploy import demonstration  # noqa: PLC0415 - loads a client of the API

        demonstration.load(settings)
        print(demonstration.welcome(settings), flush=True)
    return wait(runner)


def start(programs: list[str], settings: Settings) -> Runner:
    """Start programs and return when they serve; raises `TablesOutOfDate` and `DatabaseFailed`."""
    # Process 1 of a container gets no signal that it does not handle; until `wait`, whatever runs may end as in a crash.
    signal.signal(signal.SIGTERM, lambda number, _frame: os._exit(128 + number))
    databases.prepare(programs, settings, partial(print, flush=True))
    if "phone" in programs:
        from deploy.demonstration import phone_templates  # noqa: PLC0415 - loads two programs

        phone_templates.register(settings)
    runner = Runner(
        {
            "AMQP_URI": broker_nodes.in_any_order(settings.broker_url, random.Random()),  # noqa: S311 - no secret
            "HEARTBEAT": AMQP_HEARTBEAT_SECONDS,
            "max_workers": WORKERS_MAX,
            "settings": settings,
        }
    )
    for name in programs:
        runner.add_service(PROGRAMS[name] if name in PROGRAMS else IN_DEVELOPMENT[name])
    memory.collect_less()
    metrics = ProgramMetrics(settings, runner.containers)
    if settings.health_port:
        from deploy.observability.metrics import Metrics  # noqa: PLC0415 - what nobody reads is not counted

        health.serve(settings, runner, Metrics(metrics).page)  # says how far it is
    eventlet.spawn_n(health.report_filling, runner, partial(print, flush=True))
    runner.start()
    return runner


def stop_in_time(runner: Runner) -> None:
    """Stop cleanly, or at once where that takes too long (a broker that is gone): nothing is lost by it."""
    with eventlet.Timeout(STOP_SECONDS, False):
        runner.stop()
        return
    logging.getLogger(__name__).warning("the programs did not stop in %s s", STOP_SECONDS)
    os._exit(1)


def wake() -> None:
    """Let the hub look for stops every second: what a signal's handler spawns waits for the next timer, and a program may have none."""
    while True:
        eventlet.sleep(WAKE_SECONDS)


def wait(runner: Runner) -> int:
    """Wait for the end: Ctrl-C and SIGTERM stop cleanly; a program that fails ends the process for its supervisor."""
    signals: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        signals.append(number)  # first: another signal's handler may run between any two lines of this one
        if len(signals) == 1:  # nameko fails where it is stopped twice
            eventlet.spawn_n(stop_in_time, runner)

    eventlet.spawn_n(wake)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    runner.handles_signals = True
    try:
        runner.wait()
    except Exception:
        logging.getLogger(__name__).exception("a program failed")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
