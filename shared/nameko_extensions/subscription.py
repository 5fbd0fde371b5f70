"""A subscription to another service's log: its ordered queue on the broker, and `read_events` by RPC for what the broker lost."""

import logging
import time
from collections.abc import Collection, Sized
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

import eventlet
from kombu import Connection, Consumer
from nameko.extensions import DependencyProvider

from shared import broker_nodes
from shared.contract.operations import answers, queries
from shared.contract.refusals import Reason, Refused
from shared.contract.seal import Delivery
from shared.event_store.database import is_unavailable
from shared.keys import Keys
from shared.messaging import amqp_timeouts, topology
from shared.messaging.connection_status import BROKER_ERRORS, ConnectionStatus
from shared.nameko_extensions.event_store import ProgramDatabase
from shared.nameko_extensions.rpc_client import RpcClientExtension
from shared.observability import request_context
from shared.observability.log_format import describe
from shared.subscriptions import parking, unknown_events
from shared.subscriptions.follower import Apply, ApplyAll, Follower
from shared.subscriptions.projection_versions import Projection
from shared.subscriptions.replay.jobs import AwaitsRebuild, require_rebuilt
from shared.subscriptions.seal_check import SealBroken
from shared.subscriptions.source_signatures import SourceSignatures

BATCH_MAX = 200
"""Events that one transaction applies at most."""
PREFETCH = 2 * BATCH_MAX  # deliveries in flight: the next batch comes while one is applied
UNSEALED_MAX = BATCH_MAX
"""Held messages, of which the source has sealed one in `SEALED_EVERY`: of so many without a seal it knows nothing."""
EVENT_BYTES_MAX = 1024 * 1024  # of a message: twice the largest policy file, which is the largest event
IDLE_CHECK_SECONDS = 10  # without a delivery: then the source's log is read by RPC for lost events
HEARTBEAT_SECONDS, RETRY_SECONDS = 10, 1
SOURCE_REPLACED = (SealBroken, AwaitsRebuild)  # what a source that was restored, or altered, is noticed by
SOURCE_ANSWER_SECONDS = 3  # with its log's head; the caller of `get_subscriptions` waits for it
STOP_SECONDS = 3  # that the present batch may take when the program stops; an aborted one is delivered again

logger = logging.getLogger(__name__)


class Held(NamedTuple):
    """A message that is not acknowledged yet, and the event in it; None for one that is no event."""

    message: Any
    event: Delivery | None


