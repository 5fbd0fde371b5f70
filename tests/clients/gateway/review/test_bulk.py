"""Many requests at once: the check decides nothing, each row has its own command, and failures stay ticked."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.contract.refusals import Reason
from shared.contract.renewal import answers, commands, queries
from tests.clients.gateway import fake_services, pages, samples
from tests.clients.gateway.fake_services import FakeServices

ROW = re.compile('name="row" value="([^"]+)"')
PREVIEWS = answers.DecisionPreviews(
    previews=(
        answers.DecisionPreview(member="0012345", year=1405, status="submitted", declaration_version=2),
        answers.DecisionPreview(member="0099", year=1405, status="approved", refusal="already_decided"),
    )
)


@pytest.fixture(autouse=True)
def on_the_desk(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    services.renewal = samples.renewal("submitted")
    services.desk = (samples.renewal("submitted"), samples.renewal("submitted", member="0099"))
    known: dict[Any, Any] = {**fake_services.ANSWERS, queries.PreviewDecisions: preview}
    monkeypatch.setattr(fake_services, "ANSWERS", known)


def preview(_services: FakeServices, _message: Any) -> answers.DecisionPreviews:
    return PREVIEWS


def checked(manager: FlaskClient, decision: str, **form: Any) -> str:
    return pages.send(manager, f"/desk/many/{decision}/check", form).text


def test_rows_have_boxes_which_a_link_ticks(manager: FlaskClient) -> None:
    assert 'name="pick" value="0099.1405">' in manager.get("/desk").text
    assert 'name="pick" value="0099.1405" checked>' in manager.get("/desk?ticked=1").text


def test_the_check_says_what_happens_and_decides_nothing(manager: FlaskClient, services: FakeServices) -> None:
    page = checked(manager, "approve", pick=["0012345.1405", "0099.1405"])
    assert [row.rsplit(".", 1)[0] for row in ROW.findall(page)] == ["0012345.1405.2"]
    assert "دربارهٔ این درخواست پیش‌تر تصمیم گرفته شده است." in page
    [query] = services.sent(queries.PreviewDecisions)
    assert [(one.member, one.year) for one in query.renewals] == [("0012345", 1405), ("0099", 1405)]
    assert services.sent(commands.ApproveRenewal) == []


def test_all_that_match_are_checked(manager: FlaskClient, services: FakeServices) -> None:
    checked(manager, "approve", all="1")
    assert len(services.sent(queries.PreviewDecisions)[0].renewals) == 2


def test_each_row_is_its_own_command_with_the_same_id_when_sent_again(
    manager: FlaskClient, services: FakeServices
) -> None:
    rows = ROW.findall(checked(manager, "approve", pick=["0012345.1405"]))
    for _ in range(2):
        assert "۱ درخواست تأیید شد" in pages.send(manager, "/desk/many/approve", {"row": rows}).text
    first, second = services.sent(commands.ApproveRenewal)
    assert (first.id, first.declaration_version) == (second.id, 2)


def test_a_failure_stays_ticked_with_its_reason(manager: FlaskClient, services: FakeServices) -> None:
    rows = ROW.findall(checked(manager, "approve", pick=["0012345.1405"]))
    services.refuse(commands.ApproveRenewal, Reason.CONFLICT)
    page = pages.send(manager, "/desk/many/approve", {"row": rows}).text
    assert 'value="0012345.1405" checked>' in page
    assert "هم‌زمان تغییر دیگری ثبت شد" in page


def test_a_return_of_many_has_one_reason(manager: FlaskClient, services: FakeServices) -> None:
    rows = ROW.findall(checked(manager, "return", pick=["0012345.1405"]))
    short = pages.send(manager, "/desk/many/return", {"row": rows, "reason": "کوتاه"})
    assert (short.status_code, ROW.findall(short.text)) == (422, rows)
    assert services.sent(commands.ReturnRenewal) == []
    pages.send(manager, "/desk/many/return", {"row": rows, "reason": "نشانی کارفرما را کامل کنید"})
    sent = [(one.reason, one.declaration_version) for one in services.sent(commands.ReturnRenewal)]
    assert sent == [("نشانی کارفرما را کامل کنید", 2)]


@pytest.mark.parametrize("row", ["", "0012345.1405.1", "0012345.9999.1.x", "abc.1405.1.x", "x"])
def test_a_row_that_no_check_has_made_decides_nothing(manager: FlaskClient, services: FakeServices, row: str) -> None:
    assert pages.send(manager, "/desk/many/approve", {"row": [row]}).status_code == 200
    assert services.sent(commands.ApproveRenewal) == []
