"""Taking a slip back: the link at the slip, the request, and what the colleague reads before granting it."""

from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from shared.contract.payment import commands
from shared.contract.refusals import Reason
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices
from tests.clients.gateway.finance.test_tasks import ACCOUNT, REASON, TASK

FORM = f"{ACCOUNT}/1405/slip-reversal"
LINK = f"{FORM}?slip={samples.SLIP}"


@pytest.fixture
def reza(signed_in: SignedIn) -> FlaskClient:
    return signed_in("finance-session")


@pytest.fixture
def sara(signed_in: SignedIn) -> FlaskClient:
    return signed_in("manager-session")


def paid_by_slip(services: FakeServices, status: str = "confirmed", **changes: Any) -> None:
    about: dict[str, Any] = {"received_rials": 9_000_000, "slips": (samples.slip(),)}
    services.invoices = (samples.invoice(status, **(about | changes)),)


def test_the_account_leads_from_each_slip_that_counts_to_the_request(reza: FlaskClient, services: FakeServices) -> None:
    paid_by_slip(services)
    assert f'href="{LINK}"' in reza.get(ACCOUNT).text
    paid_by_slip(services, slips=(samples.slip(is_reversal_requested=True),))
    assert "ابطال آن در انتظار تأیید همکار" in reza.get(ACCOUNT).text
    paid_by_slip(services, slips=(samples.slip(reversed_at=samples.NOW),))
    page = reza.get(ACCOUNT).text
    assert "باطل‌شده در" in page
    assert FORM not in page


def test_a_request_names_the_slip_and_keeps_what_was_typed(reza: FlaskClient, services: FakeServices) -> None:
    paid_by_slip(services)
    shown = reza.get(LINK).text
    assert "checked" in pages.field(shown, "manual_payment")
    fields = {"manual_payment": str(samples.SLIP), "reason": "کوتاه", "command_id": str(uuid4())}
    wrong = pages.send(reza, FORM, fields)
    assert wrong.status_code == 422
    assert ">کوتاه</textarea>" in wrong.text
    missing = pages.send(reza, FORM, {"manual_payment": "", "reason": REASON})
    assert "فیشی را که باید باطل شود انتخاب کنید." in missing.text
    answer = pages.send(reza, FORM, fields | {"reason": REASON})
    assert answer.headers["Location"] == ACCOUNT
    [sent] = services.sent(commands.RequestManualPaymentReversal)
    assert (sent.manual_payment, sent.reason, str(sent.id)) == (samples.SLIP, REASON, fields["command_id"])


def test_without_a_slip_that_counts_there_is_nothing_to_request(reza: FlaskClient, services: FakeServices) -> None:
    paid_by_slip(services, slips=(samples.slip(reversed_at=samples.NOW), samples.slip(is_reversal_requested=True)))
    page = reza.get(LINK).text
    assert "فیشی نیست که باطل شود" in page
    assert "<textarea" not in page


def test_a_second_request_is_refused_in_words(reza: FlaskClient, services: FakeServices) -> None:
    paid_by_slip(services)
    services.refuse(commands.RequestManualPaymentReversal, Reason.REVERSAL_REQUESTED)
    answer = pages.send(reza, FORM, {"manual_payment": str(samples.SLIP), "reason": REASON})
    assert answer.status_code == 422
    assert "ابطال این فیش پیش‌تر درخواست شده" in answer.text


OPEN_AGAIN = "دوباره باز می‌شود و ۴٬۵۰۰٬۰۰۰ ریال بدهی می‌ماند"
WITHDRAWN = "تأیید پرداخت و ظرفیت سال ۱۴۰۵ تا پرداخت و تأیید دوباره پس گرفته می‌شود"
CALLED_BACK = "۴٬۵۰۰٬۰۰۰ ریال پس گرفته می‌شود"
OWES_MORE = "ماندهٔ این صورت‌حساب ۹٬۰۰۰٬۰۰۰ ریال می‌شود"
STAYS_PAID = "با پول‌های دیگر پرداخت‌شده می‌ماند"


@pytest.mark.parametrize(
    ("invoice", "said", "unsaid"),
    [
        ({}, [OPEN_AGAIN, WITHDRAWN], [STAYS_PAID, CALLED_BACK]),
        ({"status": "settled"}, [OPEN_AGAIN], [WITHDRAWN, STAYS_PAID]),
        ({"received_rials": 13_500_000}, [STAYS_PAID], [OPEN_AGAIN, WITHDRAWN]),
        ({"credit_spent_rials": 6_000_000}, [STAYS_PAID, CALLED_BACK], [OPEN_AGAIN, WITHDRAWN]),
        ({"status": "open", "received_rials": 4_500_000}, [OWES_MORE], [OPEN_AGAIN]),
        (
            {"status": "open", "replaced_by_year": 1406, "received_rials": 0, "credit_spent_rials": 4_500_000},
            ["خود این صورت‌حساب پابرجا نیست", CALLED_BACK],
            [OPEN_AGAIN, STAYS_PAID],
        ),
    ],
    ids=["confirmed", "settled", "other money", "credit elsewhere", "open", "replaced"],
)
def test_what_will_happen_is_said_before_the_request_and_before_the_grant(
    sara: FlaskClient, services: FakeServices, invoice: dict[str, Any], said: list[str], unsaid: list[str]
) -> None:
    paid_by_slip(services, **invoice)
    about = {"amount_rials": 4_500_000, "cause": "0098-77", "attempt": None}
    services.tasks = (samples.task("slip_reversal_requested", **about),)
    for page in (sara.get(LINK).text, sara.get(TASK).text):
        for sentence in said:
            assert sentence in page
        for sentence in unsaid:
            assert sentence not in page
    assert "۰۰۹۸-۷۷" in sara.get(TASK).text


def test_a_refund_on_its_way_is_named_where_it_keeps_the_slip(sara: FlaskClient, services: FakeServices) -> None:
    paid_by_slip(services)
    services.tasks = (samples.task("slip_reversal_requested", cause="0098-77"),)
    services.refuse(commands.GrantManualPaymentReversal, Reason.REFUND_GRANTED)
    answer = pages.send(sara, f"{TASK}/grant", {"kind": "slip_reversal_requested"})
    assert answer.status_code == 422
    assert "نخست شمارهٔ پیگیری آن را ثبت یا آن را لغو کنید" in answer.text


@pytest.mark.parametrize("session", ["admin-session", "auditor-session", "treasurer-session"])
def test_whoever_may_not_bring_a_slip_may_not_take_one_back(signed_in: SignedIn, session: str) -> None:
    assert signed_in(session).get(FORM).status_code == signed_in(session).get(f"{ACCOUNT}/1405/slip").status_code == 403
