"""A rebuild of each service's projections while it is written, on both databases: what is right stays, what is spoilt is mended, and whatever breaks it off leaves no trace."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection

from services.auth.service import LOG as AUTH_LOG
from services.auth.service import AuthService
from services.auth.tables import TABLES as AUTH_TABLES
from services.capacity.projection import bulk_fill
from services.notification.tables import TABLES as NOTIFICATION_TABLES
from services.payment import tables as payment_tables
from services.payment.invoices.internal_commands import ReverseAttempt
from services.payment.service import LOG as PAYMENT_LOG
from services.payment.service import PaymentService
from services.renewal.service import LOG as RENEWAL_LOG
from services.renewal.tables import TABLES as RENEWAL_TABLES
from shared.contract import base
from shared.contract.auth import events
from shared.contract.renewal import events as renewal_events
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.messaging import relay_cursor
from shared.services import WITH_MEMBERS
from shared.subscriptions import checkpoints, parking
from shared.subscriptions.replay import fill, source_reader
from tests.contract.schemas import SAMPLES
from tests.services.capacity import live
from tests.services.capacity.replay.sources import World as Capacity
from tests.services.capacity.sample_events import changed, enrolled, licence, on
from tests.services.notification.followed_sources import of_notification
from tests.services.payment import samples
from tests.services.payment.invoices import test_credits
from tests.services.renewal import test_rebuild as renewal
from tests.services.renewal.test_replay import BEGIN, ENDS, EVERY_STEP
from tests.support import rebuilds
from tests.support.rebuilds import Killed, Rebuilds, once
from tests.support.sample_log import AT, metadata
from tests.support.servers.prepared_databases import Prepare

WITHOUT_ROWS = {"closed_days", "covered_years", "credits"}
"""Tables that the stories do not reach."""

Act = Callable[[], object]


@dataclass(frozen=True)
class Program:
    """A service, how its database is made, and a story that goes on while its projections are made again."""

    tables: Sequence[Any]
    begin: Callable[[Database], tuple[Rebuilds, Act]]
    """Records what happens before, and returns what happens meanwhile."""

    def prepare(self, database: Database) -> None:
        engine = (log.TABLES, relay_cursor.TABLES, checkpoints.TABLES, parking.TABLES)
        database.create_tables(*engine, *self.tables)


def newest_sample(kind: type[base.Event]) -> base.Event:
    return kind.model_validate_json(max(SAMPLES.glob(f"{kind.__name__}.v*.json")).read_text(encoding="utf-8"))


def of_auth(database: Database) -> tuple[Rebuilds, Act]:
    versions: dict[str, int] = {}

    def record(name: str, number: str = "") -> None:
        """The newest sample of an event, about somebody."""
        event = newest_sample(getattr(events, name))
        who = "officer" if "officer" in type(event).model_fields else "member"
        if number:
            event = event.model_copy(update={who: number})
        stream = f"{who}/{number}"
        version = versions[stream] = versions.get(stream, 0) + 1
        database.write(lambda one: AUTH_LOG.append(one, stream, version - 1, [event], metadata(), AT))

    def meanwhile() -> None:
        record("MemberErased", "0000001")
        record("MemberRemoved", "0000002")
        record("MembershipChanged", "0000003")
        record("OfficerDismissed", "modir")
        record("OfficerRequestDeclined", "other")

    for number in ("0000001", "0000002", "0000003"):
        record("MemberEnrolled", number)
        record("ErasureRequested", number)
    for name in ("OfficerAppointed", "AppointmentRequested", "DismissalRequested"):
        record(name, "modir")
        record(name, "other")
    return Rebuilds(database, AuthService.projections, [], AT), meanwhile


def of_payment(database: Database) -> tuple[Rebuilds, Act]:
    records = Records(database, PAYMENT_LOG)

    def meanwhile() -> None:
        samples.record(records, ReverseAttempt(uuid4(), later, samples.FIRST, "by_bank"))
        samples.record(records, samples.settle(UUID(int=3), "200000003"), member=samples.OTHER_MEMBER)

    later = samples.AT + timedelta(hours=1)
    first, second = samples.start(), samples.start(samples.SECOND, samples.OTHER_AUTHORITY, later)
    samples.record(records, samples.issue(), first, second, samples.settle())
    samples.record(records, samples.settle(samples.SECOND, samples.OTHER_REFERENCE))
    wanted, granted = test_credits.slip(1_000, samples.YEAR)
    samples.record(records, wanted, granted)
    other = samples.OTHER_MEMBER
    samples.record(records, samples.issue(other), samples.start(UUID(int=3), "S0" + "3" * 34), member=other)
    return Rebuilds(database, PaymentService.projections, [], AT), meanwhile


def of_renewal(database: Database) -> tuple[Rebuilds, Act]:
    world = renewal.World(database)
    world.take(*BEGIN, *EVERY_STEP)
    for kind in (renewal_events.ApprovalRuleSwitched, renewal_events.PolicyAmended, renewal_events.RenewalAssigned):
        event = newest_sample(kind)
        database.write(lambda one: RENEWAL_LOG.append(one, kind.__name__, 0, [event], metadata(), AT))  # noqa: B023
    return world.rebuilds, lambda: world.take(*ENDS)


def of_capacity(database: Database) -> tuple[Rebuilds, Act]:
    world = Capacity(database)
    numbers = ("0111111", "0222222", "0333333")
    world.receive_all(*(one.model_copy(update={"member": number}) for number in numbers for one in live.HISTORY))

    def meanwhile() -> None:
        happened = (enrolled(live.JOINED, member="0000001"), changed(on("1405/03/01"), licence(), member=numbers[2]))
        world.receive_all(*happened)

    return world.rebuilds, meanwhile


PROGRAMS = {
    "auth": Program(AUTH_TABLES, of_auth),
    "capacity": Program((), of_capacity),
    "notification": Program(NOTIFICATION_TABLES, of_notification),
    "payment": Program(payment_tables.TABLES, of_payment),
    "renewal": Program(RENEWAL_TABLES, of_renewal),
}


def test_each_service_with_projections_is_rebuilt_here() -> None:
    assert PROGRAMS.keys() == set(WITH_MEMBERS)


@pytest.fixture(params=sorted(PROGRAMS))
def program(request: pytest.FixtureRequest) -> Program:
    return PROGRAMS[request.param]


PREPARE: Mapping[str, Prepare] = {**{name: one.prepare for name, one in PROGRAMS.items()}, "capacity": live.prepare}


@pytest.fixture
def prepare(request: pytest.FixtureRequest) -> Prepare:
    return PREPARE[request.node.callspec.params["program"]]


@pytest.fixture
def world(program: Program, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Rebuilds, Act]]:
    """In pages so small that each kind of page is needed several times."""
    for module, name, at_once in (
        (fill, "PROJECTED_AT_ONCE", 2),
        (fill, "READ_EVENTS_MAX", 2),
        (source_reader, "READ_EVENTS_MAX", 2),
        (bulk_fill, "DERIVED_AT_ONCE", 2),
    ):
        monkeypatch.setattr(module, name, at_once)
    database = Database(database_url)
    yield program.begin(database)
    database.close()


@pytest.fixture
def made(world: tuple[Rebuilds, Act]) -> Rebuilds:
    return world[0]


def spoil(made: Rebuilds, how: Callable[[Connection, Any], dict[str, int]] = rebuilds.spoil) -> dict[str, int]:
    return made.database.write(lambda connection: how(connection, made.declared.tables))


PAUSES: dict[tuple[Prepare, str], int] = {}
"""Of a rebuild after a program's story, by its kind of database: the same each time."""


