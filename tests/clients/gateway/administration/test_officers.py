"""The officers' page: one admin requests, a second one grants, and each reads who may grant and why one may not."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient

from shared.contract.auth import answers, commands
from shared.contract.refusals import Reason
from shared.contract.values import Role
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

PAGE = "/desk/officers"
REQUEST = UUID(int=7)
MARYAM = answers.OfficerCard(officer="maryam", full_name="مریم تهرانی", roles=(Role.MANAGER,), provinces=("isfahan",))
WAITING = answers.OfficerRequest(
    request=REQUEST,
    officer="nader",
    full_name="نادر خزانه",
    roles=(Role.TREASURY,),
    provinces=("isfahan",),
    sets_credential=True,
    requested_by="officer:reza",
    requested_at=samples.NOW,
    granters=("admin",),
)
FORM = {"officer": "Nader", "full_name": "نادر خزانه", "role-treasury": "true", "province-isfahan": "true"}


@pytest.fixture
def admin(signed_in: SignedIn, services: FakeServices) -> FlaskClient:
    services.officers = answers.Officers(officers=(MARYAM,), requests=(WAITING,))
    return signed_in("admin-session")


def test_a_request_is_shown_and_granted_by_a_second_admin(admin: FlaskClient, services: FakeServices) -> None:
    page = admin.get(PAGE).text
    for text in ("نادر خزانه", "خزانه‌داری", "با گذرواژهٔ تازه", "رضا کاشانی", "می‌توانند تأیید کنند", "مریم تهرانی"):
        assert text in page
    answer = pages.send(admin, f"{PAGE}/nader/{REQUEST}/grant", {}, PAGE)
    assert answer.status_code == 303
    assert "از همین دم برقرار است" in admin.get(PAGE).text
    [command] = services.sent(commands.GrantOfficerRequest)
    assert (command.officer, command.request) == ("nader", REQUEST)


def test_who_may_not_grant_reads_why_and_has_no_button(admin: FlaskClient, services: FakeServices) -> None:
    own = WAITING.model_copy(update={"hindrance": Reason.NOT_INDEPENDENT, "granters": ()})
    services.officers = answers.Officers(officers=(MARYAM,), requests=(own,))
    page = admin.get(PAGE).text
    assert f"{REQUEST}/grant" not in page
    assert f"{REQUEST}/decline" in page
    assert "در سی روز گذشته" in page
    assert "هیچ راهبری نمی‌تواند آن را تأیید کند" in page


def test_a_grant_that_is_refused_says_why(admin: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.GrantOfficerRequest, Reason.OWN_REQUEST)
    answer = pages.send(admin, f"{PAGE}/nader/{REQUEST}/grant", {}, PAGE)
    assert answer.status_code == 422
    assert "همکار دیگری باید آن را ببیند" in answer.text


def test_an_appointment_is_requested_with_its_roles_and_provinces(admin: FlaskClient, services: FakeServices) -> None:
    assert pages.send(admin, PAGE, {**FORM, "password": "گذرواژه‌ای بلند ۱۲۳"}, PAGE).status_code == 303
    [command] = services.sent(commands.AppointOfficer)
    assert (command.officer, command.roles, command.provinces) == ("nader", (Role.TREASURY,), ("isfahan",))
    assert command.password is not None


def test_a_wrong_request_keeps_what_was_typed_but_the_password(admin: FlaskClient, services: FakeServices) -> None:
    without = {name: text for name, text in FORM.items() if not name.startswith("role-")}
    answer = pages.send(admin, PAGE, {**without, "password": "the secret 123"}, PAGE)
    assert answer.status_code == 422
    assert "دست‌کم یک نقش را برگزینید." in answer.text
    assert "نادر خزانه" in answer.text
    assert "the secret 123" not in answer.text
    services.refuse(commands.AppointOfficer, Reason.ROLES_EXCLUDED)
    answer = pages.send(admin, PAGE, FORM, PAGE)
    assert "با پول سروکار ندارد" in answer.text


def test_a_dismissal_is_requested_and_a_request_declined(admin: FlaskClient, services: FakeServices) -> None:
    assert pages.send(admin, f"{PAGE}/maryam/dismiss", {}, PAGE).status_code == 303
    assert pages.send(admin, f"{PAGE}/nader/{REQUEST}/decline", {}, PAGE).status_code == 303
    assert [one.officer for one in services.sent(commands.DismissOfficer)] == ["maryam"]
    assert [one.request for one in services.sent(commands.DeclineOfficerRequest)] == [REQUEST]


@pytest.mark.parametrize("session", ["member-session", "manager-session", "finance-session", "treasurer-session"])
def test_only_admins_have_the_page(signed_in: SignedIn, session: str) -> None:
    assert signed_in(session).get(PAGE).status_code == 403
