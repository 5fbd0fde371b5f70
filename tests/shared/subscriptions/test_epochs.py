"""A source or a follower that was restored from an older backup: nothing is dropped in silence, and what is still common goes on."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, update

from shared.contract.seal import EPOCH_HEADER, HEADER, Delivery
from shared.event_store.database import Database
from shared.event_store.epoch import begin_epoch
from shared.messaging.relay import sealed_messages
from shared.subscriptions import checkpoints
from shared.subscriptions.epochs import LogReplaced
from shared.subscriptions.follower import Follower
from shared.subscriptions.seal_check import SealBroken
from tests.support.restorable_source import EPOCH, Source
from tests.support.sample_log import SEEN, append, database, see, seen
from tests.support.seals import sign

SHORT = str(EPOCH)[:8]


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

    made = Follower(db, "renewal", see, pull, lambda _seconds: None)
    return made


def checkpoint(db: Database) -> checkpoints.Checkpoint:
    with db.read() as connection:
        return checkpoints.read(connection, "renewal")


def test_a_log_has_an_epoch_from_its_first_day_and_another_one_after_each_restore(source: Source) -> None:
    first = source.epoch
    assert str(UUID(first)) == first
    source.record(3)
    began = source.database.write(begin_epoch)
    assert (UUID(began.epoch) != UUID(first), began.began_at) == (True, 3)
    assert source.database.write(begin_epoch).epoch != began.epoch


def test_a_checkpoint_has_the_epoch_and_the_last_event(source: Source, follower: Follower, db: Database) -> None:
    deliveries = source.record(2)
    follower.receive(deliveries)
    assert (checkpoint(db).epoch, checkpoint(db).event_id) == (source.epoch, deliveries[-1].event_id)
    follower.catch_up()
    source.record()
    follower.catch_up()
    assert (checkpoint(db).epoch, checkpoint(db).position) == (source.epoch, 3)


def test_new_events_at_positions_that_were_applied_stop_the_subscription(
    source: Source, follower: Follower, db: Database
) -> None:
    """Without the epoch they would be duplicates, and dropped."""
    source.record(3)
    source.back_up()
    source.record(4)
    follower.catch_up()
    followed = source.epoch
    source.restore()
    new = source.record(2, "002")
    assert [one.position for one in new] == [4, 5]
    with pytest.raises(LogReplaced) as alarm:
        follower.receive(new)
    for what in ("renewal", SHORT, followed[:8], "began after 3 and ends at 5", "followed up to 7"):
        assert what in str(alarm.value)
    assert (checkpoint(db).position, checkpoint(db).epoch, len(seen(db))) == (7, followed, 7)


@pytest.mark.parametrize("epoch", [EPOCH, None])
@pytest.mark.parametrize("new", [0, 2, 4])
def test_a_log_that_was_cut_behind_its_follower_is_found_without_a_message(
    source: Source, follower: Follower, db: Database, new: int, epoch: UUID | None
) -> None:
    """Whether it is shorter than what was followed or just as long, and whether or not a new epoch was begun."""
    source.record(3)
    source.back_up()
    source.record(4)
    follower.catch_up()
    source.restore(epoch)
    if new:
        source.record(new, "002")
    with pytest.raises(LogReplaced, match=f"ends at {3 + new}"):
        follower.catch_up()
    assert (checkpoint(db).position, len(seen(db))) == (7, 7)


def test_a_log_that_has_grown_beyond_its_follower_again_is_named_too(source: Source, follower: Follower) -> None:
    source.record(3)
    source.back_up()
    source.record(4)
    follower.catch_up()
    source.restore()
    new = source.record(6, "002")
    with pytest.raises(LogReplaced, match="began after 3 and ends at 9"):
        follower.receive(new)


def test_a_follower_within_what_is_common_goes_on_by_itself(source: Source, follower: Follower, db: Database) -> None:
    follower.receive(source.record(2))
    source.record()
    source.back_up()
    source.record(4)
    source.restore()
    new = source.record(2, "002")
    assert follower.receive(new) == 2
    assert (seen(db), checkpoint(db).epoch) == ([1, 2, 3, 4, 5], str(EPOCH))
    assert follower.receive(source.record(1, "002")) == 1
    assert checkpoint(db).position == 6


def test_a_follower_at_the_very_end_goes_on_by_itself(source: Source, follower: Follower, db: Database) -> None:
    follower.receive(source.record(3))
    source.back_up()
    source.restore()
    assert follower.catch_up() == 0
    assert checkpoint(db).epoch == str(EPOCH)
    follower.receive(source.record())
    assert seen(db) == [1, 2, 3, 4]


def test_the_first_event_of_a_new_epoch_is_no_alarm_where_nothing_was_lost(
    source: Source, follower: Follower, db: Database
) -> None:
    """It may come before the follower has asked the restored source for anything."""
    follower.receive(source.record(3))
    source.back_up()
    source.restore()
    follower.receive(source.record())
    assert (seen(db), follower.alarm) == ([1, 2, 3, 4], "")


def test_an_end_that_is_not_sealed_yet_proves_nothing(source: Source, follower: Follower, db: Database) -> None:
    source.record(2)
    append(source.database, "002", 0)
    source.back_up()
    source.seal()
    follower.catch_up()
    source.restore()
    with pytest.raises(LogReplaced):
        follower.catch_up()
    source.seal()
    follower.catch_up()
    assert (checkpoint(db).position, checkpoint(db).epoch) == (3, str(EPOCH))


def test_messages_of_the_time_before_the_restore_are_not_applied(
    source: Source, follower: Follower, db: Database
) -> None:
    """Their seals hold, and they follow what is common; but the source does not have them any more.

    They are no alarm: after each restore some are still in the queue, and nothing would ever end it.
    """
    source.record(3)
    source.back_up()
    lost = source.record(2)
    source.restore()
    follower.catch_up()
    assert follower.receive(lost) == len(lost)
    assert (seen(db), follower.alarm) == ([1, 2, 3], "")
    follower.receive(source.record(1, "002"))
    assert seen(db) == [1, 2, 3, 4]


def test_a_follower_that_was_restored_behind_its_source_pulls(source: Source, follower: Follower, db: Database) -> None:
    def as_before(connection: Connection) -> None:
        connection.execute(delete(SEEN).where(SEEN.c.position > 2))
        connection.execute(update(checkpoints.CHECKPOINTS).values(before._asdict()))

    source.record(2)
    follower.catch_up()
    before = checkpoint(db)
    source.record(5)
    follower.catch_up()
    db.write(as_before)
    assert follower.catch_up() == 5
    assert seen(db) == [1, 2, 3, 4, 5, 6, 7]


def test_a_checkpoint_may_be_put_back_to_the_beginning(source: Source, follower: Follower, db: Database) -> None:
    def take_back(connection: Connection) -> None:
        connection.execute(delete(SEEN))
        connection.execute(update(checkpoints.CHECKPOINTS).values(checkpoints.Checkpoint()._asdict()))

    source.record(3)
    follower.catch_up()
    db.write(take_back)
    assert follower.catch_up() == 3
    assert (seen(db), checkpoint(db).position) == ([1, 2, 3], 3)


def test_after_the_reconciliation_it_goes_on_by_itself(source: Source, follower: Follower, db: Database) -> None:
    source.record(3)
    follower.catch_up()
    common = checkpoint(db)
    source.back_up()
    source.record(4)
    follower.catch_up()
    source.restore()
    new = source.record(2, "002")

    def take_back(connection: Connection) -> None:
        connection.execute(delete(SEEN).where(SEEN.c.position > 3))
        connection.execute(update(checkpoints.CHECKPOINTS).values(common._asdict()))

    with pytest.raises(LogReplaced):
        follower.receive(new)
    db.write(take_back)
    follower.receive(new)
    assert (seen(db), checkpoint(db).epoch) == ([1, 2, 3, 4, 5], str(EPOCH))


@pytest.mark.parametrize(
    "epoch", ["", "nonsense", f"{EPOCH}.", f"{EPOCH}.AAAA", f"{EPOCH}.{sign(b'something else')}", 7]
)
def test_an_epoch_that_the_source_has_not_signed_is_none(source: Source, epoch: object) -> None:
    assert source.signatures.epoch(epoch) == ""


def test_a_true_epoch_of_the_past_beside_a_true_event_moves_nothing(
    source: Source, follower: Follower, db: Database
) -> None:
    """Whoever has the source's broker account has seen both."""
    source.record(2)
    assert source.records.epochs is not None
    former = source.records.epochs.signed(source.epoch)
    source.back_up()
    source.restore()
    follower.catch_up()
    (true,) = sealed_messages(checkpoint(db).chain, [source.record()[0]], sign)
    assert true.seal is not None
    headers = {HEADER: true.seal.signature, EPOCH_HEADER: former}
    assert follower.receive([source.signatures.delivery(true.body, headers)]) == 1
    assert (seen(db), checkpoint(db).epoch) == ([1, 2, 3], str(EPOCH))


