"""The outbox relay: publish a program's log to its exchange in order; the cursor moves after the publisher confirms of each batch."""

import logging
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import monotonic
from typing import NamedTuple

from kombu import Connection

from shared import broker_nodes
from shared.contract import cloud_events
from shared.contract.envelope import Recorded
from shared.contract.seal import (
    EPOCH_HEADER,
    HEADER,
    SEALED_EVERY,
    EpochSigner,
    SealEvidence,
    digest_of,
    extended,
    signed_text,
)
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.event_store.seals import Seal, insert_seals, last_seal
from shared.messaging import batch_publish, topology
from shared.messaging.batch_publish import Outgoing
from shared.messaging.connection_status import ConnectionStatus
from shared.messaging.relay_cursor import next_batch
from shared.messaging.seal_evidence import EvidenceFile
from shared.observability import tracing
from shared.services import SUBSCRIPTIONS

BATCH_MAX = 500
CONFIRM_TIMEOUT_SECONDS = 15
HEARTBEAT_SECONDS = 10
POLL_SECONDS = 2
"""The guarantee behind the wake-ups: also another copy's commits are seen within this time."""
RETRY_SECONDS = 1
BROKER_FRAMES_SECONDS = 0.002
"""Also how long a commit waits for others to be published with it, and for its own answer to be sent first."""

logger = logging.getLogger(__name__)


class NotConfirmed(ConnectionError):  # noqa: N818 - the name is the state
    """The broker did not confirm every event of a batch; the whole batch will be published again."""


class SealedMessage(NamedTuple):
    """An event with its message's body, and the seal where it carries one, with the log's signed epoch beside it."""

    recorded: Recorded
    body: bytes
    seal: Seal | None
    epoch: str = ""

    @property
    def headers(self) -> dict[str, str] | None:
        if self.seal is None:
            return None
        seal = {HEADER: self.seal.signature}
        return {**seal, EPOCH_HEADER: self.epoch} if self.epoch else seal


def sealed_messages(
    chain: str, events: Sequence[Recorded], sign: Callable[[bytes], str], epoch: str = ""
) -> list[SealedMessage]:
    """The messages of events that follow a chain in a log of this signed epoch; every hundredth and the last are sealed."""
    sealed = []
    for number, recorded in enumerate(events, start=1):
        body = cloud_events.encoded(recorded)
        chain = extended(chain, digest_of(body))
        seal = None
        if number % SEALED_EVERY == 0 or number == len(events):
            seal = Seal(recorded.position, chain, sign(signed_text(recorded.source, recorded.position, chain)))
        sealed.append(SealedMessage(recorded, body, seal, epoch))
    return sealed


