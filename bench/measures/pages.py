"""Goal 12: a signed-in page, and what it suffers while others sign in."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from uuid import uuid4

from pydantic import SecretStr

from bench.environment import Environment
from bench.findings import Finding
from bench.implementations.pages import BARE, PAGE, SESSION
from bench.runner import Side, compare, percentile, worker
from clients.admin.transport.http import HttpServer
from deploy import demonstration
from shared.contract.auth import commands
from tests.support.servers import instance
from tests.support.servers.free_ports import free_ports

SIDES = "bench.implementations.pages"
AT_ONCE = 4
SIGN_INS_A_SECOND = 20
SECONDS, QUICK_SECONDS = 15, 5
OURS, LIMIT = "ours", "the template on bare Flask"


def pages(environment: Environment) -> Iterator[Finding]:
    yield from against_bare_flask(environment)
    yield from while_others_sign_in(environment)


def against_bare_flask(environment: Environment) -> Iterator[Finding]:
    """Both under eventlet's server; services answer from memory."""
    ports = dict(zip((OURS, LIMIT), free_ports(2), strict=True))
    with ExitStack() as stack:
        for name, port in ports.items():
            arguments = {"port": port, "var": str(environment.folder), "bare": name == LIMIT}
            stack.enter_context(worker(Side(name, f"{SIDES}:server", arguments, green=True), environment))
        outcome = compare(
            environment,
            [
                Side(name, f"{SIDES}:browser", {"port": port, "path": path, "at_once": AT_ONCE, "session": SESSION})
                for (name, port), path in zip(ports.items(), (PAGE, BARE), strict=True)
            ],
        )
    what = f"a member's page, signed in, RPC apart: ours / {LIMIT}"
    yield Finding("12", what, outcome.ratio(OURS, LIMIT), "×", at_least=0.6, figures=outcome.figures())


def while_others_sign_in(environment: Environment) -> Iterator[Finding]:
    """On the standalone instance, with everything behind the page."""
    seconds = QUICK_SECONDS if environment.quick else SECONDS
    with instance.standalone(TAMDID_CHALLENGE="never") as running, ExitStack() as stack:
        person = demonstration.rows("register.csv")[0]
        who = {"member": person["membership_no"], "code": person["national_code"]}
        port = int(running.portal.rsplit(":", 1)[1])
        loading = {"port": port, "path": PAGE, "at_once": 1, "session": session_of(running.portal, who)}
        browser = stack.enter_context(worker(Side("pages", f"{SIDES}:browser", loading), environment))
        signing_in = {"url": running.portal, "a_second": SIGN_INS_A_SECOND, **who}
        crowd = stack.enter_context(worker(Side("sign-ins", f"{SIDES}:signing_in", signing_in), environment))
        pool = stack.enter_context(ThreadPoolExecutor(1))
        browser.run(50)
        alone = browser.run(200).latencies
        found: list[float] = []
        others = pool.submit(crowd.run, SIGN_INS_A_SECOND * seconds)
        while not others.done():
            found += browser.run(10).latencies
    figures = {
        name: {f"p{100 * share:g}_ms": round(1000 * percentile(values, share), 2) for share in (0.5, 0.99, 0.999)}
        for name, values in (("nobody signs in", alone), (f"{SIGN_INS_A_SECOND} a second", found))
    }
    what = f"a member's page while {SIGN_INS_A_SECOND} a second sign in, p99"
    yield Finding("12", what, 1000 * percentile(found, 0.99), "ms", at_most=100, figures=figures)


def session_of(url: str, who: dict[str, str]) -> str:
    """A session of the member."""
    server = HttpServer(url, None, seconds=10)
    try:
        command = commands.SignIn(
            id=uuid4(),
            deadline=demonstration.deadline(),
            principal_kind="member",
            name=who["member"],
            password=SecretStr(who["code"]),
        )
        return server.call(command).token
    finally:
        server.close()
