"""Clients that others have written, each with its job against a private instance."""

import random
import re
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import httpx

from shared.contract.notification.commands import AddWebhook, EndWebhook
from shared.contract.operations import queries
from tests.demo import users
from tests.faults.load import declaration
from tests.fuzz import program
from tests.fuzz.users import declared
from tests.outside_clients.installation import Installation, run
from tests.support.member import MERCHANT, Member
from tests.support.servers.free_ports import free_ports
from tests.support.system import SECRET, YEAR, Cluster, fresh

EXAMPLES_OF_AN_OPERATION = 3
SEED = 1405
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)


@dataclass(frozen=True)
class Client:
    """Somebody's client, how its version is found, its job, and the function that lets it do that and says what was seen."""

    name: str
    version: Callable[[Installation], str]
    job: str
    run: Callable[[Installation, Cluster], str]


def described(found: Installation, cluster: Cluster) -> Path:
    """The description as the portal serves it."""
    path = found.folder / "openapi.json"
    path.write_bytes(httpx.get(f"{cluster.portal}/api/openapi.json", trust_env=False).content)
    return path


def validate(found: Installation, cluster: Cluster) -> str:
    said = run(["openapi-spec-validator", described(found, cluster)], found.folder, {})
    return said.rpartition(": ")[2]


@contextmanager
def events(found: Installation, cluster: Cluster) -> Iterator[dict[str, str]]:
    """A file of all events in renewal's log, a line for each."""
    with tempfile.NamedTemporaryFile("w", dir=found.folder, suffix=".jsonl", encoding="utf-8") as file:
        read = cluster.admin.call(queries.ReadEvents(after=0), service="renewal").events
        file.write("".join(f"{one.cloud_event}\n" for one in read))
        file.flush()
        yield {"EVENTS": file.name}


def read_events_in_python(found: Installation, cluster: Cluster) -> str:
    with events(found, cluster) as environment:
        return found.run_python("cloud_events.py", environment)


def read_events_in_node(found: Installation, cluster: Cluster) -> str:
    with events(found, cluster) as environment:
        return found.run_node("cloudevents.js", environment)


def parse_asyncapi(found: Installation, cluster: Cluster) -> str:
    return found.run_node("asyncapi.js", {"PORTAL": cluster.portal})


def sign_notices(found: Installation, cluster: Cluster) -> str:
    return found.run_node("webhooks.js", {"BANK": cluster.bank_url, "SECRET": SECRET})


def receive_webhooks(
    run_receiver: Callable[[Installation, dict[str, str]], str],
) -> Callable[[Installation, Cluster], str]:
    """Let a program receive the first events of a new member's renewal by a webhook that is made for it."""

    def receive(found: Installation, cluster: Cluster) -> str:
        (port,) = free_ports(1)
        url, events = f"http://127.0.0.1:{port}/", ("RenewalRequested", "DeclarationSubmitted", "RenewalApproved")
        made = cluster.admin.call(AddWebhook(**fresh(), url=url, events=events, provinces=(users.PROVINCE,)))
        environment = {"PORT": str(port), "SECRET": made.secret, "EVENTS": " ".join(events)}
        with ThreadPoolExecutor(1) as pool, closing(Member(cluster, *cluster.enrol(1))) as member:
            received = pool.submit(run_receiver, found, environment)
            member.be_approved()
            seen = received.result()
        cluster.admin.call(EndWebhook(**fresh(), webhook=made.webhook))
        return seen

    return receive


receive_webhooks_in_python = receive_webhooks(
    lambda found, environment: found.run_python("receive_webhooks.py", environment)
)
receive_webhooks_in_node = receive_webhooks(
    lambda found, environment: found.run_node("receive_webhooks.js", environment)
)


def shop_in_python(program: str) -> Callable[[Installation, Cluster], str]:
    return lambda found, cluster: found.run_python(program, bank(cluster))


def shop_in_node(program: str) -> Callable[[Installation, Cluster], str]:
    return lambda found, cluster: found.run_node(program, bank(cluster))


def bank(cluster: Cluster) -> dict[str, str]:
    return {"BANK": cluster.bank_url, "MERCHANT": MERCHANT}


def of_python(*packages: str) -> Callable[[Installation], str]:
    return lambda found: ", ".join(found.python_version(package) for package in packages)


def of_node(*packages: str) -> Callable[[Installation], str]:
    return lambda found: ", ".join(found.node_version(package) for package in packages)


