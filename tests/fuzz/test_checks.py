"""That an answer which breaks a promise is noticed, and that a case is the same after it was written down."""

import json

import pytest

from tests.fuzz import checks
from tests.fuzz.raw_http import CUT, Answered, Sent
from tests.fuzz.requests import case
from tests.fuzz.requests.case import Case
from tests.support import openapi

HEALTH = Case("payment.get_bank_health", "finance", "POST", "/api/payment/get_bank_health", kind="json", content={})
PAGE = Case("GET /desk", "manager", "GET", "/desk")
CORRELATION = "00000000-0000-4000-8000-000000001405"
JSON = {"Content-Type": "application/json", "X-Correlation-Id": CORRELATION}
PROBLEM = {**JSON, "Content-Type": "application/problem+json"}


def problem(status: int, refused: str, **details: str) -> str:
    """A refusal as the API answers it."""
    own = {"refused": refused, "details": details, "sentence_fa": "نشد.", "sentence_en": "No."}
    return json.dumps(
        {"type": "about:blank", "title": "", "status": status, "detail": "", "correlation_id": CORRELATION, **own}
    )


LATE = problem(503, "no_answer")


@pytest.mark.parametrize(
    ("one", "status", "body", "wrong"),
    [
        (PAGE, 500, "", "answered 500"),
        (PAGE, 503, "", "answered 503"),
        (PAGE, 418, "", "an undocumented status 418"),
        (PAGE, CUT, "", "no answer came"),
        (HEALTH, 200, "{}", "the answer is no BankHealth: missing"),
        (HEALTH, 400, '{"refused": "because"}', "a refusal without a listed code"),
        (HEALTH, 400, '{"refused": "not_allowed", "details": {}}', "not_allowed answered with 400, not 403"),
        (HEALTH, 403, problem(403, "not_allowed"), ""),
        (HEALTH, 413, problem(413, "bad_input", request="Request Entity Too Large"), ""),
        (HEALTH, 403, problem(404, "not_allowed"), "the answer's status breaks const"),
        (HEALTH, 403, '{"refused": "not_allowed", "details": {}}', "the answer's body breaks required"),
        (HEALTH, 422, problem(422, "bad_input", request="Unprocessable"), "an undescribed status 422"),
        (PAGE, 404, "", ""),
    ],
)
def test_an_answer_that_breaks_a_promise_is_noticed(one: Case, status: int, body: str, wrong: str) -> None:
    assert checks.wrong(one, Answered(status, JSON if status == 200 else PROBLEM, body.encode())) == wrong


@pytest.mark.parametrize(
    ("headers", "wrong"),
    [
        (PROBLEM, ""),
        ({"Content-Type": "application/problem+json"}, "no header x-correlation-id"),
        (PROBLEM | {"X-Correlation-Id": "mine"}, "the header x-correlation-id breaks format"),
        (PROBLEM | {"Retry-After": "3"}, "an undescribed header retry-after"),
        (PROBLEM | {"Content-Type": "text/html"}, "an undescribed content type text/html"),
    ],
)
def test_an_answer_whose_headers_are_not_as_described_is_noticed(headers: dict[str, str], wrong: str) -> None:
    body = problem(403, "not_allowed").encode()
    assert openapi.wrong("POST", HEALTH.target, 403, headers, body) == wrong


def test_a_header_that_is_no_number_is_noticed() -> None:
    for seconds, wrong in (
        ("3", ""),
        ("0", "the header retry-after breaks minimum"),
        ("soon", "the header retry-after breaks type"),
    ):
        headers = PROBLEM | {"Retry-After": seconds}
        assert openapi.wrong("POST", HEALTH.target, 503, headers, LATE.encode()) == wrong


def test_a_chunked_body_that_was_not_read_is_noticed() -> None:
    sent = Case(
        "renewal.list_desk", "manager", "POST", "/api/renewal/list_desk", kind="json", content={"province": "fars"}
    )
    body = problem(400, "bad_input", province="missing").encode()
    assert checks.wrong(sent, Answered(400, PROBLEM, body)) == ""
    chunked = Case(**{**vars(sent), "spoilt": "chunked"})
    assert checks.wrong(chunked, Answered(400, PROBLEM, body)) == "a chunked body was not read: province missing"
    without = Case(**{**vars(chunked), "content": {"province": None}})
    assert checks.wrong(without, Answered(400, PROBLEM, body)) == ""


def test_a_case_is_the_same_after_it_was_written_down() -> None:
    one = Case(
        "POST /sign-in", "member:paid", "POST", "/sign-in?next=%ff", headers=(("Cookie", "a=\ud800"),), kind="form",
        content=[["name", "\x00{{persian}}\ud800"], ["password", ""]], spoilt="zeros", times=2,
    )  # fmt: skip
    line = case.written(one)
    assert line.isascii()
    assert "\n" not in line
    assert case.read(line) == one
    assert all(case.written(case.read(case.written(kept))) == case.written(kept) for kept in case.regressions())


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31m", "\u202eabc", "\u2066"])
def test_a_stored_control_character_on_a_page_is_noticed(text: str) -> None:
    answer = Answered(200, {"Content-Type": "text/html; charset=utf-8"}, f"<p>متن\u200cها {text}</p>\r\n".encode())
    assert checks.wrong_of_page(answer) == "shows a control character"
    assert checks.wrong_of_page(Answered(200, answer.headers, "<p>متن\u200cها</p>\r\n".encode())) == ""


@pytest.mark.parametrize(
    ("headers", "lies"),
    [
        ((("Content-Length", "2"),), False),
        ((("content-length", "99999999999999999999"),), True),
        ((("Content-Length", "-1"),), True),
        ((("Accept", "text/html"),), False),
        ((("Transfer-Encoding", "chunked"),), True),
    ],
)
def test_a_length_that_is_not_the_bodys_is_noticed(headers: tuple[tuple[str, str], ...], lies: bool) -> None:
    assert Sent("POST", "/", headers, b"{}").lies_about_length == lies
