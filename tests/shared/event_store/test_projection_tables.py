"""The tables of a later version of the projections on PostgreSQL: made by their owner, beside the old ones, and dropped only where they are told to be."""

from collections.abc import Iterator

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import ProgrammingError

from shared.event_store import log as event_log
from shared.event_store import projection_tables
from shared.event_store.database import Database
from shared.event_store.sql.privileges import create_tables_for
from shared.event_store.sql.schema import TablesOutOfDate
from shared.messaging import relay_cursor
from shared.subscriptions import checkpoints, parking
from tests.conftest import fresh_name
from tests.support.projection_versions import LOG_2, OF_VERSION_2, SEEN_2, first_version, other_version, own_log
from tests.support.sample_log import LOG, VIEWS, append
from tests.support.servers import servers

ENGINE = [event_log.TABLES, relay_cursor.TABLES, checkpoints.TABLES, parking.TABLES]


@pytest.fixture
def name(postgres_server: servers.Postgres) -> Iterator[str]:
    """Of a database, and of the program's role in it."""
    name = fresh_name()
    postgres_server.create_owned_database(name)
    yield name
    postgres_server.drop_owned_database(name)


def test_a_program_that_owns_nothing_fills_the_tables_that_their_owner_made(
    postgres_server: servers.Postgres, name: str
) -> None:
    owner = Database(postgres_server.as_user(f"{name}_owner").database_url(name))
    owner.create_tables(*ENGINE)
    create_tables_for(owner.engine, name, [*ENGINE, VIEWS], [VIEWS])
    old = Database(postgres_server.as_user(name).database_url(name))
    projection_tables.prepare(old, VIEWS, ["renewal"])
    append(old, "001", 0)
    new = Database(postgres_server.as_user(name).database_url(name), 2)
    with pytest.raises(
        TablesOutOfDate, match=r"lacks seen.id.*`tamdid database upgrade` creates tables as their owner"
    ):
        projection_tables.prepare(new, OF_VERSION_2, ["renewal"])
    for _ in range(2):  # the second time changes nothing
        create_tables_for(owner.engine, name, [*ENGINE, OF_VERSION_2], [OF_VERSION_2])
    projection_tables.prepare(new, OF_VERSION_2, ["renewal"])
    own_log(new, LOG_2).catch_up()
    own_log(old, LOG)
    append(new, "001", 1, log=LOG_2)
    append(old, "001", 2)
    with pytest.raises(projection_tables.StillInUse, match="the last to write"):
        projection_tables.drop_others(owner, OF_VERSION_2)
    with pytest.raises(ProgrammingError):
        new.write(lambda connection: connection.exec_driver_sql("DROP TABLE projections_2.seen"))
    with new.read() as connection:
        assert connection.execute(select(SEEN_2.c.member)).scalars().all() == ["001"] * 3
    append(new, "001", 3, log=LOG_2)
    assert projection_tables.drop_others(owner, OF_VERSION_2) == [1]
    assert projection_tables.drop_others(owner, OF_VERSION_2) == []
    with owner.read() as connection:
        assert not inspect(connection).has_table("seen", "public")
    own_log(new, LOG_2).catch_up()
    append(new, "001", 4, log=LOG_2)
    assert not new.has_other_versions
    for one in (owner, old, new):
        one.close()


def test_who_goes_back_for_good_drops_the_later_version(postgres_url: str) -> None:
    old = first_version(postgres_url, VIEWS, ["renewal"])
    new = other_version(postgres_url, OF_VERSION_2, ["renewal"])
    own = own_log(old, LOG)
    own_log(new, LOG_2)
    append(new, "001", 0, log=LOG_2)
    new.close()
    own.catch_up()
    append(old, "001", 1)
    assert projection_tables.drop_others(old, VIEWS) == [2]
    with old.read() as connection:
        assert "projections_2" not in inspect(connection).get_schema_names()
    append(old, "001", 2)
    assert own.behind() == 0


def test_a_sqlite_file_has_nothing_to_drop(sqlite_url: str) -> None:
    assert projection_tables.drop_others(first_version(sqlite_url, VIEWS, ["renewal"]), VIEWS) == []
