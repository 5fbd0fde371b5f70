from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from services.capacity import service as capacity_service
from services.capacity import startup, subscriptions
from services.capacity.service import CapacityService
from shared.contract import base
from shared.contract.base import Message
from shared.contract.capacity import answers, queries
from shared.contract.envelope import Recorded
from shared.contract.operations import commands
from shared.contract.operations.queries import GetRebuild, ListReads
from shared.contract.passport import NOBODY, Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import JobKind, LicenceField, Role
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.subscriptions import checkpoints
from shared.subscriptions.checkpoints import Checkpoint
from shared.text import persian
from tests.services.capacity.replay.sources import Log
from tests.services.capacity.sample_events import (
    MEMBER,
    UNEMPLOYED,
    Logs,
    approved,
    changed,
    confirmed,
    employed,
    enrolled,
    job,
    licence,
    on,
)

A = TypeVar("A", bound=base.Answer)

THE_MEMBER = Passport(principal_kind=PrincipalKind.MEMBER, subject=MEMBER)
ANOTHER = Passport(principal_kind=PrincipalKind.MEMBER, subject="0777777")
MANAGER = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="maryam",
    roles=frozenset({Role.MANAGER}),
    provinces=frozenset({"isfahan"}),
)
FAR_MANAGER = MANAGER.model_copy(update={"provinces": frozenset({"fars"})})
ADMIN = Passport(principal_kind=PrincipalKind.OFFICER, subject="root", roles=frozenset({Role.ADMIN}))
GET = queries.GetCapacity(member=MEMBER, year=1405)
EXPLAIN = queries.ExplainCapacity(member=MEMBER, year=1405)
COUNT = queries.CountJobUnits(
    member=MEMBER,
    year=1405,
    on=persian.parse_date("1405/02/01"),
    employment=employed(ends="1405/06/31"),
    jobs=(job(starts="1405/07/01"), job(degree=2)),
)

TRY = queries.WhatIf(
    member=MEMBER, kind=JobKind.MINE_TECHNICAL_MANAGER, degree=4, starts_on=persian.parse_date("1405/07/01")
)


class AtOnce:
    """Runs a job where it is asked for."""

    def run(self, work: Callable[[], None], name: str) -> None:  # noqa: ARG002 - the port's signature
        work()

    def is_stopping(self) -> bool:
        return False


class Later(AtOnce):
    """Keeps jobs for the test to run."""

    def __init__(self) -> None:
        self.work: list[Callable[[], None]] = []

    def run(self, work: Callable[[], None], name: str) -> None:  # noqa: ARG002 - the port's signature
        self.work.append(work)


@pytest.fixture
def service(database_url: str) -> Iterator[CapacityService]:
    database = Database(database_url)
    made = CapacityService()
    made.records = Records(database, None)
    made.rebuilds = AtOnce()
    for source in ("auth", "renewal", "payment"):
        setattr(made, f"follows_{source}", Log(source))
    yield made
    database.close()


def receive_history(service: CapacityService) -> None:
    history = Logs().record_all(
        enrolled(on("1404/01/01")), approved(on("1405/02/01"), job()), confirmed(on("1405/02/03"))
    )
    service.records.write(lambda connection: subscriptions.on_events(connection, history))
    for one in history:
        getattr(service, f"follows_{one.source}").events.append(one)
    service.records.write(lambda connection: say_followed(connection, history))


def say_followed(connection: Connection, history: Sequence[Recorded]) -> None:
    for one in history:
        assert checkpoints.move(connection, one.source, 0, Checkpoint(one.position))


def call(service: CapacityService, caller: Passport, query: Message[A]) -> A:
    """Ask as RPC does: by the method's name, with JSON in and out."""
    service.caller = caller
    kind = query.answer()
    return kind.model_validate(getattr(service, query.method)(query.model_dump(mode="json")))


def refusal(service: CapacityService, caller: Passport, query: Message[Any]) -> Reason:
    with pytest.raises(Refused) as refused:
        call(service, caller, query)
    return refused.value.reason


def rebuild(check: bool = False) -> commands.RebuildProjections:
    return commands.RebuildProjections(id=uuid4(), deadline=datetime.now(UTC) + timedelta(seconds=10), check=check)


def cancel() -> commands.CancelRebuild:
    return commands.CancelRebuild(id=uuid4(), deadline=datetime.now(UTC) + timedelta(seconds=10))


