"""Decisions about an officer, as given, when, then: one admin requests, a second one grants."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.auth.accounts.domain import in_force
from services.auth.officers.domain import Command, Context, officer_decider
from services.auth.officers.state import Officer
from shared.contract.auth import commands, events
from shared.contract.refusals import Reason
from shared.contract.values import Role
from shared.policies.two_persons import INDEPENDENT_AFTER, SetUp
from tests.services.auth.samples import ADMIN, NOON, SECOND, appointment, stamps
from tests.support.given import given

REQUEST = UUID(int=7)
AN_ADMIN = Officer((Role.ADMIN,), ("fars", "isfahan"), was_appointed=True)
TWO_ADMINS = {ADMIN.actor: AN_ADMIN, SECOND.actor: AN_ADMIN}
OFFICER = officer_decider(Context(admins=TWO_ADMINS))
ONLY_ADMIN = officer_decider(Context(is_only_admin=True))
APPOINT = appointment(id=REQUEST)
REQUESTED = events.AppointmentRequested(
    officer="modir", request=REQUEST, roles=(Role.MANAGER,), provinces=("isfahan",), sets_credential=True,
    requested_by=ADMIN.actor, requested_at=NOON,
)  # fmt: skip
GRANT = commands.GrantOfficerRequest(**stamps() | {"actor": SECOND.actor}, officer="modir", request=REQUEST)
DECLINE = commands.DeclineOfficerRequest(**stamps() | {"actor": SECOND.actor}, officer="modir", request=REQUEST)
GRANTED: dict[str, Any] = {"request": REQUEST, "granted_by": SECOND.actor}
APPOINTED = events.OfficerAppointed(
    officer="modir", roles=(Role.MANAGER,), provinces=("isfahan",), appointed_by=ADMIN.actor, appointed_at=NOON,
    **GRANTED,
)  # fmt: skip
DISMISS = commands.DismissOfficer(**stamps(id=REQUEST), officer="modir")
DISMISSAL_REQUESTED = events.DismissalRequested(
    officer="modir", request=REQUEST, requested_by=ADMIN.actor, requested_at=NOON
)
DISMISSED = events.OfficerDismissed(officer="modir", dismissed_by=ADMIN.actor, dismissed_at=NOON, **GRANTED)
DECLINED = events.OfficerRequestDeclined(officer="modir", request=REQUEST, declined_by=SECOND.actor, declined_at=NOON)
RESET = events.PasswordChanged(
    account="officer:modir", changed_by=ADMIN.actor, changed_at=NOON, granted_by=SECOND.actor
)


def changed(command: Command, **fields: Any) -> Command:
    return command.model_copy(update={**fields, "id": uuid4()})


def test_an_appointment_is_requested_and_holds_once_a_second_admin_grants_it() -> None:
    assert given(OFFICER).when(APPOINT) == [REQUESTED]
    assert given(OFFICER, REQUESTED).when(GRANT) == [APPOINTED]
    given(OFFICER, REQUESTED, APPOINTED).refuses(changed(GRANT), Reason.UNKNOWN_REQUEST)


def test_a_password_that_replaces_one_is_recorded_as_reset_by_both() -> None:
    assert given(OFFICER, APPOINTED, REQUESTED).when(GRANT) == [APPOINTED, RESET]
    without = REQUESTED.model_copy(update={"sets_credential": False})
    assert given(OFFICER, APPOINTED).when(APPOINT.model_copy(update={"password": None})) == [without]
    assert given(OFFICER, APPOINTED, without).when(GRANT) == [APPOINTED]


def test_the_order_and_repetition_of_roles_say_nothing() -> None:
    two = changed(APPOINT, roles=(Role.TREASURY, Role.FINANCE, Role.TREASURY), provinces=("isfahan", "fars"))
    (requested,) = given(OFFICER).when(two)
    assert isinstance(requested, events.AppointmentRequested)
    assert (requested.roles, requested.provinces) == ((Role.FINANCE, Role.TREASURY), ("fars", "isfahan"))


def test_who_does_not_serve_needs_a_password_also_at_the_grant() -> None:
    for past in ((), (APPOINTED, DISMISSED)):
        details = given(OFFICER, *past).refuses(changed(APPOINT, password=None), Reason.BAD_INPUT)
        assert details == {"password": "missing"}
    without = REQUESTED.model_copy(update={"sets_credential": False})
    given(OFFICER, APPOINTED, without, DISMISSED.model_copy(update={"request": UUID(int=8)})).refuses(
        GRANT, Reason.BAD_INPUT
    )


def test_a_dismissal_is_requested_and_granted_and_the_officer_may_come_back() -> None:
    given(OFFICER).refuses(DISMISS, Reason.UNKNOWN_OFFICER)
    assert given(OFFICER, APPOINTED).when(DISMISS) == [DISMISSAL_REQUESTED]
    assert given(OFFICER, APPOINTED, DISMISSAL_REQUESTED).when(GRANT) == [DISMISSED]
    assert given(OFFICER, APPOINTED, DISMISSED).when(DISMISS) == []
    assert given(OFFICER, APPOINTED, DISMISSED, REQUESTED).when(GRANT) == [APPOINTED, RESET]


def test_a_request_is_declined_by_a_colleague_or_withdrawn_and_then_nobody_grants_it() -> None:
    assert given(OFFICER, REQUESTED).when(DECLINE) == [DECLINED]
    own = DECLINE.model_copy(update={"actor": ADMIN.actor})
    assert given(OFFICER, REQUESTED).when(own) == [DECLINED.model_copy(update={"declined_by": ADMIN.actor})]
    given(OFFICER, REQUESTED, DECLINED).refuses(GRANT, Reason.UNKNOWN_REQUEST)
    given(OFFICER, REQUESTED, DECLINED).refuses(changed(DECLINE), Reason.UNKNOWN_REQUEST)


def test_nobody_grants_the_own_request() -> None:
    own = GRANT.model_copy(update={"actor": ADMIN.actor})
    given(OFFICER, REQUESTED).refuses(own, Reason.OWN_REQUEST)
    given(OFFICER, APPOINTED, DISMISSAL_REQUESTED).refuses(own, Reason.OWN_REQUEST)


def test_only_who_is_admin_all_alone_appoints_and_then_only_an_admin() -> None:
    second = appointment("rahbar", roles=(Role.ADMIN,))
    (appointed,) = given(ONLY_ADMIN).when(second)
    assert isinstance(appointed, events.OfficerAppointed)
    assert (appointed.roles, appointed.granted_by, appointed.request) == ((Role.ADMIN,), "", None)
    assert [type(one) for one in given(OFFICER).when(second)] == [events.AppointmentRequested]
    assert given(ONLY_ADMIN).when(APPOINT) == [REQUESTED]
    reset = changed(second, officer="modir")
    assert [type(one) for one in given(ONLY_ADMIN, APPOINTED).when(reset)] == [events.AppointmentRequested]
    assert given(ONLY_ADMIN, APPOINTED).when(DISMISS) == [DISMISSAL_REQUESTED]


def pair(**set_up: Officer) -> Any:
    """ADMIN has requested, SECOND grants."""
    return officer_decider(Context(admins={ADMIN.actor: AN_ADMIN, SECOND.actor: AN_ADMIN, **set_up}))


def admin_set_up_by(actor: str, ago: timedelta, *, is_alone: bool = False) -> Officer:
    return Officer(
        (Role.ADMIN,), ("fars", "isfahan"), was_appointed=True, set_up_by={actor: SetUp(NOON - ago, is_alone)}
    )


@pytest.mark.parametrize("is_alone", [True, False])
def test_a_grant_by_whom_the_requester_has_set_up_counts_after_thirty_days(is_alone: bool) -> None:
    lately = admin_set_up_by(ADMIN.actor, INDEPENDENT_AFTER - timedelta(seconds=1), is_alone=is_alone)
    given(pair(**{SECOND.actor: lately}), REQUESTED).refuses(GRANT, Reason.NOT_INDEPENDENT)
    before = admin_set_up_by(ADMIN.actor, INDEPENDENT_AFTER, is_alone=is_alone)
    assert given(pair(**{SECOND.actor: before}), REQUESTED).when(GRANT) == [APPOINTED]


def test_nor_does_the_granter_have_set_up_the_requester_but_for_the_second_admin_of_the_start() -> None:
    ghost = admin_set_up_by(SECOND.actor, timedelta(days=1))
    given(pair(**{ADMIN.actor: ghost}), REQUESTED).refuses(GRANT, Reason.NOT_INDEPENDENT)
    old = admin_set_up_by(SECOND.actor, INDEPENDENT_AFTER)
    assert given(pair(**{ADMIN.actor: old}), REQUESTED).when(GRANT) == [APPOINTED]
    of_the_start = admin_set_up_by(SECOND.actor, timedelta(days=1), is_alone=True)
    assert given(pair(**{ADMIN.actor: of_the_start}), REQUESTED).when(GRANT) == [APPOINTED]


def test_a_reset_password_counts_as_set_up_and_an_own_new_one_does_not_undo_it() -> None:
    own = RESET.model_copy(update={"changed_by": "officer:modir", "granted_by": ""})
    state = OFFICER.fold([APPOINTED, RESET, own])
    assert state.set_up_by == {ADMIN.actor: SetUp(NOON, is_alone=False)}


def test_who_is_no_admin_any_more_neither_requests_nor_grants() -> None:
    dismissed = Officer((), (), was_appointed=True)
    given(pair(**{ADMIN.actor: dismissed}), REQUESTED).refuses(GRANT, Reason.REQUESTER_DISMISSED)
    given(pair(**{SECOND.actor: dismissed}), REQUESTED).refuses(GRANT, Reason.NOT_ALLOWED)


def test_who_grants_serves_the_provinces_that_are_given_and_taken() -> None:
    here = Officer((Role.ADMIN,), ("isfahan",), was_appointed=True)
    narrow = pair(**{SECOND.actor: here})
    wide = REQUESTED.model_copy(update={"provinces": ("fars", "isfahan")})
    given(narrow, wide).refuses(GRANT, Reason.NOT_ALLOWED)
    of_two = APPOINTED.model_copy(update={"provinces": ("fars", "isfahan")})
    given(narrow, of_two, DISMISSAL_REQUESTED).refuses(GRANT, Reason.NOT_ALLOWED)
    assert given(narrow, REQUESTED).when(GRANT) == [APPOINTED]


def test_an_admin_requests_and_declines_nothing_beyond_the_own_provinces() -> None:
    of_two = APPOINTED.model_copy(update={"provinces": ("fars", "isfahan")})
    here = officer_decider(Context(frozenset({"isfahan"}), admins=TWO_ADMINS))
    given(here, of_two).refuses(APPOINT, Reason.NOT_ALLOWED)
    given(here, of_two).refuses(DISMISS, Reason.NOT_ALLOWED)
    given(here, of_two, DISMISSAL_REQUESTED).refuses(DECLINE, Reason.NOT_ALLOWED)
    assert given(here, of_two, DISMISSED).when(APPOINT) == [REQUESTED]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.FINANCE, Role.TREASURY])
def test_who_appoints_others_handles_no_money(role: Role) -> None:
    both = changed(APPOINT, roles=(Role.ADMIN, role))
    given(OFFICER).refuses(both, Reason.ROLES_EXCLUDED)
    given(OFFICER, APPOINTED).refuses(changed(both, password=None), Reason.ROLES_EXCLUDED)
    given(ONLY_ADMIN).refuses(both, Reason.ROLES_EXCLUDED)
    assert in_force([role, Role.ADMIN]) == {Role.ADMIN}


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.AUDITOR}))
def test_an_auditor_has_no_other_role(role: Role) -> None:
    given(OFFICER).refuses(changed(APPOINT, roles=(Role.AUDITOR, role)), Reason.ROLES_EXCLUDED)
    assert in_force([role, Role.AUDITOR]) == {role}
    assert in_force([Role.AUDITOR]) == {Role.AUDITOR}


def test_roles_of_money_go_together() -> None:
    assert in_force([Role.FINANCE, Role.TREASURY, Role.MANAGER]) == {Role.FINANCE, Role.TREASURY, Role.MANAGER}


def test_no_personal_data_is_in_any_event_of_auth() -> None:
    words = {"first_name", "last_name", "full_name", "national_code", "password", "password_hash", "token"}
    for event in (
        events.MemberEnrolled,
        events.OfficerAppointed,
        events.OfficerDismissed,
        events.PasswordChanged,
        events.AppointmentRequested,
        events.DismissalRequested,
        events.OfficerRequestDeclined,
    ):
        assert not words & event.model_fields.keys()
