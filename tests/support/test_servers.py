"""The private servers: each fresh corner is empty, and both ways to a server give the same."""

from pathlib import Path

import httpx
import pytest
import sqlalchemy
from kombu import Connection

from tests.support.servers import servers


def test_a_database_is_fresh_and_works(database_url: str) -> None:
    engine = sqlalchemy.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE once (n INTEGER)"))
        connection.execute(sqlalchemy.text("INSERT INTO once VALUES (1)"))
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("SELECT count(*) FROM once")) == 1
    engine.dispose()


def test_a_broker_is_fresh_and_works(rabbitmq_url: str) -> None:
    with Connection(rabbitmq_url) as connection, connection.SimpleQueue("letters") as queue:
        assert queue.qsize() == 0
        queue.put("salaam")
        assert queue.get(timeout=5).payload == "salaam"


def test_a_deleted_vhost_is_gone(rabbitmq_server: servers.RabbitMQ) -> None:
    rabbitmq_server.create_vhost("a/b")
    rabbitmq_server.delete_vhost("a/b")
    with pytest.raises(httpx.HTTPStatusError):
        rabbitmq_server.manage("GET", "vhosts/a%2Fb")


def test_a_docker_command_without_an_engine_is_no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path / 'none.sock'}")
    assert not servers.docker_answers()
