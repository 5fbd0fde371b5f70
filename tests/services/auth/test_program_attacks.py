"""Attacks on program accounts by admins and by strangers: two at once, nobody independent, hostile names, secrets in texts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from services.auth.officers import appointments
from services.auth.program_access import decide, issue_token
from services.auth.program_tables import PROGRAM_SECRETS
from services.auth.service import AuthService
from services.auth.sign_in.credentials import Passwords
from shared.contract.auth import program_commands as commands
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from tests.services.auth.samples import ADMIN, SECOND, appointment, by, grant
from tests.services.auth.test_program_access import (
    GATEWAY,
    NAME,
    fresh,
    granted,
    keys,
    refusal,
    request,
    secret_of,
    send,
    service,
    token_command,
    token_of,
)

__all__ = ["keys", "service"]
THIRD = ADMIN.model_copy(update={"subject": "sevom"})


def decided(service: AuthService, command: Any, caller: Passport) -> Reason | None:
    """Why a decision was refused, None where it was recorded."""
    stamped = command.model_copy(update={"at": datetime.now(UTC), "actor": caller.actor})
    try:
        decide(service.records, stamped, caller, f"tamdid_{command.id}")
    except Refused as refused:
        return refused.reason
    return None


def at_once(*acts: Callable[[], Reason | None]) -> list[Reason | None]:
    with ThreadPoolExecutor(len(acts)) as pool:
        return [one.result() for one in [pool.submit(act) for act in acts]]


def events(service: AuthService) -> list[str]:
    with service.records.read() as connection:
        return [type(one.event).__name__ for one in service.records.own_log().stream(connection, "programs")]


def test_of_a_grant_and_a_refusal_at_once_one_counts(service: AuthService) -> None:
    about: dict[str, Any] = {"program": NAME, "request": request(service)}
    found = at_once(
        lambda: decided(service, commands.GrantProgramAccount(**fresh(), **about), ADMIN),
        lambda: decided(service, commands.DeclineProgramAccount(**fresh(), **about), SECOND),
    )
    assert sorted(map(str, found)) == ["None", str(Reason.UNKNOWN_REQUEST)]
    assert len(events(service)) == 2


def test_a_secret_taken_twice_at_once_is_one_secret(service: AuthService) -> None:
    about: dict[str, Any] = {"program": NAME, "request": granted(service)}
    take = [commands.TakeProgramSecret(**fresh(), **about) for _ in range(3)]
    found = at_once(*(lambda one=one: decided(service, one, SECOND) for one in take))
    assert sorted(map(str, found)) == ["None", *[str(Reason.UNKNOWN_REQUEST)] * 2]
    with service.records.read() as connection:
        assert len(connection.execute(select(PROGRAM_SECRETS)).all()) == 1


AT_ONCE = 12


def answers_at_once(service: AuthService, secret: str) -> list[str]:
    """What so many token requests at the same moment get, spread over two copies of the service."""
    other = Database(service.records.database.engine.url.render_as_string(hide_password=False))
    copies = [service.records, Records(other, service.records.own_log())]
    now = datetime.now(UTC)
    sent = [token_command(secret).model_copy(update={"at": now}) for _ in range(AT_ONCE)]

    def answer(number: int) -> str:
        try:
            issue_token(copies[number % 2], service.access_tokens, sent[number])
        except Refused as refused:
            return refused.reason
        return "token"

    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return sorted(pool.map(answer, range(AT_ONCE)))
    finally:
        other.close()


def test_token_requests_at_once_do_not_hold_each_other_up(service: AuthService) -> None:
    secret = secret_of(service)
    assert answers_at_once(service, secret) == ["token"] * AT_ONCE
    assert refusal(service, token_command("wrong"), GATEWAY) is Reason.WRONG_CREDENTIALS
    assert answers_at_once(service, secret) == ["token"] * AT_ONCE


def test_of_guesses_at_once_only_the_first_two_are_looked_at(service: AuthService) -> None:
    secret_of(service)
    expected = [*[Reason.TOO_MANY_ATTEMPTS] * (AT_ONCE - 2), *[Reason.WRONG_CREDENTIALS] * 2]
    assert answers_at_once(service, "wrong") == expected


def test_whom_the_requester_has_appointed_lately_grants_nothing(service: AuthService, passwords: Passwords) -> None:
    at = datetime.now(UTC) - timedelta(days=3)
    command = by(SECOND, appointment("sevom", at, roles=[Role.ADMIN], provinces=["isfahan", "fars"]))
    appointments.appoint(service.records, passwords, command, SECOND)
    grant(service.records, "sevom", command.id, at=at)
    about: dict[str, Any] = {"program": NAME, "request": request(service)}
    assert refusal(service, commands.GrantProgramAccount(**fresh(), **about), THIRD) is Reason.NOT_INDEPENDENT
    assert send(service, commands.GrantProgramAccount(**fresh(), **about), ADMIN)


def test_a_name_is_one_account_however_often_it_is_requested(service: AuthService) -> None:
    request(service, "desk:read")
    token = token_of(service, secret_of(service, "capacity:read"))
    found = send(service, commands.ListProgramAccounts(), ADMIN)
    assert [one["program"] for one in found["accounts"]] == [NAME]
    assert [one["scopes"] for one in found["requests"]] == [["desk:read"]]
    assert token


NAMES = [
    "",
    "DESK-HELPER",
    "desk-helper\n",
    "desk\x00helper",
    "desk-helper ",
    "desk‌helper",
    "ｄesk-helper",
    "منشی",
    "x" * 31,
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_that_looks_like_another_is_no_name(service: AuthService, name: str) -> None:
    secret_of(service)
    service.caller = SECOND
    with pytest.raises(Refused) as refused:
        service.request_program_account(payload(program=name, scopes=["desk:read"], provinces=["isfahan"]))
    assert refused.value.reason is Reason.BAD_INPUT
    service.caller = GATEWAY
    with pytest.raises(Refused) as refused:
        service.issue_access_token(payload(program=name, secret="x"))
    assert refused.value.reason in (Reason.BAD_INPUT, Reason.WRONG_CREDENTIALS)


def payload(**fields: Any) -> dict[str, Any]:
    deadline = datetime.now(UTC) + timedelta(hours=1)
    return {"id": str(uuid4()), "deadline": deadline.isoformat(), **fields}


@pytest.mark.parametrize("secret", ["\x00", "tamdid_\x00", "ژ" * 200, "x" * 256], ids=ascii)
def test_a_hostile_secret_is_a_wrong_one(service: AuthService, secret: str) -> None:
    secret_of(service)
    assert refusal(service, token_command(secret), GATEWAY) is Reason.WRONG_CREDENTIALS


def test_no_secret_stands_in_the_text_of_a_message(service: AuthService) -> None:
    secret = secret_of(service)
    command = token_command(secret)
    exchanged = commands.IssueProgramPassports(**fresh(), services=("renewal",), access_token=SecretStr(secret))
    assert secret not in f"{command!r} {command} {exchanged!r} {exchanged}"


def test_a_second_press_after_the_secret_has_ended_brings_nothing_back(service: AuthService) -> None:
    taken = commands.TakeProgramSecret(**fresh(), program=NAME, request=granted(service))
    secret = send(service, taken, SECOND)["secret"]
    send(service, commands.EndProgramSecret(**fresh(), program=NAME, request=taken.request), ADMIN)
    assert send(service, taken, SECOND)["secret"] == secret  # what was shown then
    assert refusal(service, token_command(secret), GATEWAY) is Reason.WRONG_CREDENTIALS


def test_the_secret_of_one_account_is_none_of_another(service: AuthService) -> None:
    secret = secret_of(service)
    other: dict[str, Any] = {"program": "other-helper", "scopes": ("desk:read",), "provinces": ("isfahan",)}
    wanted: UUID = (command := commands.RequestProgramAccount(**fresh(), **other)).id
    send(service, command, SECOND)
    send(service, commands.GrantProgramAccount(**fresh(), program="other-helper", request=wanted), ADMIN)
    assert refusal(service, token_command(secret, program="other-helper"), GATEWAY) is Reason.WRONG_CREDENTIALS
    mixed = commands.GrantProgramAccount(**fresh(), program=NAME, request=wanted)
    assert refusal(service, mixed, ADMIN) is Reason.UNKNOWN_REQUEST
