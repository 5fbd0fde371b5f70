"""What operators ask of a service that follows: what is parked, to retry it, to give it up, and how its subscriptions stand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from nameko.containers import ServiceContainer
from sqlalchemy import Connection, delete, select, update

from shared.contract import base, cloud_events
from shared.contract.base import Message
from shared.contract.envelope import Recorded
from shared.contract.operations import answers, commands, queries
from shared.contract.operations.metric_answers import Metric, Metrics
from shared.contract.passport import NOBODY, Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.seal import GENESIS, chained, signed_text
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.nameko_extensions import Caller, EventStore, ReadsRpc, Subscription, SubscriptionRpc
from shared.settings import Settings
from shared.subscriptions import parking
from shared.subscriptions.checkpoints import CHECKPOINTS
from shared.subscriptions.follower import Follower
from shared.subscriptions.reconciliation import orphaned_events
from shared.subscriptions.reconciliation.orphaned_events import Reaction
from shared.subscriptions.replay import jobs
from shared.subscriptions.source_signatures import SourceSignatures
from tests.support import sample_log
from tests.support.restorable_source import Source as RestorableSource
from tests.support.sample_log import VIEWS, append, database, history, see, seen
from tests.support.seals import is_signed, sealed, sign
from tests.support.servers.prepared_databases import Prepare

A = TypeVar("A", bound=base.Answer)
ADMIN = Passport(principal_kind=PrincipalKind.OFFICER, subject="root", roles=frozenset({Role.ADMIN}))
MANAGER = Passport(principal_kind=PrincipalKind.OFFICER, subject="maryam", roles=frozenset({Role.MANAGER}))
GATEWAY = Passport(principal_kind=PrincipalKind.PROGRAM, subject="gateway")
FAILS_AT: set[int] = set()


def apply(connection: Connection, recorded: Recorded) -> None:
    if recorded.position in FAILS_AT:
        raise LookupError("not yet")
    see(connection, recorded)


class Listener(SubscriptionRpc, ReadsRpc):
    """SubscriptionRpc one source."""

    name = "payment"
    caller: Passport = Caller()
    records: Records = EventStore(None, VIEWS)
    members = None
    follows_renewal = Subscription("renewal", apply=apply)


class Source:
    """Answers the subscription's questions, unless it is silent."""

    def __init__(self, of: Database) -> None:
        self.log = of
        self.is_silent = False

    def call(self, query: queries.ReadEvents, service: str) -> answers.RecordedEvents:
        if self.is_silent:
            raise Refused(Reason.NO_ANSWER)
        assert service == "renewal"
        found = history(self.log, query.after)[: query.limit]
        page_events = tuple(answers.RecordedEvent(cloud_event=cloud_events.to_json(one)) for one in found)
        chain = chained(GENESIS, history(self.log)[: query.after + len(found)])[-1:]
        seal = sign(signed_text(service, found[-1].position, chain[0])) if found else ""
        return answers.RecordedEvents(events=page_events, seal=seal, head=len(history(self.log)))


@pytest.fixture
def prepare() -> Prepare:
    return sample_log.create_tables


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A log in which member 001 comes thrice and 002 once."""
    log = database(f"sqlite:///{tmp_path / 'source.db'}")
    append(log, "001", 0)
    append(log, "002", 0)
    append(log, "001", 1, count=2)
    return Source(log)


@pytest.fixture
def service(database_url: str, source: Source, tmp_path: Path) -> Iterator[Listener]:
    """The listener whose subscription has heard everything and has parked the first event, as nameko would hand it out."""
    settings = Settings(var=tmp_path, database_url=database_url)
    container = ServiceContainer(Listener, {"AMQP_URI": "memory://", "settings": settings})
    providers: dict[str, Any] = {one.attr_name: one for one in container.dependencies}
    providers["records"].setup()
    subscription = providers["follows_renewal"]
    subscription.rpc_client = source
    subscription.signatures = SourceSignatures("renewal", is_signed)
    subscription.follower = Follower(
        subscription.own.database, "renewal", subscription.apply, subscription.pull_next, lambda _seconds: None
    )
    FAILS_AT.add(1)
    subscription.catch_up()
    made = Listener()
    made.records, made.follows_renewal = Records(subscription.own.database, None), subscription
    yield made
    FAILS_AT.clear()


def call(service: Listener, message: Message[A], caller: Passport = ADMIN) -> A:
    """Ask as RPC does: by the method's name, with JSON in and out."""
    service.caller = caller
    return message.answer().model_validate(getattr(service, message.method)(message.model_dump(mode="json")))


