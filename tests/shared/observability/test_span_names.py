"""Names and attributes of spans, held against OpenTelemetry's semantic conventions as its own package has them."""

import importlib
import pkgutil
from uuid import UUID

import pytest
from opentelemetry.semconv.schemas import Schemas
from sqlalchemy import make_url

from shared.contract.envelope import Recorded
from shared.messaging import topology
from shared.observability import span_names
from tests.support.sample_log import AT, metadata

EVENT = Recorded("renewal", 3, "renewal/001", 1, UUID(int=1), "RenewalApproved", "{}", metadata(), AT)
MESSAGE = {
    "messaging.system": "rabbitmq",
    "messaging.destination.template": "renewal.events",
    "messaging.rabbitmq.destination.routing_key": EVENT.type,
    "messaging.message.id": str(EVENT.event_id),
    "messaging.message.conversation_id": str(EVENT.metadata.correlation_id),
}
OURS = "tamdid."
SPANS = {
    "HTTP server": (
        span_names.http_server("POST", "/desk/<member>/<int:year>", "https"),
        "POST /desk/<member>/<int:year>",
        {
            "http.request.method": "POST",
            "url.scheme": "https",
            "url.path": "/desk/<member>/<int:year>",
            "http.route": "/desk/<member>/<int:year>",
        },
    ),
    "HTTP server without a route": (
        span_names.http_server("BREW", "", "http"),
        "HTTP",
        {"http.request.method": "_OTHER", "url.scheme": "http", "url.path": "/*"},
    ),
    "HTTP client": (
        span_names.http_client("POST", "https://bank.example/pg/key-of-ours/verify.json?authority=A1"),
        "POST",
        {
            "http.request.method": "POST",
            "server.address": "bank.example",
            "server.port": 443,
            "url.full": "https://bank.example:443/REDACTED",
        },
    ),
    "RPC": (
        span_names.rpc("renewal", "approve_renewal"),
        "renewal/approve_renewal",
        {"rpc.system.name": "nameko", "rpc.method": "renewal/approve_renewal"},
    ),
    "append": (
        span_names.append("renewal", ["RenewalApproved"]),
        "append renewal.events",
        {"tamdid.log": "renewal", "tamdid.event.types": ["RenewalApproved"]},
    ),
    "command": (span_names.command("ApproveRenewal"), "handle ApproveRenewal", {"tamdid.command": "ApproveRenewal"}),
    "process": (
        span_names.process("rabbitmq", EVENT, "capacity"),
        "process renewal.events",
        MESSAGE
        | {
            "messaging.operation.name": "process",
            "messaging.operation.type": "process",
            "messaging.destination.name": f"renewal.events:{EVENT.type}:capacity.follows.renewal",
        },
    ),
    "publish": (
        span_names.publish("rabbitmq", [EVENT]),
        "publish renewal.events",
        MESSAGE
        | {
            "messaging.operation.name": "publish",
            "messaging.operation.type": "send",
            "messaging.destination.name": f"renewal.events:{EVENT.type}",
        },
    ),
    "publish of a batch": (
        span_names.publish("rabbitmq", [EVENT, EVENT]),
        "publish renewal.events",
        {
            "messaging.system": "rabbitmq",
            "messaging.operation.name": "publish",
            "messaging.operation.type": "send",
            "messaging.destination.name": "renewal.events",
            "messaging.batch.message_count": 2,
        },
    ),
    "transaction": (
        span_names.transaction(make_url("postgresql+psycopg://renewal@db/tamdid_renewal")),
        "COMMIT tamdid_renewal",
        {"db.system.name": "postgresql", "db.namespace": "tamdid_renewal", "db.operation.name": "COMMIT"},
    ),
}


def attributes_of_the_conventions() -> set[str]:
    """Every attribute that the package of the conventions names."""
    found = set[str]()
    for package in ("opentelemetry.semconv.attributes", "opentelemetry.semconv._incubating.attributes"):
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
            named = vars(importlib.import_module(module.name))
            found |= {value for name, value in named.items() if name.isupper() and isinstance(value, str)}
    return found


def test_the_conventions_are_those_of_the_version_that_is_named() -> None:
    assert list(Schemas)[-1].value.endswith("/1.44.0")


@pytest.mark.parametrize("kind", sorted(SPANS))
def test_a_span_has_the_name_and_attributes_of_the_conventions(kind: str) -> None:
    found, name, attributes = SPANS[kind]
    assert found[:2] == (name, attributes)


@pytest.mark.parametrize("kind", sorted(SPANS))
def test_the_conventions_know_every_attribute_that_is_not_ours(kind: str) -> None:
    found = SPANS[kind][0]
    used = {*found.attributes, "error.type", "http.response.status_code", *filter(None, [found.outcome])}
    assert {one for one in used if not one.startswith(OURS)} <= attributes_of_the_conventions()


def test_a_destination_is_what_the_broker_has() -> None:
    queue, exchange = topology.subscription("capacity", "renewal"), topology.exchange("renewal")
    destination = SPANS["process"][0].attributes["messaging.destination.name"]
    assert destination == f"{exchange.name}:{EVENT.type}:{queue.name}"


def test_no_name_has_a_member_in_it() -> None:
    """The stream has one; a message is found by its id."""
    assert not [name for name, _, _ in SPANS.values() if EVENT.stream in str(name)]
