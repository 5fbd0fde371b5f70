"""What metrics, logs and traces cost on goals 5, 6, 8 and 10: each side with all of them against the same side with none."""

from collections.abc import Iterator
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
WITH, WITHOUT = "with metrics, logs and traces", "with none"
KEPT = 0.97
"""Of the rate without them, at least."""
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
        for goal, what, make in (("5", "relay", "relays"), ("6", "follow, postgresql", "follows")):
            urls = [(environment.postgres_url(), environment.broker_url()) for _ in (WITH, WITHOUT)]
            arguments = [{"url": url, "broker_url": broker} for url, broker in urls]
            outcome = compare(
                environment, sides(environment, address, f"bench.implementations.{make}:ours", *arguments)
            )
            yield from findings_of(goal, what, outcome)
        yield from findings_of("8", "RPC command", of_commands(environment, address))
        yield from findings_of("10", "whole renewals, standalone", of_renewals(environment, address))


def sides(
    environment: Environment, address: str, make: str, observed: dict[str, Any], bare: dict[str, Any]
) -> list[Side]:
    """The same work with and without."""
    return [observing(environment, address, WITH, make, observed), Side(WITHOUT, make, bare, green=True)]


def observing(environment: Environment, address: str, name: str, make: str, arguments: dict[str, Any]) -> Side:
    every = {"make": make, "arguments": arguments, "collector": address, "var": str(environment.folder)}
    return Side(name, OBSERVED, every, green=True)


def of_commands(environment: Environment, address: str) -> Outcome:
    """The command's service and its caller are both with them, or both without."""
    bare, observed = (
        {
            "url": environment.postgres_url(),
            "broker_url": environment.broker_url(),
            "keys": environment.keys,
            "service": COMMAND,
        }
        for _ in (WITH, WITHOUT)
    )
    counted = {**observed, "health_port": free_ports(1)[0]}
    with ExitStack() as stack:
        stack.enter_context(worker(observing(environment, address, "served", SERVER, counted), environment))
        stack.enter_context(worker(Side("served bare", SERVER, bare, green=True), environment))
        calling = {"at_once": 1, "within": False}
        return compare(environment, sides(environment, address, CALLER, {**observed, **calling}, {**bare, **calling}))


def of_renewals(environment: Environment, address: str) -> Outcome:
    """All programs and their callers in one process."""
    make = "bench.implementations.renewals:renewing"
    bare, observed = own_settings(environment), own_settings(environment)
    observed["TAMDID_HEALTH_PORT"] = str(free_ports(1)[0])
    arguments = ({"environment": one, "at_once": AT_ONCE} for one in (observed, bare))
    return compare(environment, sides(environment, address, make, *arguments))


def findings_of(goal: str, what: str, outcome: Outcome) -> Iterator[Finding]:
    """The ratio of the rates, and that of the CPU of each operation, which a busy machine disturbs less."""
    what = f"{what}: {WITH} / {WITHOUT}"
    yield Finding(goal, what, outcome.ratio(WITH, WITHOUT), "×", at_least=KEPT, figures=outcome.figures())
    cpu = [sum(one.cpu_seconds for one in outcome.rounds[name]) / sum(one.count for one in outcome.rounds[name])
           for name in (WITH, WITHOUT)]  # fmt: skip
    yield Finding(goal, f"CPU of {what}", cpu[0] / cpu[1], "×")