def refusal(service: Listener, what: Message[Any], caller: Passport = ADMIN) -> Reason:
    with pytest.raises(Refused) as refused:
        call(service, what, caller)
    return refused.value.reason


def fresh() -> dict[str, Any]:
    return {"id": uuid4(), "deadline": datetime.now(UTC) + timedelta(hours=1)}


def retry(partition_key: str = "renewal/001", source: str = "renewal") -> commands.RetryParked:
    return commands.RetryParked(**fresh(), source=source, partition_key=partition_key)


def drop(position: int = 1, source: str = "renewal") -> commands.DropParked:
    return commands.DropParked(**fresh(), source=source, position=position, reason="approved twice by mistake")


def parked(service: Listener, **which: Any) -> list[tuple[int, bool]]:
    found = call(service, queries.ListParked(**which)).parked
    return [(one.position, bool(one.error)) for one in found]


@pytest.mark.parametrize("caller", [MANAGER, NOBODY, GATEWAY])
@pytest.mark.parametrize("what", [queries.ListParked(), retry(), drop()])
def test_only_an_admin_looks_into_the_parking_and_acts_on_it(
    service: Listener, caller: Passport, what: Message[Any]
) -> None:
    assert refusal(service, what, caller) in (Reason.NOT_ALLOWED, Reason.NOT_SIGNED_IN)
    assert len(parked(service)) == 3


def test_what_is_parked_is_listed_in_order_by_pages(service: Listener) -> None:
    assert parked(service) == [(1, True), (3, False), (4, False)]
    page = call(service, queries.ListParked(limit=1, offset=1))
    assert ([one.position for one in page.parked], page.total) == ([3], 3)
    assert parked(service, partition_key="renewal/002") == []
    assert parked(service, source="auth") == []


def test_a_retry_goes_on_until_an_event_fails_and_says_what_is_left(service: Listener) -> None:
    assert call(service, retry()) == answers.Retried(applied=0, waiting=3)
    FAILS_AT.clear()
    FAILS_AT.add(4)
    assert call(service, retry()) == answers.Retried(applied=2, waiting=1)
    assert parked(service) == [(4, True)]
    assert seen(service.records.database) == [2, 1, 3]


def test_a_dropped_event_is_on_record_with_who_and_why_and_the_rest_can_go_on(service: Listener) -> None:
    call(service, drop())
    assert refusal(service, drop()) is Reason.NOT_PARKED
    with service.records.read() as connection:
        (row,) = connection.execute(select(parking.DROPPED)).mappings()
    assert (row["position"], row["dropped_by"]) == (1, "officer:root")
    assert row["reason"] == "approved twice by mistake"
    assert call(service, retry()) == answers.Retried(applied=2, waiting=0)


def test_nothing_is_retried_or_dropped_of_a_source_that_is_not_followed(service: Listener) -> None:
    assert refusal(service, retry(source="bank")) is Reason.NOT_PARKED
    assert refusal(service, drop(source="bank")) is Reason.NOT_PARKED
    assert refusal(service, drop(position=2)) is Reason.NOT_PARKED


