from typing import Any
from uuid import UUID

import pytest

from shared.contract import base
from shared.contract.auth import program_answers as answers
from shared.contract.auth import program_commands as commands
from tests.clients.admin.fake_server import NOW, Tamdid

SECRET, TO_TAKE, WAITING = (UUID(int=number << 96) for number in (0x7F2A9A52, 0x5F1F7F2C, 0x0B6C3A52))
NAME = "desk-helper"
ACCOUNT = answers.ProgramAccount(
    program=NAME,
    scopes=("desk:approve", "desk:read"),
    provinces=("isfahan",),
    secrets=(answers.ProgramSecretUse(request=SECRET, issued_to="officer:maryam", issued_at=NOW, used_at=NOW),),
    to_take=(TO_TAKE,),
)
REQUEST: dict[str, Any] = {
    "program": "hesabdari",
    "scopes": ("capacity:read",),
    "provinces": ("yazd",),
    "requested_by": "officer:reza",
    "requested_at": NOW,
}
REQUESTED = ("programs", "request", NAME, "--scope", "desk:read", "--province", "اصفهان")


@pytest.fixture
def admin(maryam: Tamdid) -> Tamdid:
    waiting = answers.ProgramRequest(**REQUEST, request=WAITING, granters=("root",), hindrance="not_allowed")
    maryam.server.replies = {
        "auth.list_program_accounts": answers.ProgramAccounts(accounts=(ACCOUNT,), requests=(waiting,)),
        "auth.take_program_secret": answers.ProgramSecret(program=NAME, secret="tamdid_xyz"),
        **dict.fromkeys(
            (
                "auth.request_program_account",
                "auth.grant_program_account",
                "auth.decline_program_account",
                "auth.end_program_secret",
                "auth.revoke_program_account",
            ),
            base.Done(position=4),
        ),
    }
    return maryam


def test_accounts_are_listed_with_their_secrets_and_last_use(admin: Tamdid) -> None:
    output = admin("programs", "list").stdout
    for text in (NAME, "desk:approve, desk:read", "isfahan", str(SECRET)[:8]):
        assert text in output
    (account,) = admin.json("programs", "list")
    assert account["secrets"][0]["used_at"] is not None


def test_a_secret_that_somebody_knows_who_is_no_admin_any_more_is_warned_of(admin: Tamdid) -> None:
    assert "programs end-secret" not in admin("programs", "list").stderr
    left = ACCOUNT.secrets[0].model_copy(update={"holder_left": True})
    known = ACCOUNT.model_copy(update={"secrets": (left,)})
    admin.server.replies["auth.list_program_accounts"] = answers.ProgramAccounts(accounts=(known,))
    assert f"programs end-secret {NAME} {str(SECRET)[:8]}" in " ".join(admin("programs", "list").stderr.split())


def test_requests_are_listed_with_who_may_grant_them(admin: Tamdid) -> None:
    output = admin("programs", "requests").stdout
    for text in (str(WAITING)[:8], "hesabdari", "capacity:read", "yazd", "root"):
        assert text in output


def test_a_request_carries_scopes_and_provinces_and_says_who_may_grant_it(admin: Tamdid) -> None:
    def listed(_query: Any) -> answers.ProgramAccounts:
        own = admin.server.sent(commands.RequestProgramAccount)[-1].id
        waiting = answers.ProgramRequest(**REQUEST, request=own, granters=("root",))
        return answers.ProgramAccounts(accounts=(), requests=(waiting,))

    admin.server.replies["auth.list_program_accounts"] = listed
    assert "root" in admin(*REQUESTED).stdout
    (command,) = admin.server.sent(commands.RequestProgramAccount)
    assert (command.program, command.scopes, command.provinces) == (NAME, ("desk:read",), ("isfahan",))


@pytest.mark.parametrize(
    ("arguments", "sent"),
    [
        (("decline", "0b6c3a52"), (commands.DeclineProgramAccount, "hesabdari", WAITING)),
        (("end-secret", NAME, "7F2A"), (commands.EndProgramSecret, NAME, SECRET)),
        (("grant", "hesabdari"), (commands.GrantProgramAccount, "hesabdari", WAITING)),
        (("grant", "0b6c3a52"), (commands.GrantProgramAccount, "hesabdari", WAITING)),
    ],
)
def test_an_id_may_be_shortened_or_be_the_accounts_name(
    admin: Tamdid, arguments: tuple[str, ...], sent: tuple[Any, str, UUID]
) -> None:
    result = admin("programs", *arguments)
    assert result.exit_code == 0, result.output
    (command,) = admin.server.sent(sent[0])
    assert (command.program, command.request) == sent[1:]


def test_of_two_requests_about_one_account_its_name_names_none(admin: Tamdid) -> None:
    two = tuple(answers.ProgramRequest(**REQUEST, request=one) for one in (WAITING, TO_TAKE))
    admin.server.replies["auth.list_program_accounts"] = answers.ProgramAccounts(accounts=(), requests=two)
    assert admin("programs", "grant", "hesabdari").exit_code == 2
    assert admin.server.sent(commands.GrantProgramAccount) == []


def test_a_secret_is_printed_alone(admin: Tamdid) -> None:
    assert admin("programs", "secret", NAME).stdout == "tamdid_xyz\n"
    (command,) = admin.server.sent(commands.TakeProgramSecret)
    assert (command.program, command.request) == (NAME, TO_TAKE)


def test_without_a_grant_there_is_no_secret(admin: Tamdid) -> None:
    bare = ACCOUNT.model_copy(update={"to_take": ()})
    admin.server.replies["auth.list_program_accounts"] = answers.ProgramAccounts(accounts=(bare,))
    assert admin("programs", "secret", NAME).exit_code == 2
    assert admin.server.sent(commands.TakeProgramSecret) == []


def test_an_account_is_revoked_by_name(admin: Tamdid) -> None:
    assert admin("programs", "revoke", NAME).exit_code == 0
    (command,) = admin.server.sent(commands.RevokeProgramAccount)
    assert command.program == NAME


@pytest.mark.parametrize(
    "arguments", [("end-secret", NAME, "ffff"), ("end-secret", "nobody", "7f"), ("grant", "ffff"), ("secret", "nobody")]
)
def test_what_is_not_there_sends_nothing(admin: Tamdid, arguments: tuple[str, ...]) -> None:
    assert admin("programs", *arguments).exit_code != 0
    assert not any(type(one).__name__.startswith(("End", "Grant", "Take")) for one in admin.server.messages)