class Subscription(DependencyProvider):
    """Follows a source: `apply` runs for each of its events, in order and once, in the checkpoint's transaction.

    With `apply_all` a batch is applied at once, by `apply` after a failure; `reactions` are types of own events caused by its events.
    """

    own, rpc_client = ProgramDatabase(), RpcClientExtension()

    def __init__(
        self, source: str, apply: Apply, apply_all: ApplyAll | None = None, reactions: Collection[str] = ()
    ) -> None:
        self.source = source
        self.apply, self.apply_all, self.reactions = apply, apply_all, reactions
        self.head = 0
        """The source's last position known to this program."""
        self.connection_status, self.is_stopped = ConnectionStatus(), False
        """Whether it is stopped before an event that can be neither applied nor parked, or because the source was restored."""
        self.unsealed_since: datetime | None = None
        """When the source was first seen to have events that it has not sealed, none of which can be applied."""
        self._pulled_after, self._stopping = 0, False

    def setup(self) -> None:
        projection = Projection.declared_by(self.container.service_cls, self.source)
        how = self.apply, self.pull_next, time.sleep, self.apply_all, projection
        self.follower = Follower(self.own.database, self.source, *how)

    def start(self) -> None:
        self.subscriber = self.container.service_name
        is_signed_by = Keys(self.subscriber, self.container.config["settings"].keys_folder).is_signed_by
        self.signatures = SourceSignatures(self.source, partial(is_signed_by, self.source))
        self._pulled_after = self.follower.checkpoint()
        self.thread = self.container.spawn_managed_thread(self.run, identifier=f"subscription from {self.source}")

    def stop(self) -> None:
        self._stopping = True
        with eventlet.Timeout(STOP_SECONDS, False):
            self.thread.wait()

    def run(self) -> None:
        """Follow until stopped, through any number of lost connections and failing handlers."""
        request_context.enter(request_context.RequestContext(self.subscriber))
        broker_url = self.container.config["AMQP_URI"]
        while not self._stopping:
            try:
                with Connection(broker_url, heartbeat=HEARTBEAT_SECONDS) as connection:
                    self.listen(connection)
            except Exception as error:
                is_lost = isinstance(error, BROKER_ERRORS) or is_unavailable(error)
                stops = isinstance(error, (parking.ParkingFailed, *SOURCE_REPLACED))
                self.is_stopped |= stops
                self.follower.alarm = describe(error) if stops else self.follower.alarm
                logger.log(
                    logging.ERROR if stops else logging.WARNING,
                    "%s follows %s: %s; trying again", self.subscriber, self.source, describe(error), exc_info=not is_lost
                )  # fmt: skip
                self.connection_status.mark_down(error)
                broker_url = broker_nodes.next_first(broker_url)
                time.sleep(RETRY_SECONDS)

    def listen(self, connection: Connection) -> None:
        """Consume the subscription's queue: a batch is one transaction, acknowledged after its commit."""
        topology.ensure_exchange(connection, topology.exchange(self.source))
        channel = connection.channel()
        amqp_timeouts.read_ahead(channel)
        channel.basic_qos(0, PREFETCH, False)
        queue = topology.subscription(self.subscriber, self.source)(channel)
        held: list[Held] = []
        with Consumer(channel, queues=[queue], on_message=lambda one: held.append(self.read(one)), auto_declare=True):
            if self.catch_up() or not self.is_stopped:
                self.connection_status.mark_up()
            while not self._stopping:
                has_come = self.gather(connection, held)
                if has_come:
                    self.receive(held)
                if (not has_come or len(held) >= UNSEALED_MAX) and self.catch_up() and held:
                    # The source has sealed them before it published them: what is true of them has been pulled.
                    held[-1].message.ack(multiple=True)
                    held.clear()

    def receive(self, held: list[Held]) -> None:
        """Apply and acknowledge messages; those whose seal has not come yet stay in the list."""
        events = [(number, one.event) for number, one in enumerate(held) if one.event]
        done = self.follower.receive([event for _, event in events])
        until = events[done][0] if done < len(events) else len(held)
        if until:
            held[until - 1].message.ack(multiple=True)
            del held[:until]
            self.go_on()

    def go_on(self) -> None:
        """It flows again: that it was stopped, and why, is over. A broker that is back, or a source that is silent, does not show that."""
        if self.is_stopped:
            self.is_stopped, self.follower.alarm = False, ""
            self.connection_status.mark_up()

    def read(self, message: Any) -> Held:
        """Read the event of a message, once; an unreadable one is dropped, and pulled again by the gap before the next event."""
        try:
            message.body = message.body if len(message.body) <= EVENT_BYTES_MAX else b""  # it may be held for a while
            return Held(message, self.signatures.delivery(message.body, message.headers))
        except ValueError:
            logger.warning("a message on %s is no event", message.delivery_info.get("exchange"))
            return Held(message, None)

    def gather(self, connection: Connection, deliveries: Sized) -> bool:
        """Wait for a delivery, then drain those that have arrived; False when none came for a while."""
        before = len(deliveries)
        for _ in range(IDLE_CHECK_SECONDS):
            try:
                connection.drain_events(timeout=1)
                break
            except TimeoutError:
                if connection.supports_heartbeats:
                    connection.heartbeat_check()
                self.follower.version.tick()
            if self._stopping:
                return False
        while len(deliveries) > before and len(deliveries) < BATCH_MAX:
            try:
                connection.drain_events(timeout=0.001)
            except TimeoutError:
                break
        return len(deliveries) > before

    def catch_up(self) -> bool:
        """Pull what the broker did not deliver; False for a source that is down, which is retried later."""
        if self._stopping:
            return False
        try:
            self.follower.catch_up()
        except Refused as refused:
            logger.info("%s cannot pull from %s yet: %s", self.subscriber, self.source, refused.reason)
            return False
        self.go_on()
        return True

    def pull_next(self, after: int, limit: int) -> list[Delivery]:
        """Pull for the follower. Progress since the last pull counts as a working subscription, however long it takes."""
        if after > self._pulled_after:
            self._pulled_after = after
            self.connection_status.mark_up()
        with self.own.database.read() as connection:
            require_rebuilt(connection, since=self.follower.last_taken_back_at(connection))
        answer = self.read_events(after, limit)
        self.follower.source_log = self.signatures.log_state(after, answer)
        return self.signatures.deliveries(answer)

    def pull(self, after: int, limit: int) -> list[Delivery]:
        """Read the source's events after a position by RPC, up to one that it has sealed."""
        answer = self.read_events(after, limit)
        if answer.head < after:
            raise SealBroken(f"the log of {self.source} ends at {answer.head}, and had an event {after} before")
        return self.signatures.deliveries(answer)

    def read_events(self, after: int, limit: int) -> answers.RecordedEvents:
        """The source's answer, of which the head is remembered, and whether the source seals what it records."""
        answer = self.rpc_client.call(queries.ReadEvents(after=after, limit=limit), service=self.source)
        self.head = answer.head  # of a restored log it is less than before
        is_sealed = answer.head <= after or answer.events
        self.unsealed_since = None if is_sealed else self.unsealed_since or datetime.now(UTC)
        return answer

    def state(self, now: datetime) -> answers.SubscriptionState:
        """The state of the subscription, compared with the source's own log; `Refused(NO_ANSWER)` when the source is down."""
        waiting, alarm, checkpoint = list[Delivery](), self.follower.alarm, self.follower.checkpoint()
        try:
            with eventlet.Timeout(SOURCE_ANSWER_SECONDS, Refused(Reason.NO_ANSWER)):
                waiting = self.pull(checkpoint, 1)
        except SealBroken as broken:
            alarm = alarm or describe(broken)  # of this moment: a restored source may be reconciled
        state = self.own_state(alarm)  # since the answer the follower may have gone on
        since = waiting[0].recorded_at if waiting and state.lag_events else self.unsealed_since
        return state.model_copy(update={"lag_seconds": max(0.0, (now - since).total_seconds()) if since else 0.0})

    def own_state(self, alarm: str = "") -> answers.SubscriptionState:
        """The state of the subscription from local data alone, without its lag in seconds."""
        checkpoint = self.follower.checkpoint()
        with self.own.database.read() as connection:
            parked, unknown = (table.count(connection, self.source) for table in (parking, unknown_events))
        return answers.SubscriptionState(
            source=self.source,
            checkpoint=checkpoint,
            head=max(self.head, checkpoint),
            lag_events=max(0, self.head - checkpoint),
            lag_seconds=0.0,
            parked=parked,
            unknown=unknown,
            full=parked >= parking.PARKED_MAX,
            is_stopped=self.is_stopped,
            connected=self.connection_status.is_up,
            error=self.connection_status.error or alarm or self.follower.alarm,
            alarm=alarm or self.follower.alarm,
        )

    def get_dependency(self, _worker_ctx: Any) -> "Subscription":
        return self
