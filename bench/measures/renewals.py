"""Goals 9 and 10: how many whole renewals a second, what one costs, and how soon a confirmed payment is capacity."""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median

from bench.environment import Environment, fresh_name
from bench.findings import Finding
from bench.implementations.calls import CallingService
from bench.runner import Round, Side, percentile, worker
from services.payment.banks.bulkhead import BANK_CALLS_MAX
from tests.support.servers import instance
from tests.support.servers.free_ports import free_ports
from tests.support.servers.instance import Instance

SIDE, COUNTING_SIDE = "bench.implementations.renewals:renewing", "bench.implementations.renewals:counting"
AT_ONCE = BANK_CALLS_MAX
"""More members would be refused while the bank is asked, and their retries measured."""
WARM_UP = 20
SHARES = (0.5, 0.8)
A_SECOND_MIN = 40
CPU_MS_MAX = 25
SANDBOX = {"bank", "phone"}
"""Programs that stand for somebody else's in development."""
COUNTED = 10
"""Renewals, one after another, whose statements are counted."""
BOUNDS_MS: Mapping[str, Mapping[float, float | None]] = {
    "distributed": {0.5: 30, 0.99: 150},
    "standalone": {0.5: 10, 0.99: None},
}
"""For p50 and p99 at half of the highest rate."""
SECONDS, QUICK_SECONDS, LONG_SECONDS = 5.0, 2.0, 720.0
Variables = Mapping[str, str]


def renewals(environment: Environment) -> Iterator[Finding]:
    """Six steps: request, declaration, approval, payment begun, payment verified, payment confirmed; all are signed in."""
    with instance.distributed(environment.rabbitmq, environment.postgres) as running:
        pids = [int(process.pid_file.read_text()) for process in running.processes]
        yield from measured(
            environment, "distributed", lambda: environment_of_caller(running), lambda: sum(map(resident_mb, pids))
        )
        programs = {process.name: pid for process, pid in zip(running.processes, pids, strict=True)}
        yield cpu_of_programs(environment, environment_of_caller(running), programs)
    yield from measured(environment, "standalone", lambda: own_settings(environment), None)
    yield from counted(environment)


def environment_of_caller(running: Instance) -> dict[str, str]:
    """The settings of the program whose broker user may send every command of the six steps."""
    variables = next(one.environment for one in running.processes if one.name == CallingService.name)
    return {name: text for name, text in variables.items() if name.startswith("TAMDID_")}


def own_settings(environment: Environment) -> dict[str, str]:
    """Of an instance that nobody else has."""
    gateway, bank = free_ports(2)
    var = str(environment.folder / fresh_name())
    return {"TAMDID_VAR": var, "TAMDID_GATEWAY_PORT": str(gateway), "TAMDID_BANK_PORT": str(bank)}


def resident_mb(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0


def cpu_seconds(pid: int) -> float:
    """What a process has used, in its own code and in the system's for it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_of_programs(environment: Environment, variables: Variables, programs: Mapping[str, int]) -> Finding:
    """The CPU of each program a renewal, from before the first round to after the last one."""
    before = {name: cpu_seconds(pid) for name, pid in programs.items()}
    done = sum(one.count for one in renewed(environment, {"environment": dict(variables), "at_once": AT_ONCE}, 2))
    spent = {name: 1000 * (cpu_seconds(pid) - before[name]) / (done + WARM_UP) for name, pid in programs.items()}
    ours = sum(ms for name, ms in spent.items() if name not in SANDBOX)
    figures = {"distributed": {f"{name}_ms": round(ms, 2) for name, ms in spent.items()}}
    what = "CPU a renewal, all programs but the sandbox bank, distributed"
    return Finding("10", what, ours, "ms", at_most=CPU_MS_MAX, figures=figures)


def counted(environment: Environment) -> Iterator[Finding]:
    """Transactions and statements of a renewal that nobody shares a commit with, by program and by step."""
    side = Side("renewals", COUNTING_SIDE, {"environment": own_settings(environment)}, green=True)
    with worker(side, environment) as one:
        one.run(1)  # whatever is done once
        before, after = one.run(1).details, one.run(COUNTED).details
    for what in before:
        found = Counter({(program, step): count for program, step, count in after[what]})
        found.subtract({(program, step): count for program, step, count in before[what]})
        figures = {"by program": defaultdict[str, float](float), "by step": defaultdict[str, float](float)}
        for (program, step), count in found.items():
            figures["by program"][program] += count / COUNTED
            figures["by step"][step] += count / COUNTED
        plain = {name: dict(counts) for name, counts in figures.items()}
        yield Finding("10", f"{what} a renewal, standalone", found.total() / COUNTED, "", figures=plain)


def measured(
    environment: Environment, on: str, variables: Callable[[], Variables], memory: Callable[[], float] | None
) -> Iterator[Finding]:
    """As many as it can do, then half and four fifths of that."""
    before = memory() if memory else 0
    rounds = renewed(environment, {"environment": dict(variables()), "at_once": AT_ONCE}, environment.rounds)
    highest = median(one.rate for one in rounds)
    figures = {on: {"rate": round(highest, 1), "rates": [round(one.rate, 1) for one in rounds]}}
    yield Finding("10", f"whole renewals a second, {on}", highest, "/s", at_least=A_SECOND_MIN, figures=figures)
    longest = max(latency for one in rounds for latency in one.latencies)
    cpu_ms = median(1000 * one.cpu_seconds / one.count for one in rounds)
    if on == "standalone":
        yield Finding("10", "CPU a renewal, standalone with its callers and the sandbox bank", cpu_ms, "ms")
    yield Finding("10", f"longest wait for the capacity at that rate, {on}", longest, "s", at_most=1)
    if memory and before:
        done = sum(one.count for one in rounds)
        what = f"memory of all programs after {done:,} renewals / before them, {on}"
        yield Finding("10", what, memory() / before, "×", figures={on: {"before_mb": before, "after_mb": memory()}})
    for share in SHARES:
        yield from seen(environment, on, share, {"environment": dict(variables()), "a_second": highest * share})


def seen(environment: Environment, on: str, share: float, arguments: dict[str, object]) -> Iterator[Finding]:
    """How soon the capacity is seen, at this share of the highest rate."""
    latencies = [1000 * one for run in renewed(environment, arguments, environment.rounds) for one in run.latencies]
    found = {f"p{100 * part:g}_ms": round(percentile(latencies, part), 2) for part in (0.5, 0.99, 0.999)}
    for part, bound in BOUNDS_MS[on].items():
        what = f"confirmed → capacity seen, {on}, at {share:.0%} of the highest rate, p{100 * part:g}"
        at_most = bound if share == SHARES[0] else None
        yield Finding("9", what, percentile(latencies, part), "ms", at_most=at_most, figures={on: found})


def renewed(environment: Environment, arguments: Mapping[str, object], rounds: int) -> list[Round]:
    """Rounds of renewals, each about as long; five long ones are an hour."""
    seconds = QUICK_SECONDS if environment.quick else LONG_SECONDS if environment.long else SECONDS
    side = Side("renewals", SIDE, arguments, green=True)
    with worker(side, environment) as one, environment.progress.step(rounds) as advance:
        first = one.run(WARM_UP)
        found = []
        for _ in range(rounds):
            found.append(one.run(max(WARM_UP, round(first.rate * seconds))))
            advance()
    return found
