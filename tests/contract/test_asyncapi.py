"""The AsyncAPI document is whole, its examples are as its schemas say, and it tells every error of nameko's apart."""

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from deploy.reference import asyncapi, asyncapi_rpc
from shared.contract.refusals import Reason
from tests.contract import asyncapi_examples, schemas

DOCUMENT = asyncapi.document(asyncapi_examples.messages())
NOW = schemas.contract()
BASE = "https://portal.example/asyncapi.json"
REGISTRY: Registry[Any] = Registry().with_resource(BASE, DRAFT202012.create_resource(DOCUMENT))
EXAMPLES = {name: one["examples"] for name, one in DOCUMENT["components"]["messages"].items() if "examples" in one}


def wrong(place: str, value: Any) -> list[str]:
    """What a schema of the document has against a value."""
    validator = OAS31Validator({"$ref": f"{BASE}#{place}"}, registry=REGISTRY)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (target for name, target in part.items() if name == "$ref")
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from references(inner)


def test_every_reference_of_the_document_leads_somewhere() -> None:
    found = set(references(DOCUMENT))
    for reference in found:
        place: Any = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
        assert place, reference
    assert found


def test_the_document_tells_of_every_word() -> None:
    documented = set(DOCUMENT["components"]["messages"])
    assert set(NOW["events"]) | set(NOW["asks"]) <= documented
    assert {f"{call}.reply" for call in NOW["asks"]} <= documented
    assert set(DOCUMENT["channels"]) >= {"renewal.events", "capacity.follows.renewal", "payment.start_payment"}


def test_every_event_has_an_example_and_most_commands_and_queries() -> None:
    assert set(NOW["events"]) <= set(EXAMPLES)
    assert len(set(NOW["asks"]) & set(EXAMPLES)) > len(NOW["asks"]) / 2


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_is_as_its_schema_says(name: str) -> None:
    for example in EXAMPLES[name]:
        assert wrong(f"/components/messages/{name}/payload", example["payload"]) == []


def test_every_call_needs_a_passport_and_the_broker_an_account() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert {one["action"] for one in DOCUMENT["operations"].values() if "security" in one} == {"receive"}
    assert all("security" in one for one in DOCUMENT["operations"].values() if "reply" in one)
    assert {one.rpartition("/")[2] for one in references(DOCUMENT) if "/securitySchemes/" in one} == set(schemes)


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [("Failed", []), ("Refused", ["not_allowed", {}]), *((name, ["missing"]) for name in asyncapi_rpc.UNREADABLE)],
)
def test_an_error_is_of_exactly_one_kind(kind: str, arguments: list[Any]) -> None:
    error = {"exc_type": "KeyError" if kind == "Failed" else kind, "exc_path": "", "exc_args": arguments, "value": ""}
    found = [name for name in asyncapi_rpc.errors() if wrong(f"/components/schemas/{name}", error) == []]
    assert found == ["Unreadable" if kind in asyncapi_rpc.UNREADABLE else kind]
    for name in ("GetRenewal.reply", "StartPayment.reply"):
        assert wrong(f"/components/messages/{name}/payload", {"result": None, "error": error}) == []


def test_a_reason_that_is_not_listed_is_no_refusal() -> None:
    error = {"exc_type": "Refused", "exc_args": ["because", {}]}
    assert wrong("/components/schemas/Refused", error) != []
    assert wrong("/components/schemas/Refused", {**error, "exc_args": [Reason.NOT_ALLOWED.value, {}]}) == []
