"""Verification of an event log: positions without holes, consecutive versions, each event valid for its class, each id once, seals."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from pydantic import ValidationError

from shared.contract import cloud_events
from shared.contract.base import field_errors
from shared.contract.envelope import Recorded
from shared.contract.operations.answers import RecordedEvents, Seal
from shared.contract.seal import GENESIS, SealEvidence, digest_of, extended, signed_text
from shared.contract.upcasting import EVENTS
from shared.keys import Keys

PROBLEMS_NAMED_MAX = 100
"""What is wrong beyond these is only counted."""
ID_CACHE_KIB = 16_384
"""Memory that the ids may take; the rest of them is in a file without a name."""


class Problem(NamedTuple):
    """What is wrong at a position of a service's log."""

    service: str
    position: int
    code: str
    detail: str = ""


class Ids:
    """Every event's id with its service and position, on disk, because their number has no limit."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        for line in (f"PRAGMA cache_size = -{ID_CACHE_KIB}", "PRAGMA synchronous = OFF", "PRAGMA journal_mode = OFF"):
            self._file.execute(line)
        self._file.execute("CREATE TABLE ids (id BLOB PRIMARY KEY, service TEXT, position INTEGER) WITHOUT ROWID")
        self._file.execute("BEGIN")

    def close(self) -> None:
        self._file.close()

    def add(self, recorded: Recorded) -> tuple[str, int] | None:
        """Store an event's id; returns the service and position of an earlier event with the same id."""
        row = (recorded.event_id.bytes, recorded.source, recorded.position)
        try:
            self._file.execute("INSERT INTO ids VALUES (?, ?, ?)", row)
        except sqlite3.IntegrityError:
            service, position = self._file.execute("SELECT service, position FROM ids WHERE id = ?", row[:1]).fetchone()
            return str(service), int(position)
        return None


class Verification:
    """The check of one service's log up to a position; its memory grows with the streams, not with the events."""

    def __init__(self, service: str, ids: Ids, keys: Keys | None = None, evidence: Sequence[SealEvidence] = ()) -> None:
        self.service = service
        self.ids = ids
        self.keys = keys
        """The public keys, by which seals are checked."""
        self.knows_all = True
        """Whether a type that only a later version knows is a problem."""
        self.chain = GENESIS
        self.position = 0
        self.events = 0
        self.counts: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self._versions: dict[str, int] = {}
        self._evidence: dict[int, list[SealEvidence]] = {}
        """By position, until the log is read up to there."""
        for seal in evidence:
            if seal.source == service:
                self._evidence.setdefault(seal.position, []).append(seal)

    def add_page(self, page: RecordedEvents) -> None:
        """Check the next events of the log, and the seal on the last of them."""
        seals = {seal.position: seal for seal in page.seals}
        for recorded in page.events:
            self.events += 1
            self.chain = extended(self.chain, digest_of(recorded.cloud_event))
            self.check_seal(seals.pop(self.position + 1, None))
            self.check_evidence(self.position + 1)
            try:
                event = cloud_events.from_json(recorded.cloud_event)
            except ValueError as error:
                self.position += 1  # whatever it is, it is where the next event should be
                self.add_problem(self.position, "no_event", fields_of(error))
            else:
                self.check_order(event)
                self.check_content(event)

        for position in page.altered:
            self.add_problem(position, "altered")
        for position in seals:
            self.add_problem(position, "seal", "of no event")
        if self.keys and not page.seals:
            self.add_problem(self.position, "seal", "none")

    def check_seal(self, seal: Seal | None) -> None:
        """The seal of the event after the last position checked."""
        if seal is None or self.keys is None:
            return
        sealed = signed_text(self.service, seal.position, self.chain)
        if seal.chain != self.chain or not self.keys.is_signed_by(self.service, sealed, seal.signature):
            self.add_problem(seal.position, "seal")

    def check_evidence(self, position: int) -> None:
        """What was kept elsewhere of the seal at this position, as the service once signed it."""
        for seal in self._evidence.pop(position, ()):
            sealed = signed_text(self.service, position, seal.chain)
            if self.keys and not self.keys.is_signed_by(self.service, sealed, seal.signature):
                self.add_problem(position, "evidence", "not signed by the service")
            elif seal.chain != self.chain:
                self.add_problem(position, "evidence", f"of {seal.day}")

    def check_nothing_follows(self, page: RecordedEvents) -> None:
        """After the last event there is no seal of one that is gone."""
        if page.seal and not page.events:
            self.add_problem(self.position + 1, "seal", "of no event")

    def check_order(self, recorded: Recorded) -> None:
        """The event's position, version and id."""
        if recorded.position != self.position + 1:
            self.add_problem(recorded.position, "hole", f"after {self.position}")
        self.position = max(self.position, recorded.position)
        last = self._versions.get(recorded.stream, 0)
        if recorded.version != last + 1:
            self.add_problem(recorded.position, "version", f"{recorded.stream}: {recorded.version}, not {last + 1}")
        self._versions[recorded.stream] = max(last, recorded.version)
        if earlier := self.ids.add(recorded):
            self.add_problem(recorded.position, "id_twice", f"{recorded.event_id}: {earlier[0]} {earlier[1]}")

    def check_content(self, recorded: Recorded) -> None:
        """The event itself, as its class parses it."""
        kind = EVENTS.get(recorded.type)
        if recorded.source != self.service or (kind and kind.source != self.service):
            self.add_problem(recorded.position, "of_another", f"{recorded.source}: {recorded.type}")
        if kind is None or not recorded.is_known:
            if self.knows_all:
                self.add_problem(recorded.position, "unknown_type", recorded.type)
            return
        try:
            event = recorded.event
        except ValueError as error:
            self.add_problem(recorded.position, "unreadable", f"{recorded.type}: {fields_of(error)}")
            return
        if not isinstance(event, kind):
            self.add_problem(recorded.position, "unreadable", f"{recorded.type}: {type(event).__name__}")

    def end(self, head: int) -> None:
        """Check that the log's last position, `head`, was reached."""
        if self.position < head:
            self.add_problem(head, "hole", f"after {self.position}")
        for position, seals in sorted(self._evidence.items()):
            self.add_problem(position, "evidence", f"of {seals[0].day}, after the log's end")

    def add_problem(self, position: int, code: str, detail: str = "") -> None:
        self.counts[code] += 1
        if len(self.problems) < PROBLEMS_NAMED_MAX:
            self.problems.append(Problem(self.service, position, code, detail))


def fields_of(error: ValueError) -> str:
    """Which fields are wrong and how, without their values."""
    with suppress(AttributeError):
        if isinstance(error, ValidationError):
            return ", ".join(f"{field}: {code}" for field, code in field_errors(error).items())
    return type(error).__name__
