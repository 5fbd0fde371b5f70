"""Verification of an event log: positions without holes, consecutive versions, each event valid for its class, each id once."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import NamedTuple

from pydantic import ValidationError

from shared.contract import cloud_events
from shared.contract.base import field_errors
from shared.contract.catalogue import EVENTS
from shared.contract.envelope import Recorded
from shared.contract.operations.answers import RecordedEvent

PROBLEMS_NAMED_MAX = 100
"""What is wrong beyond these is only counted."""
ID_CACHE_KIB = 16_384
"""Memory that the ids may take; the rest of them lies in a file without a name."""


class Problem(NamedTuple):
    """What is wrong at a position of a service's log."""

    service: str
    position: int
    code: str
    detail: str = ""


class Ids(AbstractContextManager["Ids"]):
    """Every event's id with its place, on disk, because their number has no limit."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        for line in (f"PRAGMA cache_size = -{ID_CACHE_KIB}", "PRAGMA synchronous = OFF", "PRAGMA journal_mode = OFF"):
            self._file.execute(line)
        self._file.execute("CREATE TABLE ids (id BLOB PRIMARY KEY, service TEXT, position INTEGER) WITHOUT ROWID")
        self._file.execute("BEGIN")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, one: Recorded) -> tuple[str, int] | None:
        """Note an event's id; the place where it was met before, if it was."""
        row = (one.event_id.bytes, one.source, one.position)
        try:
            self._file.execute("INSERT INTO ids VALUES (?, ?, ?)", row)
        except sqlite3.IntegrityError:
            service, position = self._file.execute("SELECT service, position FROM ids WHERE id = ?", row[:1]).fetchone()
            return str(service), int(position)
        return None


class Verification:
    """What was found in one service's log up to a position; its memory grows with the streams, not with the events."""

    def __init__(self, service: str, ids: Ids) -> None:
        self.service = service
        self.ids = ids
        self.position = 0
        self.events = 0
        self.counts: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self._versions: dict[str, int] = {}

    def take(self, page: Sequence[RecordedEvent]) -> None:
        """Look at the next events of the log."""
        for recorded in page:
            self.events += 1
            try:
                one = cloud_events.from_json(recorded.cloud_event)
            except ValueError as error:
                self.position += 1  # whatever it is, it stands where the next event should
                self.tell(self.position, "no_event", in_short(error))
            else:
                self.look_at(one)

    def look_at(self, one: Recorded) -> None:
        if one.position != self.position + 1:
            self.tell(one.position, "hole", f"after {self.position}")
        self.position = max(self.position, one.position)
        last = self._versions.get(one.stream, 0)
        if one.version != last + 1:
            self.tell(one.position, "version", f"{one.stream}: {one.version}, not {last + 1}")
        self._versions[one.stream] = max(last, one.version)
        if earlier := self.ids.add(one):
            self.tell(one.position, "id_twice", f"{one.event_id}: {earlier[0]} {earlier[1]}")
        self.look_inside(one)

    def look_inside(self, one: Recorded) -> None:
        """The event itself, as its class reads it."""
        kind = EVENTS.get(one.type)
        if one.source != self.service or (kind and kind.source != self.service):
            self.tell(one.position, "of_another", f"{one.source}: {one.type}")
        if kind is None:
            self.tell(one.position, "unknown_type", one.type)
            return
        try:
            found = one.event
        except ValueError as error:
            self.tell(one.position, "unreadable", f"{one.type}: {in_short(error)}")
            return
        if not isinstance(found, kind):
            self.tell(one.position, "unreadable", f"{one.type}: {type(found).__name__}")

    def end(self, head: int) -> None:
        """The log said that its last position is this."""
        if self.position < head:
            self.tell(head, "hole", f"after {self.position}")

    def tell(self, position: int, code: str, detail: str) -> None:
        self.counts[code] += 1
        if len(self.problems) < PROBLEMS_NAMED_MAX:
            self.problems.append(Problem(self.service, position, code, detail))


def in_short(error: ValueError) -> str:
    """Which fields are wrong and how, without their values."""
    with suppress(AttributeError):
        if isinstance(error, ValidationError):
            return ", ".join(f"{place}: {code}" for place, code in field_errors(error).items())
    return type(error).__name__
