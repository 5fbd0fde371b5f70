"""Goal 8: a command over the broker, and an echo, against nameko's own."""

from collections.abc import Iterator
from contextlib import ExitStack

from bench.environment import Environment
from bench.findings import Finding
from bench.runner import Outcome, Side, compare, worker

CALLER, SERVER = "bench.implementations.calls:caller", "bench.implementations.calls:server"
AT_ONCE = 10
COMMAND, OURS, STOCK, RAW = "command", "our echo", "nameko echo", "raw append"


def calls(environment: Environment) -> Iterator[Finding]:
    """Each service in a process of its own, on RabbitMQ and PostgreSQL."""
    arguments = {
        service: {
            "url": environment.postgres_url(),
            "broker_url": environment.broker_url(),
            "keys": environment.keys,
            "service": service,
        }
        for service in (COMMAND, OURS, STOCK)
    }
    with ExitStack() as stack:
        for service, its in arguments.items():
            stack.enter_context(worker(Side(service, SERVER, its, green=True), environment))
        one_by_one = compare(
            environment,
            [
                *(calling(its, 1) for name, its in arguments.items() if name != OURS),
                Side(
                    RAW, "bench.implementations.appends:raw_postgresql", {"url": environment.postgres_url(), "batch": 1}
                ),
            ],
        )
        yield from slower(one_by_one)
        many = compare(environment, [calling(arguments[name], AT_ONCE) for name in (OURS, STOCK)])
        what = f"RPC echo, {AT_ONCE} callers: ours / nameko's"
        yield Finding("8", what, many.ratio(OURS, STOCK), "×", at_least=1.2, figures=many.figures())


def calling(arguments: dict[str, str], at_once: int) -> Side:
    return Side(arguments["service"], CALLER, {**arguments, "at_once": at_once, "within": False}, green=True)


def slower(outcome: Outcome) -> Iterator[Finding]:
    """A command's time against the sum of an echo's and an append's."""
    for words, share in (("p50", 0.5), ("p99", 0.99)):
        limit = outcome.latency(STOCK, share) + outcome.latency(RAW, share)
        value = outcome.latency(COMMAND, share) / limit
        what = f"RPC command {words}: ours / (nameko's echo + raw append)"
        yield Finding("8", what, value, "×", at_most=1.3, figures=outcome.figures())
