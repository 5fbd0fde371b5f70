"""What metrics, logs and traces cost on goals 5, 6, 8 and 10: metrics and logs against none, and with them traces of everything or of the part that docs/operations.md names."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
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
WITHOUT, COUNTED, TRACED = "none", "metrics and logs", "traces"
EVERYTHING = "traces of everything"
UNTRACED = "no traces"
PARTS = {"traces of 0.1 %": (0.001, 20), EVERYTHING: (1.0, 2)}
"""Of the requests, and for how many turns of four rounds (none, the part, the part, none): what is looked for is less than two rounds differ by.

Many short rounds rather than few long ones: what disturbs a machine lasts for some seconds, and so disturbs neighbours alike.
Each part is compared alone: what is traced in one round is worked off in the next, which must not be another part's.
"""
TURN = 4
KEPT = 0.97
"""Of the rate without, at least."""
STARTS = 6
"""Of the two processes that are compared, by turns each as the first: they differ, for as long as they run, even where they do the same."""


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
        for goal, what, make, arguments in (
            ("5", "relay", "bench.implementations.relays:republishing", of_log),
            ("6", "follow, postgresql", "bench.implementations.follows:ours", of_log),
            ("8", "RPC command", CALLER, of_command),
            ("10", "whole renewals, standalone", "bench.implementations.renewals:renewing", of_renewals),
        ):
            if arguments is not of_log:
                own = {"make": make, "arguments": arguments(environment, free_port())}
                counted = Side(COUNTED, OBSERVED.format("counted"), own, green=True)
                bare = Side(WITHOUT, make, arguments(environment, 0), green=True)
                yield from findings_of(goal, what, started_again(environment, [counted, bare]), COUNTED, WITHOUT)
            for name, (part, turns) in PARTS.items():
                own = {"make": make, "arguments": arguments(environment, free_port())}
                sent = {"collector": address, "parts": [0.0, part], "var": str(environment.folder)}
                traced = Side(TRACED, OBSERVED.format("traced"), own | sent, green=True)
                outcome = compare(environment, [traced], rounds=turns * TURN + 1)
                yield from findings_of(goal, what, by_part(outcome, name), name, UNTRACED)


def of_log(environment: Environment, _health_port: int) -> Arguments:
    return {"url": environment.postgres_url(), "broker_url": environment.broker_url()}


def of_command(environment: Environment, health_port: int) -> Arguments:
    """Caller and service in one process."""
    own = {"service": "command", "keys": environment.keys, "health_port": health_port, "at_once": 1, "within": True}
    return {**of_log(environment, health_port), **own}


def of_renewals(environment: Environment, health_port: int) -> Arguments:
    """All programs and their callers in one process."""
    return {"environment": own_settings(environment) | {"TAMDID_HEALTH_PORT": str(health_port)}, "at_once": AT_ONCE}


def started_again(environment: Environment, sides: Sequence[Side]) -> Outcome:
    """The rounds of several starts of the same sides, in which each is started first as often as last."""
    starts = [compare(environment, sides[:: 1 if number % 2 else -1]).rounds for number in range(STARTS)]
    return Outcome({side.name: list(chain.from_iterable(one[side.name] for one in starts)) for side in sides})


def by_part(outcome: Outcome, name: str) -> Outcome:
    """The rounds in which a part of the requests was traced, each beside its neighbour in which nothing was; whole turns, whichever round is the first."""
    rounds = outcome.rounds[TRACED]
    first = int(bool(rounds[0].details["part"]) == bool(rounds[1].details["part"]))  # the warm-up took some
    rounds = rounds[first : len(rounds) - (len(rounds) - first) % TURN]
    traced = [with_exports(one) for one in rounds if one.details["part"]]
    return Outcome({name: traced, UNTRACED: [one for one in rounds if not one.details["part"]]})


def with_exports(traced: Round) -> Round:
    """A round with what the exports of its spans take, which come after some rounds."""
    longer = 1 + traced.details["export_share"]
    return replace(traced, seconds=traced.seconds * longer, cpu_seconds=traced.cpu_seconds * longer)


def findings_of(goal: str, what: str, outcome: Outcome, name: str, base: str) -> Iterator[Finding]:
    """The ratios of the rates, and of the CPU of each operation, which a busy machine disturbs less; traces of everything have no goal."""
    words, at_least = f"{what}: {name} / {base}", None if name == EVERYTHING else KEPT
    yield Finding(goal, words, outcome.ratio(name, base), "×", at_least=at_least, figures=outcome.figures())
    yield Finding(goal, f"CPU of {words}", cpu_of(outcome, name) / cpu_of(outcome, base), "×")


def cpu_of(outcome: Outcome, name: str) -> float:
    """The seconds of an operation in the side's own process."""
    rounds = outcome.rounds[name]
    return sum(one.cpu_seconds for one in rounds) / sum(one.count for one in rounds)
