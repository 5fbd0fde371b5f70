"""The contract as an AsyncAPI 3 document, generated from the classes that the programs validate messages by."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from deploy.containers import broker_users
from deploy.reference import asyncapi_events, asyncapi_rpc, programs, webhooks
from deploy.reference.asyncapi_parts import Json
from shared.contract.bank.notices import BankCallback, BankNotice
from shared.contract.catalogue import EVENTS
from shared.contract.envelope import CloudEvent
from shared.contract.notification.webhook_events import WebhookMessage

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
DESCRIPTION = """\
All messages between Tamdid's programs over RabbitMQ, and what is sent over HTTP: webhooks, and the notices of banks: events, published from each service's own log, and commands and \
queries, sent by RPC in nameko's protocol. The gateway offers most commands and queries over HTTP too, \
`POST /api/<service>/<method>`; `GET /api/openapi.json` describes those.

An event is a CloudEvents 1.0 message in structured JSON. `sequence` is its position in its source's log, 1, 2, 3 … without \
holes: a reader that sees a gap has lost events and requests them with `read_events`.

A command or query carries a signed passport (a JSON Web Token, EdDSA) in the header `nameko.auth_token`. A refusal comes back as an \
error whose type is `Refused`; `Unreadable` and `Failed` are the other errors. A message to auth and its answer may be encrypted as a \
whole; programs of others send theirs over HTTP."""

LOCAL_TIME = "time-local"
"""Of OpenAPI's registry of formats: the time of RFC 3339 without an offset."""
References = dict[Any, Json]
"""The reference to the schema of a class, by class and mode."""
Examples = Mapping[str, Any]
"""A payload by the name of its message."""


def document(examples: Examples) -> Json:
    """The whole document."""
    events = EVENTS.values()
    requests = dict.fromkeys(request for _, request in asyncapi_rpc.methods())
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (CloudEvent, "serialization"),
        (WebhookMessage, "serialization"),
        (BankNotice, "validation"),
        (BankCallback, "validation"),
        *((event, "serialization") for event in events),
        *((request, "validation") for request in requests),
        *((answer, "serialization") for answer in dict.fromkeys(request.answer() for request in requests)),
    ]
    references, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")
    on_broker = [*asyncapi_events.exchanges(), *asyncapi_events.subscriptions(), *asyncapi_rpc.channels()]
    callback = references[BankCallback, "validation"]
    over_http = webhooks.messages(
        references[WebhookMessage, "serialization"], references[BankNotice, "validation"], callback
    )
    described = {**messages(references), **over_http}
    return {
        "asyncapi": "3.0.0",
        "info": info(),
        "defaultContentType": "application/json",
        "servers": {"broker": server(), **webhooks.servers()},
        "channels": {
            **{name: {**one, "servers": [{"$ref": "#/servers/broker"}]} for name, one in on_broker},
            **webhooks.channels(),
        },
        "operations": {
            **dict([*asyncapi_events.publications(), *asyncapi_events.consumptions(), *asyncapi_rpc.operations()]),
            **webhooks.operations(callback),
        },
        "components": {
            "messages": with_examples(described, examples),
            "schemas": {**without_titles(schemas["$defs"]), **asyncapi_rpc.errors()},
            "securitySchemes": asyncapi_rpc.SECURITY,
        },
    }


def messages(references: References) -> Json:
    """Each event, each command or query and each reply as it travels, with references to their schemas."""
    requests = {request for _, request in asyncapi_rpc.methods()}
    described = {
        name: asyncapi_events.event_message(name, references[event, "serialization"]) for name, event in EVENTS.items()
    }
    for request in programs.all_messages():
        if request in requests:
            described[request.__name__] = asyncapi_rpc.request_message(request, references[request, "validation"])
            answer = references[request.answer(), "serialization"]
            described[asyncapi_rpc.reply_name(request)] = asyncapi_rpc.reply_message(request, answer)
    return described


def with_examples(described: Json, examples: Examples) -> Json:
    return {
        name: {**message, **({"examples": [{"payload": examples[name]}]} if name in examples else {})}
        for name, message in described.items()
    }


def info() -> Json:
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    return {
        "title": "Tamdid",
        "version": project["version"],
        "description": DESCRIPTION,
        "license": {"name": project["license"]["text"]},
    }


def server() -> Json:
    """The broker's address in the containers' network of `make up`."""
    return {
        "host": "rabbitmq:5672",
        "pathname": f"/{broker_users.VHOST}",
        "protocol": "amqp",
        "protocolVersion": "0.9.1",
        "description": "RabbitMQ, inside the network of docker-compose.yml; one user for each program.",
        "security": [{"$ref": "#/components/securitySchemes/account"}],
    }


def without_titles(part: Any) -> Any:
    """Without the titles that pydantic makes of the names, which add nothing; a time of day has no offset, as JSON Schema's `time` has."""
    if isinstance(part, dict):
        return {
            name: LOCAL_TIME if (name, value) == ("format", "time") else without_titles(value)
            for name, value in part.items()
            if name != "title" or not isinstance(value, str)
        }
    return [without_titles(item) for item in part] if isinstance(part, list) else part
