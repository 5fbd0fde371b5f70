"""What the parts of the AsyncAPI document share: references within it, and a class's summary."""

from typing import Any

AMQP_BINDING = "0.3.0"
Json = dict[str, Any]


def channel(name: str) -> Json:
    return {"$ref": f"#/channels/{name}"}


def message(name: str) -> Json:
    return {"$ref": f"#/components/messages/{name}"}


def message_of(channel_name: str, name: str) -> Json:
    return {"$ref": f"#/channels/{channel_name}/messages/{name}"}


def about(word: type) -> str:
    """A class's docstring in one line."""
    return " ".join((word.__doc__ or "").split())
