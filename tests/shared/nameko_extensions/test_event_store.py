"""The event store at a program's start: a new version of the projections is filled before any call is served."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import eventlet
import pytest
from nameko.containers import ServiceContainer
from sqlalchemy import MetaData, select

from shared.nameko_extensions import EventStore, event_store
from shared.settings import Settings
from tests.support.projection_versions import LOG_2, OF_VERSION_2, SEEN_2, first_version
from tests.support.sample_log import VIEWS, append


class Declared:
    """A program with version 2 of its projections."""

    name = "renewal"
    records = EventStore(LOG_2, MetaData(), OF_VERSION_2)
    projections = SimpleNamespace(followed={}, lock=lambda _connection: None)


class Undeclared:
    """The same, which does not say what follows from what."""

    name = "renewal"
    records = EventStore(LOG_2, MetaData(), OF_VERSION_2)


def container_of(service: type, url: str, folder: Path) -> Any:
    settings = Settings(var=folder, database_url=url)
    return ServiceContainer(service, {"AMQP_URI": "memory://", "settings": settings})


def test_a_new_version_is_filled_at_the_start(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(eventlet, "sleep", waited.append)
    old = first_version(database_url, VIEWS, ["renewal"])
    append(old, "001", 0, count=3)
    old.close()
    for starts in (1, 2):
        container = container_of(Declared, database_url, tmp_path)
        (store,) = container.dependencies
        store.setup()
        database = store.own.database
        append(database, "002", starts - 1, log=LOG_2)
        with database.read() as connection:
            members = list(connection.execute(select(SEEN_2.c.member).order_by(SEEN_2.c.id)).scalars())
        assert members == ["001"] * 3 + ["002"] * starts
        assert store.left_to_fill == 0
        database.close()
    is_beside_another = database_url.startswith("postgresql")
    assert waited.count(event_store.NOTICED_SECONDS) == (2 if is_beside_another else 0)


def test_a_new_version_of_who_declares_nothing_does_not_start(database_url: str, tmp_path: Path) -> None:
    container = container_of(Undeclared, database_url, tmp_path)
    (store,) = container.dependencies
    with pytest.raises(LookupError, match="does not declare of which logs"):
        store.setup()
