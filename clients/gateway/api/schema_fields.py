"""Fields of a JSON schema as rows of a table: dotted name, type with its limits, whether it is needed, and what it is."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
LIMITS = {
    "minimum": "≥ {}",
    "exclusiveMinimum": "> {}",
    "maximum": "≤ {}",
    "exclusiveMaximum": "< {}",
    "minLength": "length ≥ {}",
    "maxLength": "length ≤ {}",
    "minItems": "items ≥ {}",
    "maxItems": "items ≤ {}",
    "maxProperties": "fields ≤ {}",
    "pattern": "{}",
    "default": "default {}",
}
"""What of a schema narrows its type, with how a reader is shown it."""


@dataclass(frozen=True)
class SchemaField:
    """A field by its dotted name, such as `jobs[].kind` or `names{}`."""

    name: str
    type: str
    limits: str
    is_required: bool
    about: str


def listed(schema: Schema, parts: Schema) -> list[SchemaField]:
    """All fields of an object and of what is within it."""
    return list(within(schema, parts, "", ()))


def within(schema: Schema, parts: Schema, place: str, above: tuple[str, ...]) -> Iterator[SchemaField]:
    """The fields inside a place; of a class that holds itself, once."""
    for choice in choices(schema):
        name = reference(choice)
        if name in above:
            continue
        content, inner = resolved(choice, parts), (*above, name) if name else above
        for field, part in content.get("properties", {}).items():
            own = f"{place}.{field}" if place else field
            yield SchemaField(
                own,
                type_of(part, parts),
                limits(part, parts),
                field in content.get("required", ()),
                part.get("description", ""),
            )
            yield from within(part, parts, own, inner)
        for word, mark in (("items", "[]"), ("additionalProperties", "{}")):
            if isinstance(content.get(word), Mapping):
                yield from within(content[word], parts, place + mark, inner)


def choices(schema: Schema) -> list[Schema]:
    return [choice for choice in schema.get("anyOf", [schema]) if choice.get("type") != "null"]


def reference(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def resolved(schema: Schema, parts: Schema) -> Schema:
    return parts[reference(schema)] if "$ref" in schema else schema


def type_of(schema: Schema, parts: Schema) -> str:
    """Such as `string (date)`, `array of object` or `one of paid, open`."""
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_of(choice, parts) for choice in schema["anyOf"]))
    content = resolved(schema, parts)
    if "const" in content:
        return f"one of {content['const']}"
    if "enum" in content:
        return f"one of {', '.join(map(str, content['enum']))}"
    kind = str(content.get("type", "any"))
    if kind == "array" and isinstance(content.get("items"), Mapping):
        return f"array of {type_of(content['items'], parts)}"
    return f"{kind} ({content['format']})" if "format" in content else kind


def limits(schema: Schema, parts: Schema) -> str:
    """Each bound that a value is held to."""
    found = [resolved(choice, parts) for choice in choices(schema)]
    own = [schema] if "anyOf" in schema else []
    return ", ".join(
        dict.fromkeys(
            text.format(json.dumps(content[word]) if word == "default" else content[word])
            for content in (*found, *own)
            for word, text in LIMITS.items()
            if word in content and content[word] not in ("", [], {})
        )
    )
