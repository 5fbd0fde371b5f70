"""What both sandbox banks answer to requests that no shop of sound mind sends: a code of theirs, and never an error of the program."""

import pytest
from flask.testing import FlaskClient

from tests.support.sandbox_bank import CALLBACK, MERCHANT

SECOND = "/pgwchannel/services/pgw"
ODD_NUMBERS = ("", "سه", "-1", "1.5", "9" * 30, "۱۲", "\u061c7")


def soap(client: FlaskClient, method: str, **fields: str) -> str:
    elements = "".join(f"<{name}>{text}</{name}>" for name, text in fields.items())
    answer = client.post(
        SECOND, data=f"<Envelope><Body><int:{method}>{elements}</int:{method}></Body></Envelope>".encode()
    )
    assert answer.status_code == 200
    return answer.text.partition("<return>")[2].partition("</return>")[0]


@pytest.mark.parametrize("number", ODD_NUMBERS)
def test_a_sale_without_a_number_is_opened_and_found_nowhere(client: FlaskClient, number: str) -> None:
    assert soap(client, "bpPayRequest", orderId=number, amount="9000000", callBackUrl=CALLBACK) == "21"
    for method in ("bpInquiryRequest", "bpVerifyRequest", "bpSettleRequest", "bpReversalRequest"):
        assert soap(client, method, saleOrderId=number, saleReferenceId="1") == "42"


@pytest.mark.parametrize("amount", ["", "0", "-1", "9" * 30, "نه"])
def test_a_sale_of_an_amount_that_is_none_is_not_opened(client: FlaskClient, amount: str) -> None:
    assert soap(client, "bpPayRequest", orderId="7", amount=amount, callBackUrl=CALLBACK) == "25"


@pytest.mark.parametrize("body", ["", "<int:bpFoo></int:bpFoo>", "{}"])
def test_a_method_that_the_second_bank_does_not_have_is_the_callers_mistake(client: FlaskClient, body: str) -> None:
    assert client.post(SECOND, data=body).status_code == 400


@pytest.mark.parametrize("body", ["", "[" * 60_000, '{"a":' * 12_000, '{"merchant_id": "\\ud800"}', "[]"])
@pytest.mark.parametrize("name", ["request", "verify", "inquiry", "unVerified", "reverse"])
def test_a_body_that_cannot_be_read_has_no_merchant(client: FlaskClient, name: str, body: str) -> None:
    answer = client.post(f"/pg/v4/payment/{name}.json", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.get_json()["errors"]["code"] == -9


@pytest.mark.parametrize("authority", ["", "\x00", "آ", "x" * 37, 7, None, ["S0"], {"a": 1}])
def test_an_authority_that_can_be_none_is_not_found(client: FlaskClient, authority: object) -> None:
    request = {"merchant_id": MERCHANT, "amount": 9_000_000, "authority": authority}
    for name in ("verify", "inquiry", "reverse"):
        answer = client.post(f"/pg/v4/payment/{name}.json", json=request)
        assert answer.get_json()["errors"]["code"] == -54
    if authority != "":
        switch = client.put("/sandbox/faults/verify_502", json={"value": 1, "authority": authority})
        assert switch.status_code == 400
