"""Followers and parking, each with one safeguard turned off."""

from collections.abc import Sequence
from functools import partial

import pytest
from sqlalchemy import Connection, insert, update

from shared.contract.seal import Delivery, chained
from shared.observability.log_format import describe
from shared.subscriptions import checkpoints, epochs, follower, parking, seal_check, unknown_events
from shared.subscriptions.checkpoints import CHECKPOINTS, Checkpoint
from shared.subscriptions.follower import Follower
from shared.subscriptions.seal_check import SealCheck, Verdict
from shared.subscriptions.unknown_events import UnknownEvents
from tests.simulation import signing
from tests.simulation.fixtures import SUBSCRIPTIONS
from tests.simulation.mutant import Mutants
from tests.simulation.subscription import Received, Subscription

MUTANTS = Mutants()


def without_seals(patch: pytest.MonkeyPatch) -> None:
    """Believe whatever arrives: what a seal would refuse as well is to be found without it."""

    def covered(check: SealCheck, chain: str, following: Sequence[Delivery]) -> Sequence[Delivery]:
        chains = chained(chain, following)
        check._proven = {one.position: there for one, there in zip(following, chains, strict=True)}
        return following

    patch.setattr(SealCheck, "covered", covered)


@MUTANTS.without("seals are not checked", hint=2)
def seals_not_checked(patch: pytest.MonkeyPatch) -> None:
    without_seals(patch)


@MUTANTS.without("a seal is checked by any program's key", hint=32)
def any_key(patch: pytest.MonkeyPatch) -> None:
    is_signed_by = signing.is_signed_by

    def by_anybody(_program: str, text: bytes, signature: str) -> bool:
        return any(is_signed_by(program, text, signature) for program in (*SUBSCRIPTIONS, "gateway"))

    patch.setattr(signing, "is_signed_by", by_anybody)


@MUTANTS.without("the checkpoint is set without being compared", hint=3)
def checkpoint_not_compared(patch: pytest.MonkeyPatch) -> None:
    def move(subscription: Follower, connection: Connection, _before: int, after: Checkpoint) -> None:
        moved = update(CHECKPOINTS).where(CHECKPOINTS.c.source == subscription.source).values(after._asdict())
        if connection.execute(moved).rowcount == 0:
            connection.execute(insert(CHECKPOINTS).values(source=subscription.source, **after._asdict()))

    patch.setattr(Follower, "_move", move)


@MUTANTS.without("the checkpoint moves in a transaction of its own", hint=3)
def checkpoint_on_its_own(patch: pytest.MonkeyPatch) -> None:
    def apply(subscription: Follower, batch: Sequence[Delivery], failure: str = "") -> Verdict:
        moves: list[tuple[int, Checkpoint]] = []
        patch.setattr(subscription, "_move", lambda _connection, before, after: moves.append((before, after)))
        try:
            verdict = subscription.database.write(
                lambda connection: subscription._apply_within(connection, batch, failure)
            )
        finally:
            patch.delattr(subscription, "_move")
        try:
            for one in moves:
                subscription.database.write(partial(move, subscription, one))
        except checkpoints.CheckpointMoved:
            return Verdict.MISMATCH
        return verdict

    def move(subscription: Follower, one: tuple[int, Checkpoint], connection: Connection) -> None:
        Follower._move(subscription, connection, *one)

    patch.setattr(Follower, "_apply", apply)


@MUTANTS.without("duplicates are applied again")
def duplicates_applied(patch: pytest.MonkeyPatch) -> None:
    without_seals(patch)
    judge = seal_check.compare
    patch.setattr(
        seal_check,
        "compare",
        lambda checkpoint, position: Verdict.NEXT if position == checkpoint else judge(checkpoint, position),
    )


@MUTANTS.without("a gap is taken for the next one", hint=1)
def gap_taken(patch: pytest.MonkeyPatch) -> None:
    without_seals(patch)
    patch.setattr(
        seal_check,
        "compare",
        lambda checkpoint, position: Verdict.DUPLICATE if position <= checkpoint else Verdict.NEXT,
    )


@MUTANTS.without("the epoch of an event is not compared", hint=3)
def epoch_not_compared(patch: pytest.MonkeyPatch) -> None:
    following = SealCheck.following

    def of_any_epoch(check: SealCheck, checkpoint: Checkpoint, batch: Sequence[Delivery]) -> object:
        return following(check, checkpoint._replace(epoch=""), batch)

    patch.setattr(SealCheck, "following", of_any_epoch)


