"""The adapter against the real sandbox bank over HTTP, and against what is worse than it."""

import json
import logging
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx
import pytest

from services.payment.banks.port import (
    Mismatch,
    NotOpened,
    NotPaid,
    NotReversed,
    Opened,
    Order,
    Paid,
    Reversed,
    SessionStatus,
    Unknown,
    Unverified,
)
from services.payment.banks.zarinpal import Zarinpal
from tests.support.sandbox_bank import CALLBACK, MERCHANT, SandboxBank

AMOUNT = 9_000_000
FORGED = "S0" + "f" * 34
ANOTHER_MERCHANT = "99999999-2222-4333-8444-555555555555"


def opened(bank: SandboxBank, amount_rials: int = AMOUNT) -> str:
    """The authority of a fresh session."""
    answer = bank.adapter.create(Order(uuid4(), amount_rials, "حق عضویت سال ۱۴۰۵"))
    assert isinstance(answer, Opened)
    return answer.authority


def paid(bank: SandboxBank) -> str:
    authority = opened(bank)
    assert bank.choose(authority, "pay").status_code == 303
    return authority


def test_a_session_is_opened_where_the_browser_pays(bank: SandboxBank) -> None:
    answer = bank.adapter.create(Order(uuid4(), AMOUNT, "حق عضویت سال ۱۴۰۵"))
    assert isinstance(answer, Opened)
    assert re.fullmatch(r"[AS][0-9A-Za-z]{35}", answer.authority)
    assert answer.redirect_url == f"{bank.url}/pg/StartPay/{answer.authority}"
    assert bank.http.get(answer.redirect_url).status_code == 200


def test_a_proxy_of_the_environment_does_not_see_the_merchant(
    bank: SandboxBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert isinstance(bank.adapter_of(MERCHANT).create(Order(uuid4(), AMOUNT, "حق عضویت")), Opened)


def test_a_payment_waits_for_our_verify_and_goes_back_without_it() -> None:
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") as (bank, requests):
        bank.create(Order(uuid4(), AMOUNT, "ح" * 600))
    body = json.loads(requests[0].partition(b"\r\n\r\n")[2])
    assert body["metadata"]["auto_verify"] is False
    assert (body["currency"], body["amount"], len(body["description"])) == ("IRR", AMOUNT, 500)


def test_what_is_paid_is_verified_and_again_under_the_same_reference(bank: SandboxBank) -> None:
    authority = paid(bank)
    assert bank.adapter.inquire(authority) is SessionStatus.PAID
    first, second = bank.adapter.verify(authority, AMOUNT), bank.adapter.verify(authority, AMOUNT)
    assert isinstance(first, Paid)
    assert isinstance(second, Paid)
    assert first.reference == second.reference == "200000001"
    assert first.card_mask == "502229******5995"
    assert bank.adapter.inquire(authority) is SessionStatus.VERIFIED


def test_what_nobody_has_paid_yet_is_not_paid_and_may_still_be(bank: SandboxBank) -> None:
    authority = opened(bank)
    assert bank.adapter.verify(authority, AMOUNT) == NotPaid("not_paid")
    assert bank.adapter.inquire(authority) is SessionStatus.IN_BANK


def test_what_is_cancelled_is_not_paid_and_over(bank: SandboxBank) -> None:
    authority = opened(bank)
    bank.choose(authority, "cancel")
    assert bank.adapter.verify(authority, AMOUNT) == NotPaid("not_paid")
    assert bank.adapter.inquire(authority).is_over


def test_another_amount_is_a_mismatch(bank: SandboxBank) -> None:
    assert bank.adapter.verify(paid(bank), AMOUNT // 10) == Mismatch("amount_differs")


def test_a_forged_authority_is_a_mismatch(bank: SandboxBank) -> None:
    assert bank.adapter.verify(FORGED, AMOUNT) == Mismatch("session_unknown")
    assert bank.adapter.inquire(FORGED) is SessionStatus.UNKNOWN


def test_the_session_of_another_merchant_is_a_mismatch(bank: SandboxBank) -> None:
    assert bank.adapter_of(ANOTHER_MERCHANT).verify(paid(bank), AMOUNT) == Mismatch("session_of_another")


def test_what_is_wrong_on_our_side_is_unknown_and_never_a_failure(bank: SandboxBank) -> None:
    authority = paid(bank)
    nobody = bank.adapter_of("not-a-merchant")
    assert nobody.verify(authority, AMOUNT) == Unknown("code -9")
    assert bank.adapter_of("x" * 36).verify(authority, AMOUNT) == Unknown("code -10")
    assert nobody.create(Order(uuid4(), AMOUNT, "حق عضویت")) == NotOpened("code -9")
    assert bank.adapter.create(Order(uuid4(), 9_999, "کمتر از کمینه")) == NotOpened("code -9")


def test_a_bank_that_fails_at_create_opens_nothing(bank: SandboxBank) -> None:
    bank.switch("create_500")
    assert bank.adapter.create(Order(uuid4(), AMOUNT, "حق عضویت")) == NotOpened("status 500")
    opened(bank)


def test_a_callback_to_another_site_opens_nothing(bank: SandboxBank) -> None:
    elsewhere = Zarinpal(bank.url, bank.url, "http://elsewhere.test/payment/return", MERCHANT)
    assert elsewhere.create(Order(uuid4(), AMOUNT, "حق عضویت")) == NotOpened("code -14")


def test_html_of_a_broken_gateway_is_unknown(bank: SandboxBank) -> None:
    authority = paid(bank)
    bank.switch("verify_502")
    bank.switch("inquiry_502")
    assert bank.adapter.verify(authority, AMOUNT) == Unknown("status 502")
    assert bank.adapter.inquire(authority) is SessionStatus.UNKNOWN
    assert isinstance(bank.adapter.verify(authority, AMOUNT), Paid)


def test_too_many_requests_is_unknown(bank: SandboxBank) -> None:
    authority = paid(bank)
    bank.switch("verify_busy")
    assert bank.adapter.verify(authority, AMOUNT) == Unknown("code -12")


def test_an_answer_that_breaks_off_is_unknown_though_the_bank_has_verified(bank: SandboxBank) -> None:
    authority = paid(bank)
    bank.switch("verify_drop")
    assert bank.adapter.verify(authority, AMOUNT) == Unknown("RemoteProtocolError")
    assert isinstance(bank.adapter.verify(authority, AMOUNT), Paid)


def test_a_bank_that_is_not_there_is_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    nowhere = Zarinpal(url, url, CALLBACK, MERCHANT)
    assert nowhere.create(Order(uuid4(), AMOUNT, "حق عضویت")) == NotOpened("ConnectError")
    assert nowhere.verify(FORGED, AMOUNT) == Unknown("ConnectError")
    assert nowhere.inquire(FORGED) is SessionStatus.UNKNOWN
    assert nowhere.list_unverified() == Unknown("ConnectError")
    assert nowhere.reverse(FORGED) == Unknown("ConnectError")


@contextmanager
def answering(raw: bytes) -> Iterator[tuple[Zarinpal, list[bytes]]]:
    """A bank that reads a request and answers raw bytes, or nothing at all; and what it was asked."""
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = threading.Event()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                requests.append(read_request(connection))
                connection.sendall(raw)
                done.wait(10 if not raw else 0)

        serving = threading.Thread(target=serve)
        serving.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield Zarinpal(url, url, CALLBACK, MERCHANT, httpx.Timeout(0.2)), requests
        done.set()
        serving.join()


def test_a_bank_that_ends_the_connection_after_its_answer_is_reached_again() -> None:
    """As a copy of it does that is replaced: a request on the old connection would get no answer."""
    answer = b'{"data": {"code": 100, "status": "PAID"}, "errors": []}'
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(2):
                connection, _ = listener.accept()
                with connection:
                    read_request(connection)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))
                    connection.recv(65_536)  # a next request, which goes unanswered, or the end of the connection

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        bank = Zarinpal(url, url, CALLBACK, MERCHANT)
        assert [bank.inquire(FORGED) for _ in range(2)] == [SessionStatus.PAID] * 2
        serving.join()


