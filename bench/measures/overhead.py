"""What metrics, logs and traces cost on goals 5, 6, 8 and 10: metrics and logs against none, and with them traces of everything or of the part that docs/operations.md names."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import sqrt
from statistics import mean
from threading import Thread
from typing import Any

from bench.environment import Environment
from bench.findings import Finding
from bench.measures.calls import CALLER
from bench.measures.renewals import AT_ONCE, own_settings
from bench.runner import Outcome, Round, Side, compare
from tests.support.servers.free_ports import free_port

Arguments = Mapping[str, Any]

OBSERVED = "bench.implementations.observed:{}"
BARE, COUNTED = "none", "metrics and logs"
EVERYTHING = "traces of everything"
UNTRACED = "no traces"
PARTS = {"traces of 0.1 %": 0.001, EVERYTHING: 1.0}
"""Of the requests; each is compared with no traces, by itself."""
TURNS, TURNS_OF_EVERYTHING = 30, 4
"""Of four rounds (without, with, with, without): what is looked for is less than two rounds differ by.

Many short rounds rather than few long ones: what disturbs a machine lasts for some seconds, and so disturbs neighbours alike.
"""
TURN = 4
TIMES_MAX = 4
"""So often a comparison is made while its figures lie nearer to the goal than their errors."""
KEPT, GROWN = 0.97, 1.03
"""At least of the rate without, and at most of the CPU of an operation."""
GOAL = "20"
"""After those of the table: 3 % at most."""


class Collector(BaseHTTPRequestHandler):
    """Takes spans, and throws them away."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def collector() -> Iterator[str]:
    """Its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def overhead(environment: Environment) -> Iterator[Finding]:
    """By turns, on the same servers. A relay or a follower alone has no port of health, and so no metrics."""
    with collector() as address:
        for what, make, arguments in (
            ("relay (5)", "bench.implementations.relays:republishing", of_log),
            ("follow, postgresql (6)", "bench.implementations.follows:ours", of_log),
            ("RPC command (8)", CALLER, of_command),
            ("whole renewals, standalone (10)", "bench.implementations.renewals:renewing", of_renewals),
        ):
            new = partial(with_own_servers, environment, arguments)
            if arguments is not of_log:
                counted = Side(COUNTED, OBSERVED.format("counted"), {"make": make, "parts": [0, 1]}, green=True)
                yield from compared(environment, what, partial(new, counted), TURNS, BARE)
            for name, part in PARTS.items():
                sent = {"collector": address, "var": str(environment.folder)}
                traced = Side(name, OBSERVED.format("traced"), {"make": make, "parts": [0, part], **sent}, green=True)
                turns = TURNS_OF_EVERYTHING if name == EVERYTHING else TURNS
                yield from compared(environment, what, partial(new, traced), turns, UNTRACED)


def with_own_servers(environment: Environment, arguments: Callable[[Environment, int], Arguments], side: Side) -> Side:
    """With a database and a virtual host of its own: a follower would know already what an earlier one was sent from the first position on."""
    return replace(side, arguments={**side.arguments, "arguments": arguments(environment, free_port())})


def of_log(environment: Environment, _health_port: int) -> Arguments:
    return {"url": environment.postgres_url(), "broker_url": environment.broker_url()}


def of_command(environment: Environment, health_port: int) -> Arguments:
    """Caller and service in one process."""
    own = {"service": "command", "keys": environment.keys, "health_port": health_port, "at_once": 1, "within": True}
    return {**of_log(environment, health_port), **own}


def of_renewals(environment: Environment, health_port: int) -> Arguments:
    """All programs and their callers in one process."""
    return {"environment": own_settings(environment) | {"TAMDID_HEALTH_PORT": str(health_port)}, "at_once": AT_ONCE}


def compared(
    environment: Environment, what: str, new: Callable[[], Side], turns: int, without: str
) -> Iterator[Finding]:
    """What all rounds say, each time with a new side, until they say on which side of the goal it is."""
    found = defaultdict[str, list[Round]](list)
    for _ in range(TIMES_MAX):
        side = new()
        (rounds,) = compare(environment, [side], rounds=turns * TURN + 1).rounds.values()
        for name, more in by_part(rounds, side.name, without).rounds.items():
            found[name] += more
        findings = list(findings_of(what, Outcome(found), side.name, without))
        if not any(one.is_within_error for one in findings):
            break
    yield from findings


def by_part(rounds: Sequence[Round], name: str, without: str) -> Outcome:
    """The rounds of whole turns, whichever is the first."""
    first = int(bool(rounds[0].details["part"]) == bool(rounds[1].details["part"]))  # the warm-up took some
    rounds = rounds[first : len(rounds) - (len(rounds) - first) % TURN]
    having = [one for one in rounds if one.details["part"]]
    return Outcome({name: having, without: [one for one in rounds if not one.details["part"]]})


def findings_of(what: str, outcome: Outcome, name: str, without: str) -> Iterator[Finding]:
    """The ratios of the rates, and of the CPU of each operation, which a busy machine disturbs less; traces of everything have no goal."""
    words = f"{what}: {name} / {without}"
    at_least, at_most = (None, None) if name == EVERYTHING else (KEPT, GROWN)
    having, bare = outcome.rounds[name], outcome.rounds[without]
    rate, error = ratio([one.seconds for one in bare], [one.seconds for one in having])
    yield Finding(GOAL, words, rate, "×", at_least=at_least, error=error, figures=outcome.figures())
    cpu, error = ratio([one.cpu_seconds for one in having], [one.cpu_seconds for one in bare])
    yield Finding(GOAL, f"CPU of {words}", cpu, "×", at_most=at_most, error=error)


def ratio(some: Sequence[float], others: Sequence[float]) -> tuple[float, float]:
    """That of the sums, and two standard errors of it (of a ratio estimator), by the turns, which have two rounds of either side.

    Of sums, since what is done once in many rounds counts: the trace of one request in a thousand, an export, a read of the metrics.
    """
    mine, theirs = ([sum(turn) for turn in zip(one[::2], one[1::2], strict=True)] for one in (some, others))
    value = sum(mine) / sum(theirs)
    left = sum((one - value * other) ** 2 for one, other in zip(mine, theirs, strict=True))
    return value, 2 * sqrt(left / (len(mine) * (len(mine) - 1))) / mean(theirs)
