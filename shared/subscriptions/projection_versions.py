"""A followed log as one version of a program's projections sees it: what another version has applied is pulled again, and projected only."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, select, union_all, update

from shared.contract.envelope import Recorded
from shared.contract.refusals import Refused
from shared.contract.seal import Delivery
from shared.event_store import projection_versions
from shared.event_store.database import Database
from shared.event_store.projection_versions import Covered, ProjectAll, lock_nothing
from shared.subscriptions import checkpoints, parking, unknown_events
from shared.subscriptions.checkpoints import CHECKPOINTS, Checkpoint, OtherVersionWrote
from shared.subscriptions.seal_check import SealBroken, SealCheck

NOT_APPLIED = (parking.PARKED, parking.DROPPED, unknown_events.UNKNOWN)
LEFT_OUT = union_all(*(select(table.c.source, table.c.position) for table in NOT_APPLIED)).subquery()

Pull = Callable[[int, int], Sequence[Delivery]]


T = TypeVar("T")


class Projection(NamedTuple):
    """How a program's projections follow from a source's log; by nothing, where only reactions follow from it."""

    project_all: ProjectAll | None = None
    lock: Callable[[Connection], None] = lock_nothing
    """Excludes until the commit whoever else writes the same rows."""

    @classmethod
    def declared_by(cls, service: type, source: str) -> "Projection":
        """By a service's `projections`; nothing where it declares none of that source."""
        declared: Any = getattr(service, "projections", None)
        return cls(declared.followed.get(source), declared.lock) if declared is not None else cls()


NO_PROJECTION = Projection()


class Late(NamedTuple):
    """An event that is still to be projected, by which it is known again."""

    source: str
    position: int
    digest: str


class Missed(NamedTuple):
    """What a version has not projected: so many events after a place, and some before it."""

    left: int
    after: Covered
    late: tuple[Late, ...]


