"""What a later version has recorded in a program's own log is found: at the start without reading the log, and where it is met."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from shared.contract.base import Event
from shared.contract.bounds import POSITION_MAX
from shared.contract.operations.queries import ReadEvents
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.event_store import recorded_types
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.decider import Decider
from shared.event_store.log import EventLog
from tests.support import later_version, sample_log
from tests.support.later_version import RenewalReopened, RenewalSeen, RenewalWithdrawn
from tests.support.sample_log import AT, append, database, fact, history, metadata, see
from tests.support.servers.prepared_databases import Prepare

REOPENED, WITHDRAWN_AGAIN = RenewalReopened(member="001"), RenewalWithdrawn(member="001")
UNKNOWN = {"RenewalReopened (version 1)"}


@dataclass(frozen=True)
class Withdraw:
    """Made-up."""

    id: UUID = field(default_factory=uuid4)
    at: datetime = AT


ALWAYS: Decider[Withdraw, int] = Decider(lambda _command, _state: [fact("001")], lambda state, _event: state + 1, 0)


def new_log() -> EventLog:
    """As a program has it that has just started."""
    return EventLog("renewal", see)


def record(to: Database, version: int, *events: Event, member: str = "001") -> None:
    to.write(lambda writing: new_log().append(writing, f"renewal/{member}", version, events, metadata(), AT))


def registered_by(made: Database) -> EventLog:
    log = new_log()
    recorded_types.register(made, log)
    return log


@pytest.fixture
def prepare() -> Prepare:
    return sample_log.create_tables


@pytest.mark.parametrize("later", [REOPENED, WITHDRAWN_AGAIN], ids=["a type", "a version of its data"])
def test_a_stream_with_an_event_of_a_later_version_is_not_decided(database_url: str, later: Event) -> None:
    made = database(database_url)
    log = new_log()
    append(made, "001", 0, count=2)
    record(made, 2, later)
    with pytest.raises(Refused) as refused:
        Records(made, log).handle("renewal/001", Withdraw(), ALWAYS)
    assert refused.value.reason is Reason.NEWER_VERSION_NEEDED
    assert len(history(made)) == 3
    assert len(log.unknown_types) == 1


def test_other_streams_are_decided_as_always(database_url: str) -> None:
    made = database(database_url)
    record(made, 0, REOPENED)
    assert Records(made, new_log()).handle("renewal/002", Withdraw(), ALWAYS).is_new


def test_the_version_that_knows_it_decides(database_url: str) -> None:
    made = database(database_url)
    record(made, 0, REOPENED, WITHDRAWN_AGAIN)
    with later_version.running():
        assert Records(made, new_log()).handle("renewal/001", Withdraw(), ALWAYS).state == 3


def test_it_is_logged_once_and_without_a_member(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    made, log = database(database_url), new_log()
    record(made, 0, REOPENED, REOPENED)
    for _ in range(3):
        with made.read() as connection, pytest.raises(Refused):
            log.stream(connection, "renewal/001")
    (line,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert line.getMessage() == (
        "renewal: its log holds RenewalReopened (version 1), which this version of the program does not know"
    )


def test_the_log_serves_it_to_others_as_it_is(database_url: str) -> None:
    made, log = database(database_url), new_log()
    record(made, 0, REOPENED)
    with made.read() as connection:
        (read,) = log.read(connection, 0, 10)
    assert (read.type, read.data, log.unknown_types) == ("RenewalReopened", '{"member":"001"}', UNKNOWN)
    program = Passport(principal_kind=PrincipalKind.PROGRAM, subject="capacity")
    assert Records(made, log).read_events(ReadEvents(after=0, limit=1), program).head == 1


@pytest.mark.parametrize("verifying", [False, True])
def test_after_the_last_position_that_there_can_be_a_page_is_empty(database_url: str, verifying: bool) -> None:
    made, log = database(database_url), new_log()
    program = Passport(principal_kind=PrincipalKind.PROGRAM, subject="capacity")
    query = ReadEvents(after=POSITION_MAX, limit=1, verifying=verifying)
    assert Records(made, log).read_events(query, program).events == ()


def test_an_older_version_finds_at_its_start_what_a_later_one_has_recorded(database_url: str) -> None:
    made = database(database_url)
    append(made, "001", 0)
    assert registered_by(made).unknown_types == set()
    with later_version.running():
        registered_by(made)
        assert registered_by(made).unknown_types == set()
    append(made, "002", 0)
    assert registered_by(made).unknown_types == set(), "a later version has started, and recorded nothing of its own"
    record(made, 1, REOPENED)
    assert registered_by(made).unknown_types == UNKNOWN
    record(made, 2, WITHDRAWN_AGAIN)
    assert registered_by(made).unknown_types == UNKNOWN | {"RenewalWithdrawn (version 2)"}


def test_only_what_came_after_a_later_version_is_looked_at(database_url: str) -> None:
    made = database(database_url)
    registered_by(made)
    append(made, "001", 0, count=7)
    with later_version.running():
        registered_by(made)
    later = [("RenewalReopened", 1, 7), ("RenewalSeen", 1, 7), ("RenewalWithdrawn", 2, 7)]
    assert [row for row in rows(made) if row[2]] == later


def reopening(*more: Event) -> Decider[Withdraw, int]:
    return Decider(lambda _command, _state: [*more], lambda state, _event: state + 1, 0)


def test_while_the_version_before_may_start_again_nothing_is_recorded_that_it_does_not_know(database_url: str) -> None:
    made = database(database_url)
    registered_by(made)
    with later_version.running():
        log = new_log()
        recorded_types.register(made, log, rollback_possible=True)
        records = Records(made, log)
        assert records.handle("renewal/001", Withdraw(), ALWAYS).is_new, "what both know is recorded as always"
        with pytest.raises(Refused) as refused:
            records.handle("renewal/001", Withdraw(), reopening(fact("001"), REOPENED))
        assert refused.value.reason is Reason.UPGRADE_UNFINISHED
        assert len(history(made)) == 1
        seen = RenewalSeen(member="001")
        assert not records.handle("renewal/001", Withdraw(), reopening(seen)).recorded, "what is optional is left out"
        assert len(records.handle("renewal/001", Withdraw(), reopening(seen, fact("001"))).recorded) == 1
    assert registered_by(made).unknown_types == set(), "the version before goes on"


def test_once_it_may_not_everything_is_recorded(database_url: str) -> None:
    made = database(database_url)
    registered_by(made)
    with later_version.running():
        recorded_types.register(made, new_log(), rollback_possible=True)
        assert Records(made, registered_by(made)).handle("renewal/001", Withdraw(), reopening(REOPENED)).is_new


def test_a_new_log_has_no_version_before(database_url: str) -> None:
    made, log = database(database_url), new_log()
    recorded_types.register(made, log, rollback_possible=True)
    assert Records(made, log).handle("renewal/001", Withdraw(), ALWAYS).is_new


def test_a_program_registers_only_the_types_of_its_own_log(database_url: str) -> None:
    made = database(database_url)
    registered_by(made)
    names = {name for name, _, _ in rows(made)}
    assert {"RenewalRequested", "CalendarDaySet"} <= names
    assert not {"InvoiceIssued", "MemberEnrolled"} & names


def rows(of: Database) -> Sequence[tuple[str, int, int]]:
    with of.read() as connection:
        return [
            tuple(row) for row in connection.execute(select(recorded_types.TYPES).order_by("type", "schema_version"))
        ]
