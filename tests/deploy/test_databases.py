"""Databases at the start of programs, and migrated as their tables' owner: what runs by itself, and what is refused by name."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import ProgrammingError

from deploy import databases
from shared.event_store import projection_tables
from shared.event_store.database import Database
from shared.event_store.migrations import revisions, runner
from shared.event_store.migrations.revisions import MigrationsPending
from shared.event_store.sql import schema
from shared.settings import Settings
from tests.conftest import fresh_name
from tests.support.servers import servers
from tests.support.servers.free_ports import free_ports
from tests.support.tcp_proxy import HOST, Network, TcpProxy

NAMES = revisions.names(databases.folder_of("renewal"))
RELEASES = Path(__file__).parents[1] / "migrations" / "data"
OF_0_1_0 = sorted(file.name.partition(".")[0] for file in (RELEASES / "0.1.0").glob("*.postgresql.sql"))


def of_the_version_before(url: str, program: str = "renewal") -> None:
    """Take back a program's last revision."""
    engine = runner.engine_for(url)
    with engine.connect() as connection:
        command.downgrade(runner.config_for(databases.folder_of(program), connection=connection), runner.FIRST)
    engine.dispose()


def test_an_empty_database_is_set_up_at_the_start_without_a_word(tmp_path: Path) -> None:
    said: list[str] = []
    settings = Settings(var=tmp_path)
    databases.prepare(["renewal", "gateway"], settings, said.append)
    assert said == []
    (found,) = databases.check(["renewal"], settings)
    assert revisions.number(str(found.state.current)) == len(NAMES)
    assert [file.name for file in tmp_path.glob("*.db")] == ["renewal.db"]


def test_a_database_with_data_is_migrated_at_the_start_only_where_the_settings_say_so(tmp_path: Path) -> None:
    said: list[str] = []
    settings = Settings(var=tmp_path)
    databases.prepare(["renewal"], settings, said.append)
    of_the_version_before(settings.database_of("renewal"))
    with pytest.raises(MigrationsPending) as refused:
        databases.prepare(["renewal"], settings, said.append)
    after_the_first = ", ".join(NAMES[1:])
    assert str(refused.value) == (
        f"renewal: the database is to be migrated first ({after_the_first}); run `tamdid database upgrade renewal`"
    )
    databases.prepare(["renewal"], Settings(var=tmp_path, migrate_at_start=True), said.append)
    assert said == [f"renewal: migrating the database: {after_the_first}"]
    databases.prepare(["renewal"], settings, said.append)


@pytest.fixture
def cut_off(postgres_server: servers.Postgres) -> Iterator[tuple[TcpProxy, Settings]]:
    """A proxy that reaches nobody, and settings by which the program's database is behind it."""
    name = fresh_name()
    postgres_server.create_owned_database(name)
    with closing(Network()) as network:
        proxy = network.proxy(free_ports(1)[0])
        url = make_url(postgres_server.as_user(f"{name}_owner").database_url(name)).set(host=HOST, port=proxy.port)
        yield proxy, Settings(database_url=url.render_as_string(hide_password=False))
    postgres_server.drop_owned_database(name)


def test_a_server_that_is_not_reachable_at_the_start_is_waited_for(
    cut_off: tuple[TcpProxy, Settings], postgres_server: servers.Postgres
) -> None:
    proxy, settings = cut_off
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        proxy.targets = [postgres_server.port]

    databases.prepare(["renewal"], settings, say)
    (line,) = said
    assert line.startswith("renewal: connection failed")
    assert line.endswith("; trying again for 60 seconds")
    (found,) = databases.check(["renewal"], settings)
    assert found.pending == ()