def drive_generated_client(found: Installation, cluster: Cluster) -> str:
    """Generate a client, and let it take a new member through the six steps."""
    tool = found.python / "openapi-python-client"
    made = found.folder / "generated"
    run([tool, "generate", "--path", described(found, cluster), "--output-path", made, "--overwrite"], found.folder, {})
    (person,) = cluster.enrol(1)
    manager = users.officer("manager")
    form = declaration(random.Random(SEED))  # noqa: S311 - nothing secret hangs on it
    environment = {
        "PYTHONPATH": str(made), "PORTAL": cluster.portal, "YEAR": str(YEAR), "DECLARATION": form.model_dump_json(),
        "MEMBER": person.name, "CODE": person.secret, "MANAGER": manager.name, "PASSWORD": manager.secret,
    }  # fmt: skip
    return found.run_python("six_steps.py", environment)


def use_program_account(found: Installation, cluster: Cluster) -> str:
    """Let OAuth clients approve a new member's renewal by the account of a program."""
    member = Member(cluster, *cluster.enrol(1))
    declared(member)
    environment = {"PORTAL": cluster.portal, "YEAR": str(YEAR), "MEMBER": member.name, "NAME": program.NAME}
    secret = program.secret_of_new_account(cluster, (users.PROVINCE,))
    member.close()
    return found.run_python("program_account.py", {**environment, "SECRET": secret})


def search_for_answers_that_are_not_described(found: Installation, cluster: Cluster) -> str:
    """As each role; what it does to its own session ends nothing for the next."""
    (person,) = cluster.enrol(1)
    officers = {role: users.officer(role) for role in ("manager", "finance", "admin")}
    tokens = {"nobody": "", "member": cluster.session_of("member", person.name, person.secret)}
    tokens |= {role: cluster.session_of("officer", one.name, one.secret) for role, one in officers.items()}
    checks = ",".join(CHECKS)
    command: list[str | Path] = [
        found.python / "schemathesis",
        "run",
        described(found, cluster),
        "--url",
        cluster.portal,
    ]
    command += ["--checks", checks, "--max-examples", str(EXAMPLES_OF_AN_OPERATION), "--seed", str(SEED), "--no-color"]
    command += ["--phases", "examples,fuzzing", "--workers", "2", "--generation-database", "none", "--warnings", "off"]
    seen = []
    for role, token in tokens.items():
        report = found.folder / f"{role}.txt"
        header = ["--header", f"Authorization: Bearer {token}"] if token else []
        run([*command, *header], found.folder, {}, said=report)
        generated = re.search(r"^ *(\d+) generated", report.read_text(encoding="utf-8"), re.MULTILINE)
        seen.append(f"{role} {generated[1] if generated else 'no'}")
    return f"cases, no answer that is not described: {', '.join(seen)}"


def shop(name: str, version: Callable[[Installation], str], run_shop: Callable[[Installation, Cluster], str]) -> Client:
    return Client(name, version, "pays at the sandbox bank as another shop", run_shop)


CLIENTS = (
    Client("openapi-spec-validator", lambda _: version("openapi-spec-validator"), "validates /api/openapi.json", validate),
    Client("@asyncapi/parser", of_node("@asyncapi/parser"), "parses /api/asyncapi.json", parse_asyncapi),
    Client(
        "openapi-python-client", of_python("openapi-python-client"), "generates a client that takes the six steps",
        drive_generated_client,
    ),
    Client(
        "requests-oauthlib, Authlib", of_python("requests-oauthlib", "authlib"), "get access tokens, and approve by one",
        use_program_account,
    ),
    Client("cloudevents (Python)", of_python("cloudevents"), "reads the events of renewal", read_events_in_python),
    Client("cloudevents (JavaScript)", of_node("cloudevents"), "reads the events of renewal", read_events_in_node),
    Client("standardwebhooks, svix (JavaScript)", of_node("standardwebhooks", "svix"), "sign a notice of the bank", sign_notices),
    Client(
        "standardwebhooks, svix (JavaScript) as receivers", of_node("standardwebhooks", "svix"),
        "verify events that a webhook of ours sends", receive_webhooks_in_node,
    ),
    Client(
        "standardwebhooks, svix (Python) as receivers", of_python("standardwebhooks", "svix"),
        "verify events that a webhook of ours sends", receive_webhooks_in_python,
    ),
    shop("az-iranian-bank-gateways", of_python("az-iranian-bank-gateways"), shop_in_python("az_gateways_shop.py")),
    shop("irgateway", of_python("irgateway"), shop_in_python("irgateway_shop.py")),
    shop("zarinpal-checkout", of_node("zarinpal-checkout"), shop_in_node("zarinpal_checkout.js")),
    shop("zarinpal-node-sdk", of_node("zarinpal-node-sdk"), shop_in_node("zarinpal_node_sdk.js")),
    Client(
        "schemathesis", of_python("schemathesis"), "searches for answers that are not described, as each role",
        search_for_answers_that_are_not_described,
    ),
)  # fmt: skip
"""The last one moves everything on, so that nobody comes after it."""
