"""Many payments at once: the check confirms nothing, each row has its own command and amount, and failures stay ticked."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.contract.payment import commands, queries
from shared.contract.refusals import Reason
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

ROW = re.compile('name="row" value="([^"]+)"')
CHECK, CONFIRM = "/desk/payments/many/check", "/desk/payments/many"
LATER, EARLIER = "0012345.1405", "0012345.1404"


@pytest.fixture(autouse=True)
def waiting(services: FakeServices) -> None:
    by_slip = samples.invoice("settled", year=1404, amount_rials=4_000_000, bank_reference="", card_mask="")
    services.invoices = (samples.invoice("settled"), by_slip)


def checked(manager: FlaskClient, **form: Any) -> str:
    return pages.send(manager, CHECK, form).text


def seen(page: str) -> list[str]:
    return [row.rsplit(".", 1)[0] for row in ROW.findall(page)]


def test_rows_that_wait_have_boxes_which_a_link_ticks(manager: FlaskClient) -> None:
    assert f'name="pick" value="{LATER}">' in manager.get("/desk/payments").text
    assert f'name="pick" value="{LATER}" checked>' in manager.get("/desk/payments?ticked=1").text


@pytest.mark.parametrize("status", ["confirmed", "open"])
def test_what_does_not_wait_has_no_box(manager: FlaskClient, services: FakeServices, status: str) -> None:
    services.invoices = (samples.invoice(status),)
    assert 'name="pick"' not in manager.get(f"/desk/payments?status={status}").text


def test_only_a_manager_has_boxes_or_may_confirm(signed_in: SignedIn, services: FakeServices) -> None:
    finance = signed_in("finance-session")
    assert 'name="pick"' not in finance.get("/desk/payments").text
    for path in (CHECK, CONFIRM):
        assert pages.send(finance, path, {"all": "1", "row": [f"{LATER}.9000000.{samples.ATTEMPT}"]}).status_code == 403
    assert services.sent(commands.ConfirmPayment) == []


def test_the_check_says_what_is_confirmed_with_the_sum_and_confirms_nothing(
    manager: FlaskClient, services: FakeServices
) -> None:
    page = checked(manager, pick=[LATER, EARLIER, LATER])
    assert seen(page) == [f"{LATER}.9000000", f"{EARLIER}.4000000"]
    assert "۱۳٬۰۰۰٬۰۰۰ ریال" in page
    assert services.sent(commands.ConfirmPayment) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"status": "confirmed", "confirmed_at": samples.NOW}, "تأییدشده"),
        ({"status": "open"}, "پرداخت این صورت‌حساب هنوز از بانک قطعی نشده است"),
        ({"waived_by": "officer:maryam"}, "چشم‌پوشی"),
    ],
    ids=["confirmed", "open", "own_waiver"],
)
def test_what_cannot_be_confirmed_is_left_out_with_the_reason(
    manager: FlaskClient, services: FakeServices, content: dict[str, Any], sentence: str
) -> None:
    first, second = services.invoices
    services.invoices = (first, second.model_copy(update=content))
    page = checked(manager, pick=[LATER, EARLIER])
    assert seen(page) == [f"{LATER}.9000000"]
    assert sentence in page.partition("کنار گذاشته شده")[2]


def test_a_payment_that_is_not_there_is_left_out(manager: FlaskClient) -> None:
    page = checked(manager, pick=["0012345.1399"])
    assert "هیچ‌کدام را نمی‌توان تأیید کرد." in page
    assert seen(page) == []


def test_all_that_wait_are_checked_up_to_the_most_of_one_act(manager: FlaskClient, services: FakeServices) -> None:
    assert len(seen(checked(manager, all="1"))) == 2
    query = services.sent(queries.ListPayments)[-1]
    assert (query.status, query.limit, query.offset) == ("settled", 100, 0)


def test_all_of_the_list_of_late_ones_are_the_late_ones(manager: FlaskClient, services: FakeServices) -> None:
    long_ago = samples.LATE_BEFORE - timedelta(hours=1)
    services.invoices = tuple(one.model_copy(update={"settled_at": long_ago}) for one in services.invoices[:1])
    page = pages.send(manager, f"{CHECK}?province=isfahan&status=settled&late=1", {"all": "1"}).text
    assert seen(page) == [f"{LATER}.9000000"]
    assert services.sent(queries.ListPayments)[-1].only_late
    assert 'action="/desk/payments/many?province=isfahan&amp;status=settled&amp;late=1"' in page


def test_of_what_a_colleague_has_confirmed_in_between_the_result_says_who_and_when(
    manager: FlaskClient, services: FakeServices
) -> None:
    rows = ROW.findall(checked(manager, pick=[LATER]))
    details = {"officer": "officer:sara", "confirmed_at": "2026-11-28T06:30:00+00:00"}
    services.refuse(commands.ConfirmPayment, Reason.ALREADY_CONFIRMED, details)
    page = pages.send(manager, CONFIRM, {"row": rows}).text
    assert "سارا یزدی این پرداخت را در شنبه ۷ آذر ۱۴۰۵" in page
    assert "۰ پرداخت تأیید شد و ۱ پرداخت نشد." in page


def test_without_a_tick_the_list_says_so(manager: FlaskClient) -> None:
    answer = pages.send(manager, f"{CHECK}?province=isfahan&status=settled", {"pick": ["x"]})
    assert answer.headers["Location"] == "/desk/payments?province=isfahan&status=settled"
    assert "هیچ پرداختی گزیده نشده است." in manager.get("/desk/payments").text


def test_each_row_is_its_own_command_with_its_amount_and_the_same_id_when_sent_again(
    manager: FlaskClient, services: FakeServices
) -> None:
    rows = ROW.findall(checked(manager, pick=[LATER, EARLIER]))
    for _ in range(2):
        assert "۲ پرداخت به مبلغ ۱۳٬۰۰۰٬۰۰۰ ریال تأیید شد" in pages.send(manager, CONFIRM, {"row": rows}).text
    sent = services.sent(commands.ConfirmPayment)
    assert [(one.year, one.amount_rials) for one in sent] == [(1405, 9_000_000), (1404, 4_000_000)] * 2
    assert [one.id for one in sent[:2]] == [one.id for one in sent[2:]]
    assert len({one.id for one in sent}) == 2


def test_a_failure_stays_ticked_with_its_reason(manager: FlaskClient, services: FakeServices) -> None:
    rows = ROW.findall(checked(manager, pick=[LATER]))
    services.refuse(commands.ConfirmPayment, Reason.CONFLICT)
    page = pages.send(manager, CONFIRM, {"row": rows}).text
    assert f'value="{LATER}" checked>' in page
    assert "هم‌زمان تغییر دیگری ثبت شد" in page
    assert "۰ پرداخت تأیید شد و ۱ پرداخت نشد" in page


@pytest.mark.parametrize("row", ["", "0012345.1405.1", "0012345.1405.-1.x", "abc.1405.1.x", "x"])
def test_a_row_that_no_check_has_made_confirms_nothing(manager: FlaskClient, services: FakeServices, row: str) -> None:
    assert pages.send(manager, CONFIRM, {"row": [row]}).status_code == 200
    assert services.sent(commands.ConfirmPayment) == []
