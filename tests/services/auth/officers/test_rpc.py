"""Who is an officer is said by admins alone, in a session that a code has confirmed lately where there is a second factor."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.auth.officers import appointments
from services.auth.service import AuthService
from services.auth.sign_in.credentials import Passwords
from shared.contract.auth import commands
from shared.contract.base import Message
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.settings import Settings
from tests.services.auth.samples import ADMIN, SECOND, appointment, by, start_with_two_admins

pytestmark = pytest.mark.usefixtures("replays")


@pytest.fixture
def service(records: Records, passwords: Passwords) -> AuthService:
    made = AuthService()
    made.records, made.passwords, made.settings = records, passwords, Settings()
    start_with_two_admins(records, passwords, datetime.now(UTC) - timedelta(days=60))
    appointments.appoint(records, passwords, by(SECOND, appointment("waits")), SECOND)
    return made


def with_factor(caller: Passport, minutes_ago: int | None) -> Passport:
    """A caller with a second factor, whose session was confirmed so long ago, or never."""
    at = None if minutes_ago is None else datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return caller.model_copy(update={"has_second_factor": True, "confirmed_at": at})


def fresh(**more: Any) -> dict[str, Any]:
    return {"id": uuid4(), "deadline": datetime.now(UTC) + timedelta(hours=1), **more}


def acts(service: AuthService) -> list[Message[Any]]:
    """Each act about officers, where the request is the one that waits, and about an erasure."""
    with service.records.read() as connection:
        (request,) = [
            one.event.request  # type: ignore[attr-defined]
            for one in service.records.own_log().read(connection, 0, 100)
            if one.type == "AppointmentRequested"
        ]
    return [
        commands.AppointOfficer(**{**dict(appointment("new")), **fresh()}),
        commands.DismissOfficer(**fresh(officer="rahbar")),
        commands.GrantOfficerRequest(**fresh(officer="waits", request=request)),
        commands.DeclineOfficerRequest(**fresh(officer="waits", request=request)),
        commands.RequestErasure(**fresh(member="0012345", reason="wish_of_member")),
        commands.GrantErasure(**fresh(member="0012345", reason="wish_of_member")),
        commands.DeclineErasure(**fresh(member="0012345")),
    ]


def send(service: AuthService, message: Message[Any], caller: Passport) -> None:
    service.caller = caller
    payload = message.model_dump(mode="json", exclude={"actor", "at"})
    getattr(service, message.method)(payload)


def refusal(service: AuthService, message: Message[Any], caller: Passport) -> Reason:
    with pytest.raises(Refused) as refused:
        send(service, message, caller)
    return refused.value.reason


@pytest.mark.parametrize("minutes", [None, 11])
def test_an_admin_with_a_second_factor_gives_a_code_first(service: AuthService, minutes: int | None) -> None:
    stale = with_factor(ADMIN, minutes)
    assert {refusal(service, act, stale) for act in acts(service)} == {Reason.CODE_NEEDED}


def test_a_code_of_the_last_minutes_is_enough(service: AuthService) -> None:
    for act in acts(service)[:3]:
        send(service, act, with_factor(ADMIN, 9))
    with service.records.read() as connection:
        recorded = [one.type for one in service.records.own_log().read(connection, 0, 100)][-3:]
    assert recorded == ["AppointmentRequested", "DismissalRequested", "OfficerAppointed"]


def test_where_it_is_required_an_admin_without_a_second_factor_appoints_nobody(service: AuthService) -> None:
    service.settings = Settings(second_factor="required")
    assert {refusal(service, act, ADMIN) for act in acts(service)} == {Reason.SECOND_FACTOR_NEEDED}


def test_others_learn_nothing_of_codes(service: AuthService) -> None:
    manager = with_factor(ADMIN, None).model_copy(update={"roles": frozenset({Role.MANAGER})})
    assert {refusal(service, act, manager) for act in acts(service)} == {Reason.NOT_ALLOWED}
