"""The RPC transport: the consumer connection for requests and replies, which reconnects soon and sends the replies."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import kombu
from amqp.exceptions import AMQPError
from kombu import Queue, serialization
from nameko.constants import NON_PERSISTENT
from nameko.exceptions import serialize
from nameko.messaging import QueueConsumer
from nameko.rpc import RPC_REPLY_QUEUE_TEMPLATE, RPC_REPLY_QUEUE_TTL, ReplyListener, RpcConsumer

from shared import broker_nodes
from shared.contract.refusals import Reason, Refused
from shared.messaging import topology
from shared.messaging.connection_status import ConnectionStatus

RECONNECT_SECONDS = 0.5
RECONNECT_SECONDS_MAX = 2.0

logger = logging.getLogger(__name__)


class ReconnectingConsumer(QueueConsumer):
    """nameko's consumer with short reconnect intervals; nameko's own grow to half a minute."""

    _held_back: Sequence[Any] = ()
    _has_consumed = True
    """Whether the connection before came as far as to consume."""
    amqp_uri = ""

    def __init__(self) -> None:
        super().__init__()
        self.connection_status = ConnectionStatus()

    def setup(self) -> None:
        self.amqp_uri = self.container.config["AMQP_URI"]
        super().setup()

    @contextmanager
    def establish_connection(self) -> Iterator[kombu.Connection]:
        """kombu's hook: the connection, retried until it is established.

        The next one is by the next node of a cluster: one that takes connections may be out of order all the same. Where
        it does not come as far as to consume, the next one has another queue of replies.
        """
        connection_now, self.amqp_uri = self.create_connection(), broker_nodes.next_first(self.amqp_uri)
        if not self._has_consumed:
            for one in self._providers:
                if isinstance(one, ReplyQueue):
                    one.take_new_queue()
        self._has_consumed = False
        try:
            with connection_now as connection:
                connection.ensure_connection(
                    self.on_connection_error,
                    interval_start=RECONNECT_SECONDS,
                    interval_step=RECONNECT_SECONDS,
                    interval_max=RECONNECT_SECONDS_MAX,
                )
                topology.ensure_exchange(connection, topology.rpc_exchange())
                yield connection
        except Exception as error:
            self.connection_status.mark_down(error)
            raise

    def on_consume_ready(self, connection: Any, channel: Any, consumers: Any, **options: Any) -> None:
        """kombu's hook: every queue is there, and is consumed from."""
        super().on_consume_ready(connection, channel, consumers, **options)
        self._has_consumed = True
        self.connection_status.mark_up()

    def on_connection_error(self, error: Exception, interval: float) -> None:
        """kombu's hook. nameko's own logs the URL, of which it hides the first node's password alone."""
        self.connection_status.mark_down(error)
        logger.warning("the broker is not reached: %s; trying again in %s s", self.connection_status.error, interval)

    def get_consumers(self, consumer_cls: Any, channel: Any) -> list[Any]:
        """kombu's hook: calls are not taken before the projections are filled, for which replies of the sources are needed."""
        consumers = list(super().get_consumers(consumer_cls, channel))
        calls = [one for provider, one in self._consumers.items() if isinstance(provider, RpcConsumer)]
        self._held_back = calls if self._is_filling() else []
        return [one for one in consumers if one not in self._held_back]

    def on_iteration(self) -> None:
        """kombu's hook, at least once a second."""
        super().on_iteration()
        if self._held_back and not self._is_filling():
            for one in self._held_back:
                one.consume()
            self._held_back = []

    def _is_filling(self) -> bool:
        return any(one.follower.version.left_to_fill for one in self.container.dependencies if hasattr(one, "follower"))

    def on_decode_error(self, message: Any, error: Exception) -> None:
        """kombu's hook: a body that can't be read is refused. kombu's default would write it to the log."""
        logger.warning("a message that can't be read is refused: %s", type(error).__name__)
        reply_to = message.properties.get("reply_to")
        if reply_to:
            refusal = {"result": None, "error": serialize(Refused(Reason.BAD_INPUT))}
            send_reply(message, refusal, reply_to)
        message.ack()


class ReplyQueue(ReplyListener):
    """The queue of replies to this program's own calls."""

    queue_consumer = ReconnectingConsumer()

    def setup(self) -> None:
        self.take_new_queue()
        self.queue_consumer.register_provider(self)

    def take_new_queue(self) -> None:
        """Take a queue and a key of a new name: the queue before may be gone with the nodes of the broker that it was on."""
        program, unique = self.container.service_name, uuid4()
        self.routing_key = topology.reply_key(program, unique)
        self.queue = Queue(
            RPC_REPLY_QUEUE_TEMPLATE.format(program, unique),
            topology.rpc_exchange(),
            self.routing_key,
            queue_arguments={"x-expires": RPC_REPLY_QUEUE_TTL},
        )


class ReplyOnSameConnection(RpcConsumer):
    """Sends replies without waiting for a confirm: after a lost reply the call times out and is retried.

    A reply is sent on the connection of its request. When that one is lost, the broker delivers the request again. A second
    connection, from which nothing is read, would swallow replies while half-open, and the first one after each restart of
    the broker.
    """

    queue_consumer = ReconnectingConsumer()

    def setup(self) -> None:
        super().setup()
        self.queue = topology.calls(self.container.service_name)
        self._by_key: dict[str, Any] = {}

    def get_provider_for_method(self, routing_key: str) -> Any:
        """nameko's, which makes the key of one method after the other for each message; here they are kept."""
        if routing_key not in self._by_key:
            self._by_key[routing_key] = super().get_provider_for_method(routing_key)
        return self._by_key[routing_key]

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        reply_to = message.properties.get("reply_to")
        try:
            if reply_to:  # a stray message without it must not end the program
                error = None if exc_info is None else serialize(exc_info[1])
                send_reply(message, {"result": result, "error": error}, reply_to)
            message.ack()
        except (AMQPError, OSError) as error:
            logger.warning("a reply is lost with its connection, and the request comes again: %s", error)
        return result, exc_info


def send_reply(message: Any, payload: dict[str, Any], reply_to: str) -> None:
    """Send a reply on the connection of its request, to a program that may call the service.

    The broker would close the connection for any other key, and deliver the request again, for ever. A reply is not replied to.
    """
    service, dot, _ = message.delivery_info["routing_key"].partition(".")
    if not dot or not topology.is_reply_key(reply_to, service):
        logger.warning("a message to %s wants its reply sent where none may go", service)
        return
    content_type, encoding, body = serialization.dumps(payload, "json")
    properties = {"correlation_id": message.properties.get("correlation_id"), "delivery_mode": NON_PERSISTENT}
    prepared = message.channel.prepare_message(
        body, content_type=content_type, content_encoding=encoding, properties=properties
    )  # fmt: skip
    message.channel.basic_publish(prepared, exchange=topology.rpc_exchange().name, routing_key=reply_to)
