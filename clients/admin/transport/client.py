"""The RPC client port of the command line, and what its HTTP and AMQP implementations share."""

import json
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar, cast
from urllib.parse import urlsplit
from uuid import uuid4

from pydantic import ValidationError

from shared.contract.base import Answer, Command, Message
from shared.contract.refusals import Reason, Refused

A = TypeVar("A", bound=Answer)
SCHEMES = ("http", "https", "amqp", "amqps")
CONNECT_SECONDS = 5
"""How long opening a connection may take."""
GRACE_SECONDS = 2
"""How much longer than a command's deadline the client waits, so that the service's own refusal arrives before the timeout."""


class Server(Protocol):
    """Sends commands and queries, and returns their answers."""

    def call(self, message: Message[A], service: str | None = None) -> A:
        """The answer; `service` is given where the message itself names none (`ReadEvents`).

        Raises `Refused`, with NO_ANSWER where nothing answered in time, and `InternalError` for anything else.
        """
        ...

    def close(self) -> None: ...


Connect = Callable[[str, str | None, float], Server]
"""Makes a server of its URL, a session's token (or none) and the seconds to wait for the answer to a query."""


class InternalError(Exception):
    """The server failed, or answered what we do not understand; `correlation_id` finds the request in its logs."""

    def __init__(self, text: str, correlation_id: str) -> None:
        super().__init__(text)
        self.correlation_id = correlation_id


def is_supported(url: str) -> bool:
    """Whether the URL names a server that we could talk to."""
    try:
        parts = urlsplit(url)
        return parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def connect(url: str, session: str | None, seconds: float) -> Server:
    """The server behind a URL, by the URL's scheme; nothing is sent before the first call."""
    if urlsplit(url).scheme.startswith("http"):
        from clients.admin.transport import http  # noqa: PLC0415 - a command loads only the way it goes

        return http.HttpServer(url, session, seconds)
    from clients.admin.transport import amqp  # noqa: PLC0415 - a command loads only the way it goes

    return amqp.AmqpServer(url, session, seconds, Path(os.environ.get("TAMDID_KEYS", "var/keys")))


def timeout_of(message: Message[A], seconds: float) -> float:
    """How many seconds the answer may take: until a command's own deadline, or `seconds` for a query."""
    if not isinstance(message, Command):
        return seconds
    return max(0.0, (message.deadline - datetime.now(UTC)).total_seconds())


def correlation_of(message: Message[A]) -> str:
    """The correlation id of a request: a command's own id, or a new one."""
    return str(message.id if isinstance(message, Command) else uuid4())


def no_answer(**details: str) -> Refused:
    """Nothing answered, for a reason that only we see."""
    return Refused(Reason.NO_ANSWER, details)


def refusal_from(code: object, details: object, correlation_id: str) -> Exception:
    """The refusal that crossed the wire; an `InternalError` for a reason that this program does not know."""
    notes = {str(name): str(text) for name, text in details.items()} if isinstance(details, Mapping) else {}
    try:
        return Refused(str(code), notes)
    except ValueError:
        return InternalError(f"refused for a reason that this tamdid does not know: {code}", correlation_id)


def read_answer(message: Message[A], result: object, correlation_id: str) -> A:
    """The answer as the class that the message names."""
    try:
        return message.answer().model_validate(result)
    except ValidationError as error:
        raise InternalError(f"the answer to {message.method} is not understood", correlation_id) from error


def parse_json(body: bytes) -> object:
    """The body's document, or None where it is not JSON."""
    try:
        return cast(object, json.loads(body))
    except ValueError:
        return None
