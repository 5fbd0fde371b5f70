"""The JSON API as an OpenAPI 3.1 document, generated from its catalogue and the classes that messages are validated by."""

import tomllib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from clients.gateway.api import problems
from clients.gateway.api.catalogue import OFFERED, OPEN, WITH_ADDRESS
from clients.gateway.api.endpoints import IDEMPOTENCY_KEY
from deploy.reference import openapi_access_tokens as access_tokens
from deploy.reference import webhooks
from deploy.reference.asyncapi import PROJECT, References, without_titles
from deploy.reference.asyncapi_parts import Json, summary
from deploy.reference.field_descriptions import add_descriptions
from deploy.reference.openapi_problems import STATUSES, problem_responses
from shared.contract.base import Command, Message
from shared.contract.notification.webhook_events import WebhookMessage
from shared.policies import scopes
from shared.services import SERVICES

Examples = Mapping[str, Mapping[str, Any]]
"""By path: the `request` and its `answer`; by status of a problem, under `problems`, its body. Each was sent in a test."""
DESCRIPTION = """\
Everything that the pages do, for programs, with the rights of whoever is signed in: `auth/sign_in` opens a session, and its token comes \
with each further request as `Authorization: Bearer <token>`. A program with an account of its own gets an access token from \
`/api/oauth/token` instead, and calls what its scopes allow.

A command changes something, once for each `Idempotency-Key`: the same command under the same key is not done twice, and is answered with the \
present state. A query changes nothing. Whatever does not succeed is answered with problem details (RFC 9457); decide by `refused`, never by the sentences.

What is here stays: fields, operations and codes are added and never removed or narrowed, so the addresses carry no version. Ignore fields \
that you do not know. What must mean something else gets another name, and `info.version` is that of the program."""
SET_BY_SERVICE = {"actor", "at"}
"""Fields of a command that the service which receives it overwrites."""
ADDED_BY_GATEWAY = {"id", "deadline"}
ABOUT_ADDED = {
    "id": f"A random UUID of the caller's: the idempotency key, as `{IDEMPOTENCY_KEY}` is. Without either the gateway makes one.",
    "deadline": "After this instant the command is not run any more; ten seconds from now without it.",
}
CORRELATION = {"$ref": f"#/components/headers/{problems.CORRELATION}"}


def document(examples: Examples) -> Json:
    """The whole document."""
    kinds = dict.fromkeys(OFFERED.values())
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((kind, "validation") for kind in kinds),
        *((answer, "serialization") for answer in dict.fromkeys(kind.answer() for kind in kinds)),
        (problems.Refusal, "serialization"),
        (problems.InternalError, "serialization"),
        (WebhookMessage, "serialization"),
    ]
    references, found = models_json_schema(models, ref_template="#/components/schemas/{model}")
    schemas = without_titles(found["$defs"])
    add_descriptions(schemas)
    for kind in kinds:
        only_inputs(kind, schemas[references[kind, "validation"]["$ref"].rpartition("/")[2]])
    places = sorted(OFFERED)
    return {
        "openapi": "3.1.0",
        "info": info(),
        "servers": [{"url": "/", "description": "The portal that this document comes from."}],
        "tags": [{"name": service} for service in SERVICES],
        "security": [{"session": []}],
        "paths": {
            "/api/asyncapi.json": {"get": description("get_asyncapi", "All messages over RabbitMQ as AsyncAPI.")},
            "/api/openapi.json": {"get": description("get_openapi", "This document.")},
            access_tokens.PATH: {"post": access_tokens.operation()},
            **{f"/api/{service}/{method}": {"post": operation(service, method, references, examples)} for service, method in places},
        },
        "webhooks": webhooks.of_openapi(references[WebhookMessage, "serialization"]),
        "components": {
            "schemas": schemas,
            "responses": problem_responses(examples.get("problems", {})),
            "parameters": parameters(),
            "headers": headers(),
            "securitySchemes": {
                "session": {"type": "http", "scheme": "bearer", "description": "The `token` of `auth/sign_in`."},
                "program": access_tokens.SCHEME,
            },
        },
    }  # fmt: skip


