"""Fields of a JSON schema as plain data: flat and by their dotted place, in a form that can be compared."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems")
UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
KEPT = ("type", "format", "pattern", "enum", "uniqueItems", *LOWER_BOUNDS, *UPPER_BOUNDS)

Field = Mapping[str, Any]
"""What JSON Schema says of one field, with `nullable` and `required` where they hold."""


def fields(kind: type[BaseModel], mode: JsonSchemaMode) -> dict[str, Field]:
    """A word's fields by place: `licence.expires_on`, `jobs[].kind`, `names{}`, and `names{name}` for the names of the last."""
    schema = kind.model_json_schema(mode=mode)
    found = dict(walk(schema, schema.get("$defs", {}), "", is_required=False))
    if mode == "validation":
        return found
    return {
        place: {name: value for name, value in field.items() if name != "default"} for place, field in found.items()
    }


def walk(schema: Field, parts: Field, place: str, *, is_required: bool) -> Iterator[tuple[str, Field]]:
    """The field at a place, and after it all fields within it."""
    default = {"default": schema["default"]} if "default" in schema else {}
    schema, is_nullable = resolved(schema, parts)
    if place:
        flags = {name: True for name, holds in (("nullable", is_nullable), ("required", is_required)) if holds}
        yield place, {name: schema[name] for name in KEPT if name in schema} | default | flags
    for name, part in schema.get("properties", {}).items():
        inner = f"{place}.{name}" if place else name
        yield from walk(part, parts, inner, is_required=name in schema.get("required", ()))
    for word, mark in (("items", "[]"), ("additionalProperties", "{}"), ("propertyNames", "{name}")):
        if isinstance(schema.get(word), dict):
            yield from walk(schema[word], parts, place + mark, is_required=False)
    for pattern, part in schema.get("patternProperties", {}).items():
        yield f"{place}{{name}}", {"type": "string", "pattern": pattern}
        yield from walk(part, parts, f"{place}{{}}", is_required=False)


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
    return of_any([resolved(choice, parts)[0] for choice in choices]), is_nullable


def of_any(choices: list[Field]) -> Field:
    """Several schemas as one: all types, the names of all, and the bounds of each, of which none has another's."""
    merged = {name: value for choice in choices for name, value in choice.items()}
    types = {"type": " or ".join(sorted({choice["type"] for choice in choices}))}
    if all("enum" in choice for choice in choices):
        return {**merged, **types, "enum": [one for choice in choices for one in choice["enum"]]}
    return {**merged, **types}