@pytest.mark.parametrize("caller", [ADMIN, GATEWAY])
def test_admins_and_programs_learn_how_far_a_subscription_is(
    service: Listener, source: Source, caller: Passport
) -> None:
    append(source.log, "003", 0)
    found = call(service, queries.GetSubscriptions(), caller)
    (subscription,) = found.subscriptions
    assert found.unreachable == ()
    assert (
        subscription.source,
        subscription.checkpoint,
        subscription.head,
        subscription.lag_events,
        subscription.parked,
    ) == ("renewal", 4, 5, 1, 3)
    assert subscription.lag_seconds > 0
    service.follows_renewal.catch_up()
    (subscription,) = call(service, queries.GetSubscriptions(), caller).subscriptions
    assert (subscription.lag_events, subscription.lag_seconds, subscription.full) == (0, 0, False)
    assert refusal(service, queries.GetSubscriptions(), MANAGER) is Reason.NOT_ALLOWED


def test_admins_alone_read_the_metrics(service: Listener) -> None:
    metric = Metric(name="tamdid_log_position", labels={"service": "payment"}, value=7)
    service.read_metrics = lambda: Metrics(metrics=(metric,))
    assert call(service, queries.GetMetrics()).metrics == (metric,)
    assert refusal(service, queries.GetMetrics(), MANAGER) is Reason.NOT_ALLOWED
    assert refusal(service, queries.GetMetrics(), GATEWAY) is Reason.NOT_ALLOWED


def test_a_subscription_whose_source_is_silent_reports_its_last_known_state(service: Listener, source: Source) -> None:
    append(source.log, "003", 0)
    call(service, queries.GetSubscriptions())
    source.is_silent = True
    found = call(service, queries.GetSubscriptions())
    assert found.unreachable == ("renewal",)
    assert (found.subscriptions[0].checkpoint, found.subscriptions[0].head, found.subscriptions[0].lag_events) == (
        4,
        5,
        1,
    )


def test_a_subscription_that_is_full_or_cut_off_says_so(service: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parking, "PARKED_MAX", 3)
    service.follows_renewal.connection_status.mark_down(OSError("no route to host"))
    (subscription,) = call(service, queries.GetSubscriptions()).subscriptions
    assert (subscription.full, subscription.connected, subscription.error) == (True, False, "OSError: no route to host")


def test_a_subscription_that_has_much_to_catch_up_with_works_all_the_while(service: Listener, source: Source) -> None:
    subscription = service.follows_renewal
    works: list[bool] = []

    class Watching(Source):
        def call(self, query: queries.ReadEvents, service: str) -> answers.RecordedEvents:
            works.append(subscription.connection_status.is_up)
            return super().call(query, service)

    subscription.connection_status.mark_down(OSError("gone"))
    append(source.log, "003", 0, count=2)
    subscription.rpc_client = Watching(source.log)  # type: ignore[assignment]
    subscription.catch_up()
    assert works == [False, True]


def take_back(checkpoint: int = 4, common: int = 2) -> commands.TakeBack:
    return commands.TakeBack(**fresh(), source="renewal", checkpoint=checkpoint, common=common)


def settle() -> commands.SettleOrphanedEvent:
    return commands.SettleOrphanedEvent(**fresh(), position=1, reason="it was right after all")


@pytest.mark.parametrize("caller", [MANAGER, NOBODY, GATEWAY])
@pytest.mark.parametrize("what", [queries.CompareSources(), queries.ListOrphanedEvents(), take_back(), settle()])
def test_only_an_admin_reconciles_a_restored_source(service: Listener, caller: Passport, what: Message[Any]) -> None:
    assert refusal(service, what, caller) in (Reason.NOT_ALLOWED, Reason.NOT_SIGNED_IN)


