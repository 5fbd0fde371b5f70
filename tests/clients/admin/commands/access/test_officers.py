import pytest

from shared.contract import base
from shared.contract.auth import answers, commands
from shared.contract.values import Role
from tests.clients.admin.fake_server import Tamdid

MARYAM_CARD = answers.OfficerCard(
    officer="maryam", full_name="مریم کریمی", roles=(Role.MANAGER, Role.ADMIN), provinces=("isfahan",)
)
APPOINT = ("officers", "appoint", "sara", "--full-name", "سارا احمدی", "--role", "finance")


@pytest.fixture
def admin(maryam: Tamdid) -> Tamdid:
    maryam.server.replies = {
        "auth.list_officers": answers.Officers(officers=(MARYAM_CARD,)),
        "auth.appoint_officer": base.Done(position=4),
        "auth.dismiss_officer": base.Done(position=5),
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


def test_an_officer_is_dismissed(admin: Tamdid) -> None:
    assert "maryam: dismissed" in admin("officers", "dismiss", "maryam").stdout
    assert admin.json("officers", "dismiss", "maryam") == {"position": 5}


def test_a_name_that_cannot_be_is_wrong_usage(admin: Tamdid) -> None:
    result = admin("officers", "dismiss", "Maryam!")
    assert result.exit_code == 2
    assert "officer: This has the wrong form." in result.stderr
