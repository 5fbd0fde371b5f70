import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import OperationalError

from services.capacity import rebuild, rows, views
from shared.command_handler import Records
from shared.contract import answers
from shared.database import Database
from tests.services.capacity.live import HISTORY, JOINED, hear, kept, tell
from tests.services.capacity.told import MEMBER, Logs, enrolled


def test_a_rebuild_takes_its_turn_and_a_check_does_not_wait(database: Database) -> None:
    tell(database, *HISTORY[:2])
    url = database.engine.url
    if database.engine.dialect.name == "postgresql":
        url = url.update_query_dict({"options": "-c lock_timeout=100ms"})
    other = Records(Database(url.render_as_string(hide_password=False)), None)
    with database.engine.connect() as lane, lane.begin():
        views.take_turn(lane)
        assert rebuild.rebuild(other, check=True).members == 1
        if database.engine.dialect.name == "postgresql":
            with pytest.raises(OperationalError):
                rebuild.rebuild(other, check=False)
    assert rebuild.rebuild(other, check=False).members == 1
    other.database.close()


def test_a_rebuild_of_what_is_right_finds_nothing(database: Database, records: Records) -> None:
    tell(database, *HISTORY, enrolled(JOINED, member="0999999"))
    before = kept(database, MEMBER)
    assert rebuild.rebuild(records, check=False) == answers.RebuildReport(events=4, members=2, differences=0)
    assert kept(database, MEMBER) == before


def test_a_rebuild_counts_what_differs_and_puts_it_right(
    database: Database, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "MEMBERS_AT_ONCE", 2)
    numbers = ("0111111", "0222222", "0333333", "0444444", "0555555")
    hear(database, *Logs().record_all(*(one.model_copy(update={"member": no}) for no in numbers for one in HISTORY)))
    right = [kept(database, member) for member in numbers]

    def spoil(connection):  # type: ignore[no-untyped-def]
        connection.execute(
            update(rows.LINES).where(rows.LINES.c.member == numbers[0], rows.LINES.c.line == 2).values(units=1)
        )
        connection.execute(
            update(rows.LINES).where(rows.LINES.c.member == numbers[1], rows.LINES.c.line == 1).values(line=9)
        )
        connection.execute(delete(rows.SUMMARIES).where(rows.SUMMARIES.c.member == numbers[2]))
        connection.execute(update(rows.SUMMARIES).where(rows.SUMMARIES.c.member == numbers[3]).values(year=1399))
        connection.execute(update(rows.LINES).where(rows.LINES.c.member == numbers[4]).values(member="0666666"))

    database.write(spoil)
    found = rebuild.rebuild(records, check=True)
    assert (found.events, found.members) == (15, 5)
    assert found.differences == 1 + 2 + 1 + 2 + 4
    assert [kept(database, member) for member in numbers] != right
    assert rebuild.rebuild(records, check=False).differences == 10
    assert rebuild.rebuild(records, check=True).differences == 0
    assert [kept(database, member) for member in numbers] == right