class FollowedLog:
    """What a version has projected of a source, beside the checkpoint that all versions share."""

    def __init__(self, database: Database, source: str, projection: Projection, pull: Pull) -> None:
        self.database = database
        self.source = source
        self.projection = projection
        self.pull = pull
        self.version = database.projections_version
        self.left_to_fill = 0
        """Events that the tables lack at the program's start; from when it is 0, they are as good as the checkpoint's."""
        self._has_just_started = True
        """So that it may know what its last release, which was the last to write, has passed as unknown."""
        self._seals = SealCheck(source)
        self.find_lacking()

    def require_written_last(self, checkpoint: Checkpoint) -> None:
        """Raise `OtherVersionWrote` where another version has moved the checkpoint to where it is."""
        if checkpoint.position and checkpoint.projections_version != self.version:
            raise OtherVersionWrote(f"{self.source} {checkpoint.position}")

    def as_last_writer(self, work: Callable[[], T]) -> T:
        """Do work that moves the checkpoint, which all versions of the projections share: where another one has moved it last, first catch up with that, then do it again."""
        while True:
            try:
                return work()
            except OtherVersionWrote:
                self.take_over()

    def find_lacking(self) -> None:
        """Count what the tables lack, at the start and once they are made."""
        missed = self._missed()
        self.left_to_fill = max(missed.left, 0) + len(missed.late)

    def tick(self) -> None:
        """Catch up with who writes now; a source that is down is asked again at the next tick."""
        with suppress(Refused):
            self.catch_up()

    def take_over(self) -> None:
        """Project what other versions have applied; then this one is the writer."""
        is_writer = False
        while not is_writer:
            unknown = self.catch_up()
            is_writer = self.database.write(partial(self._take_over, unknown=unknown))

    def catch_up(self) -> set[int]:
        """Project what other versions have applied, while they go on.

        Returns the positions of what was passed because this program does not know it.
        """
        unknown = self._catch_up()
        self._has_just_started = False
        return unknown

    def _catch_up(self) -> set[int]:
        while True:
            missed = self._missed()
            left = missed.left
            self.left_to_fill = min(self.left_to_fill, max(left, 0) + len(missed.late))
            if left <= 0 and not missed.late:
                return set()
            unknown = {late.position for late in missed.late if not self._project_late(late)}
            if left > 0:
                page = self.pull(missed.after.position, min(projection_versions.PAGE_MAX, left))
                self.database.write(partial(self._project_page, after=missed.after, page=page))
            elif len(unknown) == len(missed.late):
                self.left_to_fill = 0
                return unknown

    def note_late(self, connection: Connection, delivery: Delivery) -> None:
        """Tell the other versions of an event that was parked or unknown, and is applied only now."""
        projection_versions.note_late(connection, self.source, delivery.position, delivery.digest, self.version)

    def _missed(self) -> Missed:
        nothing = Missed(0, Covered(), ())
        if self.projection.project_all is None:
            return nothing
        with self.database.read() as connection:
            checkpoint = checkpoints.read(connection, self.source)
            is_writer = checkpoint.projections_version == self.version
            if is_writer and not self._has_just_started:
                return nothing
            found = projection_versions.late(connection, self.version, self.source)
            late = tuple(Late(self.source, *one) for one in found)
            after = projection_versions.covered(connection, self.version, self.source)
        return Missed(0 if is_writer else checkpoint.position - after.position, after, late)

    def _project_late(self, late: Late) -> bool:
        """Project an event that comes before all others of its member; False where this program does not know it."""
        recorded = parking.pull_again(self.pull, late)

        def work(connection: Connection) -> None:
            self.projection.lock(connection)
            checkpoints.lock(connection, self.source)
            if projection_versions.no_longer_late(connection, self.version, self.source, late.position):
                self._project(connection, [recorded])

        if recorded.is_known:
            self.database.write(work)
        return recorded.is_known

    def _project_page(self, connection: Connection, after: Covered, page: Sequence[Delivery]) -> None:
        """Under the checkpoint's lock, where neither a batch ends nor a retry is under way.

        The page goes up to a seal; the checkpoint may be before that, where the subscription stopped at an event.
        """
        self.projection.lock(connection)
        checkpoints.lock(connection, self.source)
        checkpoint = checkpoints.read(connection, self.source)
        if (
            checkpoint.projections_version == self.version
            or projection_versions.covered(connection, self.version, self.source) != after
        ):
            return  # another copy has done it
        projection_versions.require_kept(connection, self.version)
        _, following = self._seals.following(Checkpoint(*after), page)
        covered = self._seals.covered(after.chain, following)
        events = [one for one in covered if one.position <= checkpoint.position]
        if not events:
            raise SealBroken(f"{self.source} no longer has what was applied after {after.position}")
        end = self._seals.checkpoint_at(events[-1])
        self._require_same(Covered(end.position, end.chain), checkpoint)
        left_out = self._left_out(connection, after.position, end.position)
        events = [one for one in events if one.position not in left_out]
        self._project(connection, [one for one in events if one.is_known])
        for one in events:
            if not one.is_known:
                projection_versions.note_unknown(connection, self.version, self.source, one.position, one.digest)
        projection_versions.cover(connection, self.version, self.source, Covered(end.position, end.chain))

    def _require_same(self, covered: Covered, checkpoint: Checkpoint) -> None:
        """Raise `SealBroken` where what is projected up to the checkpoint, or beyond it, is not what was applied up to there."""
        if covered.position >= checkpoint.position and covered != (checkpoint.position, checkpoint.chain):
            raise SealBroken(
                f"version {self.version} of the projections has {self.source} up to {covered.position}, and not as it was applied"
            )

    def _project(self, connection: Connection, events: Sequence[Recorded]) -> None:
        if self.projection.project_all is not None and events:
            self.projection.project_all(connection, events)

    def _left_out(self, connection: Connection, after: int, until: int) -> set[int]:
        """The positions of what is parked, dropped or noted as unknown."""
        columns = LEFT_OUT.c
        within = (columns.source == self.source, columns.position > after, columns.position <= until)
        return set(connection.execute(select(columns.position).where(*within)).scalars())

    def _take_over(self, connection: Connection, unknown: set[int]) -> bool:
        checkpoints.lock(connection, self.source)
        checkpoint = checkpoints.read(connection, self.source)
        if checkpoint.projections_version == self.version:
            return True
        reached = Covered(checkpoint.position, checkpoint.chain)
        if self.projection.project_all is not None:
            late = {position for position, _ in projection_versions.late(connection, self.version, self.source)}
            covered = projection_versions.covered(connection, self.version, self.source)
            self._require_same(covered, checkpoint)
            if covered != reached or late - unknown:
                return False
        projection_versions.cover(connection, self.version, self.source, reached)
        projection_versions.cover_other(connection, checkpoint.projections_version, self.source, reached)
        here = update(CHECKPOINTS).where(CHECKPOINTS.c.source == self.source)
        connection.execute(here.values(projections_version=self.version))
        return True
