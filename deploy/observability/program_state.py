"""Metrics of a program's state: its log, its relay, its subscriptions and its connections, read from its own database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import eventlet
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from deploy import health
from deploy.observability.definitions import Sample
from deploy.observability.event_counts import LogHoles
from shared.contract.refusals import Refused
from shared.event_store.log import HEAD
from shared.messaging.relay import NotConfirmed
from shared.messaging.relay_cursor import CURSOR
from shared.nameko_extensions import EventStore, Subscription

CAUSES = {"LogReplaced": "epoch", "OtherEpoch": "epoch", "AwaitsRebuild": "epoch", "SealBroken": "seal"}
"""Of a subscription's alarm, by its error."""
PARKING = "parking"
"""The cause of any other."""


class ProgramState:
    """What one program's container says of itself."""

    def __init__(self, container: Any) -> None:
        self.container = container
        self.name = str(container.service_name)
        self.holes = LogHoles()

    def samples(self) -> Iterator[Sample]:
        """All that is known; a database that does not answer ends them."""
        state = health.state_of(self.container)
        yield Sample("tamdid_program_ready", (self.name,), float(not list(health.reasons_of(state))))
        if "database" not in state:
            return
        yield Sample("tamdid_database_up", (self.name,), float(state["database"] == "answers"))
        if state["database"] != "answers":
            return
        try:
            yield from self.of_extensions()
        except SQLAlchemyError:
            return  # it has gone away since

    def of_extensions(self) -> Iterator[Sample]:
        subscriptions = []
        for one in sorted(self.container.dependencies, key=lambda one: str(one.attr_name)):
            if isinstance(one, EventStore) and one.log is not None and one.relay is not None:
                yield from self.of_log(one)
            elif isinstance(one, Subscription):
                subscriptions.append(one)
        for found in eventlet.GreenPool().imap(lambda one: list(self.of_subscription(one)), subscriptions):
            yield from found

    def of_log(self, store: EventStore) -> Iterator[Sample]:
        with store.own.database.read() as connection:
            head, published = (connection.execute(select(one.c.position)).scalar_one() for one in (HEAD, CURSOR))
            missing = self.holes.missing(connection)
        yield Sample("tamdid_log_position", (self.name,), head)
        yield Sample("tamdid_log_missing_positions", (self.name,), missing)
        yield Sample("tamdid_relay_unpublished_events", (self.name,), head - published)
        relay: Any = store.relay
        link = relay.connection_status
        yield Sample("tamdid_broker_connected", (self.name, "relay"), float(link.is_up))
        is_unconfirmed = not link.is_up and link.error.startswith(NotConfirmed.__name__)
        yield Sample("tamdid_relay_unconfirmed", (self.name,), float(is_unconfirmed))

    def of_subscription(self, subscription: Subscription) -> Iterator[Sample]:
        """One that has not started yet has no state."""
        if not hasattr(subscription, "signatures"):
            return
        key = (self.name, subscription.source)
        try:
            state = subscription.state(datetime.now(UTC))
            yield Sample("tamdid_follower_lag_seconds", key, state.lag_seconds)
        except Refused:  # the source does not answer
            state = subscription.own_state()
        yield Sample("tamdid_follower_checkpoint", key, state.checkpoint)
        yield Sample("tamdid_parked_events", key, state.parked)
        cause = CAUSES.get(state.alarm.partition(":")[0], PARKING)
        is_held = state.is_stopped or state.full
        yield Sample("tamdid_broker_connected", key, float(state.connected or is_held))  # then it hung up by itself
        if state.alarm or is_held:
            yield Sample("tamdid_follower_alarm", (*key, cause), 1)
