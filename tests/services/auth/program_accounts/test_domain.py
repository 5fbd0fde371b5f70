"""Decisions about program accounts, as given, when, then: one admin requests, a second one grants, any of them ends."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.auth.program_accounts.domain import SECRETS_MAX, Command, Context, program_decider
from shared.contract.auth import program_commands as commands
from shared.contract.auth import program_events as events
from shared.contract.base import Event
from shared.contract.refusals import Reason
from shared.policies.scopes import SCOPES
from shared.services import OWN_PROGRAMS
from tests.services.auth.samples import ADMIN, NOON, SECOND, stamps
from tests.support.given import given

REQUEST = UUID(int=7)
PROGRAM: dict[str, Any] = {"program": "desk-helper"}
WANTED: dict[str, Any] = {"scopes": ("desk:approve", "desk:read"), "provinces": ("isfahan",)}
ANY = program_decider(Context(ADMIN.provinces))
NARROW = program_decider(Context(frozenset({"fars"})))
WANT = commands.RequestProgramAccount(**stamps(id=REQUEST), **PROGRAM, **WANTED)
REQUESTED = events.ProgramAccountRequested(
    **PROGRAM, **WANTED, request=REQUEST, requested_by=ADMIN.actor, requested_at=NOON
)
GRANT = commands.GrantProgramAccount(**stamps() | {"actor": SECOND.actor}, **PROGRAM, request=REQUEST)
GRANTED = events.ProgramAccountGranted(
    **PROGRAM, **WANTED, request=REQUEST, requested_by=ADMIN.actor, granted_by=SECOND.actor, granted_at=NOON
)
DECLINE = commands.DeclineProgramAccount(**stamps() | {"actor": SECOND.actor}, **PROGRAM, request=REQUEST)
TAKE = commands.TakeProgramSecret(**stamps(), **PROGRAM, request=REQUEST)
TAKEN = events.ProgramSecretTaken(**PROGRAM, request=REQUEST, taken_by=ADMIN.actor, taken_at=NOON)
END = commands.EndProgramSecret(**stamps(), **PROGRAM, request=REQUEST)
ENDED = events.ProgramSecretEnded(**PROGRAM, request=REQUEST, ended_by=ADMIN.actor, ended_at=NOON)
REVOKE = commands.RevokeProgramAccount(**stamps(), **PROGRAM)
REVOKED = events.ProgramAccountRevoked(**PROGRAM, revoked_by=ADMIN.actor, revoked_at=NOON)


def test_an_account_is_requested_granted_and_its_secret_taken_once() -> None:
    assert given(ANY).when(WANT) == [REQUESTED]
    assert given(ANY, REQUESTED).when(GRANT) == [GRANTED]
    given(ANY, REQUESTED, GRANTED).refuses(GRANT, Reason.UNKNOWN_REQUEST)
    assert given(ANY, REQUESTED, GRANTED).when(TAKE) == [TAKEN]
    given(ANY, REQUESTED, GRANTED, TAKEN).refuses(TAKE, Reason.UNKNOWN_REQUEST)


def test_only_who_has_requested_it_takes_the_secret_and_only_after_the_grant() -> None:
    given(ANY, REQUESTED).refuses(TAKE, Reason.UNKNOWN_REQUEST)
    by_another = TAKE.model_copy(update={"actor": SECOND.actor})
    given(ANY, REQUESTED, GRANTED).refuses(by_another, Reason.NOT_ALLOWED)


@pytest.mark.parametrize("reason", [Reason.OWN_REQUEST, Reason.NOT_INDEPENDENT])
def test_who_is_no_second_person_grants_nothing(reason: Reason) -> None:
    hindered = program_decider(Context(ADMIN.provinces, reason))
    given(hindered, REQUESTED).refuses(GRANT, reason)


def test_an_admin_gives_and_takes_only_provinces_of_their_own() -> None:
    given(NARROW).refuses(WANT, Reason.NOT_ALLOWED)
    cases: list[tuple[tuple[Event, ...], Command]] = [
        ((REQUESTED,), DECLINE), ((GRANTED, TAKEN), END), ((GRANTED,), REVOKE), ((GRANTED,), TAKE),
        ((GRANTED,), WANT.model_copy(update={"provinces": ("fars",)})),
    ]  # fmt: skip
    for past, command in cases:
        given(NARROW, *past).refuses(command, Reason.NOT_ALLOWED)


@pytest.mark.parametrize("name", sorted(OWN_PROGRAMS))
def test_an_account_has_no_name_of_our_own_programs(name: str) -> None:
    assert given(ANY).refuses(WANT.model_copy(update={"program": name}), Reason.BAD_INPUT) == {"program": "own_program"}


def test_a_declined_request_is_gone() -> None:
    (declined,) = given(ANY, REQUESTED).when(DECLINE)
    assert isinstance(declined, events.ProgramAccountDeclined)
    given(ANY, REQUESTED, declined).refuses(GRANT, Reason.UNKNOWN_REQUEST)


def test_of_more_secrets_than_rotate_the_oldest_ends() -> None:
    requests = [uuid4() for _ in range(SECRETS_MAX + 1)]
    past = [GRANTED.model_copy(update={"request": one}) for one in requests]
    taken = [TAKEN.model_copy(update={"request": one}) for one in requests]
    last = TAKE.model_copy(update={"request": requests[-1]})
    ended = ENDED.model_copy(update={"request": requests[0]})
    assert given(ANY, *past, *taken[:-1]).when(last) == [ended, taken[-1]]


def test_a_secret_ends_once() -> None:
    assert given(ANY, GRANTED, TAKEN).when(END) == [ENDED]
    assert given(ANY, GRANTED, TAKEN, ENDED).when(END) == []


def test_a_revoked_account_has_nothing_left_to_take_or_to_grant() -> None:
    waits = REQUESTED.model_copy(update={"request": UUID(int=8)})
    assert given(ANY, GRANTED, waits).when(REVOKE) == [REVOKED]
    cases: list[tuple[Command, Reason]] = [
        (TAKE, Reason.UNKNOWN_REQUEST), (GRANT.model_copy(update={"request": UUID(int=8)}), Reason.UNKNOWN_REQUEST),
        (REVOKE, Reason.UNKNOWN_PROGRAM),
    ]  # fmt: skip
    for command, reason in cases:
        given(ANY, GRANTED, waits, REVOKED).refuses(command, reason)


def test_no_scope_is_about_money_or_about_who_may_do_what() -> None:
    operations = {one for operations in SCOPES.values() for one in operations}
    assert {one.partition(".")[0] for one in operations} <= {"renewal", "capacity", "auth"}
    assert {one for one in operations if one.startswith("auth.")} == {"auth.get_member"}
