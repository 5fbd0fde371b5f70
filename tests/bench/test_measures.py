"""Measures whose sides use the engine's own parts run with these as they are now."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.environment import Environment
from bench.measures import follows, relays
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
@pytest.mark.timeout(300)
def test_a_relay_and_a_subscription_are_measured(short: Short) -> None:
    found = [*relays.relay(short), *follows.follow_on(short, "sqlite")]
    assert {one.goal for one in found} == {"5", "6"}
    assert [one.what for one in found if one.value <= 0] == []
