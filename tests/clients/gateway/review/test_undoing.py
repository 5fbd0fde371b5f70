"""The review is on record as opened, and the own return or rejection is undone within minutes."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from shared.contract.refusals import Reason
from shared.contract.renewal import answers, commands
from tests.clients.gateway import pages, samples
from tests.clients.gateway.fake_services import FakeServices

REVIEW = "/desk/0012345/1405"
UNDO = f'action="{REVIEW}/undo'
DECISION = uuid4()


def decided(outcome: str = "returned", **changes: Any) -> answers.Renewal:
    about = {"decision": DECISION, "at": datetime.now(UTC) - timedelta(minutes=1), "by": "officer:maryam"} | changes
    decision = samples.decision(outcome, "نشانی کامل نیست").model_copy(update=about)
    return samples.renewal(outcome, decisions=(decision,))


def test_the_first_look_of_a_manager_is_recorded(manager: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted")
    manager.get(REVIEW)
    [sent] = services.sent(commands.OpenReview)
    assert sent.declaration_version == 1
    services.renewal = samples.renewal("submitted", opened_at=samples.NOW)
    manager.get(REVIEW)
    assert len(services.sent(commands.OpenReview)) == 1


@pytest.mark.parametrize("status", ["requested", "returned", "approved"])
def test_nothing_is_recorded_of_what_is_not_on_the_desk(
    manager: FlaskClient, services: FakeServices, status: str
) -> None:
    services.renewal = samples.renewal(status)
    manager.get(REVIEW)
    assert services.sent(commands.OpenReview) == []


def test_a_member_who_was_quicker_is_shown_to_the_manager(manager: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted")
    services.refuse(commands.OpenReview, Reason.NOT_SUBMITTED)
    services.refuse(commands.ApproveRenewal, Reason.NOT_SUBMITTED)
    recalled = samples.renewal("requested", recalled_at=samples.NOW)
    form = pages.hidden(manager.get(REVIEW).text)
    services.renewal = recalled
    answer = manager.post(f"{REVIEW}/approve", data=form)
    assert "خوداظهاری را پس گرفت تا تغییر دهد" in answer.text


def test_notes_of_the_member_are_on_the_review(manager: FlaskClient, services: FakeServices) -> None:
    note = answers.MemberNote(declaration_version=1, text="قرارداد تمدید شد", at=samples.NOW)
    services.renewal = samples.renewal("submitted", member_notes=(note,), opened_at=samples.NOW)
    page = manager.get(REVIEW).text
    assert "یادداشت عضو" in page
    assert page.index("قرارداد تمدید شد") < page.index("decide-title"), "before the decision"


@pytest.mark.parametrize("decision", ["return", "reject"])
def test_the_page_after_a_decision_has_the_button_once(
    manager: FlaskClient, services: FakeServices, decision: str
) -> None:
    services.renewal = samples.renewal("submitted", opened_at=samples.NOW)
    answer = pages.send(manager, f"{REVIEW}/{decision}", {"reason": "نشانی کامل نیست و خوانا نیست"})
    next_page = manager.get(answer.location).text
    assert UNDO in next_page
    kind = commands.ReturnRenewal if decision == "return" else commands.RejectRenewal
    assert pages.hidden(next_page)["decision"] == str(services.sent(kind)[0].id)
    assert UNDO not in manager.get("/desk").text


def test_an_approval_is_not_undone(manager: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted", opened_at=samples.NOW)
    answer = pages.send(manager, f"{REVIEW}/approve", {"declaration_version": "1"})
    assert UNDO not in manager.get(answer.location).text
    services.renewal = decided("approved")
    assert UNDO not in manager.get(REVIEW).text


def test_the_own_decision_of_the_last_minutes_is_undone_from_the_review(
    manager: FlaskClient, services: FakeServices
) -> None:
    services.renewal = decided()
    page = manager.get(REVIEW).text
    assert UNDO in page
    answer = manager.post(f"{REVIEW}/undo", data=pages.hidden(page))
    assert answer.location == REVIEW
    [sent] = services.sent(commands.UndoDecision)
    assert sent.decision == DECISION


@pytest.mark.parametrize(
    "changes",
    [
        {"at": samples.NOW - timedelta(minutes=6)},
        {"by": "officer:karim"},
        {"decision": None},
        {"undone_at": samples.NOW},
    ],
    ids=["late", "a colleague's", "of an earlier version", "undone"],
)
def test_other_decisions_have_no_button(manager: FlaskClient, services: FakeServices, changes: dict[str, Any]) -> None:
    services.renewal = decided(**changes)
    assert UNDO not in manager.get(REVIEW).text


def test_what_came_too_late_is_said_on_the_review(manager: FlaskClient, services: FakeServices) -> None:
    services.renewal = decided()
    services.refuse(commands.UndoDecision, Reason.UNDO_OVER)
    for typed in ({"decision": str(DECISION)}, {"decision": "x"}):
        answer = pages.send(manager, f"{REVIEW}/undo", typed)
        assert answer.status_code == 422
        assert "این تصمیم دیگر واگردانده نمی‌شود" in answer.text


def test_an_undone_decision_is_named_so_and_counts_no_more(manager: FlaskClient, services: FakeServices) -> None:
    undone = decided().decisions[0].model_copy(update={"undone_at": samples.NOW})
    services.renewal = samples.renewal("submitted", decisions=(undone,), opened_at=samples.NOW)
    page = manager.get(REVIEW).text
    assert "واگردانده شد" in page
    assert "decide-title" in page


def test_the_page_of_a_return_says_what_follows_when_it_is_not_corrected(
    manager: FlaskClient, services: FakeServices
) -> None:
    services.renewal = samples.renewal("submitted", opened_at=samples.NOW)
    assert "بی پیامد مالی بسته می‌شود" in manager.get(f"{REVIEW}/return").text
