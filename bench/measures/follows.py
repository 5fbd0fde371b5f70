"""Goal 6: from the subscription to the rows of a view."""

from collections.abc import Iterator

from bench.environment import Environment
from bench.findings import Finding, ratio_findings
from bench.runner import Side, compare

SIDES = "bench.implementations.follows"


def follow(environment: Environment) -> Iterator[Finding]:
    for kind in ("postgresql", "sqlite"):
        yield from follow_on(environment, kind)


def follow_on(environment: Environment, kind: str) -> Iterator[Finding]:
    """Ours has a checkpoint in the same transaction, the others have none."""
    bare, handler = "bare consumer, 100 a transaction", "nameko's @event_handler"

    def urls() -> dict[str, str]:
        return {"url": environment.database_url(kind), "broker_url": environment.broker_url()}

    outcome = compare(
        environment,
        [
            Side("ours", f"{SIDES}:ours", urls(), green=True),
            Side(bare, f"{SIDES}:bare", urls()),
            Side(handler, "bench.implementations.nameko_stock:event_handlers", urls(), green=True),
        ],
    )
    yield from ratio_findings(outcome, "6", f"follow, a row an event, {kind}", {bare: 0.7, handler: 7})
