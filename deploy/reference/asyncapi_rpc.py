"""RPC in the AsyncAPI document: a channel and an operation for each method of each program, in nameko's protocol."""

from collections.abc import Iterator
from typing import Any

from deploy.reference import programs
from deploy.reference.asyncapi_parts import AMQP_BINDING, Json, about, channel, message, message_of
from deploy.reference.programs import PROGRAMS
from shared.contract.base import Command, Message
from shared.contract.refusals import Reason

RPC_EXCHANGE = "nameko-rpc"


def methods() -> Iterator[tuple[str, Json]]:
    """A channel for each method of each program, and one for the way back."""
    for program in PROGRAMS:
        for method, message_class in programs.messages_of(program).items():
            yield (
                f"{program}.{method}",
                {
                    "address": f"{program}.{method}",
                    "messages": {message_class.__name__: message(message_class.__name__)},
                    "bindings": {
                        "amqp": {
                            "is": "routingKey",
                            "exchange": {"name": RPC_EXCHANGE, "type": "topic", "durable": True},
                            "bindingVersion": AMQP_BINDING,
                        }
                    },
                },
            )
            reply = f"{message_class.__name__}.reply"
            yield f"{program}.{method}.reply", {"address": None, "messages": {reply: message(reply)}}


def answerings() -> Iterator[tuple[str, Json]]:
    for program in PROGRAMS:
        for method, message_class in programs.messages_of(program).items():
            name = f"{program}.{method}"
            yield (
                f"{program}.answers.{method}",
                {
                    "action": "receive",
                    "channel": channel(name),
                    "summary": about(message_class),
                    "tags": [{"name": "command" if issubclass(message_class, Command) else "query"}],
                    "messages": [message_of(name, message_class.__name__)],
                    "reply": {
                        "address": {"location": "$message.header#/reply_to"},
                        "channel": channel(f"{name}.reply"),
                        "messages": [message_of(f"{name}.reply", f"{message_class.__name__}.reply")],
                    },
                },
            )


def request_message(message_class: type[Message[Any]], payload: Json) -> Json:
    """nameko's request: one argument, the command or query."""
    headers = {
        "nameko.auth_token": {"type": "string", "description": "Who asks: a signed passport of at most five minutes."},
        "reply_to": {"type": "string", "description": "AMQP property: the routing key for the answer."},
        "correlation_id": {"type": "string", "description": "AMQP property: the answer carries it too."},
    }
    arguments = {"type": "array", "items": payload, "minItems": 1, "maxItems": 1}
    return {
        "name": message_class.__name__,
        "summary": about(message_class),
        "headers": {"type": "object", "properties": headers},
        "correlationId": {"location": "$message.header#/correlation_id"},
        "payload": {
            "type": "object",
            "properties": {"args": arguments, "kwargs": {"type": "object", "maxProperties": 0}},
            "required": ["args", "kwargs"],
        },
    }


def reply_message(message_class: type[Message[Any]], answer: Json) -> Json:
    """nameko's answer: a result, or an error."""
    return {
        "name": f"{message_class.__name__}.reply",
        "summary": about(message_class.answer()),
        "payload": {
            "type": "object",
            "properties": {
                "result": {"anyOf": [answer, {"type": "null"}]},
                "error": {"anyOf": [{"$ref": "#/components/schemas/Refused"}, {"type": "null"}]},
            },
            "required": ["result", "error"],
        },
    }


def refused() -> Json:
    """A refusal as nameko carries it: the reason, and what is wrong by each field's dotted name."""
    return {
        "type": "object",
        "description": "Nothing was recorded.",
        "properties": {
            "exc_type": {"const": "Refused"},
            "exc_path": {"type": "string"},
            "exc_args": {
                "type": "array",
                "items": [
                    {"type": "string", "enum": [reason.value for reason in Reason]},
                    {"type": "object", "additionalProperties": {"type": "string"}},
                ],
            },
            "value": {"type": "string"},
        },
        "required": ["exc_type", "exc_args"],
    }