@MUTANTS.without("any epoch of a log is followed", hint=4)
def any_epoch_followed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(epochs, "require_followed", lambda *_: None)
    patch.setattr(epochs.LogState, "proves", lambda *_: True)


@MUTANTS.without("nothing is pulled from the source")
def nothing_pulled(patch: pytest.MonkeyPatch) -> None:
    def receive(subscription: Follower, batch: Sequence[Delivery]) -> int:
        subscription._apply_or_isolate(batch)
        return len(batch)

    patch.setattr(Follower, "receive", receive)
    patch.setattr(Follower, "catch_up", lambda _subscription: 0)


@MUTANTS.without("deliveries are acknowledged before the commit")
def acknowledged_before(patch: pytest.MonkeyPatch) -> None:
    def receive_batch(subscription: Subscription, waiting: Sequence[Received]) -> int:
        subscription.acknowledge(waiting)
        return subscription.follower.receive([event for _, event in waiting])

    patch.setattr(Subscription, "receive_batch", receive_batch)


@MUTANTS.without("later events of a parked member do not wait", hint=3)
def parked_alone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(parking, "partition_keys", lambda _connection, _source: set())


@MUTANTS.without("a retry goes on behind one that fails", hint=3)
def retry_goes_on(patch: pytest.MonkeyPatch) -> None:
    def retry(subscription: Follower, partition_key: str) -> int:
        with subscription.database.read() as connection:
            parked = parking.list_parked(connection, subscription.source, partition_key)
        applied = 0
        for one in parked:
            recorded, *_ = subscription.pull(one.position - 1, 1)
            try:
                applied += subscription.database.write(partial(subscription._apply_parked, recorded=recorded))
            except Exception as error:  # noqa: BLE001 - as the original
                subscription.database.write(partial(parking.failed_again, parked=one, error=describe(error)))
        return applied

    patch.setattr(Follower, "retry", retry)


@MUTANTS.without("a retry does not ask whether the event is still parked", hint=135)
def retry_calls_nobody(patch: pytest.MonkeyPatch) -> None:
    release = parking.release

    def always(connection: Connection, source: str, position: int) -> bool:
        release(connection, source, position)
        return True

    patch.setattr(parking, "release", always)


@MUTANTS.without("a retry takes up only what was parked when it began", hint=143)
def retry_of_what_was_parked(patch: pytest.MonkeyPatch) -> None:
    retry, first_of = Follower.retry, Follower._first_of

    def retry_those(subscription: Follower, partition_key: str) -> int:
        with subscription.database.read() as connection:
            parked = {one.position for one in parking.list_parked(connection, subscription.source, partition_key)}

        def one_of_those(subscription: Follower, partition_key: str) -> parking.Parked | None:
            one = first_of(subscription, partition_key)
            return one if one is not None and one.position in parked else None

        with pytest.MonkeyPatch.context() as for_now:
            for_now.setattr(subscription, "_first_of", partial(one_of_those, subscription))
            return retry(subscription, partition_key)

    patch.setattr(Follower, "retry", retry_those)


@MUTANTS.without("a subscription parks by what was parked before its turn", is_rare=True)
def parked_before_its_turn(patch: pytest.MonkeyPatch) -> None:
    def partition_keys(subscription: Follower, connection: Connection) -> set[str]:
        return subscription._partition_keys(connection)

    patch.setattr(Follower, "_locked_partition_keys", partition_keys)


@MUTANTS.without("an event is parked for the database's own trouble", hint=105)
def parked_for_the_database(patch: pytest.MonkeyPatch) -> None:
    for module in (follower, parking):
        patch.setattr(module, "is_unavailable", lambda _error: False)


@MUTANTS.without("what cannot be parked is passed over", hint=186)
def passed_over(patch: pytest.MonkeyPatch) -> None:
    trying = Follower._apply_with_retries

    def try_it(subscription: Follower, delivery: Delivery) -> Verdict:
        try:
            return trying(subscription, delivery)
        except parking.ParkingFailed:
            after = subscription._seals.checkpoint_at(delivery)
            subscription.database.write(lambda connection: subscription._move(connection, after.position - 1, after))
            return Verdict.NEXT

    patch.setattr(Follower, "_apply_with_retries", try_it)


@MUTANTS.without("unknown events of another are passed without a note", hint=4)
def passed_without_note(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(unknown_events, "note", lambda _connection, _delivery: True)


@MUTANTS.without("a noted event is applied without its note being deleted", hint=4)
def note_stays(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(UnknownEvents, "release", lambda *_: True)