def read_request(connection: socket.socket) -> bytes:
    """Head and body of one request."""
    request = b""
    while not (length := re.search(rb"(?i)content-length: (\d+).*?\r\n\r\n", request, re.DOTALL)) or len(
        request
    ) < length.end() + int(length[1]):
        request += connection.recv(65_536)
    return request


def test_a_bank_that_never_answers_is_unknown() -> None:
    with answering(b"") as (silent, _):
        assert silent.verify(FORGED, AMOUNT) == Unknown("ReadTimeout")


def test_a_redirect_is_not_followed_and_no_answer() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/steal\r\nContent-Length: 0\r\n\r\n"
    with answering(moved) as (elsewhere, _):
        assert elsewhere.verify(FORGED, AMOUNT) == Unknown("no_json")


def test_paid_sessions_that_wait_for_us_are_listed(bank: SandboxBank) -> None:
    waiting, done = paid(bank), paid(bank)
    opened(bank)
    bank.adapter.verify(done, AMOUNT)
    assert bank.adapter.list_unverified() == [Unverified(waiting, AMOUNT)]
    bank.switch("unverified_empty")
    assert bank.adapter.list_unverified() == []


def test_what_is_not_verified_in_time_goes_back_to_the_payer(bank: SandboxBank) -> None:
    authority = paid(bank)
    bank.clock.advance(minutes=30.1)
    assert bank.adapter.verify(authority, AMOUNT) == NotPaid("not_paid")
    assert bank.adapter.inquire(authority) is SessionStatus.REVERSED
    assert bank.adapter.list_unverified() == []


def test_a_payment_is_reversed_within_half_an_hour_and_once(bank: SandboxBank) -> None:
    authority, late = paid(bank), paid(bank)
    bank.adapter.verify(authority, AMOUNT)
    bank.adapter.verify(late, AMOUNT)
    assert bank.adapter.reverse(authority) == Reversed()
    assert bank.adapter.reverse(authority) == NotReversed("code -61")
    assert bank.adapter.inquire(authority) is SessionStatus.REVERSED
    bank.clock.advance(minutes=31)
    assert bank.adapter.reverse(late) == NotReversed("code -63")


def test_the_merchant_is_neither_printed_nor_logged(bank: SandboxBank, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bank.switch("verify_502")
    bank.adapter.verify(FORGED, AMOUNT)
    bank.adapter_of("9" * 36).verify(FORGED, AMOUNT)
    bank.adapter.create(Order(uuid4(), 1, ""))
    assert len(caplog.records) >= 3
    assert MERCHANT not in caplog.text + repr(bank.adapter)
    assert "9" * 36 not in caplog.text
