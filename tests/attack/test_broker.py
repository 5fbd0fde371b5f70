"""Attacks with a stolen broker account: each is refused by the broker, or is without effect."""

from collections.abc import Callable, Iterator

import pytest

from tests.attack import broker
from tests.attack.load import Row
from tests.support.servers import instance, servers
from tests.support.servers.instance import Instance


@pytest.fixture(scope="module")
def running(rabbitmq_server: servers.RabbitMQ, postgres_server: servers.Postgres) -> Iterator[Instance]:
    with instance.distributed(rabbitmq_server, postgres_server) as running:
        yield running


@pytest.mark.slow
@pytest.mark.parametrize("attack", broker.ATTACKS, ids=lambda attack: attack.__name__)
def test_is_held_off(
    running: Instance, rabbitmq_server: servers.RabbitMQ, attack: Callable[[Instance, servers.RabbitMQ], Row]
) -> None:
    row = attack(running, rabbitmq_server)
    assert row.held, row.seen