def moments(made: Rebuilds, prepare: Prepare) -> list[int]:
    """When a rebuild lets others go first: at its beginning and its end, and some in between."""
    which = prepare, made.database.engine.dialect.name
    if which not in PAUSES:
        pauses: list[float] = []
        made.rebuild(pause=pauses.append)
        PAUSES[which] = len(pauses)
    last = PAUSES[which]
    assert last >= 4
    return [1, last // 2, last - 1, last]


def test_what_is_right_stays_and_what_is_spoilt_is_named_and_mended(made: Rebuilds) -> None:
    right = made.live()
    assert {name for name, rows in right.items() if not rows} <= WITHOUT_ROWS
    for check in (True, False):
        found = made.rebuild(check)
        assert (found.status, found.differences, found.error) == ("checked" if check else "switched", {}, "")
        assert made.live() == right
    wrong = spoil(made)
    spoilt = made.live()
    assert made.rebuild(check=True).differences == wrong
    assert made.live() == spoilt
    assert made.rebuild().status == "switched"
    assert made.live() == right


def test_one_that_is_cancelled_or_killed_at_any_moment_leaves_no_trace(made: Rebuilds, prepare: Prepare) -> None:
    def kill() -> None:
        raise Killed

    right, at_all = made.live(), moments(made, prepare)
    spoil(made)
    spoilt = made.live()
    for at in at_all:
        assert made.rebuild(pause=once(made.cancel, at)).status == "cancelled"
        with pytest.raises(Killed):
            made.rebuild(pause=once(kill, at))
        made.lose()
        assert made.live() == spoilt
    assert made.rebuild().status == "switched"
    assert made.live() == right


@pytest.mark.parametrize("part", range(4))
def test_what_happens_meanwhile_is_neither_lost_nor_doubled(
    world: tuple[Rebuilds, Act], prepare: Prepare, part: int
) -> None:
    made, meanwhile = world
    at = moments(made, prepare)[part]
    before = made.live()
    spoil(made, rebuilds.add_rows)
    happened: list[object] = []
    found = made.rebuild(pause=once(lambda: happened.append(meanwhile()), at))
    assert (found.status, found.error, len(happened)) == ("switched", "", 1)
    assert made.live() != before
    checked = made.rebuild(check=True)
    assert (checked.differences, checked.error) == ({}, "")
