"""RPC over AMQP in nameko's protocol, by pika, straight to each service."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pika  # type: ignore[import-untyped]
import pika.exceptions  # type: ignore[import-untyped]
from pydantic import SecretStr

from clients.admin.transport import client, tls
from shared.broker_nodes import nodes_of
from shared.contract.auth import commands
from shared.contract.auth.answers import SignedPassports
from shared.contract.base import Answer, Command, Message
from shared.contract.passport import Passport, PrincipalKind
from shared.encrypted_messages import EncryptedMessages, Request
from shared.passports import PassportOffice

A = TypeVar("A", bound=Answer)
EXCHANGE = "nameko-rpc"
PROGRAM = "admin"
"""The command line among the programs: the name of its user and of its key."""
HEARTBEAT_SECONDS = 600
"""Longer than a person thinks about a password; a connection dead for so long is closed by the broker."""
PASSPORT_RENEWAL_SECONDS = 30
"""A passport that lives less than this is renewed before it is sent."""

logging.getLogger("pika").setLevel(
    logging.CRITICAL
)  # it logs whole messages, secrets and all; its errors are raised as well


class AmqpServer:
    """The services' RPC queues; each message carries a passport, which auth signs for the session's holder.

    Auth does so only for a program that persons sign in through, which signs its own passport with the key in the folder.
    """

    def __init__(self, url: str, session: str | None, seconds: float, keys: Path) -> None:
        self._url = url
        self._session = session
        self._seconds = seconds
        self._office = PassportOffice(PROGRAM, keys)
        self._encrypted_messages = EncryptedMessages(keys)
        self._connection: Connection | None = None
        self._signed: dict[str, SignedPassports] = {}

    def call(self, message: Message[A], service: str | None = None) -> A:
        name = service or message.service
        return self._call(message, name, self._passport(message, name))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _passport(self, message: Message[A], service: str) -> str:
        """A passport of the session's holder for a command or for queries; the program's own where there is no session."""
        if self._session is None:
            return self._own_passport(service)
        if isinstance(message, Command):
            return self._issue(service, message.id).tokens[service]
        signed = self._signed.get(service)
        if signed is None or signed.expires_at - datetime.now(UTC) < timedelta(seconds=PASSPORT_RENEWAL_SECONDS):
            self._signed[service] = signed = self._issue(service, None)
        return signed.tokens[service]

    def _issue(self, service: str, command_id: UUID | None) -> SignedPassports:
        request = commands.IssuePassports(
            session=SecretStr(self._session or ""),
            services=(service,),
            command_id=command_id,
            id=uuid4(),
            deadline=datetime.now(UTC) + timedelta(seconds=self._seconds),
        )
        return self._call(request, request.service, self._own_passport(request.service))

    def _own_passport(self, service: str) -> str:
        own = Passport(principal_kind=PrincipalKind.PROGRAM, subject=PROGRAM)
        try:
            return self._office.sign(own, service, datetime.now(UTC))
        except OSError as error:
            raise client.no_answer(keys=f"{error.filename}: {error.strerror}") from error

    def _call(self, message: Message[A], name: str, passport: str) -> A:
        correlation_id = client.correlation_of(message)
        headers: dict[str, object] = {
            "nameko.call_id_stack": [f"tamdid.{message.method}.{correlation_id}"],
            "nameko.correlation_id": correlation_id,
            "nameko.auth_token": passport,
        }
        wait = client.timeout_of(message, self._seconds)
        request = self._request(message)
        with no_answer_errors(name):
            connection = self._connect()
            connection.send(f"{name}.{message.method}", request.payload, correlation_id, headers, wait)
            reply = connection.receive(correlation_id, wait + client.GRACE_SECONDS)
        if reply is None:
            raise client.no_answer(service=f"{name} is silent")
        return read_reply(message, request, reply, correlation_id)

    def _request(self, message: Message[A]) -> Request:
        try:
            return self._encrypted_messages.request(message)
        except OSError as error:
            raise client.no_answer(keys=f"{error.filename}: {error.strerror}") from error

    def _connect(self) -> "Connection":
        """The connection of the last message, or a new one where that is lost."""
        if self._connection is not None and not self._connection.is_alive():
            self.close()
        if self._connection is None:
            self._connection = Connection(self._url)
        return self._connection


class Connection:
    """An open connection with a private queue for the replies."""

    def __init__(self, url: str) -> None:
        self._reply_to = f"{PROGRAM}-reply-{uuid4()}"
        self._replies: dict[str, bytes] = {}
        self._connection = connected(url)
        try:
            self._channel = self._open_channel()
        except pika.exceptions.AMQPError:
            self.close()
            raise

    def _open_channel(self) -> Any:
        """A channel that confirms what is published, and receives the replies."""
        channel = self._connection.channel()
        channel.confirm_delivery()
        # passive: the services own the exchange, and without it none of them has ever run here
        channel.exchange_declare(EXCHANGE, passive=True)
        queue = f"rpc.reply-{self._reply_to}"
        # classic also where a virtual host makes quorum queues by default: those cannot be exclusive
        channel.queue_declare(queue, exclusive=True, auto_delete=True, arguments={"x-queue-type": "classic"})
        channel.queue_bind(queue, EXCHANGE, self._reply_to)
        channel.basic_consume(queue, self._keep, auto_ack=True)
        return channel

    def _keep(self, _channel: object, _delivery: object, properties: Any, body: bytes) -> None:
        self._replies[properties.correlation_id] = body

    def is_alive(self) -> bool:
        """Whether the connection is open, as far as can be known before something is sent."""
        try:
            if self._connection.is_open:
                self._connection.process_data_events(time_limit=0)
        except pika.exceptions.AMQPError:
            return False
        return bool(self._connection.is_open and self._channel.is_open)

    def send(self, key: str, payload: object, correlation_id: str, headers: dict[str, object], wait: float) -> None:
        """Publish the request, to be forgotten by the broker after `wait` seconds, and return once it is queued."""
        properties = pika.BasicProperties(
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=correlation_id,
            reply_to=self._reply_to,
            expiration=str(int(wait * 1000)),
            headers=headers,
        )
        body = json.dumps({"args": [payload], "kwargs": {}}).encode()
        self._channel.basic_publish(EXCHANGE, key, body, properties, mandatory=True)

    def receive(self, correlation_id: str, wait: float) -> bytes | None:
        """The body of the reply, or None after `wait` seconds; late replies to earlier requests are dropped."""
        until = monotonic() + wait
        while correlation_id not in self._replies and (left := until - monotonic()) > 0:
            self._connection.process_data_events(time_limit=left)
        reply = self._replies.get(correlation_id)
        self._replies.clear()
        return reply

    def close(self) -> None:
        with suppress(pika.exceptions.AMQPError):  # it may be lost already
            self._connection.close()


def connected(url: str) -> Any:
    """pika's connection to the first node that answers."""
    return pika.BlockingConnection([parameters_of(node) for node in nodes_of(url)])


