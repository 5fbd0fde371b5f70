"""Versions of a program's projections, each with tables of its own: up to where each has projected which log, and how it catches up.

While copies of two versions run, each writes its own tables only. Whoever writes last leaves its version in the row that it writes
anyway (the log's head, or a subscription's checkpoint); a copy of the other version that finds it there projects first what it has
missed, and records up to where the tables of the last writer go. Catching up projects, and never reacts.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from shared.contract.envelope import Recorded
from shared.contract.seal import GENESIS
from shared.event_store.database import Database
from shared.event_store.log import HEAD, EventLog
from shared.event_store.sql import upsert
from shared.event_store.sql.prepared import Prepared

PAGE_MAX = 200
"""Events that one transaction projects of what was missed."""

TABLES = MetaData()
VERSIONS = Table(
    "projection_versions",
    TABLES,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("source", String(40), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("chain", String(64), nullable=False),
)
"""Up to where a version's tables go, unless it was the last to write: then they have everything. `chain` is the source's hash chain there."""
LATE = Table(
    "late_events",
    TABLES,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("source", String(40), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
)
"""Events before that position that a version has still to project: they were parked or unknown when it passed them."""

OF_VERSION = (VERSIONS.c.version == bindparam("of"), VERSIONS.c.source == bindparam("source_of"))
COVERED = select(VERSIONS.c.position, VERSIONS.c.chain).where(*OF_VERSION)
LOCKED = COVERED.with_for_update()
WRITER = select(HEAD.c.position, HEAD.c.projections_version)
LOCKED_WRITER = WRITER.with_for_update()
WRITER_AND_OTHERS = Prepared(
    select(
        HEAD.c.position,
        HEAD.c.projections_version,
        select(func.count()).select_from(VERSIONS).where(VERSIONS.c.version != bindparam("of")).scalar_subquery(),
    )
)
LATE_OF = select(LATE.c.position, LATE.c.digest).where(
    LATE.c.version == bindparam("of"), LATE.c.source == bindparam("source_of")
)


ProjectAll = Callable[[Connection, Sequence[Recorded]], None]
"""Projects events that follow one another, and does nothing else: no reaction, no lock."""


def lock_nothing(_connection: Connection) -> None:
    """For projections that each source writes on its own."""


class GivenUp(Exception):  # noqa: N818 - a state that the next start ends
    """A version of the projections cannot catch up any more: start the program again."""


class Covered(NamedTuple):
    """Up to where a version has projected a log, and the log's hash chain there."""

    position: int = 0
    chain: str = GENESIS


def covered(connection: Connection, version: int, source: str, *, locking: bool = False) -> Covered:
    """Up to where a version that was not the last to write has projected a source."""
    found = connection.execute(LOCKED if locking else COVERED, {"of": version, "source_of": source}).one_or_none()
    return Covered(*found) if found else Covered()


def cover(connection: Connection, version: int, source: str, now: Covered) -> None:
    """Record up to where this version has projected a source."""
    upsert.put(connection, VERSIONS, {"version": version, "source": source}, now._asdict())


def cover_other(connection: Connection, version: int, source: str, now: Covered) -> None:
    """Record up to where another version has projected a source; of one that was given up, nothing."""
    connection.execute(update(VERSIONS).where(*OF_VERSION).values(now._asdict()), {"of": version, "source_of": source})


def registered(connection: Connection) -> set[int]:
    """The versions that have tables."""
    return set(connection.execute(select(VERSIONS.c.version).distinct()).scalars())


def register(connection: Connection, version: int, sources: Iterable[str]) -> None:
    """Let other versions record up to where this one has projected."""
    for source in sources:
        upsert.add(connection, VERSIONS, {"version": version, "source": source, **Covered()._asdict()})


def give_up_beyond(connection: Connection, writer: int, source: str, position: int) -> None:
    """Give up the other versions that have projected a source beyond a position, which are filled anew when they start.

    For events that the source has lost: no version could take them out of its rows.
    """
    beyond = select(VERSIONS.c.version).where(
        VERSIONS.c.source == source, VERSIONS.c.position > position, VERSIONS.c.version != writer
    )
    for version in connection.execute(beyond).scalars().all():
        for table in (VERSIONS, LATE):
            connection.execute(delete(table).where(table.c.version == version))
    connection.execute(delete(LATE).where(LATE.c.source == source, LATE.c.position > position))