def test_the_service_checks_every_policy_before_it_serves() -> None:
    assert CapacityService.records.on_start is startup.record_policies  # type: ignore[attr-defined]


@pytest.mark.parametrize("caller", [THE_MEMBER, MANAGER])
@pytest.mark.parametrize("query", [GET, EXPLAIN, COUNT, TRY])
def test_the_member_and_the_officers_of_the_province_may_ask(
    service: CapacityService, caller: Passport, query: Message[Any]
) -> None:
    receive_history(service)
    assert isinstance(call(service, caller, query), query.answer())


def test_the_member_sees_which_officer_has_read_the_capacity(service: CapacityService) -> None:
    receive_history(service)
    for caller in (THE_MEMBER, MANAGER):
        call(service, caller, EXPLAIN)
        call(service, caller, TRY)
    reads = call(service, THE_MEMBER, ListReads(member=MEMBER)).reads
    assert [(one.officer, one.message, one.year) for one in reads] == [
        ("maryam", "ExplainCapacity", 1405),
        ("maryam", "WhatIf", None),
    ]
    auditor = FAR_MANAGER.model_copy(update={"roles": frozenset({Role.AUDITOR})})
    assert refusal(service, auditor, ListReads(member=MEMBER)) is Reason.NOT_ALLOWED


@pytest.mark.parametrize(
    ("caller", "reason"),
    [
        (ANOTHER, Reason.NOT_ALLOWED),
        (FAR_MANAGER, Reason.NOT_ALLOWED),
        (ADMIN, Reason.NOT_ALLOWED),
        (NOBODY, Reason.NOT_SIGNED_IN),
    ],
)
@pytest.mark.parametrize("query", [GET, EXPLAIN, COUNT, TRY])
def test_nobody_else_may_ask(service: CapacityService, caller: Passport, reason: Reason, query: Message[Any]) -> None:
    receive_history(service)
    assert refusal(service, caller, query) is reason


def test_a_member_without_anything_has_no_capacity_yet_and_officers_learn_nothing(service: CapacityService) -> None:
    found = call(service, THE_MEMBER, GET)
    assert (found.status, found.remaining_units) == ("none", 0)
    assert refusal(service, MANAGER, GET) is Reason.NOT_ALLOWED


def test_the_capacity_is_explained_now_and_as_of_an_instant(service: CapacityService) -> None:
    receive_history(service)
    then = call(service, THE_MEMBER, EXPLAIN.model_copy(update={"as_of": on("1405/02/03")}))
    assert [(line.kind, line.units) for line in then.lines] == [("grant", 72000), ("use", -30000)]
    before = call(service, THE_MEMBER, EXPLAIN.model_copy(update={"as_of": on("1405/02/02")}))
    assert (before.capacity.status, before.lines) == ("none", ())


def test_the_units_of_jobs_are_counted_with_what_does_not_fit(service: CapacityService) -> None:
    receive_history(service)
    found = call(service, THE_MEMBER, COUNT)
    assert found == answers.JobUnits(
        units=(15000, 72000),
        employment_units=24000,
        ceiling_units=72000,
        ceiling_rule="1405 ceilings.grade_2.extraction",
        fields=(
            answers.FieldCapacity(
                field=LicenceField.EXTRACTION, ceiling_units=72000, used_units=87000, remaining_units=0
            ),
        ),
        problems={
            "jobs.1.degree": "degree_not_allowed",
            "jobs": "over_ceiling",
            "fields.extraction": "over_field_ceiling",
        },
    )


def test_units_are_counted_by_the_registers_newest_word_and_not_for_strangers_to_it(service: CapacityService) -> None:
    assert refusal(service, THE_MEMBER, COUNT) is Reason.UNKNOWN_MEMBER
    history = Logs().record_all(enrolled(on("1404/01/01")), changed(on("1405/01/02"), licence(expires="1405/01/15")))
    service.records.write(lambda connection: subscriptions.on_events(connection, history))
    found = call(service, THE_MEMBER, COUNT.model_copy(update={"employment": UNEMPLOYED, "jobs": ()}))
    assert (found.ceiling_units, found.problems) == (0, {"licence": "licence_expired"})


@pytest.mark.parametrize("query", [GET, EXPLAIN, COUNT])
def test_a_year_without_a_policy_is_refused(service: CapacityService, query: Message[Any]) -> None:
    receive_history(service)
    assert refusal(service, THE_MEMBER, query.model_copy(update={"year": 1406})) is Reason.NO_POLICY


