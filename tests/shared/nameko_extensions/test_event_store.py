"""The event store at a program's start: a new version of the projections is filled before any call is served."""

from contextlib import closing
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import eventlet
import pytest
from nameko.containers import ServiceContainer
from sqlalchemy import MetaData, select

from shared.contract.seal import GENESIS
from shared.event_store import projection_tables
from shared.event_store.database import Database
from shared.nameko_extensions import EventStore, Subscription, event_store
from shared.settings import Settings
from shared.subscriptions import checkpoints
from shared.subscriptions.checkpoints import Checkpoint
from tests.support.member import eventually
from tests.support.projection_versions import LOG_2, OF_VERSION_2, SEEN_2, first_version
from tests.support.sample_log import LOG, SEEN, VIEWS, append, see


class Declared:
    """A program with version 2 of its projections."""

    name = "renewal"
    records = EventStore(LOG_2, MetaData(), OF_VERSION_2)
    projections = SimpleNamespace(followed={}, lock=lambda _connection: None)


class Following:
    """A program with version 1, which follows another."""

    name = "renewal"
    records = EventStore(LOG, MetaData(), VIEWS)
    follows_auth = Subscription("auth", apply=see)
    projections = SimpleNamespace(followed={"auth": lambda _connection, _events: None}, lock=lambda _connection: None)


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


@pytest.mark.parametrize(("comes_first", "poll_seconds"), [(True, 3600), (False, 0.05)])
def test_another_version_is_noticed_without_a_broker(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, comes_first: bool, poll_seconds: float
) -> None:
    """One that has come while this program was starting at once, since it counts the time from its own start."""
    monkeypatch.setattr(event_store, "POLL_SECONDS", poll_seconds)
    container = container_of(Following, postgres_url, tmp_path)
    store, _ = sorted(container.dependencies, key=lambda one: isinstance(one, Subscription))
    store.setup()
    noticing = Thread(target=store.notice_other_versions)

    def come() -> None:
        with closing(Database(postgres_url, 2)) as later:
            projection_tables.prepare(later, OF_VERSION_2, ["renewal", "auth"])

    try:
        for begin in (come, noticing.start) if comes_first else (noticing.start, come):
            begin()
        eventually(lambda: store.own.database.has_other_versions, "noticed")
    finally:
        store.stopping.set()
        noticing.join()
        store.own.database.close()


def test_a_new_version_of_who_declares_nothing_does_not_start(database_url: str, tmp_path: Path) -> None:
    container = container_of(Undeclared, database_url, tmp_path)
    (store,) = container.dependencies
    with pytest.raises(LookupError, match="does not declare of which logs"):
        store.setup()


@pytest.mark.parametrize("is_subscription_first", [False, True])
def test_going_back_before_the_later_version_has_written_fills_all_again(
    sqlite_url: str, tmp_path: Path, is_subscription_first: bool
) -> None:
    """A SQLite file has the tables of one version: the later one has taken away those of this one, and was stopped while it filled its own."""
    old = first_version(sqlite_url, VIEWS, ["renewal", "auth"])
    append(old, "001", 0, count=3)
    old.write(lambda connection: checkpoints.move(connection, "auth", 0, Checkpoint(5, GENESIS)))
    old.close()
    new = Database(sqlite_url, 2)
    projection_tables.prepare(new, OF_VERSION_2, ["renewal", "auth"])
    new.close()
    container = container_of(Following, sqlite_url, tmp_path)
    store, subscription = sorted(container.dependencies, key=lambda one: isinstance(one, Subscription))
    for one in (subscription, store) if is_subscription_first else (store, subscription):
        one.setup()
    with store.own.database.read() as connection:
        assert len(connection.execute(select(SEEN)).all()) == 3
    assert subscription.follower.version.left_to_fill == 5, "no call is answered before these are pulled"
    store.own.database.close()