class ConfirmingChannel:
    """A channel on which a whole batch is published first and its confirms are gathered afterwards."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.channel = connection.channel()
        self.channel.confirm_select()
        self.channel.events["basic_ack"].add(self._acked)
        self.channel.events["basic_nack"].add(self._nacked)
        self.channel.events["basic_return"].add(self._returned)
        self.published = 0
        self.confirmed = 0
        self.failure: str | None = None
        self._early: set[int] = set()

    def publish(self, source: str, sealed: Sequence[SealedMessage]) -> None:
        """Publish a batch and return when the broker has confirmed all of it; raises `NotConfirmed`.

        Where the source has subscribers, an event without a queue is one too: somebody has deleted it. What nobody follows
        is published all the same, for whoever binds a queue to it.
        """
        exchange, is_followed = topology.exchange(source).name, bool(SUBSCRIPTIONS.get(source))
        messages = (Outgoing(one.recorded.type, str(one.recorded.event_id), one.body, one.headers) for one in sealed)
        self.published += len(sealed)
        batch_publish.publish(self.channel, exchange, messages, CONFIRM_TIMEOUT_SECONDS, mandatory=is_followed)
        until = monotonic() + CONFIRM_TIMEOUT_SECONDS
        while self.confirmed < self.published and self.failure is None:
            try:
                self.connection.drain_events(timeout=max(0.01, until - monotonic()))
            except socket.timeout as error:  # noqa: UP041 - the name that py-amqp documents
                raise NotConfirmed("no confirm in time") from error
        if self.failure is not None:
            raise NotConfirmed(self.failure)

    def _acked(self, delivery_tag: int, multiple: bool) -> None:
        if multiple:
            self.confirmed = max(self.confirmed, delivery_tag)
            self._early = {tag for tag in self._early if tag > self.confirmed}
        else:
            self._early.add(delivery_tag)
        while self.confirmed + 1 in self._early:
            self.confirmed += 1
            self._early.remove(self.confirmed)

    def _nacked(self, delivery_tag: int, _multiple: bool) -> None:
        self.failure = f"the broker refused message {delivery_tag}"

    def _returned(self, _error: object, exchange: str, routing_key: str, _message: object) -> None:
        self.failure = f"no queue is bound to {exchange} for {routing_key}"


class Relay:
    """Seals and publishes one log until stopped; a crash between confirm and cursor publishes events again, which followers drop."""

    def __init__(
        self,
        database: Database,
        log: EventLog,
        broker_url: str,
        sign: Callable[[bytes], str],
        evidence_folder: Path | None = None,
    ) -> None:
        self.database = database
        self.log = log
        self.broker_url = broker_url
        self.sign = sign
        """This program's signature of a text."""
        self.epochs = EpochSigner(log.source, sign)
        self.evidence = EvidenceFile(log.source, evidence_folder) if evidence_folder else None
        self.connection_status = ConnectionStatus()
        self._wake = Event()
        self._stopping = False
        database.on_append(lambda _seconds: self._wake.set())

    def run(self) -> None:
        """Publish until stopped, through any number of lost connections."""
        while not self._stopping:
            connection = Connection(self.broker_url, heartbeat=HEARTBEAT_SECONDS)
            try:
                topology.declare(connection, self.log.source)
                self._relay(connection)
            except Exception as error:  # noqa: BLE001 - the relay survives any error of its broker or database
                logger.warning("relay of %s: %s; trying again", self.log.source, error)
                self.connection_status.mark_down(error)
                self.broker_url = broker_nodes.next_first(self.broker_url)
            with suppress(Exception):  # a broker that confirms nothing does not answer this either
                connection.release()
            if not self._stopping:
                Event().wait(RETRY_SECONDS)

    def stop(self) -> None:
        """Let `run` return after the present batch."""
        self._stopping = True
        self._wake.set()

    def publish_once(self, channel: ConfirmingChannel) -> int:
        """Publish the next batch, and return how many events it had."""
        with next_batch(self.database, self.log, BATCH_MAX) as batch:
            if batch is None or not batch.events:
                return 0
            sealed = sealed_messages(batch.chain, batch.events, self.sign, self.epochs.signed(batch.epoch))
            seals = [one.seal for one in sealed if one.seal]
            self.database.write_unflushed(lambda connection: insert_seals(connection, seals))
            with tracing.publish(self.log.source, batch.events):
                channel.publish(self.log.source, sealed)
            batch.publish_confirmed(seals[-1])
            return len(batch.events)

    def write_evidence(self, at: datetime) -> None:
        """Append the last seal to the file of evidence, once a day."""
        if self.evidence is None or not self.evidence.is_due(at):
            return
        with self.database.read() as connection:
            seal = last_seal(connection)
        if seal is not None:
            self.evidence.append(SealEvidence(source=self.log.source, **seal._asdict(), written_at=at))

    def _relay(self, connection: Connection) -> None:
        channel = ConfirmingChannel(connection)
        while not self._stopping:
            self._wake.clear()
            published = self.publish_once(channel)
            self.connection_status.mark_up()
            self.write_evidence(datetime.now(UTC))
            if published < BATCH_MAX:  # a later commit has set the event
                self._wake.wait(POLL_SECONDS)
                process_broker_frames(connection)


def process_broker_frames(connection: Connection) -> None:
    """Process what the broker sends while there is nothing to publish: heartbeats, or the end of the connection."""
    try:
        while True:
            connection.drain_events(timeout=BROKER_FRAMES_SECONDS)
    except socket.timeout:  # noqa: UP041 - the name that py-amqp documents
        if connection.supports_heartbeats:
            connection.heartbeat_check()