def parameters_of(url: str) -> Any:
    """A node's URL as pika's parameters, with every wait limited."""
    parameters = pika.URLParameters(url)
    if parameters.ssl_options is not None:
        parameters.ssl_options = pika.SSLOptions(tls.context(), parameters.host)
    parameters.socket_timeout = client.CONNECT_SECONDS
    parameters.stack_timeout = client.CONNECT_SECONDS * 2
    parameters.blocked_connection_timeout = client.CONNECT_SECONDS
    parameters.heartbeat = HEARTBEAT_SECONDS
    parameters.client_properties = {"connection_name": "tamdid"}
    return parameters


@contextmanager
def no_answer_errors(service: str) -> Iterator[None]:
    """Turns the errors of the connection into a refusal with NO_ANSWER and the cause."""
    try:
        yield
    except pika.exceptions.UnroutableError as error:
        raise client.no_answer(service=f"{service} is not running") from error
    except pika.exceptions.ChannelClosedByBroker as error:
        raise client.no_answer(broker=error.reply_text) from error
    except (pika.exceptions.AMQPError, OSError) as error:
        raise client.no_answer(broker=type(error).__name__) from error


def read_reply(message: Message[A], request: Request, reply: bytes, correlation_id: str) -> A:
    """The answer in nameko's reply, or its error: a refusal as itself, anything else as an `InternalError`."""
    body = client.parse_json(reply)
    if not isinstance(body, dict):
        raise client.InternalError("the reply is not understood", correlation_id)
    error = body.get("error")
    if not error:
        try:
            answer = request.answer(body.get("result"))
        except ValueError as not_encrypted:
            raise client.InternalError("the answer does not come from its service", correlation_id) from not_encrypted
        return client.read_answer(message, answer, correlation_id)
    if error.get("exc_type") == "Refused":
        code, details = [*error.get("exc_args", []), None, None][:2]
        raise client.refusal_from(code, details, correlation_id)
    raise client.InternalError(f"{error.get('exc_type')} in {message.method}", correlation_id)
