from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from shared.contract import base
from shared.contract.auth import answers, commands
from shared.contract.values import Role
from tests.clients.admin.fake_server import NOW, Tamdid

MARYAM_CARD = answers.OfficerCard(
    officer="maryam", full_name="مریم کریمی", roles=(Role.MANAGER, Role.ADMIN), provinces=("isfahan",)
)
REQUEST = UUID("0e0c0f0e-6a37-4c39-9d0a-0b7f3f1f7a10")
APPOINT = ("officers", "appoint", "sara", "--full-name", "سارا احمدی", "--role", "finance")


@pytest.fixture
def admin(maryam: Tamdid) -> Tamdid:
    maryam.server.replies = {
        "auth.list_officers": answers.Officers(officers=(MARYAM_CARD,)),
        "auth.appoint_officer": base.Done(position=4),
        "auth.dismiss_officer": base.Done(position=5),
        "auth.grant_officer_request": base.Done(position=6),
        "auth.decline_officer_request": base.Done(position=7),
    }
    return maryam


def test_officers_are_listed_with_roles_and_provinces(admin: Tamdid) -> None:
    output = admin("officers", "list").stdout
    for text in ("maryam", "مریم کریمی", "manager, admin", "isfahan"):
        assert text in output


def test_a_new_officers_password_is_asked_for_twice(admin: Tamdid) -> None:
    result = admin(*APPOINT, "--province", "اصفهان", "--province", "yazd", typed="a-long-password\na-long-password\n")
    assert result.exit_code == 0, result.output
    assert "a-long-password" not in result.output
    (command,) = admin.server.sent(commands.AppointOfficer)
    assert (command.officer, command.roles, command.provinces) == ("sara", (Role.FINANCE,), ("isfahan", "yazd"))
    assert command.password.get_secret_value() == "a-long-password"


def test_a_known_officers_password_stays(admin: Tamdid) -> None:
    result = admin(
        "officers", "appoint", "maryam", "--full-name", "مریم کریمی", "--role", "manager", "--province", "yazd"
    )
    assert result.exit_code == 0, result.output
    (command,) = admin.server.sent(commands.AppointOfficer)
    assert command.password is None


def test_a_password_may_come_from_the_environment(admin: Tamdid) -> None:
    admin(*APPOINT, "--province", "yazd", TAMDID_OFFICER_PASSWORD="from-the-environment")
    (command,) = admin.server.sent(commands.AppointOfficer)
    assert command.password.get_secret_value() == "from-the-environment"


def test_who_is_admin_alone_reads_that_the_appointment_holds(admin: Tamdid) -> None:
    result = admin(*APPOINT, "--province", "yazd", TAMDID_OFFICER_PASSWORD="from-the-environment")
    assert "sara: appointed" in result.stdout


@pytest.mark.parametrize(
    ("granters", "said"), [(("root",), "waits for another admin to grant it: root"), ((), "no admin may grant it now")]
)
def test_a_request_says_who_may_grant_it_and_by_which_command(
    admin: Tamdid, granters: tuple[str, ...], said: str
) -> None:
    waits_for(admin, lambda: admin.server.sent(commands.DismissOfficer)[-1].id, granters)
    output = admin("officers", "dismiss", "maryam").stdout
    assert said in output
    request = str(admin.server.sent(commands.DismissOfficer)[-1].id)[:8]
    assert f"tamdid officers grant {request}" in " ".join(output.split())
    assert admin.json("officers", "dismiss", "maryam") == {"position": 5}


def waits_for(admin: Tamdid, request: Callable[[], UUID], granters: tuple[str, ...] = (), **more: Any) -> None:
    """The command's own request waits from now on."""

    def listed(_query: Any) -> answers.Officers:
        about = {"request": request(), "officer": "maryam", "requested_by": "officer:reza", "granters": granters}
        waiting = answers.OfficerRequest.model_validate(about | {"requested_at": NOW} | more)
        return answers.Officers(officers=(MARYAM_CARD,), requests=(waiting,))

    admin.server.replies["auth.list_officers"] = listed


def test_requests_are_listed_with_who_may_grant_them_and_why_one_may_not(admin: Tamdid) -> None:
    waits_for(admin, lambda: REQUEST, ("root",), roles=("treasury",), provinces=("yazd",), hindrance="own_request")
    output = admin("officers", "requests").stdout
    for text in (
        str(REQUEST)[:8],
        "treasury",
        "yazd",
        "رضا کاشانی",
        "root",
        "A colleague has to grant what you asked for.",
    ):
        assert text in output


@pytest.mark.parametrize(("roles", "said"), [(("treasury",), "maryam: appointed"), ((), "maryam: dismissed")])
def test_a_request_is_granted_by_the_beginning_of_its_id(admin: Tamdid, roles: tuple[str, ...], said: str) -> None:
    waits_for(admin, lambda: REQUEST, roles=roles)
    assert said in admin("officers", "grant", str(REQUEST)[:8]).stdout
    (command,) = admin.server.sent(commands.GrantOfficerRequest)
    assert (command.officer, command.request) == ("maryam", REQUEST)


def test_a_request_is_declined_and_an_unknown_one_is_not(admin: Tamdid) -> None:
    waits_for(admin, lambda: REQUEST)
    assert admin("officers", "decline", "ffff").exit_code == 1
    assert "maryam: request declined" in admin("officers", "decline", str(REQUEST)).stdout
    (command,) = admin.server.sent(commands.DeclineOfficerRequest)
    assert command.request == REQUEST


def test_a_name_that_cannot_be_is_wrong_usage(admin: Tamdid) -> None:
    result = admin("officers", "dismiss", "Maryam!")
    assert result.exit_code == 2
    assert "officer: This has the wrong form." in result.stderr
