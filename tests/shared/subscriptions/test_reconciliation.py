"""Reconciliation after a restore: what is common, what is taken back beyond it, and own events whose causes are lost."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from shared.contract.envelope import Recorded
from shared.contract.operations.answers import FoundEvents, LogEpoch, RecordedEvents, Seal
from shared.contract.seal import Delivery
from shared.event_store import projection_versions
from shared.event_store.command_handler import caused_by
from shared.event_store.database import Database
from shared.event_store.epoch import Epoch, begin_epoch, epochs_of
from shared.event_store.log import EventLog
from shared.event_store.projection_versions import Covered, GivenUp, note_unknown
from shared.subscriptions import checkpoints, parking, unknown_events
from shared.subscriptions.checkpoints import Checkpoint
from shared.subscriptions.epochs import LogReplaced
from shared.subscriptions.follower import Follower
from shared.subscriptions.projection_versions import Projection
from shared.subscriptions.reconciliation import orphaned_events, taking_back
from shared.subscriptions.reconciliation.orphaned_events import ORPHANED
from shared.subscriptions.reconciliation.source_log import SourceLog
from shared.subscriptions.reconciliation.taking_back import Reconciliation, common_position
from shared.subscriptions.replay.projections import one_by_one
from shared.subscriptions.seal_check import SealBroken
from tests.support.restorable_source import EPOCH, Source
from tests.support.sample_log import AT, SEEN, append, database, fact, see, seen

OTHER_EPOCH = UUID("bbbbbbbb-0000-4000-8000-000000000000")
ADMIN = "officer:root"
REACTS_TO = "renewal/007"
"""The stream whose events have own events as their consequence."""
OWN = EventLog("payment", lambda _connection, _recorded: None, now=lambda: AT)
LATER = AT + timedelta(days=1)


def react(connection: Connection, recorded: Recorded) -> None:
    """A row, and for one stream an own event, once for each cause."""
    see(connection, recorded)
    stream = f"invoice/{recorded.version}"
    if recorded.stream == REACTS_TO and not OWN.stream(connection, stream):
        OWN.append(connection, stream, 0, [fact("007")], caused_by(recorded), OWN.now())


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    made = Source(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def db(database_url: str) -> Database:
    return database(database_url)


@pytest.fixture
def follower(db: Database, source: Source) -> Follower:
    def pull(after: int, limit: int) -> Sequence[Delivery]:
        answer = source.answer(after, limit)
        made.source_log = source.signatures.log_state(after, answer)
        return source.signatures.deliveries(answer)

    made = Follower(db, "renewal", react, pull, lambda _seconds: None)
    return made


def reconciliation(db: Database, source: Source) -> Reconciliation:
    return Reconciliation(db, source.log(), ("RenewalWithdrawn",))


def checkpoint(db: Database) -> Checkpoint:
    with db.read() as connection:
        return checkpoints.read(connection, "renewal")


def rebuild(db: Database) -> None:
    """What a rebuild of the projection leaves of what is taken back."""
    last = checkpoint(db).position
    db.write(lambda connection: connection.execute(delete(SEEN).where(SEEN.c.position > last)).close())


def restored_behind(source: Source, follower: Follower, common: int = 3, lost: int = 4, new: int = 2) -> list[Delivery]:
    """The source loses events that were followed, and records others."""
    source.record(common)
    source.back_up()
    if lost:
        source.record(lost)
    follower.catch_up()
    source.restore()
    return source.record(new, "002") if new else []


A, B, C = "a", "b", "c"


@pytest.mark.parametrize(
    ("followed", "position", "epochs", "common"),
    [
        (A, 130, [(A, 0)], 130),
        (A, 130, [(A, 0), (B, 100)], 100),
        (A, 90, [(A, 0), (B, 100)], 90),
        (A, 130, [(A, 0), (B, 100), (C, 150)], 100),
        (A, 160, [(A, 0), (B, 100), (C, 150)], 100),
        (B, 160, [(A, 0), (B, 100), (C, 150)], 150),
        (B, 120, [(A, 0), (B, 100), (C, 150)], 120),
        (B, 160, [(A, 0), (C, 80)], 0),
        ("", 160, [("", 0), (A, 100)], 100),
        ("", 160, [(A, 0)], 0),
        (A, 130, [], 0),
    ],
)
def test_what_is_common_ends_where_the_next_epoch_began(
    followed: str, position: int, epochs: list[tuple[str, int]], common: int
) -> None:
    assert common_position(Checkpoint(position, epoch=followed), [Epoch(*one) for one in epochs]) == common


def test_a_log_remembers_its_epochs_and_a_backup_those_of_its_moment(source: Source) -> None:
    first = source.epoch
    source.record(3)
    source.back_up("early")
    source.record(2)
    source.database.write(lambda connection: begin_epoch(connection, EPOCH))
    with source.database.read() as connection:
        assert epochs_of(connection) == [(first, 0), (str(EPOCH), 5)]
    source.restore(OTHER_EPOCH, "early")
    with source.database.read() as connection:
        assert epochs_of(connection) == [(first, 0), (str(OTHER_EPOCH), 3)]


def test_a_comparison_shows_what_was_followed_beyond_and_changes_nothing(
    source: Source, follower: Follower, db: Database
) -> None:
    restored_behind(source, follower)
    before = checkpoint(db)
    compared = reconciliation(db, source).compare()
    assert (compared.state, compared.followed, compared.common.position) == ("beyond", before, 3)
    assert (compared.head, compared.epoch) == (5, str(EPOCH))
    assert checkpoint(db) == before
    with pytest.raises(LogReplaced):
        follower.catch_up()


def test_what_is_taken_back_lets_the_subscription_go_on_by_itself(
    source: Source, follower: Follower, db: Database
) -> None:
    new = restored_behind(source, follower)
    one = reconciliation(db, source)
    compared = one.compare()
    assert one.take_back(compared, ADMIN, LATER)
    assert checkpoint(db) == compared.common._replace(epoch=checkpoints.TAKEN_BACK)
    rebuild(db)
    follower.receive(new)
    assert (seen(db), checkpoint(db).epoch) == ([1, 2, 3, 4, 5], str(EPOCH))
    assert one.compare().state == "following"
    with db.read() as connection:
        (row,) = connection.execute(select(checkpoints.RECONCILIATIONS)).mappings()
    assert (row["source"], row["by"], row["at"]) == ("renewal", ADMIN, LATER)
    assert (row["from_position"], row["to_position"], row["to_epoch"]) == (7, 3, str(EPOCH))


def test_what_is_taken_back_is_not_applied_again_where_the_broker_still_has_it(
    source: Source, follower: Follower, db: Database
) -> None:
    source.record(3)
    source.back_up()
    lost = source.record(4)
    follower.receive(lost)
    source.restore()
    source.record(2, "002")
    one = reconciliation(db, source)
    one.take_back(one.compare(), ADMIN, LATER)
    rebuild(db)
    follower.receive(lost)
    assert (seen(db), checkpoint(db).epoch) == ([1, 2, 3, 4, 5], str(EPOCH))
    assert one.compare().state == "following"


def test_what_is_common_is_known_where_the_source_is_restored_again_before_it_is_read(
    source: Source, follower: Follower, db: Database
) -> None:
    source.record(2)
    source.back_up("early")
    restored_behind(source, follower)
    one = reconciliation(db, source)
    one.take_back(one.compare(), ADMIN, LATER)
    source.restore(OTHER_EPOCH, "early")
    compared = one.compare()
    assert (compared.state, compared.followed.position, compared.common.position) == ("beyond", 5, 2)


def test_it_is_taken_back_once_however_often_it_is_said(source: Source, follower: Follower, db: Database) -> None:
    restored_behind(source, follower)
    one = reconciliation(db, source)
    compared = one.compare()
    assert one.take_back(compared, ADMIN, LATER)
    follower.catch_up()
    source.record(4, "002")
    follower.catch_up()
    assert checkpoint(db).position > compared.followed.position
    assert not one.take_back(compared, ADMIN, LATER)
    moved = checkpoint(db)
    same_position = replace(compared, followed=compared.followed._replace(position=moved.position))
    assert not one.take_back(same_position, ADMIN, LATER)
    assert checkpoint(db) == moved


def noted(db: Database) -> list[list[int]]:
    with db.read() as connection:
        return [
            list(connection.execute(select(table.c.position).order_by(table.c.position)).scalars())
            for table in taking_back.NOTES
        ]


def test_what_is_noted_beyond_is_forgotten_and_nothing_else(source: Source, follower: Follower, db: Database) -> None:
    def note_all(connection: Connection) -> None:
        for delivery in deliveries:
            parking.park(connection, delivery, "not yet")
            unknown_events.note(connection, delivery)
            row = {"source": "renewal", "position": delivery.position, "partition_key": "x", "error": "x"}
            values = {**row, "reason": "x", "dropped_by": "x", "dropped_at": AT}
            connection.execute(insert(parking.DROPPED).values(values))
        connection.execute(update(parking.PARKED).where(parking.PARKED.c.position == 7).values(source="auth"))

    deliveries = source.record(3)
    source.back_up()
    deliveries += source.record(4)
    follower.catch_up()
    db.write(note_all)
    source.restore()
    one = reconciliation(db, source)
    compared = one.compare()
    assert compared.notes == 11
    one.take_back(compared, ADMIN, LATER)
    assert noted(db) == [[1, 2, 3, 7], [1, 2, 3], [1, 2, 3]]


def test_several_restores_in_a_row_are_reconciled_at_once(source: Source, follower: Follower, db: Database) -> None:
    restored_behind(source, follower)
    source.record(9, "003")
    source.back_up()
    source.record(2, "003")
    source.restore(OTHER_EPOCH)
    one = reconciliation(db, source)
    assert one.compare().common.position == 3
    assert one.take_back(one.compare(), ADMIN, LATER)
    rebuild(db)
    follower.catch_up()
    assert (seen(db), checkpoint(db).epoch) == (list(range(1, 15)), str(OTHER_EPOCH))


def test_of_an_epoch_that_the_source_does_not_know_nothing_is_common(
    source: Source, follower: Follower, db: Database
) -> None:
    source.record(2)
    source.back_up("early")
    restored_behind(source, follower, common=2)
    one = reconciliation(db, source)
    assert one.take_back(one.compare(), ADMIN, LATER)
    rebuild(db)
    follower.catch_up()
    assert checkpoint(db).epoch == str(EPOCH)
    source.restore(OTHER_EPOCH, "early")
    source.record(9, "004")
    compared = one.compare()
    assert (compared.state, compared.common) == ("beyond", Checkpoint(epoch=str(OTHER_EPOCH)))
    assert one.take_back(compared, ADMIN, LATER + timedelta(days=1))
    rebuild(db)
    follower.catch_up()
    assert seen(db) == list(range(1, 12))


def test_whoever_has_followed_no_more_than_is_common_needs_nothing(
    source: Source, follower: Follower, db: Database
) -> None:
    """Also of an epoch that the source does not know: the chain says that it is the same."""
    one = reconciliation(db, source)
    assert one.compare().state == "following"
    restored_behind(source, follower, lost=0)
    assert one.compare().state == "following"
    follower.catch_up()
    db.write(lambda connection: connection.execute(update(checkpoints.CHECKPOINTS).values(epoch="x" * 36)).close())
    assert one.compare().state == "following"


def test_a_follower_that_was_restored_behind_its_source_needs_nothing(
    source: Source, follower: Follower, db: Database
) -> None:
    def as_before(connection: Connection) -> None:
        connection.execute(delete(SEEN).where(SEEN.c.position > 2))
        connection.execute(update(checkpoints.CHECKPOINTS).values(before._asdict()))

    source.record(2)
    follower.catch_up()
    before = checkpoint(db)
    source.record(5)
    follower.catch_up()
    db.write(as_before)
    assert reconciliation(db, source).compare().state == "following"
    follower.catch_up()
    assert seen(db) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("new", [0, 5])
def test_a_log_that_was_restored_without_a_new_epoch_cannot_be_compared(
    source: Source, follower: Follower, db: Database, new: int
) -> None:
    source.record(3)
    source.back_up()
    source.record(4)
    follower.catch_up()
    source.restore(None)
    if new:
        source.record(new, "002")
    assert reconciliation(db, source).compare().state == "no_epoch"


def test_what_the_source_has_not_sealed_yet_is_compared_later(source: Source, follower: Follower, db: Database) -> None:
    source.record(2)
    append(source.database, "009", 0)
    source.back_up()
    source.record(4)
    follower.catch_up()
    source.restore()
    assert reconciliation(db, source).compare().state == "not_sealed"
    source.seal()
    assert reconciliation(db, source).compare().common.position == 3


@pytest.mark.parametrize("common", [199, 200, 1, 350, 390])
def test_a_position_between_two_seals_of_a_long_log_is_proven(
    source: Source, follower: Follower, db: Database, common: int
) -> None:
    """A seal is where the relay has made one, and a log may be restored to any event."""
    append(source.database, "001", 0, count=common)
    source.back_up()
    append(source.database, "001", common, count=100)
    source.seal()
    follower.catch_up()
    source.restore()
    source.record(100, "002")
    one = reconciliation(db, source)
    assert one.compare().common.position == common
    assert one.take_back(one.compare(), ADMIN, LATER)
    rebuild(db)
    follower.catch_up()
    assert seen(db) == list(range(1, common + 101))


# --- own events of lost causes


def orphaned(db: Database) -> list[tuple[int, str]]:
    with db.read() as connection:
        rows, total = orphaned_events.page(connection, 50, 0)
    assert total == len(rows)
    return [(row["position"], row["stream"]) for row in rows]


def with_reactions(source: Source, follower: Follower) -> None:
    """An own event follows from event 2, which stays, and from event 4, which is lost."""
    source.record(1)
    source.record(1, "007")
    source.record(1)
    source.back_up()
    source.record(1, "007")
    follower.catch_up()


def test_own_events_of_lost_causes_wait_for_a_person_until_somebody_has_settled_them(
    source: Source, follower: Follower, db: Database
) -> None:
    with_reactions(source, follower)
    source.restore()
    source.record(1, "002")
    one = reconciliation(db, source)
    compared = one.compare()
    assert [(lost.position, lost.stream) for lost in compared.orphaned] == [(2, "invoice/2")]
    assert orphaned(db) == []
    one.take_back(compared, ADMIN, LATER)
    assert orphaned(db) == [(2, "invoice/2")]
    assert not db.write(lambda connection: orphaned_events.settle(connection, 1, "it was right", ADMIN, LATER))
    assert db.write(lambda connection: orphaned_events.settle(connection, 2, "it was right", ADMIN, LATER))
    assert not db.write(lambda connection: orphaned_events.settle(connection, 2, "or not at all", ADMIN, LATER))
    with db.read() as connection:
        (row,) = connection.execute(select(ORPHANED)).mappings()
    assert (row["reason"], row["settled_by"], row["settled_at"]) == ("it was right", ADMIN, LATER)
    assert (row["found_by"], row["source"], row["type"]) == (ADMIN, "renewal", "RenewalWithdrawn")


def test_own_events_of_lost_causes_are_found_by_a_clock_that_is_hours_behind(
    source: Source, follower: Follower, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OWN, "now", lambda: AT - timedelta(hours=9))
    with_reactions(source, follower)
    source.restore()
    source.record(1, "002")
    assert [lost.stream for lost in reconciliation(db, source).compare().orphaned] == ["invoice/2"]


def test_what_the_source_has_recorded_again_under_its_id_is_no_lost_cause_and_reacted_to_once(
    source: Source, follower: Follower, db: Database
) -> None:
    """The caller of a command that was lost sends it again: its id is the same, and so are those of its events."""

    def record_again(connection: Connection) -> None:
        source.records.own_log().append(connection, REACTS_TO, 1, [fact("007")], lost.metadata, AT)

    with_reactions(source, follower)
    with source.database.read() as connection:
        lost = source.records.own_log().stream(connection, REACTS_TO)[-1]
    source.restore()
    source.record(1, "002")
    source.database.write(record_again)
    source.seal()
    one = reconciliation(db, source)
    compared = one.compare()
    assert compared.orphaned == []
    one.take_back(compared, ADMIN, LATER)
    rebuild(db)
    follower.catch_up()
    assert seen(db) == [1, 2, 3, 4, 5]
    with db.read() as connection:
        assert [one.stream for one in OWN.read(connection, 0, 50)] == ["invoice/1", "invoice/2"]


def test_a_cause_that_was_reacted_to_late_is_not_taken_for_lost(
    source: Source, follower: Follower, db: Database
) -> None:
    """As by a parked event that is retried after the backup: only its id says whether the source has it."""
    source.record(1, "007")
    source.back_up()
    source.record(3)
    follower.catch_up()
    source.restore()
    assert reconciliation(db, source).compare().orphaned == []


def test_nothing_is_searched_where_the_follower_reacts_to_nothing(
    source: Source, follower: Follower, db: Database
) -> None:
    with_reactions(source, follower)
    source.restore()
    assert Reconciliation(db, source.log()).compare().orphaned == []


# --- whoever answers in the source's place


def lying(source: Source, **changes: object) -> SourceLog:
    def read(after: int, limit: int) -> RecordedEvents:
        return source.answer_verifying(after, limit).model_copy(update=changes)

    return SourceLog(source.signatures, read, source.log().find)


@pytest.mark.parametrize(
    "changes",
    [
        {"epochs": (LogEpoch(epoch="a", began_at=0), LogEpoch(epoch=str(EPOCH), began_at=6))},
        {"epochs_signature": ""},
        {"seal": ""},
        {"seals": (Seal(position=2, chain="0" * 64, signature="AAAA"),)},
    ],
)
def test_what_the_source_has_not_signed_is_not_believed(
    source: Source, follower: Follower, db: Database, changes: dict[str, object]
) -> None:
    source.record(1)
    restored_behind(source, follower)
    with pytest.raises(SealBroken):
        Reconciliation(db, lying(source, **changes)).compare()


def test_which_events_are_found_is_believed_only_as_the_source_has_signed_it(
    source: Source, follower: Follower, db: Database
) -> None:
    def find(ids: Sequence[UUID]) -> FoundEvents:
        return source.log().find(ids).model_copy(update={"ids": tuple(ids)})

    with_reactions(source, follower)
    source.restore()
    with pytest.raises(SealBroken, match="which events"):
        Reconciliation(db, SourceLog(source.signatures, source.answer_verifying, find), ("RenewalWithdrawn",)).compare()


def test_an_answer_of_before_the_restore_is_not_believed(source: Source, follower: Follower, db: Database) -> None:
    with_reactions(source, follower)
    lost = uuid4()
    former = source.log().find([lost])
    source.restore()
    log = SourceLog(source.signatures, source.answer_verifying, lambda _ids: former)
    with pytest.raises(SealBroken, match="which events"):
        Reconciliation(db, log, ("RenewalWithdrawn",)).compare()


def test_a_source_of_version_0_1_0_cannot_be_compared_where_its_log_was_replaced(
    source: Source, follower: Follower, db: Database
) -> None:
    restored_behind(source, follower)
    old = lying(source, epochs=(), epochs_signature="", epoch="", epoch_began_at=0)
    assert Reconciliation(db, old).compare().state == "no_epoch"


def test_another_version_of_the_projections_begins_anew_where_it_has_what_is_taken_back(
    source: Source, follower: Follower, db: Database
) -> None:
    """What it has projected of the lost events cannot be found again, and no rebuild of the last writer's reaches it."""
    restored_behind(source, follower)
    for version, position in ((1, 0), (2, 7), (3, 2)):
        with_version(db, version, position)
        for late in (2, 6):
            db.write(partial(note_unknown, version=version, source="renewal", position=late, digest=f"of {late}"))
    one = reconciliation(db, source)
    assert one.take_back(one.compare(), ADMIN, LATER)
    with db.read() as connection:
        assert projection_versions.registered(connection) == {1, 3}
        noted = [projection_versions.late(connection, version, "renewal") for version in (1, 2, 3)]
    assert noted == [[(2, "of 2")], [], [(2, "of 2")]]


def with_version(db: Database, version: int, position: int) -> None:
    """Another version of the projections has projected the source up to a position."""
    db.write(lambda connection: projection_versions.register(connection, version, ["renewal"]))
    db.write(lambda connection: projection_versions.cover(connection, version, "renewal", Covered(position)))


def test_a_running_copy_of_a_version_that_is_given_up_projects_nothing_again(
    source: Source, follower: Follower, db: Database
) -> None:
    restored_behind(source, follower)
    of_2 = Database(db.engine.url.render_as_string(hide_password=False))
    of_2.projections_version = 2  # without tables of its own, so that what it wrote would be seen
    with_version(db, 2, 7)
    projection = Projection(one_by_one(see))
    copy = Follower(of_2, "renewal", see, follower.pull, lambda _seconds: None, None, projection)
    one = reconciliation(db, source)
    assert one.take_back(one.compare(), ADMIN, LATER)
    before = seen(db)
    with pytest.raises(GivenUp, match="filled anew at the program's next start"):
        copy.catch_up()
    assert seen(db) == before
    of_2.close()