def info() -> Json:
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    licence = project["license"]["text"]
    return {
        "title": "Tamdid JSON API",
        "version": project["version"],
        "description": DESCRIPTION,
        "license": {"name": licence, "identifier": licence},
    }


def description(name: str, summary: str) -> Json:
    tag = {"ETag": {"description": "Send it as `If-None-Match`.", "required": True, "schema": {"type": "string"}}}
    body = {"description": summary, "headers": tag, "content": {problems.JSON: {"schema": {"type": "object"}}}}
    return {
        "operationId": name,
        "summary": summary,
        "security": [],
        "responses": {"200": body, "304": {"description": "It is still as `If-None-Match` says.", "headers": tag}},
    }


def operation(service: str, method: str, references: References, examples: Examples) -> Json:
    """One command or query of one service."""
    kind = OFFERED[service, method]
    example = examples.get(f"/api/{service}/{method}", {})
    is_command = issubclass(kind, Command)
    named = [problems.CORRELATION, "Accept-Language", *([IDEMPOTENCY_KEY] if is_command else [])]
    answer = references[kind.answer(), "serialization"]
    about = summary(kind)
    return {
        "operationId": f"{service}_{method}",
        "summary": about.partition(": ")[0].partition("; ")[0],
        "description": about,
        "tags": [service],
        "x-kind": "command" if is_command else "query",
        "x-method": method,
        **security(service, method),
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in named],
        "requestBody": {
            "required": bool(needed(kind)),
            "content": {problems.JSON: content(references[kind, "validation"], example, "request")},
        },
        "responses": {
            "200": {
                "description": summary(kind.answer()),
                "headers": {problems.CORRELATION: CORRELATION},
                "content": {problems.JSON: content(answer, example, "answer")},
            },
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in STATUSES},
        },
    }


def security(service: str, method: str) -> Json:
    """Who may call an operation, where it is not sessions alone: everybody, or also program accounts of a scope."""
    if OFFERED[service, method] in OPEN:
        return {"security": []}
    found = scopes.of_operation(f"{service}.{method}")
    return {"security": [{"session": []}, *({"program": [scope]} for scope in found)]} if found else {}


def content(schema: Json, example: Mapping[str, Any], part: str) -> Json:
    return {"schema": schema, **({"example": example[part]} if part in example else {})}


def needed(kind: type[Message[Any]]) -> list[str]:
    """The fields without which a request is refused."""
    given = SET_BY_SERVICE | ADDED_BY_GATEWAY if issubclass(kind, Command) else set()
    return [name for name, field in kind.model_fields.items() if field.is_required() and name not in given]


def only_inputs(kind: type[Message[Any]], schema: Json) -> None:
    """Take away what a caller's value is not taken for, and let the caller leave out what the gateway adds."""
    properties = schema.get("properties", {})
    is_command = issubclass(kind, Command)
    for name in (SET_BY_SERVICE if is_command else set()) | ({"address"} if kind in WITH_ADDRESS else set()):
        properties.pop(name, None)
    for name in ADDED_BY_GATEWAY if is_command else ():
        properties[name]["description"] = ABOUT_ADDED[name]
    for part in properties.values():
        if part.get("default") == "" and part.get("minLength"):
            del part["default"]  # it may be left out, but an empty text is not sent
    schema["required"] = needed(kind)
    if not schema["required"]:
        del schema["required"]


def parameters() -> Json:
    return {
        IDEMPOTENCY_KEY: {
            "name": IDEMPOTENCY_KEY,
            "in": "header",
            "description": "A random UUID of the caller's for this command; sent again, the command is not done twice, and is answered with the present state.",
            "schema": {"type": "string", "format": "uuid"},
        },
        problems.CORRELATION: {
            "name": problems.CORRELATION,
            "in": "header",
            "description": "A UUID by which the caller finds this request again in both logs.",
            "schema": {"type": "string", "format": "uuid"},
        },
        "Accept-Language": {
            "name": "Accept-Language",
            "in": "header",
            "description": "The language of a problem's `detail`: `fa`, which is the default, or `en`.",
            "schema": {"type": "string"},
        },
    }


def headers() -> Json:
    return {
        problems.CORRELATION: {
            "description": "The caller's own, where it is a UUID, else a new one.",
            "required": True,
            "schema": {"type": "string", "format": "uuid"},
        }
    }
