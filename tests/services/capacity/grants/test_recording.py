"""What capacity records in its log while it follows, on SQLite and on PostgreSQL: once, with its cause, and nothing by a replay."""

from services.capacity import startup, subscriptions
from services.capacity.grants.recording import LOG
from services.capacity.projection import projector
from services.capacity.tables.projections import PROJECTIONS
from shared.contract.capacity import events
from shared.contract.envelope import Recorded
from shared.contract.values import MemberClass
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.policies import capacity_policy
from tests.services.capacity.live import CONFIRMED, HISTORY, JOINED, NOW, receive
from tests.services.capacity.sample_events import (
    HEAVIER,
    MEMBER,
    TEXT,
    Logs,
    amended,
    approved,
    changed,
    confirmed,
    enrolled,
    job,
    licence,
    on,
)

FULL = (enrolled(JOINED), approved(on("1405/02/01"), job(), job(), job()), confirmed(CONFIRMED))


def own_log(database: Database) -> list[Recorded]:
    with database.read() as connection:
        return LOG.read(connection, 0, 100)


def names(database: Database) -> list[str]:
    return [one.type for one in own_log(database)]


def test_a_confirmation_that_arrives_is_what_its_grant_follows_from(database: Database) -> None:
    history = Logs().record_all(*HISTORY)
    receive(database, *history)
    (granted,) = own_log(database)
    assert isinstance(granted.event, events.CapacityGranted)
    assert granted.event.confirmation == granted.metadata.causation_id == history[-1].event_id
    assert granted.event.confirmed_at_position == history[-1].position
    assert granted.stream == f"capacity/{MEMBER}/1405"


def test_a_batch_is_told_as_its_events_one_by_one(database: Database) -> None:
    history = Logs().record_all(*HISTORY)
    database.write(lambda connection: subscriptions.on_events(connection, history))
    (granted,) = own_log(database)
    assert granted.metadata.causation_id == history[-1].event_id


def test_a_grant_that_waited_for_its_approval_names_no_confirmation(database: Database) -> None:
    first, approval, confirmation = Logs().record_all(*HISTORY)
    receive(database, first, confirmation, approval)
    (granted,) = own_log(database)
    assert isinstance(granted.event, events.CapacityGranted)
    assert granted.event.confirmation is None
    assert granted.event.confirmed_at_position == confirmation.position


def test_a_replay_records_nothing(database: Database) -> None:
    history = Logs().record_all(*FULL)
    receive(database, *history)
    before = own_log(database)
    assert names(database) == ["CapacityGranted", "CapacityNearlyUsed"]
    for table in reversed(PROJECTIONS.sorted_tables):
        database.write(lambda connection, table=table: connection.execute(table.delete()).close())  # type: ignore[misc]
    database.write(lambda connection: projector.replay(connection, history))
    assert own_log(database) == before


def test_what_changes_nothing_of_a_year_is_not_told(database: Database) -> None:
    receive(database, *Logs().record_all(*FULL, changed(on("1405/03/01"), licence(), province="yazd")))
    assert names(database) == ["CapacityGranted", "CapacityNearlyUsed"]


def test_each_crossing_is_told(database: Database) -> None:
    better, worse = changed(on("1405/03/01"), licence(MemberClass.GRADE_1)), changed(on("1405/04/01"), licence())
    receive(database, *Logs().record_all(*FULL, better, worse))
    assert names(database)[1:] == ["CapacityNearlyUsed", "CapacityFreed", "CapacityNearlyUsed"]


def test_a_correction_of_the_policy_is_told_to_each_member_whom_it_concerns(database: Database) -> None:
    """The same two jobs use 600 of 720 P before it, and 720 of 760 P after it."""
    others, logs = ("0111111", "0222222"), Logs()
    half = (enrolled(JOINED), approved(on("1405/02/01"), job(), job()), confirmed(CONFIRMED))
    receive(database, *logs.record_all(*(one.model_copy(update={"member": other}) for other in others for one in half)))
    recorded = logs.record(amended(on("1405/03/01"), TEXT, HEAVIER))
    receive(database, recorded)
    later = own_log(database)[2:]
    assert [(one.type, one.stream) for one in later] == [
        ("CapacityNearlyUsed", f"capacity/{other}/1405") for other in others
    ]
    assert {one.metadata.causation_id for one in later} == {recorded.event_id}


def test_the_first_policy_of_a_year_tells_what_waited_for_it(database: Database) -> None:
    past = (approved(on("1406/02/01"), year=1406), confirmed(on("1406/02/02"), year=1406))
    receive(database, *Logs().record_all(enrolled(JOINED), *past))
    assert own_log(database) == []
    later = capacity_policy.parse(TEXT.replace("year = 1405", "year = 1406"))
    for _ in range(2):
        startup.record_and_derive(Records(database, LOG), [later], NOW)
    assert names(database) == ["CapacityGranted"]