def test_only_an_admin_rebuilds(service: CapacityService) -> None:
    receive_history(service)
    assert refusal(service, MANAGER, rebuild()) is Reason.NOT_ALLOWED
    assert refusal(service, THE_MEMBER, rebuild(check=True)) is Reason.NOT_ALLOWED
    assert call(service, ADMIN, rebuild()).status == "switched"


@pytest.mark.parametrize("caller", [MANAGER, THE_MEMBER, NOBODY])
def test_only_an_admin_learns_of_a_rebuild_or_cancels_it(service: CapacityService, caller: Passport) -> None:
    assert refusal(service, caller, GetRebuild()) in (Reason.NOT_ALLOWED, Reason.NOT_SIGNED_IN)
    assert refusal(service, caller, cancel()) in (Reason.NOT_ALLOWED, Reason.NOT_SIGNED_IN)


def test_a_rebuild_tells_how_far_it_is_and_how_it_ended(service: CapacityService) -> None:
    assert call(service, ADMIN, GetRebuild()).status == "none"
    receive_history(service)
    command = rebuild(check=True)
    assert call(service, ADMIN, command).rebuild == command.id
    found = call(service, ADMIN, GetRebuild())
    assert (found.status, found.check, found.started_by) == ("checked", True, "officer:root")
    assert found.events == 3


def test_a_rebuild_runs_beside_the_calls_and_can_be_cancelled(service: CapacityService) -> None:
    service.rebuilds = later = Later()
    first = rebuild()
    assert call(service, ADMIN, first).status == "running"
    assert refusal(service, ADMIN, rebuild()) is Reason.REBUILD_RUNNING
    assert call(service, ADMIN, first).rebuild == first.id
    assert len(later.work) == 1
    assert call(service, ADMIN, cancel()).status == "running"
    later.work[0]()
    assert call(service, ADMIN, GetRebuild()).status == "cancelled"
    assert call(service, ADMIN, cancel()).status == "cancelled"


def test_what_if_is_held_against_the_declared_jobs_of_the_year(
    service: CapacityService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        capacity_service, "datetime", SimpleNamespace(now=lambda zone: datetime(2026, 11, 29, tzinfo=zone))
    )
    assert refusal(service, THE_MEMBER, TRY) is Reason.UNKNOWN_MEMBER
    receive_history(service)
    found = call(service, THE_MEMBER, TRY)
    assert (found.fits, found.left_units, found.units, found.remaining_units) == (True, 42000, 15000, 27000)
    last_year = TRY.model_copy(update={"starts_on": persian.parse_date("1404/07/01")})
    assert set(call(service, THE_MEMBER, last_year).problems) == {"year_over"}
    unknown = TRY.model_copy(update={"starts_on": persian.parse_date("1406/07/01")})
    assert refusal(service, THE_MEMBER, unknown) is Reason.NO_POLICY


@pytest.mark.parametrize("kind", [queries.ListOverUse, queries.GetCapacityOverview])
def test_only_managers_of_a_province_see_what_its_members_use(service: CapacityService, kind: Any) -> None:
    receive_history(service)
    assert isinstance(call(service, MANAGER, kind(province="isfahan", year=1405)), kind.answer())
    for caller, province in ((MANAGER, "fars"), (FAR_MANAGER, "isfahan"), (ADMIN, "isfahan"), (THE_MEMBER, "isfahan")):
        assert refusal(service, caller, kind(province=province, year=1405)) is Reason.NOT_ALLOWED
    assert refusal(service, NOBODY, kind(province="isfahan", year=1405)) is Reason.NOT_SIGNED_IN
    assert refusal(service, MANAGER, kind(province="isfahan", year=1406)) is Reason.NO_POLICY


def test_only_the_gateway_asks_for_a_band(service: CapacityService) -> None:
    receive_history(service)
    query = queries.GetCapacityBand(member=MEMBER, year=1405)
    gateway = Passport(principal_kind=PrincipalKind.PROGRAM, subject="gateway")
    assert call(service, gateway, query).left in ("under_three_quarters", "nothing")
    for caller in (THE_MEMBER, MANAGER, ADMIN, NOBODY, gateway.model_copy(update={"subject": "bank"})):
        assert refusal(service, caller, query) in (Reason.NOT_ALLOWED, Reason.NOT_SIGNED_IN)
