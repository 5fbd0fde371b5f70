"""The RPC server: a decorator that parses the payload to its contract class, verifies the passport and enforces the deadline."""

import functools
import logging
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID

from nameko.exceptions import deserialize_to_instance
from nameko.extensions import DependencyProvider
from nameko.rpc import Rpc
from sqlalchemy.exc import DBAPIError

from shared import recorded_reads
from shared.contract.base import Answer, Command, Message, parse
from shared.contract.passport import NOBODY, Passport
from shared.contract.refusals import Reason, Refused
from shared.encrypted_messages import EncryptedMessages
from shared.event_store.database import is_unavailable
from shared.nameko_extensions.rpc_transport import ReplyOnSameConnection
from shared.observability import request_context, tracing
from shared.passports import PassportOffice
from shared.settings import Settings

ENCRYPT_ANSWER, BEGAN = "encrypt_answer", "began"
"""Beside a message's headers while it is worked on: how its answer is encrypted, and when it has arrived."""
DERIVED_ID_VERSION = 5
"""Of the ids that are derived from others (`uuid5`): those of events, and of the commands that follow from them."""

logger = logging.getLogger(__name__)

S = TypeVar("S")
K = TypeVar("K", bound=Message[Any])

deserialize_to_instance(Refused)  # a refusal is raised again in the caller


class Configured(DependencyProvider):
    """The program's `Settings`, or what `load` derives from them once, when the program starts."""

    def __init__(self, load: Callable[[Settings], Any] = lambda settings: settings) -> None:
        self.load = load

    def setup(self) -> None:
        self.value = self.load(self.container.config["settings"])

    def get_dependency(self, _worker_ctx: Any) -> Any:
        return self.value


class Passports(DependencyProvider):
    """The program's `PassportOffice`: signs with its own key, verifies with everybody's."""

    def setup(self) -> None:
        self.office = PassportOffice(self.container.service_name, self.container.config["settings"].keys_folder)

    def get_dependency(self, _worker_ctx: Any) -> Any:
        return self.office


class Caller(Passports):
    """The `Passport` of the caller, verified for this very call, or `NOBODY`'s; each method checks whom it allows.

    It also begins the context of the call, in the worker's own greenlet.
    """

    def get_dependency(self, worker_ctx: Any) -> Passport:
        data = worker_ctx.data
        request_context.enter_call(worker_ctx.service_name, data.get("correlation_id"), data.get("traceparent"))
        token = worker_ctx.data.get("auth_token")
        if token is None:
            return NOBODY
        try:
            passport = self.office.verify(token, datetime.now(UTC))
            for payload in (*worker_ctx.args, *worker_ctx.kwargs.values()):
                if isinstance(payload, Mapping) and "id" in payload:  # only commands have an id
                    passport.must_be_for(payload["id"])
        except Refused:
            return NOBODY
        return passport


class RpcEntrypoint(Rpc):
    """An RPC entrypoint on the reconnecting connection, which decrypts messages and encrypts the answers to them."""

    rpc_consumer = ReplyOnSameConnection()
    observe: Callable[[str, float], object] = staticmethod(lambda _outcome, _seconds: None)
    """Is called after each answer with its outcome and the seconds since its message arrived."""

    def setup(self) -> None:
        super().setup()
        self.encrypted_messages = EncryptedMessages(self.container.config["settings"].keys_folder)

    def check_signature(self, args: Any, kwargs: Any) -> None:
        """nameko's, which inspects the method for each message; one argument is what all of them take."""
        if len(args) != 1 or kwargs:
            super().check_signature(args, kwargs)

    def handle_message(self, body: Any, message: Any) -> None:
        message.headers = {**texts(message.headers), ENCRYPT_ANSWER: None, BEGAN: monotonic()}
        if isinstance(body, Mapping) and isinstance(arguments := body.get("args"), list) and len(arguments) == 1:
            (payload,) = arguments
            if isinstance(payload, Mapping):
                payload, message.headers[ENCRYPT_ANSWER] = self.encrypted_messages.decrypt(payload, self.method_name)
            body = {**body, "args": [payload]}
        super().handle_message(body, message)

    def handle_result(self, message: Any, worker_ctx: Any, result: Any, exc_info: Any) -> Any:
        encrypt_answer = message.headers[ENCRYPT_ANSWER]
        if encrypt_answer is not None and exc_info is None:
            result = encrypt_answer(result)
        outcome = outcome_of(exc_info)
        answered = super().handle_result(message, worker_ctx, result, exc_info)
        self.observe(outcome, monotonic() - message.headers[BEGAN])
        return answered


