"""Measures whose sides use the engine's own parts run with these as they are now."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from bench.environment import Environment
from bench.findings import Finding
from bench.implementations import relays as sides
from bench.implementations import sample_logs
from bench.implementations.follows import Following, Source
from bench.measures import follows, overhead, relays
from shared.messaging import relay_cursor, topology
from shared.messaging.relay import BATCH_MAX
from shared.services import SUBSCRIPTIONS
from tests.support.servers import servers


class Short(Environment):
    """One round of a hundredth of a second on the servers of the tests."""

    rounds = 1
    round_seconds = 0.01


@pytest.fixture
def short(rabbitmq_server: servers.RabbitMQ, postgres_server: servers.Postgres, tmp_path: Path) -> Iterator[Short]:
    made = Short(quick=True, long=False, folder=tmp_path)
    made.__dict__ |= {"rabbitmq": rabbitmq_server, "postgres": postgres_server}
    with made.stack:
        yield made


@pytest.mark.slow
def test_a_relay_and_a_subscription_are_measured(short: Short) -> None:
    found = [*relays.relay(short), *follows.follow_on(short, "sqlite")]
    assert {one.goal for one in found} == {"5", "6"}
    assert [one.what for one in found if one.value <= 0] == []


@pytest.mark.slow
def test_a_relay_publishes_the_same_events_again(short: Short, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of its kind, which the log is filled with once."""
    lengths = []
    with sides.republishing(short.postgres_url(), short.broker_url()) as run:
        for every in (0, 2, 2, 0):
            monkeypatch.setattr(sample_logs.Traced, "every", every)
            run.prepare(BATCH_MAX + 1)
            with run.relay.database.read() as connection:
                position, _chain, _epoch = relay_cursor.READ.first(connection)
                events = run.log.read(connection, position, 3 * BATCH_MAX)
            lengths.append(len(events))
            kinds = {bool(one.metadata.traceparent) for one in events[: 2 * BATCH_MAX]}
            assert kinds == ({True, False} if every else {False})
            run(BATCH_MAX + 1)
    assert lengths == [2 * BATCH_MAX, 2 * BATCH_MAX, 2 * BATCH_MAX, 3 * BATCH_MAX]


@pytest.mark.slow
def test_what_a_follower_does_not_read_does_not_pile_up_on_the_broker(short: Short) -> None:
    with sides.subscriptions(short.broker_url()) as broker:
        following = Following(broker, None, Source(broker))
        following.prepare(3)
        following.prepare(2)
        found = [topology.subscription(name, sides.SOURCE) for name in SUBSCRIPTIONS[sides.SOURCE]]
        assert {queue(broker.default_channel).purge() for queue in found} == {2}


@pytest.mark.slow
def test_each_part_of_what_a_relay_and_a_follower_handle_is_traced(
    short: Short, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with a database of its own, also when it is compared again: a follower would know what an earlier relay published."""
    monkeypatch.setattr(overhead, "PARTS", {"half": 0.5, overhead.EVERYTHING: 1.0})
    monkeypatch.setattr(overhead, "TURNS", 2)
    monkeypatch.setattr(overhead, "TURNS_OF_EVERYTHING", 2)
    monkeypatch.setattr(overhead, "TIMES_MAX", 2)
    monkeypatch.setattr(Finding, "is_within_error", True)
    found = list(islice(overhead.overhead(short), 8))
    assert {one.what.split(":")[0].removeprefix("CPU of ") for one in found} == {"relay (5)", "follow, postgresql (6)"}
    assert [one.what for one in found if one.value <= 0] == []
