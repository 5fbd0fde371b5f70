"""The contract as an AsyncAPI 3 document, made of the same classes that the programs speak by."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from deploy.containers import broker_users
from deploy.reference import asyncapi_events, asyncapi_rpc, programs
from deploy.reference.asyncapi_parts import Json
from deploy.reference.programs import PROGRAMS
from shared.contract.catalogue import EVENTS
from shared.contract.envelope import CloudEvent

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
ABOUT = """\
All that Tamdid's programs say to each other over RabbitMQ: what they tell (events, from each service's own log), and what \
they may be asked (commands and queries, by RPC in nameko's protocol). Most asks are offered over HTTP too by the \
gateway, `POST /api/<service>/<method>`; `GET /api` describes those.

An event is a CloudEvents 1.0 message in structured JSON. `sequence` is its position in its source's log, 1, 2, 3 … without \
holes: a reader that sees a gap has lost something and asks for it with `read_events`.

An ask carries a signed passport (a JSON Web Token, EdDSA) in the header `nameko.auth_token`. A refusal comes back as an \
error whose type is `Refused`."""


def document() -> Json:
    """The whole document."""
    events, message_classes = (
        [*EVENTS.values()],
        [message for program in PROGRAMS for message in programs.messages_of(program).values()],
    )
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (CloudEvent, "serialization"),
        *((event, "serialization") for event in events),
        *((message, "validation") for message in dict.fromkeys(message_classes)),
        *((answer, "serialization") for answer in dict.fromkeys(message.answer() for message in message_classes)),
    ]
    places, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")
    of = {(kind.__name__, mode): place for (kind, mode), place in places.items()}
    return {
        "asyncapi": "3.0.0",
        "info": info(),
        "defaultContentType": "application/json",
        "servers": {"broker": server()},
        "channels": dict([*asyncapi_events.exchanges(), *asyncapi_events.subscriptions(), *asyncapi_rpc.methods()]),
        "operations": dict([*asyncapi_events.tellings(), *asyncapi_events.hearings(), *asyncapi_rpc.answerings()]),
        "components": {
            "messages": messages(of),
            "schemas": {**untitled(schemas["$defs"]), "Refused": asyncapi_rpc.refused()},
        },
    }


def messages(of: dict[tuple[str, JsonSchemaMode], Json]) -> Json:
    """Each event, request and reply as it travels; `of` refers to a class's schema by its name and mode."""
    message_classes = {message for program in PROGRAMS for message in programs.messages_of(program).values()}
    made = {name: asyncapi_events.event_message(name, of[name, "serialization"]) for name in EVENTS}
    for message in programs.all_messages():
        if message in message_classes:
            made[message.__name__] = asyncapi_rpc.request_message(message, of[message.__name__, "validation"])
            made[f"{message.__name__}.reply"] = asyncapi_rpc.reply_message(
                message, of[message.answer().__name__, "serialization"]
            )
    return made


def info() -> Json:
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    return {
        "title": "Tamdid",
        "version": project["version"],
        "description": ABOUT,
        "license": {"name": project["license"]["text"]},
    }


def server() -> Json:
    """The broker as the containers of `make up` know it."""
    return {
        "host": "rabbitmq:5672",
        "pathname": f"/{broker_users.VHOST}",
        "protocol": "amqp",
        "protocolVersion": "0.9.1",
        "description": "RabbitMQ, inside the network of docker-compose.yml; one user for each program.",
    }


def untitled(part: Any) -> Any:
    """Without the titles that pydantic derives from the names."""
    if isinstance(part, dict):
        return {name: untitled(value) for name, value in part.items() if name != "title" or not isinstance(value, str)}
    return [untitled(one) for one in part] if isinstance(part, list) else part
