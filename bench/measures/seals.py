"""Goal 16: what the seals cost a relay and a subscription."""

from collections.abc import Iterator

from bench.environment import Environment
from bench.findings import Finding, ratio_findings
from bench.runner import Side, compare

SHARE_MIN = 0.9
"""Of the rate without seals."""
BARE = "without seals"


def seals(environment: Environment) -> Iterator[Finding]:
    """The chain, the signatures and their rows: the same work is done with them and without."""
    for what, sides in (
        ("relay, log to confirm", "bench.implementations.relays"),
        ("follow, a row an event", "bench.implementations.follows"),
    ):
        outcome = compare(
            environment,
            [
                Side(
                    name,
                    f"{sides}:{side}",
                    {"url": environment.postgres_url(), "broker_url": environment.broker_url()},
                    green=True,
                )
                for name, side in (("ours", "ours"), (BARE, "unsealed"))
            ],
        )
        yield from ratio_findings(outcome, "16", f"{what}, postgresql", {BARE: SHARE_MIN})
