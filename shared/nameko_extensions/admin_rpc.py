"""RPC methods for operators of any service: read its log, get its metrics, get the state of its subscriptions, handle parked events, list who has read what."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

import eventlet
from nameko.extensions import DependencyProvider
from sqlalchemy import Connection, Table

from shared import recorded_reads
from shared.contract import base
from shared.contract.operations import answers, commands, metric_answers, queries
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.nameko_extensions.rpc_server import rpc
from shared.nameko_extensions.subscription import SOURCE_REPLACED, Subscription
from shared.observability import request_context
from shared.observability.log_format import describe
from shared.services import SUBSCRIPTIONS
from shared.subscriptions import parking
from shared.subscriptions.reconciliation import orphaned_events
from shared.subscriptions.reconciliation.source_log import SourceLog
from shared.subscriptions.reconciliation.taking_back import Compared, Reconciliation

logger = logging.getLogger(__name__)


class OwnMetrics(DependencyProvider):
    """How the program reads its own metrics, which whoever runs it sets before it starts."""

    read: Callable[[], metric_answers.Metrics] = staticmethod(lambda: metric_answers.Metrics(metrics=()))

    def get_dependency(self, _worker_ctx: object) -> Callable[[], metric_answers.Metrics]:
        return self.read


class ServiceRpc:
    """What the RPC methods of every service rest on."""

    caller: Passport
    records: Records


class ReadsRpc(ServiceRpc):
    """A service that gives its metrics, and records which officers have read members' rows."""

    read_metrics: Callable[[], metric_answers.Metrics] = OwnMetrics()

    members: Table | None
    """One that has members and their provinces; None where no rows are a member's."""

    @rpc
    def get_metrics(self, query: queries.GetMetrics) -> metric_answers.Metrics:  # noqa: ARG002 - the query has no fields
        self.caller.must_have(Role.ADMIN)
        return self.read_metrics()

    @rpc
    def list_reads(self, query: queries.ListReads) -> answers.Reads:
        with self.records.read() as connection:
            recorded_reads.must_see(
                self.caller, query, recorded_reads.provinces_of(connection, self.members, query.member)
            )
            return recorded_reads.page(connection, query, self.members, self.caller.provinces)


class EventLogRpc(ReadsRpc):
    """A service with a log of its own."""

    @rpc
    def read_events(self, query: queries.ReadEvents) -> answers.RecordedEvents:
        if self.caller.principal_kind is PrincipalKind.PROGRAM:
            self.caller.must_be_program(*SUBSCRIPTIONS[self.records.own_log().source])
        return self.records.read_events(query, self.caller)

    @rpc
    def find_events(self, query: queries.FindEvents) -> answers.FoundEvents:
        self.caller.must_be_program(*SUBSCRIPTIONS[self.records.own_log().source])
        return self.records.find_events(query)


class ReconciliationRpc(ServiceRpc):
    """A service that follows sources, any of which may be restored from a backup."""

    @rpc
    def compare_sources(self, query: queries.CompareSources) -> answers.Comparison:  # noqa: ARG002 - the query has no fields
        self.caller.must_have(Role.ADMIN)
        compared = eventlet.GreenPool().imap(request_context.carried(comparison_of), subscriptions_of(self))
        return answers.Comparison(sources=tuple(compared))

    @rpc
    def take_back(self, command: commands.TakeBack) -> answers.ComparedSource:
        self.caller.must_have(Role.ADMIN)
        subscription = subscription_from(self, command.source)
        reconciliation = reconciliation_of(subscription)
        compared = reconciliation.compare()
        seen = (compared.state, compared.followed.position, compared.common.position)
        if seen != ("beyond", command.checkpoint, command.common):
            raise Refused(Reason.CHANGED_SINCE)
        if not reconciliation.take_back(compared, self.caller.actor, command.at):
            raise Refused(Reason.CHANGED_SINCE)
        return compared_source(subscription.source, compared)

    @rpc
    def list_orphaned_events(self, query: queries.ListOrphanedEvents) -> answers.OrphanedEvents:
        self.caller.must_have(Role.ADMIN)
        with self.records.read() as connection:
            found, total = orphaned_events.page(connection, query.limit, query.offset)
        return answers.OrphanedEvents(
            events=tuple(answers.OrphanedEvent.model_validate(dict(one)) for one in found), total=total
        )

    @rpc
    def settle_orphaned_event(self, command: commands.SettleOrphanedEvent) -> base.Done:
        self.caller.must_have(Role.ADMIN)
        actor = self.caller.actor
        if not self.records.write(
            lambda connection: orphaned_events.settle(connection, command.position, command.reason, actor, command.at)
        ):
            raise Refused(Reason.NOT_ORPHANED)
        return base.Done()


