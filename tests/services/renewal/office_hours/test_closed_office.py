"""An office that is closed for months promises no review, and keeps nobody from what needs no promise."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from services.renewal.office_hours import calendar
from services.renewal.office_hours.rules import SIGHT
from services.renewal.service import RenewalService
from services.renewal.tables import MEMBERS
from shared.contract.base import Answer, Message
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.renewal import answers, commands, queries
from shared.contract.values import Role
from shared.text import persian
from tests.services.renewal.samples import FORM, LICENCE, NUMBER

A = TypeVar("A", bound=Answer)
MEMBER = Passport(principal_kind=PrincipalKind.MEMBER, subject=NUMBER)
MANAGER = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="modir",
    roles=frozenset({Role.MANAGER}),
    provinces=frozenset({"isfahan"}),
)


def stamps() -> dict[str, Any]:
    now = datetime.now(UTC)
    about = {"member": NUMBER, "year": persian.jalali_year(now)}
    return {"id": uuid4(), "deadline": now + timedelta(minutes=1), **about}


@pytest.fixture
def closed(service: RenewalService) -> RenewalService:
    """A member of a province whose office is closed on each day that could be promised."""
    today = datetime.now(persian.TEHRAN).date()
    with service.records.database.engine.begin() as connection:
        row = {"province": "isfahan", "licence": LICENCE.model_dump_json()}
        connection.execute(MEMBERS.insert().values(member=NUMBER, **row))
        for count in range(SIGHT.days + 1):
            on = today + timedelta(days=count)
            calendar.save_day(connection, "isfahan", on, (None, None), "تعطیلی سراسری", seeded=False)
    return service


def call(service: RenewalService, what: Message[A], caller: Passport = MEMBER) -> A:
    service.caller = caller
    return what.answer().model_validate(getattr(service, what.method)(what.model_dump(mode="json")))


def request_and_declare(service: RenewalService) -> answers.Renewal:
    call(service, commands.RequestRenewal(**stamps()))
    return call(service, commands.SubmitDeclaration(**stamps(), form=FORM))


def test_a_declaration_is_taken_without_a_promise(closed: RenewalService) -> None:
    renewal = request_and_declare(closed)
    assert (renewal.status, renewal.review_due_at) == ("submitted", None)


def test_whoever_wants_to_withdraw_can(closed: RenewalService) -> None:
    request_and_declare(closed)
    assert call(closed, commands.WithdrawRenewal(**stamps())).status == "withdrawn"


def test_the_manager_decides_on_what_was_promised_for_no_day(closed: RenewalService) -> None:
    request_and_declare(closed)
    desk = call(closed, queries.ListDesk(province="isfahan"), MANAGER)
    assert ([one.member for one in desk.renewals], desk.overdue) == ([NUMBER], 0)
    approved = call(closed, commands.ApproveRenewal(**stamps(), declaration_version=1), MANAGER)
    assert approved.status == "approved"


def test_the_offices_hours_say_that_none_are_in_sight(closed: RenewalService) -> None:
    hours = call(closed, queries.GetOfficeHours(province="isfahan"))
    assert (hours.open_now, hours.is_known) == (False, False)


def test_the_next_closure_has_its_name(closed: RenewalService) -> None:
    hours = call(closed, queries.GetOfficeHours(province="isfahan"))
    assert hours.next_closure is not None
    assert hours.next_closure.on >= datetime.now(persian.TEHRAN).date()
    assert hours.next_closure.label == "تعطیلی سراسری"
