"""What the parts of the AsyncAPI document share: references, AMQP bindings, and the summary of a class."""

from typing import Any

Json = dict[str, Any]


def channel(name: str) -> Json:
    return {"$ref": f"#/channels/{name}"}


def message(name: str) -> Json:
    return {"$ref": f"#/components/messages/{name}"}


def channel_message(channel_name: str, name: str) -> Json:
    return {"$ref": f"#/channels/{channel_name}/messages/{name}"}


def amqp_binding(kind: str, **fields: Json) -> Json:
    """The AMQP binding of a channel, which is an exchange (`routingKey`) or a queue."""
    return {"amqp": {"is": kind, **fields, "bindingVersion": "0.3.0"}}


def summary(documented: type) -> str:
    """A class's docstring in one line."""
    return " ".join((documented.__doc__ or "").split())