def test_lost_messages_without_their_epoch_are_found_by_the_next_look_at_the_source(
    source: Source, follower: Follower, db: Database
) -> None:
    """Whoever has the source's broker account has kept them; they look as those of version 0.1.0 do. See docs/security.md."""
    source.record(3)
    source.back_up()
    lost = source.messages(2)
    source.restore()
    follower.catch_up()
    bare = [(one.body, {HEADER: one.seal.signature} if one.seal else {}) for one in lost]
    follower.receive([source.signatures.delivery(*one) for one in bare])
    follower.receive(source.record(2, "002"))
    assert (checkpoint(db).position, checkpoint(db).epoch) == (5, str(EPOCH))
    with pytest.raises(LogReplaced):
        follower.catch_up()
    with pytest.raises(SealBroken):
        follower.receive(source.record(1, "002"))


def test_a_source_of_version_0_1_0_is_followed_as_before(source: Source, db: Database) -> None:
    def pull(after: int, limit: int) -> Sequence[Delivery]:
        answer = source.answer(after, limit).model_copy(update={"epoch": "", "seal_before": "", "epoch_began_at": 0})
        old.source_log = source.signatures.log_state(after, answer)
        return source.signatures.deliveries(answer)

    old = Follower(db, "renewal", see, pull, lambda _seconds: None)
    source.record(2)
    old.catch_up()
    assert (checkpoint(db).position, checkpoint(db).epoch) == (2, "")


def test_a_checkpoint_of_version_0_1_0_takes_the_first_epoch_that_it_sees(
    source: Source, follower: Follower, db: Database
) -> None:
    deliveries = source.record(2)
    follower.receive(deliveries)
    db.write(
        lambda connection: connection.execute(update(checkpoints.CHECKPOINTS).values(epoch="", event_id=None)).close()
    )
    assert follower.receive(deliveries) == 2
    follower.catch_up()
    assert checkpoint(db).epoch == source.epoch
