"""What metrics, logs and traces cost on goals 5, 6, 8 and 10: with traces of everything, of the part that docs/operations.md names, and without traces, against the same side with none."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from bench.environment import Environment
from bench.findings import Finding
from bench.measures.calls import CALLER, SERVER
from bench.measures.renewals import own_settings
from bench.runner import Outcome, Side, compare, worker
from tests.support.servers.free_ports import free_ports

OBSERVED = "bench.implementations.observed:observed"
COUNTED, WITHOUT = "with metrics and logs", "with none"
TRACED = {"with metrics, logs and traces of everything": 1.0, "with metrics, logs and traces of 1 %": 0.01}
KEPT = 0.97
"""Of the rate without them, at least."""
STARTS = 3
"""Of each side's process: two of the same side differ by more than 3 % for as long as they run."""
COMMAND = "command"
AT_ONCE = 16


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
    """By turns, on the same servers."""
    with collector() as address:
        for goal, what, measured in (
            ("5", "relay", of_log("relays")),
            ("6", "follow, postgresql", of_log("follows")),
            ("8", "RPC command", of_commands),
            ("10", "whole renewals, standalone", of_renewals),
        ):
            outcomes = [measured(environment, address) for _ in range(STARTS)]
            yield from findings_of(goal, what, together(outcomes))


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """All their rounds as those of one."""
    return Outcome({name: [round_ for one in outcomes for round_ in one.rounds[name]] for name in outcomes[0].rounds})


def of_log(module: str) -> Callable[[Environment, str], Outcome]:
    """What a relay or a follower does, each on databases of its own."""

    def measured(environment: Environment, address: str) -> Outcome:
        arguments = [{"url": environment.postgres_url(), "broker_url": environment.broker_url()} for _ in range(4)]
        return compare(environment, sides(environment, address, f"bench.implementations.{module}:ours", arguments))

    return measured


def sides(environment: Environment, address: str, make: str, arguments: Sequence[Mapping[str, Any]]) -> list[Side]:
    """The same work traced wholly, in part and not, and with none, each with arguments of its own."""
    *observed, bare = arguments

    def observing(name: str, part: float, own: Mapping[str, Any]) -> Side:
        collector, var = address if part else "", str(environment.folder)
        every = {"make": make, "arguments": own, "collector": collector, "part": part, "var": var}
        return Side(name, OBSERVED, every, green=True)

    parts = {**TRACED, COUNTED: 0.0}
    made = [observing(name, part, own) for (name, part), own in zip(parts.items(), observed, strict=True)]
    return [*made, Side(WITHOUT, make, bare, green=True)]


def of_commands(environment: Environment, address: str) -> Outcome:
    """The command's service and its caller are observed alike."""
    arguments = [
        {
            "url": environment.postgres_url(),
            "broker_url": environment.broker_url(),
            "keys": environment.keys,
            "service": COMMAND,
            "health_port": port,
        }
        for port in (*free_ports(3), 0)
    ]
    with ExitStack() as stack:
        for side in sides(environment, address, SERVER, arguments):
            stack.enter_context(worker(side, environment))
        calling = [{**one, "at_once": 1, "within": False} for one in arguments]
        return compare(environment, sides(environment, address, CALLER, calling))


def of_renewals(environment: Environment, address: str) -> Outcome:
    """All programs and their callers in one process."""
    settings = [own_settings(environment) | {"TAMDID_HEALTH_PORT": str(port)} for port in (*free_ports(3), 0)]
    arguments = [{"environment": one, "at_once": AT_ONCE} for one in settings]
    return compare(environment, sides(environment, address, "bench.implementations.renewals:renewing", arguments))


def findings_of(goal: str, what: str, outcome: Outcome) -> Iterator[Finding]:
    """The ratios of the rates, and of the CPU of each operation, which a busy machine disturbs less."""
    for name in (COUNTED, *TRACED):
        words = f"{what}: {name} / {WITHOUT}"
        yield Finding(goal, words, outcome.ratio(name, WITHOUT), "×", at_least=KEPT, figures=outcome.figures())
        yield Finding(goal, f"CPU of {words}", cpu_of(outcome, name) / cpu_of(outcome, WITHOUT), "×")


def cpu_of(outcome: Outcome, name: str) -> float:
    """The seconds of an operation in the side's own process."""
    rounds = outcome.rounds[name]
    return sum(one.cpu_seconds for one in rounds) / sum(one.count for one in rounds)
