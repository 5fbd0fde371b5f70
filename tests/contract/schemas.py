"""The contract's shapes as plain data: each word's fields, flat and by their dotted place, in a form that can be compared."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

from clients.gateway.api.catalogue import OFFERED
from clients.gateway.api.problems import InternalError, Refusal
from deploy.reference import openapi, programs
from shared.contract.catalogue import ANSWERS, EVENTS
from shared.contract.envelope import CloudEvent
from shared.contract.notification.webhook_events import WebhookMessage
from shared.contract.passport import Passport
from shared.contract.refusals import Reason

SAMPLES = Path(__file__).parent / "samples"
LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems")
UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
PROBLEMS = (Refusal, InternalError)
KEPT = ("type", "format", "pattern", "enum", *LOWER_BOUNDS, *UPPER_BOUNDS)

Field = Mapping[str, Any]
"""What JSON Schema says of one field, with `nullable` and `required` where they hold."""
Word = dict[str, Any]
Contract = dict[str, dict[str, Any]]


def contract() -> Contract:
    """Everything that crosses a boundary, as it is now; facts and answers as they are written, asks as they are read."""
    messages = programs.all_messages()
    answer_types = ANSWERS.values()
    return {
        "events": {
            name: {"source": event.source, "fields": fields(event, "serialization")} for name, event in EVENTS.items()
        },
        "asks": {
            call.__name__: {
                "service": getattr(call, "service", "*"),
                "method": call.method,
                "answer": call.answer().__name__,
                "fields": fields(call, "validation"),
            }
            for call in messages
        },
        "answers": {word.__name__: {"fields": fields(word, "serialization")} for word in answer_types},
        "messages": {
            CloudEvent.__name__: {"fields": fields(CloudEvent, "serialization")},
            Passport.__name__: {"fields": fields(Passport, "serialization")},
            WebhookMessage.__name__: {"fields": fields(WebhookMessage, "serialization")},
            **{problem.__name__: {"fields": fields(problem, "serialization")} for problem in PROBLEMS},
        },
        "api": dict(api()),
        "reasons": {reason.value: {} for reason in Reason},
        "samples": {path.name: {"sha256": digest(path)} for path in sorted(SAMPLES.iterdir())},
    }


def api() -> Iterator[tuple[str, Word]]:
    """Each operation of the JSON API: its message, the session that it needs, its headers, and every status that it may answer."""
    kinds = {f"/api/{service}/{method}": kind for (service, method), kind in OFFERED.items()}
    for path, item in openapi.document({})["paths"].items():
        for method, operation in item.items():
            named = [part["$ref"].rpartition("/")[2] for part in operation.get("parameters", ())]
            yield (
                f"{method.upper()} {path}",
                {
                    "message": kinds[path].__name__ if path in kinds else "",
                    "needs_session": operation.get("security") != [],
                    "fields": {
                        "status": {"enum": [int(status) for status in operation["responses"]]},
                        **{f"header {name}": {} for name in named},
                    },
                },
            )


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fields(kind: type[BaseModel], mode: JsonSchemaMode) -> dict[str, Field]:
    """A word's fields by place: `licence.expires_on`, `jobs[].kind`, `names{}`."""
    schema = kind.model_json_schema(mode=mode)
    return dict(walk(schema, schema.get("$defs", {}), "", is_required=False))


def walk(schema: Field, parts: Field, place: str, *, is_required: bool) -> Iterator[tuple[str, Field]]:
    """The field at a place, and after it all fields within it."""
    schema, is_nullable = resolved(schema, parts)
    if place:
        flags = {name: True for name, holds in (("nullable", is_nullable), ("required", is_required)) if holds}
        yield place, {name: schema[name] for name in KEPT if name in schema} | flags
    for name, part in schema.get("properties", {}).items():
        inner = f"{place}.{name}" if place else name
        yield from walk(part, parts, inner, is_required=name in schema.get("required", ()))
    for word, mark in (("items", "[]"), ("additionalProperties", "{}")):
        if isinstance(schema.get(word), dict):
            yield from walk(schema[word], parts, place + mark, is_required=False)


def resolved(schema: Field, parts: Field) -> tuple[Field, bool]:
    """The schema itself where it was a reference or a choice, and whether null is one of the choices."""
    if "$ref" in schema:
        return resolved(parts[schema["$ref"].rsplit("/", 1)[1]], parts)
    if "const" in schema:
        return {**schema, "enum": [schema["const"]]}, False
    if "anyOf" not in schema:
        return schema, False
    choices = [choice for choice in schema["anyOf"] if choice.get("type") != "null"]
    is_nullable = len(choices) < len(schema["anyOf"])
    if len(choices) == 1:
        return resolved(choices[0], parts)[0], is_nullable
    return {"type": " or ".join(sorted(choice["type"] for choice in choices))}, is_nullable
