"""Goal 11: the same work with a thousand events behind it, with a hundred thousand and with a million."""

from collections.abc import Iterator, Mapping

from bench.environment import Environment
from bench.findings import Finding
from bench.implementations import member_histories
from bench.measures import rebuilds
from bench.runner import Side, compare

FEW, MANY, VERY_MANY = 10**3, 10**5, 10**6
COST_MAX = 1.2
KINDS = ("postgresql", "sqlite")


REBUILDS = {FEW: 5, MANY: 3, VERY_MANY: 1}
"""Rounds: a rebuild of a million events is long enough to be measured once, and without a warm-up."""


def sizes(environment: Environment, is_slow: bool = False) -> tuple[int, ...]:
    """A million only where there is time to fill it."""
    return (FEW, MANY) if environment.quick or (is_slow and not environment.long) else (FEW, MANY, VERY_MANY)


def growth(environment: Environment) -> Iterator[Finding]:
    yield from appending(environment, "postgresql", 1)
    yield from appending(environment, "postgresql", 100)
    for kind in KINDS:
        yield from following(environment, kind)
    yield from rebuilding(environment)


def appending(environment: Environment, kind: str, batch: int) -> Iterator[Finding]:
    """Goals 1 and 3 on a log that has grown."""
    sides = {
        size: Side(
            f"{size:,}",
            "bench.implementations.large_logs:appending",
            {"url": environment.database_url(kind), "batch": batch, "events": size},
            each=batch,
        )
        for size in sizes(environment)
    }
    yield from compared(environment, f"append, {batch} a commit, {kind}", sides)


def following(environment: Environment, kind: str) -> Iterator[Finding]:
    """Goal 6 with a view that has grown; a million rows only in a long run."""
    sides = {
        size: Side(
            f"{size:,}",
            "bench.implementations.large_logs:following",
            {"url": environment.database_url(kind), "broker_url": environment.broker_url(), "events": size},
            green=True,
        )
        for size in sizes(environment, is_slow=True)
    }
    yield from compared(environment, f"follow, {kind}", sides)


def compared(environment: Environment, what: str, sides: Mapping[int, Side]) -> Iterator[Finding]:
    outcome = compare(environment, list(sides.values()))
    for size in list(sides)[1:]:
        cost = outcome.ratio(f"{FEW:,}", f"{size:,}")
        words = f"{what}: cost at {size:,} events / cost at {FEW:,}"
        yield Finding("11", words, cost, "×", at_most=COST_MAX, figures=outcome.figures())


def rebuilding(environment: Environment) -> Iterator[Finding]:
    """Goal 7: what an event of a rebuild costs; a round is as many events as there are."""
    rates = {}
    for size in sizes(environment):
        sources = rebuilds.filled(environment, "postgresql", size // member_histories.EVENTS_A_MEMBER)
        side = rebuilds.rebuilding(environment, f"{size:,}", "postgresql", sources)
        rates[size] = compare(environment, [side], count=size, rounds=REBUILDS[size], warm=size != VERY_MANY).rate(
            f"{size:,}"
        )
    for size in list(rates)[1:]:
        words = f"rebuild, postgresql: cost an event at {size:,} events / at {FEW:,}"
        figures = {f"{size:,}": {"rate": round(rate, 1)} for size, rate in rates.items()}
        yield Finding("11", words, rates[FEW] / rates[size], "×", at_most=COST_MAX, figures=figures)
