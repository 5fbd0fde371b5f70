"""Paging of lists: the last page for an offset beyond it, and back to the same place after a decision."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.contract.payment import commands as payment_commands
from shared.contract.refusals import Reason
from shared.contract.renewal import answers, queries
from shared.contract.renewal import commands as renewal_commands
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

REVIEW, PAYMENT = "/desk/0012345/1405", "/desk/payments/0012345/1405"
TASK = f"/desk/money/0012345/1405/{samples.TASK}"
REASON = "کد کاداستر ردیف ۱ خوانا نیست"
HERE = "province=yazd&status=submitted&start=50"


@pytest.fixture(autouse=True)
def on_the_desk(services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted")
    services.desk = tuple(samples.renewal("submitted", member=str(1000 + n)) for n in range(120))


@pytest.mark.parametrize("start", ["120", "150", "9999999999999999999", "9" * 5000])
def test_beyond_the_last_row_is_the_last_page(manager: FlaskClient, start: str) -> None:
    answer = manager.get(f"/desk?province=yazd&start={start}")
    assert answer.headers["Location"] == "/desk?province=yazd&start=100"
    assert "ردیف ۱۰۱ تا ۱۲۰ از ۱۲۰" in manager.get(answer.headers["Location"]).text


@pytest.mark.parametrize("start", ["-5", "x", "²", "۵۰", ""])
def test_what_is_no_row_is_the_first(manager: FlaskClient, services: FakeServices, start: str) -> None:
    assert manager.get(f"/desk?start={start}").status_code == 200
    assert services.sent(queries.ListDesk)[0].offset == 0


def test_an_empty_list_is_empty_wherever_one_starts(manager: FlaskClient, services: FakeServices) -> None:
    services.desk = ()
    assert "چیزی در انتظار بررسی نیست." in manager.get("/desk?start=50").text


def test_every_list_of_the_desk_leads_to_its_last_page(
    manager: FlaskClient, signed_in: SignedIn, services: FakeServices
) -> None:
    services.tasks = (samples.task("held"),)
    services.invoices = (samples.invoice("settled"),)
    services.over_use = (samples.capacity(used_units=96000, remaining_units=0),)
    assert manager.get("/desk/money?start=50").headers["Location"] == "/desk/money?start=0"
    assert manager.get("/desk/payments?start=50").headers["Location"] == "/desk/payments?start=0"
    assert manager.get("/desk/capacity?year=1405&start=50").headers["Location"] == "/desk/capacity?year=1405&start=0"


def test_a_row_leads_to_its_page_with_the_place_it_stands_at(manager: FlaskClient) -> None:
    page = manager.get("/desk?province=yazd&start=50").text
    assert 'href="/desk/1050/1405?province=yazd&amp;status=submitted&amp;start=50&amp;row=50"' in page


@pytest.mark.parametrize(
    ("decision", "fields"),
    [("approve", {"declaration_version": "1"}), ("return", {"reason": REASON}), ("reject", {"reason": REASON})],
)
def test_after_a_decision_the_next_request_of_the_list_is_there(
    manager: FlaskClient, services: FakeServices, decision: str, fields: dict[str, str]
) -> None:
    assert (
        f'"{REVIEW}/{decision}?{HERE.replace("&", "&amp;")}&amp;row=57"' in manager.get(f"{REVIEW}?{HERE}&row=57").text
    )
    answer = pages.send(manager, f"{REVIEW}/{decision}?{HERE}&row=57", fields)
    assert answer.headers["Location"] == f"/desk/1057/1405?{HERE}&row=57"
    query = services.sent(queries.ListDesk)[-1]
    assert (query.province, query.status, query.offset) == ("yazd", "submitted", 57)


def test_after_the_last_row_the_first_is_next_and_after_all_the_list(
    manager: FlaskClient, services: FakeServices
) -> None:
    approval = {"declaration_version": "1"}
    last = pages.send(manager, f"{REVIEW}/approve?{HERE}&row=500", approval)
    assert last.headers["Location"] == f"/desk/1000/1405?{HERE}&row=0"
    services.desk = (samples.renewal("submitted"),)
    none_left = pages.send(manager, f"{REVIEW}/approve?{HERE}&row=57", approval)
    assert none_left.headers["Location"] == f"/desk?{HERE}"
    assert manager.get(f"/desk/next?{HERE}&row=0").headers["Location"] == f"{REVIEW}?{HERE}&row=0"


def test_after_a_refusal_the_place_is_kept_for_the_next_try(manager: FlaskClient) -> None:
    answer = pages.send(manager, f"{REVIEW}/return?{HERE}", {"reason": "کوتاه"})
    assert f'action="{REVIEW}/return?{HERE.replace("&", "&amp;")}"' in answer.text


def test_after_a_confirmation_one_is_back_at_the_same_place(manager: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("settled"),)
    answer = pages.send(manager, f"{PAYMENT}?province=yazd&status=settled&start=50", {"amount_rials": "9000000"})
    assert answer.headers["Location"] == "/desk/payments?province=yazd&status=settled&start=50"


def test_after_a_decision_about_money_the_list_shows_the_same_place(
    signed_in: SignedIn, services: FakeServices
) -> None:
    services.invoices, services.tasks = (samples.invoice("settled"),), (samples.task("write_off_requested"),)
    sara = signed_in("colleague-session")
    place = "?province=isfahan&start=50"
    answer = pages.send(sara, f"{TASK}/decline{place}", {"reason": REASON})
    assert answer.headers["Location"] == f"/desk/money{place}"
    assert pages.send(sara, f"{TASK}/decline", {"reason": REASON}).headers["Location"] == "/desk/account/0012345"


def test_a_place_that_was_made_up_is_none(manager: FlaskClient) -> None:
    made_up = "province=//evil&start=-1&row=x&next=x"
    answer = pages.send(manager, f"{REVIEW}/approve?{made_up}", {"declaration_version": "1"})
    assert answer.headers["Location"] == "/desk/1000/1405?row=0"


# ---------------------------------------------------------------- somebody was faster


def decided(outcome: str, by: str, reason: str = "") -> dict[str, Any]:
    return {"decisions": (samples.decision(outcome, reason).model_copy(update={"by": by}),)}


@pytest.mark.parametrize(
    ("outcome", "by", "said"),
    [
        ("approved", "officer:sara", "سارا یزدی این درخواست را در"),
        ("rejected", "officer:reza", "رضا کاشانی این درخواست را در"),
        ("approved", "officer:maryam", "خود شما این درخواست را در"),
    ],
)
def test_a_decision_that_came_too_late_says_who_was_faster_and_keeps_the_reason(
    manager: FlaskClient, services: FakeServices, outcome: str, by: str, said: str
) -> None:
    services.renewal = samples.renewal(outcome, **decided(outcome, by, "پروانه باطل است"))
    services.refuse(renewal_commands.ReturnRenewal, Reason.ALREADY_DECIDED)
    page = pages.send(manager, f"{REVIEW}/return", {"reason": REASON}).text
    assert said in page
    assert {"officer:sara": "تأیید کرد با", "officer:reza": "رد کرد با", "officer:maryam": "تأیید کرده‌اید با"}[
        by
    ] in page
    assert "«پروانه باطل است». تصمیم شما ثبت نشد." in page
    assert page.count(f">{REASON}</textarea>") == 1


def test_a_version_that_came_meanwhile_is_named(manager: FlaskClient, services: FakeServices) -> None:
    versions = tuple(
        answers.DeclarationOnFile(version=n, submitted_at=samples.NOW - timedelta(hours=n), form=samples.DECLARATION)
        for n in (1, 2)
    )
    services.renewal = samples.renewal("submitted", declarations=versions)
    services.refuse(renewal_commands.ApproveRenewal, Reason.CONFLICT)
    page = pages.send(manager, f"{REVIEW}/approve", {"declaration_version": "1"}).text
    assert "نسخهٔ ۲ خوداظهاری را فرستاد. تصمیم شما ثبت نشد" in page
    assert pages.hidden(page)["declaration_version"] == "2"


def test_a_withdrawal_that_came_first_is_shown(manager: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("withdrawn")
    services.refuse(renewal_commands.RejectRenewal, Reason.NOT_REQUESTED)
    page = pages.send(manager, f"{REVIEW}/reject", {"reason": REASON}).text
    assert "عضو از این درخواست انصراف داده است. تصمیم شما ثبت نشد." in page
    assert f">{REASON}</textarea>" in page


def test_a_task_that_is_done_keeps_what_was_typed(signed_in: SignedIn, services: FakeServices) -> None:
    services.invoices = (samples.invoice("settled"),)
    services.refuse(payment_commands.DeclineRequest, Reason.UNKNOWN_REQUEST)
    page = pages.send(signed_in("colleague-session"), f"{TASK}/decline", {"reason": REASON}).text
    assert "همکاری زودتر به آن رسیده است" in page
    assert f">{REASON}</textarea>" in page


@pytest.mark.parametrize("length", [1001, 4500])
def test_a_reason_that_is_too_long_shows_its_length_and_the_text(
    manager: FlaskClient, services: FakeServices, length: int
) -> None:
    answer = pages.send(manager, f"{REVIEW}/return", {"reason": "ن" * length})
    shown = {1001: "۱٬۰۰۱", 4500: "۴٬۵۰۰"}[length]
    assert f"حداکثر ۱٬۰۰۰ نویسه پذیرفته می‌شود و نوشتهٔ شما {shown} نویسه است" in answer.text
    assert "ن" * length in answer.text
    assert services.sent(renewal_commands.ReturnRenewal) == []