def outcome_of(exc_info: Any) -> str:
    """`done`, `refused`, `unavailable` where something that it needs does not answer, or `failed` for a bug."""
    if exc_info is None:
        return "done"
    error = exc_info[1]
    if not isinstance(error, Refused):
        return "failed"
    return "unavailable" if error.reason is Reason.NO_ANSWER else "refused"


def rpc(method: Callable[[S, K], Answer]) -> Callable[[S, Mapping[str, object]], dict[str, Any]]:
    """An RPC method of the contract: its parameter and its return value are contract classes.

    Refused before the method runs: what a program account has no scope for (`NOT_ALLOWED`), a bad payload (`BAD_INPUT`), and a command
    past its deadline (`DEADLINE_PASSED`). Commands are stamped with the passport's actor and this service's clock.

    The service declares `caller`, and `records` where it answers officers: what they read of members is recorded before they get it.
    """
    hints = typing.get_type_hints(method)
    kind: type[K] = next(hint for name, hint in hints.items() if name != "return")

    @functools.wraps(method)
    def answer(self: Any, payload: Mapping[str, object]) -> dict[str, Any]:
        with tracing.rpc_server(kind.method):
            return answer_within(self, payload)

    def answer_within(self: Any, payload: Mapping[str, object]) -> dict[str, Any]:
        if not isinstance(payload, Mapping):
            raise Refused(Reason.BAD_INPUT)
        self.caller.must_have_scope_for(f"{self.name}.{kind.method}")
        now = datetime.now(UTC)
        stamps = {"actor": self.caller.actor, "at": now} if issubclass(kind, Command) else {}
        message = parse(kind, {**payload, **stamps})
        if isinstance(message, Command):
            must_be_from_outside(message.id)
            request_context.set_command(message.id)
            if message.deadline < now:
                raise Refused(Reason.DEADLINE_PASSED)
        try:
            found = method(self, message)
            record_read(self, message, found, now)
            return found.model_dump(mode="json")
        except DBAPIError as error:
            if not is_unavailable(error):
                raise
            logger.warning("%s: the database does not answer: %s", kind.__name__, error.orig)
            raise Refused(Reason.NO_ANSWER) from None  # a retry under the same id returns the outcome

    return RpcEntrypoint.decorator(expected_exceptions=Refused)(answer)  # type: ignore[no-any-return]


def record_read(service: Any, message: Message[Any], answer: Answer, at: datetime) -> None:
    """Record whose rows an officer or a program account is about to get; where that fails there is no answer, or reads could be kept off the record."""
    caller: Passport = service.caller
    if not caller.is_staff:
        return
    if read := list(message.members_read(answer)):
        by_command = isinstance(message, Command)
        recorded_reads.record(service.records, caller, type(message).__name__, read, at, by_command=by_command)


def texts(headers: Mapping[str, Any]) -> dict[str, Any]:
    """The headers that are a text or a list of texts, as all of ours are: nameko ends the whole program where one is something else."""
    return {
        name: value
        for name, value in headers.items()
        if isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))
    }


def must_be_from_outside(command_id: UUID) -> None:
    """Refuse the kind of id that our own processes derive: whoever took one first would keep what follows from being recorded."""
    if command_id.version == DERIVED_ID_VERSION:
        raise Refused(Reason.BAD_INPUT, {"id": "uuid_version"})
