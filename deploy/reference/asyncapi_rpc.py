"""The RPC of the AsyncAPI document: a channel and an operation for each method of each program, in nameko's protocol."""

from collections.abc import Iterator
from typing import Any

from deploy.programs import PROGRAMS
from deploy.reference import programs
from deploy.reference.asyncapi_parts import Json, amqp_binding, channel, channel_message, message, summary
from shared.contract.base import Command, Message
from shared.contract.refusals import Reason

RPC_EXCHANGE = "nameko-rpc"
SECURITY: Json = {
    "account": {
        "type": "userPassword",
        "description": "The broker's user of a program, which may do what its own channels need.",
    },
    "passport": {
        "type": "httpApiKey",
        "in": "header",
        "name": "nameko.auth_token",
        "description": "A header of the AMQP message: a JSON Web Token (EdDSA) of at most five minutes. Without it the caller is nobody.",
    },
}
UNREADABLE = ("IncorrectSignature", "MalformedRequest", "TypeError")
"""What nameko answers where the body is not one argument in `args` and none in `kwargs`."""


def channels() -> Iterator[tuple[str, Json]]:
    """A channel for the requests of each method of each program, and one for the replies."""
    binding = amqp_binding("routingKey", exchange={"name": RPC_EXCHANGE, "type": "topic", "durable": True})
    for name, request in methods():
        messages = {request.__name__: message(request.__name__)}
        yield name, {"address": name, "messages": messages, "bindings": binding}
        reply = reply_name(request)
        yield f"{name}.reply", {"address": None, "messages": {reply: message(reply)}}


def operations() -> Iterator[tuple[str, Json]]:
    """An operation for each method of each program: it receives a request and sends the reply."""
    for name, request in methods():
        program, _, method = name.partition(".")
        yield (
            f"{program}.answers.{method}",
            {
                "action": "receive",
                "channel": channel(name),
                "summary": summary(request),
                "tags": [{"name": "command" if issubclass(request, Command) else "query"}],
                "messages": [channel_message(name, request.__name__)],
                "security": [{"$ref": "#/components/securitySchemes/passport"}],
                "reply": {
                    "address": {"location": "$message.header#/reply_to"},
                    "channel": channel(f"{name}.reply"),
                    "messages": [channel_message(f"{name}.reply", reply_name(request))],
                },
            },
        )


def methods() -> Iterator[tuple[str, type[Message[Any]]]]:
    """Each method as `program.method`, with its command or query."""
    for program in PROGRAMS:
        for method, request in programs.messages_of(program).items():
            yield f"{program}.{method}", request


def reply_name(request: type[Message[Any]]) -> str:
    return f"{request.__name__}.reply"


def request_message(request: type[Message[Any]], payload: Json) -> Json:
    """nameko's request: one argument, the command or query."""
    headers = {
        "nameko.auth_token": {
            "type": "string",
            "description": "The caller: a signed passport of at most five minutes.",
        },
        "reply_to": {"type": "string", "description": "AMQP property: the routing key for the answer."},
        "correlation_id": {"type": "string", "description": "AMQP property: the answer carries it too."},
    }
    arguments = {"type": "array", "items": payload, "minItems": 1, "maxItems": 1}
    return {
        "name": request.__name__,
        "summary": summary(request),
        "headers": {"type": "object", "properties": headers},
        "correlationId": {"location": "$message.header#/correlation_id"},
        "payload": {
            "type": "object",
            "properties": {"args": arguments, "kwargs": {"type": "object", "maxProperties": 0}},
            "required": ["args", "kwargs"],
        },
    }


def reply_message(request: type[Message[Any]], answer: Json) -> Json:
    """nameko's answer: a result, or an error."""
    return {
        "name": reply_name(request),
        "summary": summary(request.answer()),
        "payload": {
            "type": "object",
            "properties": {
                "result": {"anyOf": [answer, {"type": "null"}]},
                "error": {
                    "anyOf": [*({"$ref": f"#/components/schemas/{name}"} for name in errors()), {"type": "null"}]
                },
            },
            "required": ["result", "error"],
        },
    }


def errors() -> Json:
    """The errors as nameko carries them."""
    reasons = {"type": "string", "enum": [reason.value for reason in Reason]}
    details = {"type": "object", "additionalProperties": {"type": "string"}}
    refused = {"type": "array", "prefixItems": [reasons, details], "minItems": 1, "maxItems": 2}
    return {
        "Refused": error("Nothing was recorded: the reason, and what is wrong by each field's dotted name.", {"const": "Refused"}, refused),
        "Unreadable": error("The body is no request in nameko's protocol.", {"enum": list(UNREADABLE)}, {"type": "array"}),
        "Failed": error(
            "A fault of ours, in the service's log; whether anything was recorded is told by the same command under the same id.",
            {"type": "string", "not": {"enum": ["Refused", *UNREADABLE]}},
            {"type": "array"},
        ),
    }  # fmt: skip


def error(description: str, kind: Json, arguments: Json) -> Json:
    return {
        "type": "object",
        "description": description,
        "properties": {
            "exc_type": kind,
            "exc_path": {"type": "string"},
            "exc_args": arguments,
            "value": {"type": "string"},
        },
        "required": ["exc_type", "exc_args"],
    }
