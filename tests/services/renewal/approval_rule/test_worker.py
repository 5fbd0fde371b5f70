"""The approval rule at work: what it approves, what it leaves for people, when it stops, and that nothing is approved twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from sqlalchemy import insert, select, update

from services.renewal.approval_rule import worker
from services.renewal.approval_rule.domain import ACTOR, is_left_for_people, salt_of
from services.renewal.casework import assignments
from services.renewal.declarations import limits
from services.renewal.renewals import handler
from services.renewal.service import LOG, RenewalService
from services.renewal.tables import APPROVAL_RULES, CALENDAR, MEMBERS, RENEWALS, STATE
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, events, queries
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.subscriptions.timers import TIMERS
from tests.services.renewal import samples as s
from tests.services.renewal.renewals.test_mine_claims import ISFAHAN, YAZD, call

FORM = s.FORM.model_copy(update={"jobs": ()})
LAST_YEAR = datetime(2025, 4, 15, 9, 30, tzinfo=UTC)
DUE = s.AT + timedelta(minutes=15)
"""13:15 in Tehran, on a Wednesday on which the office closes at 14:00."""
EVENING = s.AT + timedelta(hours=2)
NEXT_OPENING = datetime(2026, 4, 18, 4, 30, tzinfo=UTC)
"""Saturday 08:00 in Tehran."""


def send(service: RenewalService, kind: type[Any], at: datetime, **content: Any) -> None:
    year = 1404 if at.year == 2025 else 1405
    about = {"id": uuid4(), "deadline": at, "at": at, "member": s.NUMBER, "year": year, **content}
    handler.handle(service.records, service.office_rule, kind.model_validate(about))


def switch(service: RenewalService, *, is_on: bool, caller: Passport = ISFAHAN) -> Any:
    deadline = datetime(2099, 1, 1, tzinfo=UTC)
    command = commands.SwitchApprovalRule(id=uuid4(), deadline=deadline, province="isfahan", is_on=is_on)
    return call(service, caller, command)


def enrol(service: RenewalService, **changes: Any) -> None:
    row = {"member": s.NUMBER, "province": "isfahan", "licence": s.LICENCE.model_dump_json(), "paid_through": 1404}
    service.records.write(lambda connection: connection.execute(insert(MEMBERS).values({**row, **changes})).close())


def approve_last_year(service: RenewalService, form: Any = FORM) -> None:
    send(service, commands.RequestRenewal, LAST_YEAR)
    send(service, commands.SubmitDeclaration, LAST_YEAR, form=form)
    send(service, commands.ApproveRenewal, LAST_YEAR, declaration_version=1, actor=s.MANAGER)


def submit(service: RenewalService, form: Any = FORM, at: datetime = s.AT) -> None:
    send(service, commands.RequestRenewal, at)
    send(service, commands.SubmitDeclaration, at, form=form)


@pytest.fixture
def unchanged(service: RenewalService) -> RenewalService:
    """A member whose request was approved last year, in a province whose rule is on, and who is not of the tenth for people."""
    enrol(service)
    approve_last_year(service)
    switch(service, is_on=True)
    salt(service, left=False)
    return service


def salt(service: RenewalService, *, left: bool) -> None:
    found = next(one for one in iter(uuid4, None) if is_left_for_people(one, s.NUMBER, s.YEAR) is left)
    service.records.write(lambda connection: connection.execute(update(APPROVAL_RULES).values(salt=found)).close())


def run(service: RenewalService, at: datetime = DUE) -> None:
    worker.approve_due(service.records, service.office_rule, at)


def renewal(service: RenewalService) -> answers.Renewal:
    found = call(service, ISFAHAN, queries.GetRenewal(member=s.NUMBER, year=s.YEAR)).renewal
    assert found is not None
    return found


def timers(service: RenewalService) -> list[str]:
    table = STATE.tables[TIMERS.name]
    with service.records.read() as connection:
        return list(connection.execute(select(table.c.key)).scalars())


def test_an_unchanged_request_is_approved_by_the_rule(unchanged: RenewalService) -> None:
    submit(unchanged)
    run(unchanged)
    found = renewal(unchanged)
    assert (found.status, [one.by for one in found.decisions]) == ("approved", [ACTOR])
    listed = call(unchanged, ISFAHAN, queries.ListDesk(province="isfahan", status="approved")).renewals
    assert [one.desk.approved_by_rule for one in listed if one.desk and one.year == s.YEAR] == [True]
    assert [one.desk.approved_by_rule for one in listed if one.desk and one.year == s.YEAR - 1] == [False]
    with unchanged.records.read() as connection:
        last = LOG.stream(connection, f"renewal/{s.NUMBER}/{s.YEAR}")[-1]
    assert isinstance(last.event, events.RenewalApproved)
    assert (last.event.approved_by, last.event.approved_at, last.metadata.actor) == (ACTOR, DUE, ACTOR)
    assert timers(unchanged) == []
    assert call(unchanged, ISFAHAN, queries.GetApprovalRule(province="isfahan")).approved == 1


def test_it_waits_a_quarter_of_an_hour(unchanged: RenewalService) -> None:
    submit(unchanged)
    run(unchanged, DUE - timedelta(seconds=1))
    assert renewal(unchanged).status == "submitted"
    run(unchanged)
    assert renewal(unchanged).status == "approved"


def test_it_works_in_office_hours_alone(unchanged: RenewalService) -> None:
    submit(unchanged)
    run(unchanged, EVENING)
    assert renewal(unchanged).status == "submitted"
    closed = {"province": "isfahan", "on": NEXT_OPENING.date(), "label": "تعطیلی آلودگی هوا", "seeded": False}
    unchanged.records.write(lambda connection: connection.execute(insert(CALENDAR).values(closed)).close())
    run(unchanged, NEXT_OPENING + timedelta(minutes=1))
    assert renewal(unchanged).status == "submitted"
    run(unchanged, NEXT_OPENING + timedelta(days=1))
    assert renewal(unchanged).status == "approved"


def test_a_tenth_is_left_for_people(unchanged: RenewalService) -> None:
    salt(unchanged, left=True)
    submit(unchanged)
    run(unchanged)
    assert renewal(unchanged).status == "submitted"
    assert timers(unchanged) == []


def test_the_salt_is_of_the_first_switch_and_stays(service: RenewalService) -> None:
    first = switch(service, is_on=True).salt
    with service.records.read() as connection:
        [recorded] = LOG.stream(connection, "approval-rule/isfahan")
    assert first == salt_of(recorded)
    later = replace(recorded, recorded_at=recorded.recorded_at + timedelta(microseconds=1))
    assert salt_of(later) != first, "the sender chooses the id of the event"
    switch(service, is_on=False)
    assert switch(service, is_on=True).salt == first


def test_what_waits_when_it_is_switched_on_is_looked_at_too(service: RenewalService) -> None:
    enrol(service)
    approve_last_year(service)
    submit(service)
    assert timers(service) == []
    switch(service, is_on=True)
    salt(service, left=False)
    assert timers(service) == [f"{s.NUMBER}/{s.YEAR}"]
    run(service)
    assert renewal(service).status == "approved"


def test_switched_off_it_stops_at_once(unchanged: RenewalService) -> None:
    submit(unchanged)
    switch(unchanged, is_on=False)
    run(unchanged)
    assert renewal(unchanged).status == "submitted"
    other = s.FORM.model_copy(update={"jobs": ()})
    send(unchanged, commands.WithdrawRenewal, s.AT)
    submit(unchanged, other)
    assert timers(unchanged) == []


@pytest.mark.parametrize(
    "member",
    [
        {"paid_through": 1403},
        {"paid_through": None},
        {"licence": s.LICENCE.model_copy(update={"expires_on": None}).model_dump_json()},
        {"province": "yazd"},
    ],
)
def test_debts_and_a_register_that_says_otherwise_are_for_people(
    unchanged: RenewalService, member: dict[str, Any]
) -> None:
    submit(unchanged)
    unchanged.records.write(lambda connection: connection.execute(update(MEMBERS).values(member)).close())
    run(unchanged)
    assert renewal(unchanged).status == "submitted"


def test_a_flag_is_for_people(unchanged: RenewalService) -> None:
    submit(unchanged)
    unchanged.records.write(lambda connection: connection.execute(update(RENEWALS).values(licence_ends=True)).close())
    run(unchanged)
    assert renewal(unchanged).status == "submitted"


def test_what_a_manager_has_claimed_is_for_people(unchanged: RenewalService) -> None:
    submit(unchanged)
    stamps: dict[str, Any] = {"id": uuid4(), "deadline": s.AT, "at": s.AT, "member": s.NUMBER, "year": s.YEAR}
    claim = commands.ClaimRenewal(**stamps, actor="officer:maryam")
    assignments.handle(unchanged.records, unchanged.office_rule, claim)
    run(unchanged)
    assert renewal(unchanged).status == "submitted"


def test_a_changed_address_is_for_people_though_no_event_has_it(unchanged: RenewalService) -> None:
    submit(unchanged, FORM.model_copy(update={"address": "خیابان شیخ بهایی، کوچهٔ ۳"}))
    assert timers(unchanged) == [f"{s.NUMBER}/{s.YEAR}"]
    run(unchanged)
    assert renewal(unchanged).status == "submitted"


def test_a_request_that_was_not_approved_last_year_is_for_people(service: RenewalService) -> None:
    enrol(service)
    send(service, commands.RequestRenewal, LAST_YEAR)
    send(service, commands.SubmitDeclaration, LAST_YEAR, form=FORM)
    send(service, commands.RejectRenewal, LAST_YEAR, reason="مدارک کامل نیست و نرسید", actor=s.MANAGER)
    switch(service, is_on=True)
    salt(service, left=False)
    submit(service)
    run(service)
    assert renewal(service).status == "submitted"


def test_a_corrected_request_is_for_people(unchanged: RenewalService) -> None:
    submit(unchanged)
    send(unchanged, commands.ReturnRenewal, s.AT, reason="نشانی را کامل بنویسید", actor=s.MANAGER)
    run(unchanged)
    assert renewal(unchanged).status == "returned"
    send(unchanged, commands.SubmitDeclaration, s.AT, form=FORM)
    run(unchanged, DUE + timedelta(minutes=1))
    assert renewal(unchanged).status == "submitted"


def test_a_request_that_a_manager_has_rejected_or_the_member_withdrawn_stays_so(unchanged: RenewalService) -> None:
    submit(unchanged)
    send(unchanged, commands.WithdrawRenewal, s.AT)
    run(unchanged)
    assert renewal(unchanged).status == "withdrawn"


def test_two_copies_approve_it_once(unchanged: RenewalService, database_url: str) -> None:
    submit(unchanged)
    command = worker.ApproveByRule(uuid4(), DUE, ACTOR, s.NUMBER, s.YEAR)
    barrier = Barrier(2)

    def work(own: int) -> bool:
        records = Records(Database(database_url), LOG)
        barrier.wait()
        return worker.approve(records, unchanged.office_rule, command._replace(id=uuid4()))

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, range(2))) == [False, True]
    assert len(renewal(unchanged).decisions) == 1


@pytest.mark.parametrize("reason", [Reason.CONFLICT, Reason.NO_ANSWER])
def test_what_could_not_be_decided_is_tried_again(
    unchanged: RenewalService, monkeypatch: pytest.MonkeyPatch, reason: Reason
) -> None:
    def refuse(*_arguments: object) -> bool:
        raise Refused(reason)

    submit(unchanged)
    with monkeypatch.context() as patch:
        patch.setattr(worker, "approve", refuse)
        run(unchanged)
    run(unchanged, DUE + worker.AGAIN_AFTER)
    assert renewal(unchanged).status == "approved"


def test_a_manager_switches_it_for_the_own_province(service: RenewalService) -> None:
    admin = ISFAHAN.model_copy(update={"roles": frozenset({Role.ADMIN})})
    member = Passport(principal_kind=PrincipalKind.MEMBER, subject=s.NUMBER)
    for caller in (YAZD, admin, member):
        with pytest.raises(Refused) as refused:
            switch(service, is_on=True, caller=caller)
        assert refused.value.reason is Reason.NOT_ALLOWED
    assert call(service, admin, queries.GetApprovalRule(province="isfahan")).is_on is False
    for caller in (YAZD, member):
        with pytest.raises(Refused):
            call(service, caller, queries.GetApprovalRule(province="isfahan"))
    switched = switch(service, is_on=True)
    assert (switched.is_on, switched.by) == (True, "officer:maryam")


@pytest.mark.parametrize("kind", [commands.RejectRenewal, commands.ReturnRenewal], ids=lambda kind: kind.__name__)
def test_what_a_manager_has_decided_is_for_people_though_it_was_undone(
    unchanged: RenewalService, kind: type[Any]
) -> None:
    submit(unchanged)
    decision = uuid4()
    send(unchanged, kind, s.AT, id=decision, reason="نشانی را کامل بنویسید", actor=s.MANAGER)
    send(unchanged, commands.UndoDecision, s.AT, decision=decision, actor=s.MANAGER)
    run(unchanged)
    assert renewal(unchanged).status == "submitted"


def test_what_a_manager_has_written_an_internal_note_about_is_for_people(unchanged: RenewalService) -> None:
    submit(unchanged)
    about: dict[str, Any] = {"id": uuid4(), "deadline": datetime(2099, 1, 1, tzinfo=UTC), "year": s.YEAR}
    call(unchanged, ISFAHAN, commands.WriteCaseNote(**about, member=s.NUMBER, text="گواهی را تلفنی پرسیدم"))
    run(unchanged)
    assert renewal(unchanged).status == "submitted"


def test_without_a_capacity_policy_of_the_year_people_look(
    unchanged: RenewalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(unchanged)
    monkeypatch.setattr(limits, "first_policies", dict)
    run(unchanged)
    assert renewal(unchanged).status == "submitted"


def test_no_command_of_the_member_takes_the_place_of_the_approval(unchanged: RenewalService) -> None:
    send(unchanged, commands.RequestRenewal, s.AT, id=uuid5(UUID(int=0), f"{ACTOR}/{s.NUMBER}/{s.YEAR}"))
    send(unchanged, commands.SubmitDeclaration, s.AT, form=FORM)
    run(unchanged)
    assert renewal(unchanged).status == "approved"
