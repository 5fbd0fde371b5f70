"""All copies show the moment of their snapshot, and a follower's moment is before its source's."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from deploy.backup import snapshots
from deploy.backup.errors import BackupError
from shared.services import SERVICES, SUBSCRIPTIONS
from shared.settings import Settings
from tests.deploy.backup import sample_instance


@contextmanager
def written(path: Path) -> Iterator[sqlite3.Connection]:
    """A database in WAL mode with more pages than are copied at once, and a connection that writes to it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, text)")
        writer.executemany("INSERT INTO rows (text) VALUES (?)", [("before" * 500,)] * 1000)
        yield writer


def test_what_is_committed_after_the_snapshot_is_not_in_the_copy(tmp_path: Path) -> None:
    with written(tmp_path / "auth.db") as writer:
        steps = []

        def write_in_between(count: int) -> None:
            steps.append(count)
            writer.execute("INSERT INTO rows (text) VALUES ('after')")
            writer.execute("UPDATE rows SET text = 'changed' WHERE id = 1")
            writer.execute("DELETE FROM rows WHERE id = 1000")
            writer.execute(f"CREATE TABLE table_{len(steps)} (id)")

        with snapshots.snapshots({"auth": tmp_path / "auth.db"}) as connections:
            write_in_between(0)
            size = snapshots.size_of(connections["auth"])
            snapshots.copy(connections["auth"], tmp_path / "copy.db", write_in_between)
        assert len(steps) > 3
        assert sum(steps) == size == (tmp_path / "copy.db").stat().st_size
        with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
            assert copy.execute("SELECT count(*), max(id), min(text) FROM rows").fetchone() == (
                1000,
                1000,
                "before" * 500,
            )
            assert copy.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'table_%'").fetchone() == (0,)
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert writer.execute("SELECT count(*), max(id) FROM rows").fetchone() == (999 + len(steps), 1000 + len(steps))


def test_a_snapshot_hinders_no_writer(tmp_path: Path) -> None:
    with written(tmp_path / "auth.db") as writer, snapshots.snapshots({"auth": tmp_path / "auth.db"}):
        writer.execute("PRAGMA busy_timeout = 0")
        writer.execute("INSERT INTO rows (text) VALUES ('meanwhile')")


def test_a_database_of_a_killed_program_is_recovered(tmp_path: Path) -> None:
    with written(tmp_path / "auth.db"):
        for name in ("auth.db", "auth.db-wal"):  # as they are on the disk, without the memory of a process
            (tmp_path / f"killed-{name}").write_bytes((tmp_path / name).read_bytes())
    with snapshots.snapshots({"auth": tmp_path / "killed-auth.db"}) as connections:
        assert connections["auth"].execute("SELECT count(*) FROM rows").fetchone() == (1000,)


def test_a_followers_moment_is_before_that_of_its_sources() -> None:
    order = snapshots.programs()
    assert set(order) == set(SERVICES)
    for source, followers in SUBSCRIPTIONS.items():
        assert all(order.index(follower) < order.index(source) for follower in followers)


def test_snapshots_are_taken_in_that_order(tmp_path: Path) -> None:
    settings = sample_instance.make(tmp_path / "var")
    files = snapshots.databases(settings)
    assert tuple(files) == snapshots.programs()
    with snapshots.snapshots(files) as connections:
        assert tuple(connections) == snapshots.programs()
        assert {source: snapshots.head_of(connections[source]) for source in SUBSCRIPTIONS} == {
            "auth": 0, "renewal": 5, "payment": 0, "capacity": 0, "notification": 0, "bank": 0,
        }  # fmt: skip


def test_an_instance_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="backup_no_instance"):
        snapshots.databases(Settings(var=tmp_path))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(BackupError, match="backup_not_sqlite"):
        snapshots.databases(Settings(var=tmp_path, database_url="postgresql+psycopg://host/{program}"))
