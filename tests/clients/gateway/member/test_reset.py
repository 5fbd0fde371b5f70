"""The page on which a manager takes back a member's forgotten password, and what the member reads of it."""

from flask.testing import FlaskClient

from shared.contract.auth import commands
from shared.contract.refusals import Reason
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

PAGE = f"/desk/account/{samples.MEMBER}/reset"


def test_a_manager_takes_a_password_back_after_seeing_the_member(manager: FlaskClient, services: FakeServices) -> None:
    refused = pages.send(manager, PAGE, {}, page=PAGE)
    assert refused.status_code == 422
    assert 'href="#identity_checked"' in refused.text
    assert services.sent(commands.ResetMember) == []
    answer = pages.send(manager, PAGE, {"identity_checked": "true"}, page=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/desk/account/{samples.MEMBER}")
    assert [command.member for command in services.sent(commands.ResetMember)] == [samples.MEMBER]


def test_a_refusal_is_shown_on_the_page(manager: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.ResetMember, Reason.NOT_ALLOWED)
    assert pages.send(manager, PAGE, {"identity_checked": "true"}, page=PAGE).status_code == 422


def test_nobody_else_comes_to_the_page(signed_in: SignedIn) -> None:
    for session in ("member-session", "finance-session"):
        client = signed_in(session)
        assert client.get(PAGE).status_code == 403
        assert pages.send(client, PAGE, {"identity_checked": "true"}, page="/sessions").status_code == 403


def test_a_manager_finds_the_page_at_the_members_account(signed_in: SignedIn, services: FakeServices) -> None:
    services.invoices = (samples.invoice("open"),)
    account = f"/desk/account/{samples.MEMBER}"
    assert f'href="{PAGE}"' in signed_in("manager-session").get(account).text
    assert f'href="{PAGE}"' not in signed_in("finance-session").get(account).text


def test_the_member_reads_of_the_reset(member: FlaskClient, services: FakeServices) -> None:
    assert "گذرواژهٔ شما را برداشت" not in member.get("/member").text
    services.card = samples.card(password_reset_at=samples.NOW)
    assert "گذرواژهٔ شما را برداشت" in member.get("/member").text
