"""The RPC client: a command or query sent to a service with a timeout, under a caller's passport or the program's own."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import uuid4

import eventlet
from kombu import Connection
from kombu.exceptions import ChannelError
from kombu.pools import ProducerPool, producers
from nameko.amqp.publish import UndeliverableMessage
from nameko.constants import DEFAULT_RETRY_POLICY, DEFAULT_TRANSPORT_OPTIONS, NON_PERSISTENT
from nameko.exceptions import RemoteError, deserialize
from nameko.extensions import DependencyProvider, SharedExtension

from shared import broker_nodes
from shared.contract.base import Answer, Message
from shared.contract.passport import PASSPORT_SECONDS_MAX, Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.encrypted_messages import EncryptedMessages
from shared.messaging import topology
from shared.messaging.connection_status import BROKER_ERRORS
from shared.nameko_extensions.rpc_transport import ReplyQueue
from shared.observability import request_context, tracing
from shared.passports import PassportOffice

RPC_TIMEOUT_SECONDS = 10
"""After this a caller stops waiting; the request then expires in the queue, and its deadline prevents a late run."""
OWN_PASSPORT_SECONDS = PASSPORT_SECONDS_MAX // 2

A = TypeVar("A", bound=Answer)


@dataclass
class CallPublisher:
    """Publishes calls, each of which reaches a queue, and none of which need survive a restart.

    kombu's pool of producers is found once for each address: to find it takes a connection object, which takes as long as to publish.
    """

    amqp_uri: str
    _pools: dict[str, ProducerPool] = field(default_factory=dict, repr=False)

    def publish(self, payload: dict[str, Any], **properties: Any) -> None:
        """Return once the broker has confirmed it; `UndeliverableMessage` where no queue takes it."""
        if self.amqp_uri not in self._pools:
            options = {**DEFAULT_TRANSPORT_OPTIONS, "confirm_publish": True}
            self._pools[self.amqp_uri] = producers[Connection(self.amqp_uri, transport_options=options)]
        with self._pools[self.amqp_uri].acquire(block=True) as producer:
            try:
                producer.publish(
                    payload,
                    delivery_mode=NON_PERSISTENT,
                    mandatory=True,
                    expiration=RPC_TIMEOUT_SECONDS,
                    retry=True,
                    retry_policy=DEFAULT_RETRY_POLICY,
                    serializer="json",
                    **properties,
                )
            except ChannelError as error:
                if "NO_ROUTE" in str(error):
                    raise UndeliverableMessage from error
                raise


class RpcClientExtension(SharedExtension):
    """The program's reply queue, and the calls that wait for replies."""

    replies = ReplyQueue()

    def setup(self) -> None:
        config = self.container.config
        self.program = self.container.service_name
        self.office = PassportOffice(self.program, config["settings"].keys_folder)
        self.encrypted_messages = EncryptedMessages(config["settings"].keys_folder)
        self.exchange = topology.rpc_exchange()
        self.publisher = CallPublisher(config["AMQP_URI"])
        self._own: dict[str, tuple[float, str]] = {}

    def call(self, message: Message[A], passport: str | None = None, service: str | None = None) -> A:
        """The answer, or `Refused`; as the program itself where no passport is given (see `contract.base.CallService`)."""
        service = service or message.service
        with tracing.rpc_client(service, message.method):
            return self._answer_to(message, passport, service)

    def _answer_to(self, message: Message[A], passport: str | None, service: str) -> A:
        request = self.encrypted_messages.request(message)
        call_id = str(uuid4())
        reply = self.replies.get_reply_event(call_id)
        limit = eventlet.Timeout(RPC_TIMEOUT_SECONDS)  # includes sending, which waits for the broker
        try:
            self.publisher.publish(
                {"args": [request.payload], "kwargs": {}},
                exchange=self.exchange,
                routing_key=f"{service}.{message.method}",
                reply_to=self.replies.routing_key,
                correlation_id=call_id,
                headers={
                    "nameko.auth_token": passport or self.own_passport(service),
                    **request_context.headers(),
                },
            )
            body: dict[str, Any] = reply.wait()
        except UndeliverableMessage as error:
            raise Refused(Reason.NO_ANSWER) from error
        except BROKER_ERRORS as error:
            self.publisher.amqp_uri = broker_nodes.next_first(self.publisher.amqp_uri)
            raise Refused(Reason.NO_ANSWER) from error
        except eventlet.Timeout as timeout:
            if timeout is not limit:
                raise
            raise Refused(Reason.NO_ANSWER) from timeout
        finally:
            limit.cancel()
            self.replies._reply_events.pop(call_id, None)  # noqa: SLF001 - nameko removes only answered calls
        if body["error"]:
            raise exception_from(body["error"])
        try:
            answer = request.answer(body["result"])
        except ValueError as error:
            raise Refused(Reason.NO_ANSWER) from error  # somebody else has answered
        return message.answer().model_validate(answer)

    def own_passport(self, service: str) -> str:
        """A passport of this program for a service, signed anew after half of its lifetime."""
        signed_at, token = self._own.get(service, (0, ""))
        if time.monotonic() - signed_at > OWN_PASSPORT_SECONDS or not token:
            own = Passport(principal_kind=PrincipalKind.PROGRAM, subject=self.program)
            token = self.office.sign(own, service, datetime.now(UTC))
            self._own[service] = (time.monotonic(), token)
        return token


def exception_from(body: Mapping[str, Any]) -> Exception:
    """The `Refused` of a reply; nameko's `RemoteError` for a bug, or for a reason that only a newer service has."""
    error: Exception
    try:
        error = deserialize(body)
    except ValueError:
        error = RemoteError(body.get("exc_type"), body.get("value", ""))
    return error


class RpcClient(DependencyProvider):
    """Gives a service class `call` (`contract.base.CallService`)."""

    rpc_client = RpcClientExtension()

    def get_dependency(self, _worker_ctx: Any) -> Any:
        return self.rpc_client.call
