"""The JSON API speaks HTTP as a program expects it: problems, headers, methods, media types, idempotency keys."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.contract.payment import commands as payment_commands
from shared.contract.refusals import Reason
from shared.contract.renewal import queries as renewal_queries
from tests.clients.gateway import samples
from tests.clients.gateway.fake_services import FakeServices

MANAGER = {"Authorization": "Bearer manager-session"}
DESK, CONFIRM = "/api/renewal/list_desk", "/api/payment/confirm_payment"
WHOSE = {"province": "isfahan"}
PAYMENT = {"member": "0012345", "year": 1405, "amount_rials": 1}


def desk(client: FlaskClient, **headers: str) -> TestResponse:
    return client.post(DESK, json=WHOSE, headers=MANAGER | {name.replace("_", "-"): at for name, at in headers.items()})


def problem(answer: TestResponse) -> dict[str, Any]:
    assert answer.mimetype == "application/problem+json"
    found: dict[str, Any] | None = answer.json
    assert found is not None
    assert found["status"] == answer.status_code
    assert found["correlation_id"] == answer.headers["X-Correlation-Id"]
    return found


# ---------------------------------------------------------------- problems


def test_a_refusal_is_a_problem_whose_type_names_its_reason(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(renewal_queries.ListDesk, Reason.CONFLICT)
    found = problem(desk(visitor))
    assert found["type"] == "http://127.0.0.1:8000/api/reference#conflict"
    assert found["title"] == found["sentence_en"]


@pytest.mark.parametrize(("wanted", "language"), [("", "fa"), ("de, en;q=0.5", "en"), ("en-GB", "en"), ("fa-IR, en;q=0.9", "fa")])  # fmt: skip
def test_the_detail_is_in_the_readers_language(
    visitor: FlaskClient, services: FakeServices, wanted: str, language: str
) -> None:
    services.refuse(renewal_queries.ListDesk, Reason.NOT_ALLOWED)
    answer = desk(visitor, Accept_Language=wanted)
    found = problem(answer)
    assert found["detail"] == found[f"sentence_{language}"]
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        ({}, 'Bearer realm="tamdid"'),
        ({"Authorization": "Bearer over"}, 'Bearer realm="tamdid", error="invalid_token"'),
        ({"Authorization": "Basic bWFyeWFt"}, 'Bearer realm="tamdid", error="invalid_token"'),
        ({"Authorization": "manager-session"}, 'Bearer realm="tamdid", error="invalid_token"'),
    ],
)
def test_who_is_not_signed_in_is_told_how_to_say_who_it_is(
    visitor: FlaskClient, headers: dict[str, str], challenge: str
) -> None:
    answer = visitor.post(DESK, json=WHOSE, headers=headers)
    assert problem(answer)["refused"] == "not_signed_in"
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, challenge)


@pytest.mark.parametrize("scheme", ["BEARER", "Bearer", "bearer"])
def test_the_scheme_is_read_in_any_case(visitor: FlaskClient, scheme: str) -> None:
    assert visitor.post(DESK, json=WHOSE, headers={"Authorization": f"{scheme}  manager-session "}).status_code == 200


def test_who_comes_too_often_is_told_when_to_come_again(visitor: FlaskClient, services: FakeServices) -> None:
    until = samples.NOW + timedelta(minutes=2)
    services.refuse(renewal_queries.ListDesk, Reason.TOO_MANY_ATTEMPTS, {"until": until.isoformat()})
    assert desk(visitor).headers["Retry-After"] == "120"
    services.refuse(renewal_queries.ListDesk, Reason.TOO_MANY_ATTEMPTS, {"until": "2026-03-21T00:00:00+00:00"})
    assert desk(visitor).headers["Retry-After"] == "1"


@pytest.mark.parametrize(
    ("reason", "seconds"),
    [(Reason.BANK_BUSY, "5"), (Reason.NO_ANSWER, "5"), (Reason.NO_TARIFF, None), (Reason.REFUND_UNKNOWN, None)],
)
def test_what_may_succeed_soon_says_when(
    visitor: FlaskClient, services: FakeServices, reason: Reason, seconds: str | None
) -> None:
    services.refuse(renewal_queries.ListDesk, reason)
    assert desk(visitor).headers.get("Retry-After") == seconds


def test_a_deadline_of_the_past_is_not_to_be_sent_again(visitor: FlaskClient) -> None:
    answer = visitor.post(CONFIRM, json={**PAYMENT, "deadline": "2026-03-21T00:00:00Z"}, headers=MANAGER)
    assert problem(answer)["refused"] == "deadline_passed"
    assert "Retry-After" not in answer.headers


# ---------------------------------------------------------------- pages of other sites


def test_a_page_of_another_site_is_told_nothing(visitor: FlaskClient) -> None:
    """No CORS: a browser hands that page no answer, and sends no JSON of it before it has asked."""
    origin = {"Origin": "https://other.example"}
    preflight = {**origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    for path in (DESK, "/api/oauth/token", "/api/openapi.json"):
        answers = [visitor.options(path, headers=preflight), visitor.post(path, json=WHOSE, headers=MANAGER | origin)]
        assert [name for one in answers for name, _ in one.headers if name.startswith("Access-Control-")] == []


def test_the_cookie_of_a_session_opens_nothing(visitor: FlaskClient) -> None:
    visitor.set_cookie("tamdid_session", "manager-session")
    assert visitor.post(DESK, json=WHOSE).status_code == 401


# ---------------------------------------------------------------- correlation and idempotency


def test_the_callers_correlation_id_comes_back(visitor: FlaskClient) -> None:
    own = str(uuid4())
    assert desk(visitor, X_Correlation_Id=own).headers["X-Correlation-Id"] == own
    assert visitor.get("/api/nowhere", headers={"X-Correlation-Id": own}).headers["X-Correlation-Id"] == own
    made = {desk(visitor, X_Correlation_Id="0912\u00a0345").headers["X-Correlation-Id"] for _ in range(2)}
    assert len(made) == 2


@pytest.mark.parametrize("quote", ["", '"'])
def test_the_idempotency_key_is_the_commands_id(visitor: FlaskClient, services: FakeServices, quote: str) -> None:
    key = uuid4()
    visitor.post(CONFIRM, json=PAYMENT, headers={**MANAGER, "Idempotency-Key": f"{quote}{key}{quote}"})
    body = {**PAYMENT, "id": str(key).upper()}
    visitor.post(CONFIRM, json=body, headers={**MANAGER, "Idempotency-Key": str(key)})
    assert [command.id for command in services.sent(payment_commands.ConfirmPayment)] == [key, key]


@pytest.mark.parametrize(("key", "code"), [("once", "uuid_parsing"), (str(uuid4()), "differs_from_id")], ids=["no UUID", "another"])  # fmt: skip
def test_a_key_that_is_no_id_or_not_the_commands_is_refused(
    visitor: FlaskClient, services: FakeServices, key: str, code: str
) -> None:
    body = {**PAYMENT, "id": str(uuid4())}
    answer = visitor.post(CONFIRM, json=body, headers={**MANAGER, "Idempotency-Key": key})
    assert (answer.status_code, problem(answer)["details"]) == (400, {"Idempotency-Key": code})
    assert services.sent(payment_commands.ConfirmPayment) == []


# ---------------------------------------------------------------- paths, methods, media types


@pytest.mark.parametrize("path", ["/api/", "/api/nowhere", "/api/renewal", "/api/renewal/list_desk/1"])
def test_a_path_that_is_not_there_is_a_problem_and_no_page(visitor: FlaskClient, path: str) -> None:
    for method in ("GET", "POST"):
        answer = visitor.open(path, method=method)
        assert (answer.status_code, problem(answer)["refused"]) == (404, "bad_input")


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        (DESK, "GET", "OPTIONS, POST"), (DESK, "DELETE", "OPTIONS, POST"), ("/api", "POST", "GET, HEAD, OPTIONS"),
        ("/api/openapi.json", "PUT", "GET, HEAD, OPTIONS"),
    ],
)  # fmt: skip
def test_a_method_that_a_path_does_not_have_is_refused_with_those_that_it_has(
    visitor: FlaskClient, path: str, method: str, allowed: str
) -> None:
    answer = visitor.open(path, method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert problem(answer)["details"] == {"request": "Method Not Allowed"}
    assert sorted(visitor.options(path).headers["Allow"].split(", ")) == allowed.split(", ")


def test_pages_outside_of_the_api_stay_pages(visitor: FlaskClient) -> None:
    assert visitor.get("/apis").mimetype == "text/html"
    assert visitor.put("/help").mimetype == "text/html"


@pytest.mark.parametrize("accepted", ["", "*/*", "application/*", "application/json;q=0.1, text/html"])
def test_who_reads_json_gets_it(visitor: FlaskClient, accepted: str) -> None:
    assert desk(visitor, Accept=accepted).mimetype == "application/json"


@pytest.mark.parametrize("accepted", ["application/json;q=0", "text/csv", "text/html"])
def test_who_reads_no_json_is_refused_before_anything_is_done(
    visitor: FlaskClient, services: FakeServices, accepted: str
) -> None:
    answer = desk(visitor, Accept=accepted)
    assert (answer.status_code, problem(answer)["details"]) == (406, {"request": "Not Acceptable"})
    assert services.messages == []


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/xml"])
def test_a_body_that_says_to_be_something_else_is_refused(
    visitor: FlaskClient, services: FakeServices, kind: str
) -> None:
    for path in (DESK, "/api/auth/sign_in"):
        answer = visitor.post(path, data='{"province": "isfahan"}', headers={**MANAGER, "Content-Type": kind})
        assert (answer.status_code, answer.headers["Accept"]) == (415, "application/json")
        assert problem(answer)["refused"] == "bad_input"
    assert services.messages == []


@pytest.mark.parametrize("kind", ["", "application/cloudevents+json", "application/json", "application/json; charset=utf-8"])  # fmt: skip
def test_json_is_read_under_each_of_its_names(visitor: FlaskClient, kind: str) -> None:
    headers = MANAGER | ({"Content-Type": kind} if kind else {})
    assert visitor.post(DESK, data='{"province": "isfahan"}', headers=headers).status_code == 200