def test_a_server_that_stays_unreachable_ends_the_start(
    cut_off: tuple[TcpProxy, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "REACHABLE_SECONDS_MAX", 0)
    with pytest.raises(databases.DatabaseFailed, match="renewal: connection failed"):
        databases.prepare(["renewal"], cut_off[1], print)


def test_a_program_that_waits_for_its_server_ends_by_the_signal_that_process_1_has_to_handle(
    cut_off: tuple[TcpProxy, Settings], tmp_path: Path
) -> None:
    own = {"TAMDID_VAR": str(tmp_path), "TAMDID_DATABASE_URL": cut_off[1].database_url}
    command = [sys.executable, "-m", "deploy.run", "renewal"]
    with subprocess.Popen(command, env=os.environ | own, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any("trying again" in line for line in process.stdout)
        process.terminate()
        assert process.wait() == 128 + signal.SIGTERM


def test_looking_at_a_database_makes_no_file(tmp_path: Path) -> None:
    found = databases.check(["auth"], Settings(var=tmp_path))
    assert found[0].state.is_empty
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def owned(postgres_server: servers.Postgres) -> Iterator[Settings]:
    """Settings of a database whose tables have an owner of their own."""
    name = fresh_name()
    postgres_server.create_owned_database(name)
    yield Settings(
        database_url=postgres_server.as_user(name).database_url(name),
        migration_url=postgres_server.as_user(f"{name}_owner").database_url(name),
    )
    postgres_server.drop_owned_database(name)


def test_a_program_that_may_not_create_tables_names_the_command_and_then_finds_them(owned: Settings) -> None:
    as_program = owned.model_copy(update={"migration_url": "", "migrate_at_start": True})
    with pytest.raises(MigrationsPending, match="run `tamdid database upgrade renewal`"):
        databases.prepare(["renewal"], as_program, print)
    ran: list[tuple[str, str]] = []
    for _ in range(2):  # the second time changes nothing
        databases.upgrade(["renewal"], owned, lambda program, name: ran.append((program, name)))
    assert ran == [("renewal", name) for name in NAMES]
    databases.prepare(["renewal"], as_program, print)
    store = databases.STORES["renewal"]
    own = Database(owned.database_of("renewal"), schema.version_of(store.projections))
    own.require_tables(*store.migrated)
    projection_tables.prepare(own, store.projections, ["renewal", "auth"])
    for refused in ("UPDATE alembic_version SET version_num = '1'", "DELETE FROM events", "DROP TABLE events"):
        with pytest.raises(ProgrammingError):
            own.write(lambda connection, statement=refused: connection.execute(text(statement)))  # type: ignore[misc]
    own.close()


def test_tables_of_projections_that_their_owner_has_to_make_are_found(owned: Settings) -> None:
    databases.upgrade(["renewal"], owned, lambda *_: None)
    assert databases.check(["renewal"], owned)[0].pending == ()
    version = schema.version_of(databases.STORES["renewal"].projections)
    owner = Database(owned.migration_url)
    owner.write(lambda connection: connection.execute(text(f"DROP SCHEMA projections_{version} CASCADE")).close())
    owner.close()
    (found,) = databases.check(["renewal"], owned)
    assert (found.state.pending, found.pending) == ((), (f"projections of version {version}",))
    databases.upgrade(["renewal"], owned, lambda *_: None)
    assert databases.check(["renewal"], owned)[0].pending == ()


def test_a_program_with_a_schema_of_its_own_migrates_nothing_there(owned: Settings) -> None:
    """In its own schema it may create tables, and those to be migrated are not there; a second list of revisions would hide the true one."""
    databases.upgrade(["capacity"], owned, lambda *_: None)
    owner = Database(owned.migration_url)
    role = str(make_url(owned.database_url).username)

    def as_in_0_1_0(connection: Connection) -> None:
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {role}"))
        connection.execute(text(f"GRANT USAGE, CREATE ON SCHEMA {role} TO {role}"))

    of_the_version_before(owned.migration_url, "capacity")
    owner.write(as_in_0_1_0)
    as_program = owned.model_copy(update={"migration_url": "", "migrate_at_start": True})
    with pytest.raises(MigrationsPending, match="run `tamdid database upgrade capacity`"):
        databases.prepare(["capacity"], as_program, print)
    databases.upgrade(["capacity"], owned, lambda *_: None)
    databases.prepare(["capacity"], as_program, print)
    with owner.read() as connection:
        found = connection.execute(text("SELECT schemaname FROM pg_tables WHERE tablename = 'alembic_version'"))
        assert found.scalars().all() == ["public"]


@pytest.mark.parametrize("program", OF_0_1_0)
def test_a_database_of_0_1_0_gets_the_very_grants_of_a_new_one(
    program: str, owned: Settings, postgres_server: servers.Postgres
) -> None:
    sample = RELEASES / "0.1.0" / f"{program}.postgresql.sql"
    name = fresh_name()
    postgres_server.create_owned_database(name)
    new = Settings(
        database_url=postgres_server.as_user(name).database_url(name),
        migration_url=postgres_server.as_user(f"{name}_owner").database_url(name),
    )
    old = Database(owned.migration_url)
    raw: Any = old.engine.raw_connection().driver_connection
    raw.execute(sample.read_text(encoding="utf-8"))
    raw.execute("SET search_path TO DEFAULT")
    raw.commit()
    old.engine.dispose()
    for settings in (owned, new):
        databases.upgrade([program], settings, lambda *_: None)
    assert grants(owned, program) == grants(new, program)
    postgres_server.drop_owned_database(name)


def grants(settings: Settings, program: str) -> dict[str, str]:
    """What a program's role may do with each table that it has."""
    tables = {table.name for metadata in databases.STORES[program].tables for table in metadata.sorted_tables}
    query = text(
        "SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type) FROM information_schema.role_table_grants"
        " WHERE grantee = :role GROUP BY table_name"
    )
    database = Database(settings.migration_url)
    with database.read() as connection:
        rows = connection.execute(query, {"role": make_url(settings.database_url).username})
        return {table: privileges for table, privileges in rows if table in {*tables, "alembic_version"}}