class SubscriptionRpc(ReconciliationRpc):
    """A service with subscriptions from others' logs."""

    @rpc
    def get_subscriptions(self, query: queries.GetSubscriptions) -> answers.Subscriptions:  # noqa: ARG002 - the query has no fields
        if self.caller.principal_kind is not PrincipalKind.PROGRAM:
            self.caller.must_have(Role.ADMIN)
        states = list(eventlet.GreenPool().imap(request_context.carried(state_of), subscriptions_of(self)))
        return answers.Subscriptions(
            subscriptions=tuple(state for state, _ in states),
            unreachable=tuple(state.source for state, was_reached in states if not was_reached),
        )

    @rpc
    def list_parked(self, query: queries.ListParked) -> answers.ParkedEvents:
        self.caller.must_have(Role.ADMIN)
        with self.records.read() as connection:
            events = parking.list_parked(connection, query.source, query.partition_key)
        page = events[query.offset : query.offset + query.limit]
        parked = tuple(answers.ParkedEvent.model_validate(event, from_attributes=True) for event in page)
        return answers.ParkedEvents(parked=parked, total=len(events))

    @rpc
    def retry_parked(self, command: commands.RetryParked) -> answers.Retried:
        self.caller.must_have(Role.ADMIN)
        try:
            applied = subscription_from(self, command.source).follower.retry(command.partition_key)
        except SOURCE_REPLACED as error:
            logger.warning("%s of %s is not retried: %s", command.partition_key, command.source, describe(error))
            raise Refused(Reason.SOURCE_REPLACED) from error
        with self.records.read() as connection:
            waiting = parking.list_parked(connection, command.source, command.partition_key)
        return answers.Retried(applied=applied, waiting=len(waiting))

    @rpc
    def drop_parked(self, command: commands.DropParked) -> base.Done:
        self.caller.must_have(Role.ADMIN)
        with self.records.read() as connection:
            parked = parking.list_parked(connection, command.source)
        found = next((event for event in parked if event.position == command.position), None)
        actor = self.caller.actor

        def drop(connection: Connection) -> bool:
            return found is not None and parking.drop(connection, found, command.reason, actor, command.at)

        if not self.records.write(drop):
            raise Refused(Reason.NOT_PARKED)
        return base.Done()


def subscriptions_of(service: object) -> list[Subscription]:
    """The subscriptions that a service's class declares."""
    names = [name for name, declared in vars(type(service)).items() if isinstance(declared, Subscription)]
    return [getattr(service, name) for name in names]


def state_of(subscription: Subscription) -> tuple[answers.SubscriptionState, bool]:
    """The state of a subscription, and whether its source has answered."""
    try:
        return subscription.state(datetime.now(UTC)), True
    except Refused:
        return subscription.own_state(), False


def subscription_from(service: object, source: str) -> Subscription:
    """The subscription from a source; `Refused` where the service does not follow it."""
    for subscription in subscriptions_of(service):
        if subscription.source == source:
            return subscription
    raise Refused(Reason.NOT_PARKED)


def reconciliation_of(subscription: Subscription) -> Reconciliation:
    """The reconciliation of a subscription, which reads its source by RPC."""
    source, call = subscription.source, subscription.rpc_client.call
    log = SourceLog(
        subscription.signatures,
        lambda after, limit: call(queries.ReadEvents(after=after, limit=limit, verifying=True), service=source),
        lambda ids: call(queries.FindEvents(ids=tuple(ids)), service=source),
    )
    return Reconciliation(subscription.own.database, log, subscription.reactions)


def comparison_of(subscription: Subscription) -> answers.ComparedSource:
    """A subscription compared with its source; `unreachable` where that does not answer, or not with what it has signed."""
    with subscription.own.database.read() as connection:
        taken_back_at = subscription.follower.last_taken_back_at(connection)
    try:
        compared = compared_source(subscription.source, reconciliation_of(subscription).compare())
        return compared.model_copy(update={"taken_back_at": taken_back_at})
    except (Refused, *SOURCE_REPLACED) as error:
        logger.warning("%s can't be compared: %s", subscription.source, describe(error))
        at = subscription.follower.checkpoint()
        return answers.ComparedSource(source=subscription.source, state="unreachable", checkpoint=at, common=at)


def compared_source(source: str, compared: Compared) -> answers.ComparedSource:
    """The answer's part about one source."""
    return answers.ComparedSource(
        source=source,
        state=compared.state,
        checkpoint=compared.followed.position,
        common=compared.common.position,
        head=compared.head,
        followed_epoch=compared.followed.epoch,
        epoch=compared.epoch,
        notes=compared.notes,
        orphaned=len(compared.orphaned),
    )
