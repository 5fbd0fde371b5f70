"""A service for the command line to talk to at a broker: it speaks nameko's RPC protocol, in a thread of its own."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pika  # type: ignore[import-untyped]

from shared.encrypted_messages import EncryptedMessages

EXCHANGE = "nameko-rpc"
START_SECONDS = 30


@dataclass
class Request:
    """What came: the routing key, the payload, and the message's properties."""

    key: str
    payload: Any
    properties: Any
    encrypt_answer: Callable[[Any], Any] | None = None


Handler = Callable[[Request], dict[str, Any] | None]
"""Makes the reply's body; None is no reply."""


def result(value: Any) -> dict[str, Any]:
    return {"result": value, "error": None}


def error(kind: str, *arguments: Any) -> dict[str, Any]:
    error_body = {"exc_type": kind, "exc_path": f"some.module.{kind}", "exc_args": list(arguments), "value": kind}
    return {"result": None, "error": error_body}


@dataclass
class Responder:
    """Answers for `auth`, by routing key, and records the requests."""

    url: str
    encrypted_messages: EncryptedMessages
    """With auth's own key."""
    handlers: dict[str, Handler] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    channel: Any = None

    def serve(self, is_up: threading.Event) -> None:
        connection = pika.BlockingConnection(pika.URLParameters(self.url))
        self.channel = connection.channel()
        self.channel.exchange_declare(EXCHANGE, "topic", durable=True)
        self.channel.queue_declare("rpc-auth", durable=True)
        self.channel.queue_bind("rpc-auth", EXCHANGE, "auth.*")
        self.channel.basic_consume("rpc-auth", self.receive)
        is_up.set()
        self.channel.start_consuming()
        connection.close()

    def receive(self, channel: Any, delivery: Any, properties: Any, body: bytes) -> None:
        message = json.loads(body)
        method = delivery.routing_key.partition(".")[2]
        decrypted = self.encrypted_messages.decrypt(message["args"][0], method)
        request = Request(delivery.routing_key, decrypted.payload, properties, decrypted.encrypt_answer)
        self.requests.append(request)
        reply = self.handlers[request.key](request)
        if reply is not None:
            self.reply(request, reply)
        channel.basic_ack(delivery.delivery_tag)

    def reply(self, request: Request, body: dict[str, Any]) -> None:
        if request.encrypt_answer and not body["error"]:
            body = {**body, "result": request.encrypt_answer(body["result"])}
        properties = pika.BasicProperties(
            content_type="application/json", correlation_id=request.properties.correlation_id
        )
        self.channel.basic_publish(EXCHANGE, request.properties.reply_to, json.dumps(body).encode(), properties)

    def stop(self) -> None:
        self.channel.connection.add_callback_threadsafe(self.channel.stop_consuming)


@contextmanager
def responding(url: str, keys: Path) -> Iterator[Responder]:
    made = Responder(url, EncryptedMessages(keys))
    is_up = threading.Event()
    thread = threading.Thread(target=made.serve, args=(is_up,))
    thread.start()
    assert is_up.wait(START_SECONDS)
    yield made
    made.stop()
    thread.join()