@pytest.fixture
def restored(service: Listener, tmp_path: Path) -> RestorableSource:
    """The source has lost the last two of the four events that were followed."""
    folder = tmp_path / "restored"
    folder.mkdir()
    made = RestorableSource(folder)
    made.record(2)
    made.back_up()
    made.record(2)
    subscription = service.follows_renewal
    subscription.rpc_client = made  # type: ignore[assignment]
    subscription.follower = Follower(
        subscription.own.database, "renewal", see, subscription.pull_next, lambda _seconds: None
    )
    subscription.own.database.write(
        lambda connection: [connection.execute(delete(table)) for table in (CHECKPOINTS, parking.PARKED)]
    )
    subscription.catch_up()
    made.restore()
    return made


def test_an_admin_takes_back_exactly_what_was_shown(service: Listener, restored: RestorableSource) -> None:
    (shown,) = call(service, queries.CompareSources()).sources
    assert (shown.state, shown.checkpoint, shown.common, shown.head) == ("beyond", 4, 2, 2)
    assert refusal(service, take_back(common=1)) is Reason.CHANGED_SINCE
    assert refusal(service, take_back(checkpoint=3)) is Reason.CHANGED_SINCE
    assert call(service, take_back()).common == 2
    assert refusal(service, take_back()) is Reason.CHANGED_SINCE
    assert service.follows_renewal.follower.checkpoint() == 2
    assert call(service, queries.CompareSources()).sources[0].taken_back_at is not None
    restored.record(3, "002")
    with pytest.raises(jobs.AwaitsRebuild):
        service.follows_renewal.catch_up()
    service.records.write(lambda connection: jobs.start(connection, uuid4(), "officer:root", datetime.now(UTC)))
    service.records.write(
        lambda connection: connection.execute(update(jobs.REBUILDS).values(status="switched")).close()
    )
    service.follows_renewal.catch_up()
    (shown,) = call(service, queries.CompareSources()).sources
    assert (shown.state, shown.checkpoint) == ("following", 5)


def test_what_the_source_has_lost_is_not_retried_and_that_is_no_bug(
    service: Listener, restored: RestorableSource, source: Source
) -> None:
    service.records.write(lambda connection: parking.park(connection, history(source.log)[2], "a bug"))
    key = parked_key(service)
    assert refusal(service, retry(key)) is Reason.SOURCE_REPLACED
    restored.record(3, "002")
    assert refusal(service, retry(key)) is Reason.SOURCE_REPLACED
    call(service, take_back())
    assert call(service, retry(key)) == answers.Retried(applied=0, waiting=0)


def test_nothing_is_retried_before_what_was_taken_back_is_rebuilt(
    service: Listener, restored: RestorableSource
) -> None:
    with restored.database.read() as connection:
        (first, *_) = sealed(restored.records.own_log().read(connection, 0, 1))
    service.records.write(lambda connection: parking.park(connection, first, "a bug"))
    call(service, take_back())
    assert refusal(service, retry(parked_key(service))) is Reason.SOURCE_REPLACED


def parked_key(service: Listener) -> str:
    """The partition key of the only event that is parked."""
    (one,) = call(service, queries.ListParked()).parked
    return one.partition_key


def test_a_source_that_is_silent_is_named(service: Listener, source: Source) -> None:
    source.is_silent = True
    assert call(service, queries.CompareSources()).sources[0].state == "unreachable"


def test_a_case_is_listed_and_settled_once_by_who_said_so(service: Listener) -> None:
    lost = Reaction(1, "invoice/001", "InvoiceIssued", datetime.now(UTC), uuid4(), uuid4())
    service.records.write(
        lambda connection: orphaned_events.open_cases(connection, "renewal", [lost], "officer:root", datetime.now(UTC))
    )
    (shown,) = call(service, queries.ListOrphanedEvents()).events
    assert (shown.position, shown.cause, shown.settled_at) == (1, lost.cause, None)
    call(service, settle())
    assert refusal(service, settle()) is Reason.NOT_ORPHANED
    (shown,) = call(service, queries.ListOrphanedEvents()).events
    assert (shown.settled_by, shown.reason) == ("officer:root", "it was right after all")
