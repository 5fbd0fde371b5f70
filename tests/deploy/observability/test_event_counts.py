"""Parts of a log that are read at each look: new events of some types once each, and positions without an event."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from deploy.observability import event_counts
from deploy.observability.event_counts import AppendedEvents, LogHoles
from shared.event_store.database import Database
from tests.support import sample_log
from tests.support.servers.prepared_databases import Prepare


@pytest.fixture
def prepare() -> Prepare:
    return sample_log.create_tables


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.close()


def append(database: Database, *members: str) -> None:
    """A fact of each member, recorded now."""
    now = datetime.now(UTC)
    for member in members:
        of_member = f"renewal/{member}", 0, [sample_log.fact(member)], sample_log.metadata(), now
        database.write(lambda connection, of_member=of_member: sample_log.LOG.append(connection, *of_member))  # type: ignore[misc]


def look(database: Database, appended: AppendedEvents) -> int:
    with database.read() as connection:
        return len(appended.read(connection))


def test_events_are_read_once_each_from_the_programs_start_on(database: Database) -> None:
    kind = type(sample_log.fact("001")).__name__
    append(database, "001", "002")
    appended, others = AppendedEvents([kind]), AppendedEvents(["RenewalApproved"])
    append(database, "003", "004", "005")
    assert (look(database, appended), look(database, appended), look(database, others)) == (3, 0, 0)
    append(database, "006")
    assert (look(database, appended), look(database, others)) == (1, 0)


def test_what_is_too_much_for_a_look_is_read_at_the_next(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_counts, "EVENTS_MAX", 2)
    appended = AppendedEvents([type(sample_log.fact("001")).__name__])
    look(database, appended)
    append(database, "001", "002", "003")
    assert [look(database, appended) for _ in range(3)] == [2, 1, 0]


def test_a_hole_is_found_and_not_forgotten(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_counts, "POSITIONS_MAX", 2)
    database, holes = Database(sqlite_url), LogHoles()
    append(database, "001", "002", "003", "004", "005")

    def missing() -> int:
        with database.read() as connection:
            return holes.missing(connection)

    assert [missing() for _ in range(6)] == [0] * 6
    with database.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER facts_stay_DELETE"))
        connection.execute(text("DELETE FROM events WHERE position = 3"))
    assert [missing() for _ in range(6)] == [0, 1, 1, 1, 1, 1]
    database.close()
