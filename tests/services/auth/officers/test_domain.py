"""Decisions about an officer's appointment, as given, when, then."""

from typing import Any
from uuid import uuid4

import pytest

from services.auth.accounts.domain import in_force
from services.auth.officers.domain import Command, officer_decider
from shared.contract.auth import commands, events
from shared.contract.refusals import Reason
from shared.contract.values import Role
from tests.services.auth.samples import NOON, appointment, stamps
from tests.support.given import given

OFFICER = officer_decider(None)
APPOINT = appointment()
APPOINTED = events.OfficerAppointed(
    officer="modir", roles=(Role.MANAGER,), provinces=("isfahan",), appointed_by="officer:admin", appointed_at=NOON
)
DISMISS = commands.DismissOfficer(**stamps(), officer="modir")
DISMISSED = events.OfficerDismissed(officer="modir", dismissed_by="officer:admin", dismissed_at=NOON)
RESET = events.PasswordChanged(account="officer:modir", changed_by="officer:admin", changed_at=NOON)


def changed(command: Command, **fields: Any) -> Command:
    return command.model_copy(update={**fields, "id": uuid4()})


def test_an_officer_is_appointed_once() -> None:
    assert given(OFFICER).when(APPOINT) == [APPOINTED]
    assert given(OFFICER, APPOINTED).when(changed(APPOINT, password=None)) == []


def test_the_order_of_roles_and_provinces_is_no_change() -> None:
    two = changed(APPOINT, roles=(Role.MANAGER, Role.FINANCE), provinces=("isfahan", "fars"))
    (appointed,) = given(OFFICER).when(two)
    other_way = changed(two, roles=(Role.FINANCE, Role.MANAGER, Role.FINANCE), provinces=("fars", "isfahan"))
    assert given(OFFICER, appointed).when(changed(other_way, password=None)) == []


def test_a_first_appointment_needs_a_password() -> None:
    details = given(OFFICER).refuses(changed(APPOINT, password=None), Reason.BAD_INPUT)
    assert details == {"password": "missing"}


def test_other_roles_are_recorded_and_a_password_set_by_an_admin_too() -> None:
    more = changed(APPOINT, roles=(Role.MANAGER, Role.FINANCE))
    appointed = APPOINTED.model_copy(update={"roles": (Role.FINANCE, Role.MANAGER)})
    assert given(OFFICER, APPOINTED).when(more) == [appointed, RESET]
    assert given(OFFICER, APPOINTED).when(APPOINT) == [RESET]


def test_an_officer_is_dismissed_once_and_may_come_back_with_a_new_password() -> None:
    assert given(OFFICER, APPOINTED).when(DISMISS) == [DISMISSED]
    assert given(OFFICER, APPOINTED, DISMISSED).when(DISMISS) == []
    assert given(OFFICER, APPOINTED, DISMISSED).when(APPOINT) == [APPOINTED, RESET]
    given(OFFICER, APPOINTED, DISMISSED).refuses(changed(APPOINT, password=None), Reason.BAD_INPUT)


def test_who_was_never_appointed_is_unknown() -> None:
    given(OFFICER).refuses(DISMISS, Reason.UNKNOWN_OFFICER)


def test_an_admin_takes_no_other_ones_province_from_an_officer() -> None:
    of_two = APPOINTED.model_copy(update={"provinces": ("fars", "isfahan")})
    here = officer_decider(frozenset({"isfahan"}))
    given(here, of_two).refuses(APPOINT, Reason.NOT_ALLOWED)
    given(here, of_two).refuses(DISMISS, Reason.NOT_ALLOWED)
    assert given(here, of_two, DISMISSED).when(APPOINT) == [APPOINTED, RESET]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.FINANCE, Role.TREASURY])
def test_who_appoints_others_handles_no_money(role: Role) -> None:
    given(OFFICER).refuses(changed(APPOINT, roles=(Role.ADMIN, role)), Reason.ROLES_EXCLUDED)
    given(OFFICER, APPOINTED).refuses(changed(APPOINT, roles=(role, Role.ADMIN), password=None), Reason.ROLES_EXCLUDED)
    assert in_force([role, Role.ADMIN]) == {Role.ADMIN}


def test_roles_of_money_go_together() -> None:
    (appointed,) = given(OFFICER).when(changed(APPOINT, roles=(Role.FINANCE, Role.TREASURY, Role.MANAGER)))
    assert in_force(appointed.roles) == set(appointed.roles)  # type: ignore[attr-defined]


def test_no_personal_data_is_in_any_event_of_auth() -> None:
    words = {"first_name", "last_name", "full_name", "national_code", "password", "password_hash", "token"}
    for event in (events.MemberEnrolled, events.OfficerAppointed, events.OfficerDismissed, events.PasswordChanged):
        assert not words & event.model_fields.keys()
