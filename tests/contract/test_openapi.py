"""The OpenAPI document of the JSON API is valid, whole, and true of what is answered."""

import json
from functools import cache
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from clients.gateway.api.catalogue import OFFERED, OPEN, WITH_ADDRESS
from clients.gateway.api.problems import MEDIA_TYPE
from clients.gateway.web import error_pages
from deploy.reference import openapi
from deploy.reference.openapi_problems import STATUSES
from shared.contract.base import Command
from shared.contract.refusals import Reason
from tests.clients.gateway.api import examples

PATHS = {f"/api/{service}/{method}": kind for (service, method), kind in OFFERED.items()}
BASE = "https://portal.example/openapi.json"


@cache
def document() -> Any:
    """Made in the process that runs these tests, not in each that collects them."""
    return openapi.document(examples.played())


@cache
def registry() -> Registry[Any]:
    made: Registry[Any] = Registry().with_resource(BASE, DRAFT202012.create_resource(document()))
    return made


def wrong(schema: dict[str, Any], value: Any) -> list[str]:
    """What a schema of the document has against a value."""
    validator = OAS31Validator(at_base(schema), registry=registry())
    return [error.message for error in validator.iter_errors(value)]


def at_base(part: Any) -> Any:
    """A schema whose references lead into the document."""
    if isinstance(part, dict):
        return {name: BASE + value if name == "$ref" else at_base(value) for name, value in part.items()}
    return [at_base(one) for one in part] if isinstance(part, list) else part


def operation(path: str) -> dict[str, Any]:
    found: dict[str, Any] = document()["paths"][path]["post"]
    return found


def test_the_document_is_valid() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document()).iter_errors()] == []


def test_every_operation_of_the_api_is_described_and_no_other() -> None:
    assert set(document()["paths"]) == {*PATHS, "/api/asyncapi.json", "/api/oauth/token", "/api/openapi.json"}


@pytest.mark.parametrize("path", sorted(PATHS))
def test_an_operation_takes_what_a_caller_may_say_and_no_more(path: str) -> None:
    kind, body = PATHS[path], operation(path)["requestBody"]
    schema = document()["components"]["schemas"][
        body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    ]
    set_elsewhere = {"actor", "at"} if issubclass(kind, Command) else set()
    fields = set(kind.model_fields) - set_elsewhere - ({"address"} if kind in WITH_ADDRESS else set())
    assert set(schema.get("properties", {})) == fields
    assert not {"id", "deadline"} & set(schema.get("required", ()))
    assert schema["additionalProperties"] is False
    assert body["required"] == bool(schema.get("required"))
    assert (operation(path).get("security") == []) == (kind in OPEN)


@pytest.mark.parametrize("path", sorted(examples.played().keys() - {"problems"}))
def test_what_was_sent_and_answered_is_as_its_schemas_say(path: str) -> None:
    described = operation(path)
    for part in (described["requestBody"], described["responses"]["200"]):
        content = part["content"]["application/json"]
        assert wrong(content["schema"], content["example"]) == []


def test_most_operations_show_what_was_sent_and_answered() -> None:
    assert len(examples.played()) > len(PATHS) / 2


@pytest.mark.parametrize("status", sorted(map(str, STATUSES)))
def test_each_problem_was_answered_and_is_as_its_schema_says(status: str) -> None:
    content = document()["components"]["responses"][status]["content"][MEDIA_TYPE]
    assert wrong(content["schema"], content["example"]) == []
    assert wrong(content["schema"], {**content["example"], "status": 418}) != [] or status == "500"


def test_each_reason_is_listed_under_its_status() -> None:
    assert set(document()["components"]["responses"]) == set(map(str, STATUSES))
    for reason in Reason:
        content = document()["components"]["responses"][str(error_pages.STATUSES[reason])]["content"][MEDIA_TYPE]
        assert reason in content["schema"]["allOf"][1]["properties"]["refused"]["enum"]


def test_fields_are_described_by_the_docstrings_under_them() -> None:
    schemas = document()["components"]["schemas"]
    assert schemas["SignIn"]["properties"]["device"]["description"] == "Shown in the holder's list of sessions."
    assert schemas["ApproveRenewal"]["properties"]["deadline"]["description"].startswith("After this instant")


def test_a_time_of_day_has_no_offset() -> None:
    assert document()["components"]["schemas"]["Contacts"]["properties"]["quiet_to"]["format"] == "time-local"
    assert '"format": "time"' not in json.dumps(document())
