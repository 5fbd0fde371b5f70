"""The runner of migrations among others: a table in use, a second runner, an interruption, and a database of a later version."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from shared.event_store.migrations import revisions, runner
from shared.event_store.migrations.revisions import DatabaseTooNew, ForeignDatabase
from shared.event_store.migrations.runner import LockNotFree
from shared.event_store.sql import postgres

REVISION = '''"""A revision."""

from alembic import op

revision = "{revision}"
down_revision = {down}


def upgrade() -> None:
    {body}
'''
FIRST = 'op.execute("CREATE TABLE checkpoints (source VARCHAR(40))")'
SECOND = 'op.execute("ALTER TABLE checkpoints ADD COLUMN epoch VARCHAR(36)")'


def add(folder: Path, name: str, revision: str, down: str | None, body: str) -> None:
    (folder / f"{name}.py").write_text(REVISION.format(revision=revision, down=repr(down), body=body))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "migrations"
    made.mkdir()
    add(made, "r0001_first", "0001", None, FIRST)
    return made


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = runner.engine_for(database_url)
    yield made
    made.dispose()


def columns(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [column["name"] for column in inspect(connection).get_columns("checkpoints")]


def current(engine: Engine, folder: Path) -> revisions.State:
    with engine.begin() as connection:
        return revisions.state(connection, folder)


def upgrade(url: str, folder: Path) -> list[str]:
    ran: list[str] = []
    runner.upgrade(url, folder, ran.append, lambda _seconds: None)
    return ran


def test_each_revision_is_reported_once(database_url: str, engine: Engine, folder: Path) -> None:
    add(folder, "r0002_second", "0002_from_0001", "0001", SECOND)
    assert current(engine, folder).pending == ("r0001_first", "r0002_second")
    assert upgrade(database_url, folder) == ["r0001_first", "r0002_second"]
    assert upgrade(database_url, folder) == []
    assert columns(engine) == ["source", "epoch"]


def test_a_revision_that_fails_leaves_nothing_and_those_before_it_stay(
    database_url: str, engine: Engine, folder: Path
) -> None:
    add(folder, "r0002_broken", "0002_from_0001", "0001", f"{SECOND}\n    raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        upgrade(database_url, folder)
    assert columns(engine) == ["source"]
    assert current(engine, folder).pending == ("r0002_broken",)
    add(folder, "r0002_broken", "0002_from_0001", "0001", SECOND)
    assert upgrade(database_url, folder) == ["r0002_broken"]


def test_an_older_program_works_on_what_later_revisions_have_only_added_to(
    database_url: str, engine: Engine, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    add(folder, "r0002_second", "0002_from_0001", "0001", SECOND)
    upgrade(database_url, folder)
    (folder / "r0002_second.py").unlink()
    assert current(engine, folder).pending == ()
    assert "of a later version, which only adds to 0001" in caplog.text
    assert upgrade(database_url, folder) == []


def test_an_older_program_refuses_what_a_later_revision_has_broken(
    database_url: str, engine: Engine, folder: Path
) -> None:
    add(folder, "r0002_second", "0002_from_0001", "0001", SECOND)
    add(folder, "r0003_third", "0003_from_0002", "0002_from_0001", "pass")
    upgrade(database_url, folder)
    (folder / "r0003_third.py").unlink()
    assert current(engine, folder).pending == ()
    (folder / "r0002_second.py").unlink()
    with pytest.raises(DatabaseTooNew, match="is at revision 0003_from_0002; this version knows those up to 0001"):
        upgrade(database_url, folder)


@pytest.mark.parametrize(
    "others", [["1975ea83b712"], ["123456780001"], ["0001", "0002_from_0001"], ["0001_from_0001"], ["0000"], [""]]
)
def test_a_database_under_revisions_of_something_else_is_left_alone(
    others: list[str], database_url: str, engine: Engine, folder: Path
) -> None:
    """Alembic's own ids begin with any digits, and a number of four is soon among them."""
    upgrade(database_url, folder)
    add(folder, "r0002_second", "0002_from_0001", "0001", SECOND)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        for other in others:
            connection.execute(text("INSERT INTO alembic_version VALUES (:other)"), {"other": other})
    with pytest.raises(ForeignDatabase):
        upgrade(database_url, folder)
    assert columns(engine) == ["source"]


def test_a_table_in_use_is_waited_for_a_moment_at_a_time(
    postgres_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers that come meanwhile wait for no more than the moment."""
    monkeypatch.setattr(runner, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(runner, "TRIES_MAX", 3)
    engine = runner.engine_for(postgres_url)
    upgrade(postgres_url, folder)
    add(folder, "r0002_second", "0002_from_0001", "0001", SECOND)
    reader = engine.connect()
    reader.execute(text("SELECT * FROM checkpoints"))
    with pytest.raises(LockNotFree, match="at each of 3 tries"):
        upgrade(postgres_url, folder)
    pauses: list[float] = []

    def release(seconds: float) -> None:
        pauses.append(seconds)
        reader.close()

    runner.upgrade(postgres_url, folder, lambda _: None, release)
    assert pauses == [runner.PAUSE_SECONDS]
    assert columns(engine) == ["source", "epoch"]


def test_locks_of_a_runner_that_is_lost_end_soon(postgres_url: str) -> None:
    """Its machine may lose its power half-way; PostgreSQL's own patience is two hours, and the programs would wait for the tables."""
    with runner.engine_for(postgres_url).connect() as connection:
        found = {name: connection.execute(text(f"SHOW {name}")).scalar_one() for name in postgres.SERVER_SIDE}
        assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "0"
    assert found["idle_in_transaction_session_timeout"] == "30s"
    assert (found["tcp_keepalives_idle"], found["tcp_keepalives_count"]) == ("10", "3")


def test_two_runners_at_once_take_turns(postgres_url: str, folder: Path) -> None:
    ran: list[list[str]] = []
    both = [threading.Thread(target=lambda: ran.append(upgrade(postgres_url, folder))) for _ in range(2)]
    holder = runner.engine_for(postgres_url)
    with holder.connect() as connection:
        runner.take_turn(connection)
        for one in both:
            one.start()
        assert all(one.is_alive() for one in both)
        assert ran == []
    for one in both:
        one.join()
    assert sorted(ran) == [[], ["r0001_first"]]
