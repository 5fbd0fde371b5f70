"""deploy/database_backup on a real server: encrypted, verified by reading back, and one database is restored to a moment while another goes on."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from deploy.backup import epochs
from shared.event_store.database import Database
from shared.event_store.epoch import epoch_of
from tests.conftest import missing
from tests.support import sample_log
from tests.support.servers.archived_postgres import Archived, BackupFailed, archived_postgres
from tests.support.servers.server_handles import Postgres, ServersMissing, wait_until_up

ARCHIVE_SECONDS = 60
START_SECONDS = 60
SECRET = "a text that nobody else reads" * 40


@pytest.fixture(scope="module")
def archived() -> Iterator[Archived]:
    try:
        with archived_postgres(ARCHIVE_SECONDS) as found:
            yield found
    except ServersMissing as error:
        missing(str(error))


@pytest.fixture(scope="module")
def restored(archived: Archived) -> Iterator[dict[str, Database]]:
    """Two databases with five events at a moment, and seven when the server was killed; renewal's was restored to the moment."""
    server = archived.server
    owners = {}
    for name in ("renewal", "payment"):
        server.create_owned_database(name)
        owners[name] = sample_log.database(server.as_user(f"{name}_owner").database_url(name))
        sample_log.append(owners[name], "001", 0, count=3)
    with owners["renewal"].engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE secret AS SELECT %s::text AS text", (SECRET,))
        connection.exec_driver_sql("CREATE TABLE pages AS SELECT n FROM generate_series(1, 10000) AS n")
    with owners["payment"].engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE pages AS SELECT n FROM generate_series(1, 10000) AS n")
    archived.pgbackrest("--type=full", "backup")
    for name, database in owners.items():
        sample_log.append(database, "001", 3, count=2)
        # Its records change pages that the archive does not hold whole, and that a restore of the other database alone lacks.
        archived.run("psql", f"--dbname={name}", "--command=VACUUM pages")
    moment = datetime.now(UTC)
    time.sleep(1)  # pgBackRest takes whole seconds
    for database in owners.values():
        sample_log.append(database, "001", 5, count=2)
    server.power.kill()
    server.power.start()
    wait_until_up("PostgreSQL", server.answers, START_SECONDS, ended=lambda: False)
    archived.restore_database("renewal", moment.replace(microsecond=0) + timedelta(seconds=1))
    yield owners
    for database in owners.values():
        database.close()


def head(database: Database) -> int:
    with database.read() as connection:
        return sample_log.LOG.head(connection)


def connect(server: Postgres) -> None:
    """As renewal's own role to its database."""
    at = f"host={server.host} port={server.port} dbname=renewal user=renewal"
    psycopg.connect(at, password=server.password).close()


def test_the_database_is_as_it_was_and_the_other_went_on(archived: Archived, restored: dict[str, Database]) -> None:
    assert (head(restored["renewal"]), head(restored["payment"])) == (5, 7)
    query = "SELECT datallowconn FROM pg_database WHERE datname LIKE 'renewal_before_%'"
    assert archived.run("psql", "--dbname=postgres", "--tuples-only", "--no-align", f"--command={query}").split() == [
        "f"
    ]


def test_its_program_connects_once_its_log_has_a_new_epoch(archived: Archived, restored: dict[str, Database]) -> None:
    server = archived.server
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        connect(server)
    with restored["renewal"].read() as connection:
        before = epoch_of(connection)
    urls = [server.as_user(user).database_url("renewal") for user in ("renewal_owner", "renewal")]
    assert epochs.begin_of_restored("renewal", *urls) == 5
    connect(server)
    with restored["renewal"].read() as connection:
        assert epoch_of(connection).epoch != before.epoch


def test_a_restore_that_breaks_off_in_the_end_leaves_the_database_open(
    archived: Archived, restored: dict[str, Database]
) -> None:
    """As with Ctrl-C: somebody's connection does not end, so that the database cannot be renamed."""
    assert restored
    server = archived.server
    url = f"host={server.host} port={server.port} dbname=payment user=payment password={server.password}"
    with psycopg.connect(url) as stuck:
        os.kill(stuck.info.backend_pid, signal.SIGSTOP)
        try:
            with pytest.raises(BackupFailed, match="being accessed by other users"):
                archived.restore_database("payment", None)
        finally:
            os.kill(stuck.info.backend_pid, signal.SIGCONT)
    with psycopg.connect(url) as again:
        assert again.execute("SELECT current_database()").fetchone() == ("payment",)


def test_the_repository_is_read_back_and_is_encrypted(archived: Archived, restored: dict[str, Database]) -> None:
    assert restored
    archived.verify()
    files = [path for path in archived.repository.rglob("*") if path.is_file()]
    assert len(files) > 5
    for file in files:
        content = file.read_bytes()
        assert b"tamdid" not in content
        assert SECRET.encode() not in content


def test_a_damaged_backup_is_found(archived: Archived, restored: dict[str, Database]) -> None:
    assert restored
    largest = max(
        (path for path in archived.repository.rglob("bundle/*") if path.is_file()), key=lambda path: path.stat().st_size
    )
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 1
    largest.write_bytes(content)
    with pytest.raises(BackupFailed, match="checksum invalid: 1"):
        archived.verify()
