"""Goal 5: from the log to the broker's confirm."""

from collections.abc import Iterator

from bench.environment import Environment
from bench.findings import Finding, ratio_findings
from bench.runner import Side, compare

SIDES = "bench.implementations.relays"


def relay(environment: Environment) -> Iterator[Finding]:
    """Ours reads the log, which the others do not have."""
    pipelined, one_by_one, dispatcher = "py-amqp, pipelined", "py-amqp, one by one", "nameko's EventDispatcher"
    outcome = compare(
        environment,
        [
            Side(
                "ours",
                f"{SIDES}:ours",
                {"url": environment.postgres_url(), "broker_url": environment.broker_url()},
                green=True,
            ),
            Side(pipelined, f"{SIDES}:pipelined", {"broker_url": environment.broker_url()}),
            Side(one_by_one, f"{SIDES}:one_by_one", {"broker_url": environment.broker_url()}),
            Side(dispatcher, f"{SIDES}:nameko_dispatcher", {"broker_url": environment.broker_url()}, green=True),
        ],
    )
    yield from ratio_findings(
        outcome, "5", "relay, log to confirm", {pipelined: 0.85, one_by_one: None, dispatcher: 10}
    )
