"""Holds answers of the JSON API against its OpenAPI description: status, headers, content type and body."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from openapi_schema_validator import OAS31Validator, oas31_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from clients.gateway.api.description import FILE

DOCUMENT: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
BASE = "https://portal.example/openapi.json"
REGISTRY: Registry[Any] = Registry().with_resource(BASE, DRAFT202012.create_resource(DOCUMENT))
CHECKED_HEADERS = {"retry-after", "www-authenticate", "x-correlation-id"}
"""Headers that callers go by: where one comes, the description has it."""


def is_described(method: str, path: str) -> bool:
    return method.lower() in DOCUMENT["paths"].get(path, {})


def request_schema(path: str) -> dict[str, Any]:
    """The schema of what is sent to an operation."""
    body = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    schema: dict[str, Any] = body["schema"]
    return schema


def wrong(method: str, path: str, status: int, headers: Mapping[str, str], body: bytes) -> str:
    """What the description has against an answer, without any value of it; nothing where it is as described."""
    responses = f"/paths/{escaped(path)}/{method.lower()}/responses"
    if str(status) not in at(responses):
        return f"an undescribed status {status}"
    place = followed(f"{responses}/{status}")
    return next((what for what in (*wrong_headers(place, headers), *wrong_body(place, headers, body))), "")


def wrong_headers(place: str, headers: Mapping[str, str]) -> Iterator[str]:
    sent = {name.lower(): value for name, value in headers.items()}
    described = {name.lower(): f"{place}/headers/{name}" for name in at(place).get("headers", {})}
    yield from (f"an undescribed header {name}" for name in sorted((sent.keys() & CHECKED_HEADERS) - described.keys()))
    for name, described_at in described.items():
        header = followed(described_at)
        if name not in sent:
            yield from [f"no header {name}"] if at(header).get("required") else []
            continue
        schema = at(f"{header}/schema")
        value = int(sent[name]) if schema["type"] == "integer" and sent[name].isdecimal() else sent[name]
        yield from (
            f"the header {name} breaks {error.validator}" for error in validator(f"{header}/schema").iter_errors(value)
        )


def wrong_body(place: str, headers: Mapping[str, str], body: bytes) -> Iterator[str]:
    content = at(place).get("content", {})
    media_type = next((value for name, value in headers.items() if name.lower() == "content-type"), "").partition(";")[
        0
    ]
    if not content:
        yield from ["an undescribed body"] if body else []
    elif media_type not in content:
        yield f"an undescribed content type {media_type}"
    else:
        for error in validator(f"{place}/content/{escaped(media_type)}/schema").iter_errors(json.loads(body)):
            where = "/".join("*" if isinstance(part, int) else part for part in error.absolute_path)
            yield f"the answer's {where or 'body'} breaks {error.validator}"


@cache
def validator(place: str) -> OAS31Validator:
    return OAS31Validator({"$ref": f"{BASE}#{place}"}, registry=REGISTRY, format_checker=oas31_format_checker)


def at(place: str) -> Any:
    """The part of the description at a JSON pointer."""
    part: Any = DOCUMENT
    for name in place.split("/")[1:]:
        part = part[name.replace("~1", "/").replace("~0", "~")]
    return part


def followed(place: str) -> str:
    """The place that a reference leads to, or the place itself."""
    part = at(place)
    return str(part["$ref"]).removeprefix("#") if "$ref" in part else place


def escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
