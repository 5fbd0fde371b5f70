"""What OpenAPI promises beside the messages themselves: operations, headers, media types, problems, and the form of the token endpoint."""

from collections.abc import Iterator
from typing import Any

from clients.gateway.api.catalogue import OFFERED
from deploy.reference import openapi, openapi_access_tokens
from tests.contract.shapes import Field, walk

Words = dict[str, dict[str, Any]]
KINDS = {f"/api/{service}/{method}": kind.__name__ for (service, method), kind in OFFERED.items()}


def words() -> dict[str, Words]:
    document = openapi.document({})
    return {
        "api": dict(operations(document)),
        "problems": {status: problem(document, one) for status, one in document["components"]["responses"].items()},
        "forms": {openapi_access_tokens.PATH: {"fields": form(openapi_access_tokens.operation())}},
        "tokens": {
            "AccessToken": {"fields": flat(openapi_access_tokens.TOKEN)},
            "Error": {"fields": flat(openapi_access_tokens.ERROR)},
        },
    }


def operations(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each operation: its message and name, the session or scope that it needs, its headers, and every status that it may answer."""
    parameters = document["components"]["parameters"]
    for path, item in document["paths"].items():
        for method, operation in item.items():
            named = [part["$ref"].rpartition("/")[2] for part in operation.get("parameters", ())]
            taken, given = operation.get("requestBody", {}), operation["responses"]["200"]
            security = operation.get("security", document["security"])
            yield (
                f"{method.upper()} {path}",
                {
                    "message": KINDS.get(path, ""),
                    "operation_id": operation["operationId"],
                    "needs_session": bool(security),
                    "fields": {
                        "status": {"enum": [int(status) for status in operation["responses"]]},
                        **{f"header {name}": parameter(parameters[name]) for name in named},
                        "scope": {"enum": [one for way in security for one in way.get("program", ())]},
                        "taken as": {"enum": list(taken.get("content", ()))},
                        "answered as": {"enum": list(given["content"])},
                        **answer_headers(document, given),
                    },
                },
            )


def parameter(described: dict[str, Any]) -> Field:
    (field,) = flat({"properties": {"header": described["schema"]}}).values()
    return {**field, **({"required": True} if described.get("required") else {})}


def problem(document: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    """A status that is no success: its codes and headers."""
    ((media_type, content),) = response["content"].items()
    own = [part.get("properties", {}) for part in content["schema"].get("allOf", ())]
    codes = [code for part in own for code in part.get("refused", {}).get("enum", ())]
    return {
        "fields": {
            "refused": {"enum": codes},
            "answered as": {"enum": [media_type]},
            **answer_headers(document, response),
        }
    }


def answer_headers(document: dict[str, Any], response: dict[str, Any]) -> dict[str, Field]:
    """What an answer says in its headers; a header that is always there may not become one that is there at times."""
    headers = response.get("headers", {})
    found = {
        name: document["components"]["headers"][name] if "$ref" in header else header
        for name, header in headers.items()
    }
    return {f"answer header {name}": {"always": bool(header.get("required"))} for name, header in found.items()}


def form(operation: dict[str, Any]) -> dict[str, Field]:
    (content,) = operation["requestBody"]["content"].values()
    return flat(content["schema"])


def flat(schema: dict[str, Any]) -> dict[str, Field]:
    return dict(walk(schema, {}, "", is_required=False))
