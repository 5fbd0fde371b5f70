"""The AsyncAPI document is whole, its examples are as its schemas say, and it tells every error of nameko's apart."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from clients.bank.notices import receiver
from deploy.reference import asyncapi, asyncapi_rpc
from shared.contract.refusals import Reason
from tests.contract import asyncapi_examples, schemas

BASE = "https://portal.example/asyncapi.json"


@cache
def document() -> Any:
    """Made in the process that runs these tests, not in each that collects them."""
    return asyncapi.document(asyncapi_examples.messages())


@cache
def registry() -> Registry[Any]:
    made: Registry[Any] = Registry().with_resource(BASE, DRAFT202012.create_resource(document()))
    return made


def shown() -> dict[str, Any]:
    """The examples of the document, by the name of their message."""
    return {name: one["examples"] for name, one in document()["components"]["messages"].items() if "examples" in one}


def wrong(place: str, value: Any) -> list[str]:
    """What a schema of the document has against a value."""
    validator = OAS31Validator({"$ref": f"{BASE}#{place}"}, registry=registry())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (target for name, target in part.items() if name == "$ref")
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from references(inner)


def test_every_reference_of_the_document_leads_somewhere() -> None:
    found = set(references(document()))
    for reference in found:
        place: Any = document()
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
        assert place, reference
    assert found


def test_the_document_tells_of_every_word() -> None:
    now = schemas.contract()
    documented = set(document()["components"]["messages"])
    assert set(now["events"]) | set(now["asks"]) <= documented
    assert {f"{call}.reply" for call in now["asks"]} <= documented
    assert set(document()["channels"]) >= {"renewal.events", "capacity.follows.renewal", "payment.start_payment"}


def test_the_banks_notice_and_what_the_browser_brings_back_are_described() -> None:
    operations, channels = document()["operations"], document()["channels"]
    assert operations["bank.receives.notices"]["action"] == "receive"
    assert (channels["notices"]["address"], channels["callbacks"]["address"]) == ("/webhooks/bank", "/payment/return")
    assert operations["gateway.receives.callbacks"]["bindings"]["http"]["query"]["$ref"].endswith("/BankCallback")
    for status in receiver.ANSWERS:
        assert str(status) in operations["bank.receives.notices"]["summary"]


def test_every_event_has_an_example_and_most_commands_and_queries() -> None:
    now = schemas.contract()
    assert shown().keys() == asyncapi_examples.messages().keys() >= set(now["events"])
    assert len(now["asks"].keys() & shown().keys()) > len(now["asks"]) / 2


@pytest.mark.parametrize("name", sorted(asyncapi_examples.messages()))
def test_an_example_is_as_its_schema_says(name: str) -> None:
    for example in shown()[name]:
        assert wrong(f"/components/messages/{name}/payload", example["payload"]) == []


def test_every_call_needs_a_passport_and_the_broker_an_account() -> None:
    schemes = document()["components"]["securitySchemes"]
    assert {one["action"] for one in document()["operations"].values() if "security" in one} == {"receive"}
    assert all("security" in one for one in document()["operations"].values() if "reply" in one)
    assert {one.rpartition("/")[2] for one in references(document()) if "/securitySchemes/" in one} == set(schemes)


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
