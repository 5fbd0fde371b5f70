"""The page of program accounts: requests, grants of a second admin, a secret on one page alone, ending and revoking."""

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from shared import translations
from shared.contract.auth import program_commands as commands
from shared.contract.refusals import Reason
from tests.clients.gateway import pages, program_samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

LIST = "/desk/programs"
FIELDS = {"program": "Desk-Helper", "scope-desk:read": "true", "province-isfahan": "true"}
TAKE = f"{LIST}/{program_samples.NAME}/{program_samples.TO_TAKE}/secret"


@pytest.fixture
def admin(signed_in: SignedIn, services: FakeServices) -> FlaskClient:
    services.program_accounts = program_samples.ACCOUNTS
    return signed_in("admin-session")


def test_the_list_shows_scopes_provinces_last_use_and_what_waits(admin: FlaskClient) -> None:
    page = admin.get(LIST).text
    for text in ("desk-helper", "آخرین استفاده", "اصفهان", "hesabdari", "برداشتن کلید تازه"):
        assert text in page


def test_a_secret_that_somebody_knows_who_is_no_admin_any_more_is_warned_of(
    admin: FlaskClient, services: FakeServices
) -> None:
    assert "شاید این کلید را هنوز بداند" not in admin.get(LIST).text
    left = program_samples.USE.model_copy(update={"holder_left": True})
    known = program_samples.ACCOUNT.model_copy(update={"secrets": (left,)})
    services.program_accounts = program_samples.ACCOUNTS.model_copy(update={"accounts": (known,)})
    assert "شاید این کلید را هنوز بداند" in admin.get(LIST).text


def test_without_accounts_it_says_so(admin: FlaskClient, services: FakeServices) -> None:
    services.program_accounts = type(services).program_accounts
    assert "هنوز هیچ برنامه‌ای حساب ندارد" in admin.get(LIST).text


def test_a_request_is_sent_once_with_what_was_ticked(admin: FlaskClient, services: FakeServices) -> None:
    shown = pages.hidden(admin.get(LIST).text)
    for _ in range(2):
        assert admin.post(LIST, data={**shown, **FIELDS}).status_code == 303
    first, second = services.sent(commands.RequestProgramAccount)
    assert first.id == second.id
    assert (first.program, first.scopes, first.provinces) == ("desk-helper", ("desk:read",), ("isfahan",))


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        ("program", "نام را با حروف کوچک لاتین"),
        ("province-isfahan", "استانی را برگزینید"),
        ("scope-desk:read", "دست‌کم یک دامنه"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(
    admin: FlaskClient, services: FakeServices, left_out: str, sentence: str
) -> None:
    fields = {name: value for name, value in FIELDS.items() if name != left_out}
    answer = pages.send(admin, LIST, fields, LIST)
    assert answer.status_code == 422
    assert sentence in answer.text
    for name in fields:
        assert pages.field(answer.text, name)
    assert services.sent(commands.RequestProgramAccount) == []


DECISIONS: dict[str, tuple[str, UUID, type[Any]]] = {
    "decline": (program_samples.REQUEST.program, program_samples.WAITING, commands.DeclineProgramAccount),
    "end": (program_samples.NAME, program_samples.SECRET, commands.EndProgramSecret),
    "grant": (program_samples.REQUEST.program, program_samples.WAITING, commands.GrantProgramAccount),
}


@pytest.mark.parametrize("decision", sorted(DECISIONS))
def test_a_button_decides_about_its_own_request(admin: FlaskClient, services: FakeServices, decision: str) -> None:
    program, request, kind = DECISIONS[decision]
    path = f"{LIST}/{program}/{request}/{decision}"
    assert f'action="{path}"' in admin.get(LIST).text
    assert pages.send(admin, path, {}, LIST).status_code == 303
    [command] = services.sent(kind)
    assert (command.program, command.request) == (program, request)


def test_an_account_is_closed_after_a_confirmation_that_names_it(admin: FlaskClient, services: FakeServices) -> None:
    path = f"{LIST}/{program_samples.NAME}/revoke"
    assert f'href="{path}"' in admin.get(LIST).text
    confirmation = admin.get(path).text
    assert "desk-helper: کلیدهای آن" in confirmation
    assert services.sent(commands.RevokeProgramAccount) == []
    assert pages.send(admin, path, {}, path).status_code == 303
    [command] = services.sent(commands.RevokeProgramAccount)
    assert command.program == program_samples.NAME


def test_an_account_that_is_closed_already_is_not_asked_about(admin: FlaskClient) -> None:
    assert admin.get(f"{LIST}/no-such-one/revoke").status_code == 404


def test_a_secret_is_on_one_page_alone_that_no_cache_keeps(admin: FlaskClient) -> None:
    answer = pages.send(admin, TAKE, {}, LIST)
    assert answer.status_code == 200
    assert "tamdid_4Xc2mB9vLw7Qy1Tz5Rk8Np3Hs6Jd0Fg" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert "tamdid_4Xc2" not in admin.get(LIST).text


def test_why_one_may_not_grant_stands_in_the_place_of_the_button(admin: FlaskClient, services: FakeServices) -> None:
    own = program_samples.REQUEST.model_copy(update={"hindrance": Reason.OWN_REQUEST})
    services.program_accounts = program_samples.ACCOUNTS.model_copy(update={"requests": (own,)})
    page = admin.get(LIST).text
    assert "شما نمی‌توانید تأیید کنید" in page
    assert f"{program_samples.WAITING}/grant" not in page


def test_a_refusal_is_told_on_the_page(admin: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.RevokeProgramAccount, Reason.NOT_ALLOWED)
    answer = pages.send(admin, f"{LIST}/{program_samples.NAME}/revoke", {}, LIST)
    assert answer.status_code == 422
    assert translations.group("refusal")[Reason.NOT_ALLOWED] in answer.text


@pytest.mark.parametrize("session", ["auditor-session", "manager-session", "member-session"])
def test_the_page_is_for_admins(signed_in: SignedIn, session: str) -> None:
    assert signed_in(session).get(LIST).status_code in (302, 303, 403)


def test_persian_digits_in_a_name_are_read(admin: FlaskClient, services: FakeServices) -> None:
    assert pages.send(admin, LIST, {**FIELDS, "program": "desk-۱۲"}, LIST).status_code == 303
    [command] = services.sent(commands.RequestProgramAccount)
    assert command.program == "desk-12"
