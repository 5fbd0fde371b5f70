"""Versions of projections and their rebuild, each with one safeguard turned off."""

from collections.abc import Mapping

import pytest
from sqlalchemy import Connection, Table, update

from shared.event_store import projection_versions
from shared.event_store.log import HEAD
from shared.event_store.projection_versions import Covered, OwnLog
from shared.subscriptions.projection_versions import FollowedLog
from shared.subscriptions.replay import comparison, coverage, runner, temporary_tables
from shared.subscriptions.replay.coverage import Coverage
from shared.subscriptions.replay.fill import Fill
from shared.subscriptions.replay.jobs import Job
from tests.simulation.mutant import Mutants

MUTANTS = Mutants()


@MUTANTS.without("a version appends without catching up", hint=27)
def appended_without_catching_up(patch: pytest.MonkeyPatch) -> None:
    def take_over(own: OwnLog, connection: Connection) -> None:
        head, writer = connection.execute(projection_versions.LOCKED_WRITER).one()
        if writer != own.version:
            projection_versions.cover(connection, own.version, own.log.source, Covered(head))
            projection_versions.cover_other(connection, writer, own.log.source, Covered(head))
            connection.execute(update(HEAD).values(projections_version=own.version))

    patch.setattr(OwnLog, "take_over", take_over)


@MUTANTS.without("a version follows without catching up", hint=27)
def followed_without_catching_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(FollowedLog, "require_written_last", lambda *_: None)


@MUTANTS.without("reactions run again when a version catches up", hint=2)
def reacted_again(patch: pytest.MonkeyPatch) -> None:
    project_page = OwnLog._project_page

    def project_and_react(own: OwnLog, connection: Connection, after: int) -> int:
        end = project_page(own, connection, after)
        for recorded in own.log.read(connection, after, end - after):
            own.log.react(connection, recorded)
        return end

    patch.setattr(OwnLog, "_project_page", project_and_react)


@MUTANTS.without("up to where the other version goes is not recorded", hint=2)
def other_not_covered(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(projection_versions, "cover_other", lambda *_: None)


@MUTANTS.without("what a version has passed is projected without its note being deleted", hint=327, is_rare=True)
def late_stays(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(projection_versions, "no_longer_late", lambda *_: True)


@MUTANTS.without("the other version is not told of what was parked", hint=342, is_rare=True)
def late_not_noted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(projection_versions, "note_late", lambda *_: None)


@MUTANTS.without("a rebuild switches without a lock", hint=7)
def switched_without_lock(patch: pytest.MonkeyPatch) -> None:
    def has_switched(job: Job, connection: Connection, filled: Fill, live_of: Mapping[Table, Table]) -> bool:
        with connection.begin():
            live = coverage.of_live_rows(connection, filled.projections, filled.version)
            if not filled.can_finish(live):
                return False
            filled.finish(connection, live)
        filled.pacing.pause(0)  # which the lock would prevent
        with temporary_tables.switching(job.database, connection):
            comparison.replace(connection, live_of)
            job.go_on(connection, status="switched", ended_at=job.now())
        return True

    patch.setattr(runner, "has_switched", has_switched)


@MUTANTS.without("a rebuild forgets what was written during its run", hint=7)
def written_meanwhile_forgotten(patch: pytest.MonkeyPatch) -> None:
    def finish(filled: Fill, _connection: Connection, live: Coverage) -> None:
        filled.left_out = live.left_out

    patch.setattr(Fill, "finish", finish)
