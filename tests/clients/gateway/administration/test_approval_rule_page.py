"""The page of the approval rule: what it does and whether it is on, switched by managers and shown to admins."""

import pytest
from flask.testing import FlaskClient

from shared.contract.refusals import Reason
from shared.contract.renewal import answers, commands
from shared.contract.renewal.rule_answers import ApprovalRule
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

PAGE = "/desk/approval-rule?province=isfahan"
ON = ApprovalRule(province="isfahan", is_on=True, by="officer:maryam", at=samples.NOW, approved=37)


@pytest.fixture
def manager(signed_in: SignedIn, services: FakeServices) -> FlaskClient:
    return signed_in("manager-session")


def test_it_is_off_by_default_and_says_what_it_would_do(manager: FlaskClient) -> None:
    page = manager.get(PAGE).text
    for text in ("خاموش", "هنوز هیچ‌کس آن را روشن نکرده است", "یک‌دهم", "روشن کردن"):
        assert text in page


def test_switched_on_it_says_by_whom_and_how_many_it_has_approved(manager: FlaskClient, services: FakeServices) -> None:
    services.approval_rule = ON
    page = manager.get(PAGE).text
    for text in ("مریم تهرانی", "۳۷ درخواست", "خاموش کردن"):
        assert text in page


@pytest.mark.parametrize("state", ["on", "off"])
def test_a_manager_switches_it_for_one_province(manager: FlaskClient, services: FakeServices, state: str) -> None:
    answer = pages.send(manager, f"/desk/approval-rule/{state}", {"province": "yazd"}, PAGE)
    assert answer.status_code == 303
    assert answer.location.endswith("/desk/approval-rule?province=yazd")
    [command] = services.sent(commands.SwitchApprovalRule)
    assert (command.province, command.is_on) == ("yazd", state == "on")


def test_a_refusal_is_shown_and_nothing_is_switched(manager: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.SwitchApprovalRule, Reason.NO_ANSWER)
    answer = pages.send(manager, "/desk/approval-rule/on", {"province": "isfahan"}, PAGE)
    assert answer.status_code == 422
    assert "روشن کردن" in answer.text


def test_an_admin_sees_it_without_a_button(signed_in: SignedIn) -> None:
    page = signed_in("admin-session").get(PAGE)
    assert page.status_code == 200
    assert "با مدیر استان است" in page.text
    assert "/desk/approval-rule/on" not in page.text


def test_what_the_rule_has_approved_says_so_in_the_list_and_in_the_case(
    manager: FlaskClient, services: FakeServices
) -> None:
    by_rule = answers.Decision(outcome="approved", by="rule:unchanged", at=samples.NOW)
    notes = answers.DeskNotes(change="same", approved_by_rule=True)
    services.renewal = samples.renewal("approved").model_copy(update={"decisions": (by_rule,), "desk": notes})
    services.desk = (services.renewal,)
    assert "تأیید با قاعده" in manager.get("/desk?status=approved&province=isfahan").text
    assert "قاعدهٔ تأیید خودکار" in manager.get(f"/desk/{samples.MEMBER}/{samples.YEAR}").text


@pytest.mark.parametrize("session", ["member-session", "finance-session", "treasurer-session", "auditor-session"])
def test_others_have_neither_page_nor_index(signed_in: SignedIn, session: str) -> None:
    browser = signed_in(session)
    assert browser.get(PAGE).status_code == 403
    assert browser.get("/desk/administration").status_code == 403


def test_the_index_lists_the_pages_of_the_officers_roles(signed_in: SignedIn) -> None:
    of_manager = signed_in("manager-session").get("/desk/administration").text
    assert "/desk/calendar" in of_manager
    assert "/desk/officers" not in of_manager
    of_admin = signed_in("admin-session").get("/desk/administration").text
    assert "/desk/officers" in of_admin
    assert "/desk/calendar" not in of_admin