def require_kept(connection: Connection, version: int) -> None:
    """Raise `GivenUp` where a version that is to go on has been given up since the program's start."""
    if version not in registered(connection):
        raise GivenUp(f"version {version} of the projections is given up, and filled anew at the program's next start")


def note_late(connection: Connection, source: str, position: int, digest: str, writer: int) -> None:
    """Note an event that the writing version projects only now for the others that have passed it."""
    others = select(VERSIONS.c.version, VERSIONS.c.source, literal(position), literal(digest)).where(
        VERSIONS.c.source == source, VERSIONS.c.version != writer, VERSIONS.c.position >= position
    )
    connection.execute(insert(LATE).from_select(["version", "source", "position", "digest"], others))


def note_unknown(connection: Connection, version: int, source: str, position: int, digest: str) -> None:
    """Note an event that a version passes because its program does not know it."""
    upsert.add(connection, LATE, {"version": version, "source": source, "position": position, "digest": digest})


def late(connection: Connection, version: int, source: str) -> list[tuple[int, str]]:
    """The positions, each with its event's digest, that a version has passed and still to project; in order."""
    found = connection.execute(LATE_OF.order_by(LATE.c.position), {"of": version, "source_of": source})
    return [(position, digest) for position, digest in found]


def no_longer_late(connection: Connection, version: int, source: str, position: int) -> bool:
    """Delete the note of an event that is projected now; False where another copy has."""
    same = (LATE.c.version == version, LATE.c.source == source, LATE.c.position == position)
    return connection.execute(delete(LATE).where(*same)).rowcount == 1


class OwnLog:
    """A program's own log as one version of its projections sees it."""

    def __init__(self, database: Database, log: EventLog) -> None:
        self.database = database
        self.log = log
        self.version = database.projections_version
        self._has_others = False

    def take_over(self, connection: Connection) -> None:
        """Under the log's lock, before anything is decided: project all that other versions have appended; then this one is the writer."""
        head, writer = connection.execute(LOCKED_WRITER).one()
        if writer == self.version:
            return
        after = covered(connection, self.version, self.log.source, locking=True).position
        while after < head:
            after = self._project_page(connection, after)
        cover(connection, self.version, self.log.source, Covered(head))
        cover_other(connection, writer, self.log.source, Covered(head))
        connection.execute(update(HEAD).values(projections_version=self.version))

    def behind(self) -> int:
        """How many events other versions have appended that this one has not projected."""
        with self.database.read_as_it_is() as connection:
            head, writer, others = WRITER_AND_OTHERS.first(connection, {"of": self.version})
            self._has_others = others > 0
            if writer == self.version:
                return 0
            behind: int = head - covered(connection, self.version, self.log.source).position
            return behind

    def catch_up(self, report: Callable[[int], object] = lambda _left: None) -> None:
        """Project what other versions have appended, a page a transaction, while they go on; `report` is told how much is left.

        From then on, while there are others, the database catches up before each read, and takes over before each write: the rows of
        state, which all versions share, speak of rows that only the last writer's projections may have.
        """
        while left := self.behind():
            report(left)
            self.database.write(self._catch_up_page)
        self.database.has_other_versions = self._has_others

    def project_known(self) -> None:
        """Project what was passed because a version of the program that ran before did not know it."""
        self.database.write(self._project_known)

    def _catch_up_page(self, connection: Connection) -> None:
        """Who takes over waits for the row that is locked here, and who has taken over is found behind it: no event is projected twice."""
        after = covered(connection, self.version, self.log.source, locking=True).position
        head, writer = connection.execute(WRITER).one()
        if writer != self.version and after < head:
            cover(connection, self.version, self.log.source, Covered(self._project_page(connection, after)))

    def _project_page(self, connection: Connection, after: int) -> int:
        page = self.log.read(connection, after, PAGE_MAX)
        require_kept(connection, self.version)
        if not page:
            raise LookupError(f"the log of {self.log.source} has a hole after {after}")
        for recorded in page:
            after = recorded.position
            if recorded.is_known:
                self.log.project(connection, recorded)
            else:
                note_unknown(connection, self.version, recorded.source, after, digest="")
        return after

    def _project_known(self, connection: Connection) -> None:
        for position, _ in late(connection, self.version, self.log.source):
            for recorded in self.log.read(connection, position - 1, 1):
                if recorded.is_known and no_longer_late(connection, self.version, self.log.source, position):
                    self.log.project(connection, recorded)
