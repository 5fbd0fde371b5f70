"""Verification of a backup's databases: SQLite's own check, every log with its seals, and that no follower is ahead of its source."""

import sqlite3
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, inspect, select

from clients.admin.commands.operations.log_verification import Ids, Problem, Verification
from deploy.backup import snapshots
from deploy.backup.archive import Manifest
from shared.contract import cloud_events
from shared.contract.operations import answers
from shared.contract.seal import GENESIS, digest_of, extended
from shared.event_store import seals
from shared.event_store.database import Database
from shared.event_store.log import HEAD, EventLog
from shared.keys import Keys
from shared.messaging.topology import sources_of
from shared.services import SOURCES
from shared.subscriptions.checkpoints import CHECKPOINTS

PAGE_EVENTS = 500


@dataclass
class LogState:
    """What was verified of a program's log."""

    service: str
    events: int = 0
    unsealed: int = 0
    """Events at the end that the program had recorded and not sealed yet."""


@dataclass
class Report:
    """What was verified, and what is wrong."""

    logs: tuple[LogState, ...]
    problems: tuple[Problem, ...]


def verify(folder: Path, manifest: Manifest) -> Report:
    """Verify the databases in a folder with the public keys there."""
    programs = snapshots.programs_of(folder, folder / "keys")
    damaged = [problem for program in programs for problem in integrity(folder, program)]
    if damaged:
        return Report((), tuple(damaged))
    with ExitStack() as stack:
        ids = stack.enter_context(closing(Ids()))
        connections = {}
        for program in programs:
            database = Database(f"sqlite:///{folder.absolute()}/{program}.db")
            stack.callback(database.close)
            connections[program] = stack.enter_context(database.read())
        logs = [
            verify_log(connections[name], name, folder, manifest, ids)
            for name in SOURCES
            if name in programs and (name in manifest.heads or inspect(connections[name]).has_table(HEAD.name))
        ]
        problems = [problem for _, found in logs for problem in found]
        problems += [problem for follower in connections for problem in checkpoints_off(follower, connections)]
    return Report(tuple(state for state, _ in logs), tuple(problems))


def integrity(folder: Path, program: str) -> list[Problem]:
    """What SQLite finds wrong with a file, which nobody else has open."""
    url = f"file:{quote(str((folder / f'{program}.db').absolute()))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(url, uri=True)) as connection:
        try:
            found = [str(text) for (text,) in connection.execute("PRAGMA integrity_check")]
        except sqlite3.DatabaseError as error:
            found = [str(error)]
    return [Problem(program, 0, "damaged_database", text) for text in found if text != "ok"]


def verify_log(
    connection: Connection, source: str, folder: Path, manifest: Manifest, ids: Ids
) -> tuple[LogState, list[Problem]]:
    """Verify a program's log as `tamdid log verify` does, also behind its last seal."""
    verification = Verification(source, ids, Keys("admin", folder / "keys"))
    verification.knows_all = False  # a later version may have recorded them before it was rolled back
    log = log_of(source)
    state = LogState(source)
    head = log.head(connection)
    while (after := verification.position) < head:
        page = page_after(connection, log, after, head)
        if not page.seals:
            verification.keys = None  # recorded at the last moment, and not sealed yet
            state.unsealed += len(page.events)
        verification.add_page(page)
        if verification.position == after:
            break
    verification.end(head)
    last = seals.last_seal(connection)
    if last is not None and last.position > head:
        verification.add_problem(last.position, "seal", "of no event")
    if head != manifest.heads.get(source):
        verification.add_problem(head, "hole", f"the manifest names {manifest.heads.get(source)}")
    state.events = verification.events
    return state, verification.problems


def page_after(connection: Connection, log: EventLog, after: int, head: int) -> answers.RecordedEvents:
    """The next events up to a seal, or those that no seal follows."""
    events, seal = seals.sealed_page(connection, log, after, PAGE_EVENTS)
    if not events:
        events = log.read(connection, after, PAGE_EVENTS)
    of_page = seals.seals_between(connection, after, seal.position) if seal else []
    return answers.RecordedEvents(
        events=tuple(answers.RecordedEvent(cloud_event=cloud_events.to_json(event)) for event in events),
        altered=tuple(log.altered(connection, after, len(events))),
        seals=tuple(answers.Seal(**one._asdict()) for one in of_page),
        head=head,
    )


def checkpoints_off(follower: str, connections: Mapping[str, Connection]) -> list[Problem]:
    """Where a follower has applied what its source does not have."""
    query = select(CHECKPOINTS.c.source, CHECKPOINTS.c.position, CHECKPOINTS.c.chain)
    problems = []
    for source, position, chain in connections[follower].execute(query):
        if source in sources_of(follower) and chain_at(connections[source], source, position) != chain:
            problems.append(Problem(follower, position, "checkpoint_of_another_log", source))
    return problems


def chain_at(connection: Connection, source: str, position: int) -> str | None:
    """A log's hash chain at a position; None where it does not reach so far."""
    log = log_of(source)
    if position == 0:
        return GENESIS
    if position > log.head(connection):
        return None
    before = seals.LAST_UP_TO.first(connection, {"after": 0, "up_to": position})
    start, chain = (before.position, before.chain) if before else (0, GENESIS)
    events = log.read(connection, start, position - start) if position > start else []
    for event in events:
        chain = extended(chain, digest_of(cloud_events.to_json(event)))
    return chain if start + len(events) == position else None


def log_of(source: str) -> EventLog:
    """A log to read from."""
    return EventLog(source, lambda _connection, _recorded: None)
