"""The token endpoint as RFC 6749 has it, the attacks on it, and what an access token opens."""

import logging
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.contract.auth import commands as auth_commands
from shared.contract.auth.program_commands import IssueAccessToken, IssueProgramPassports
from shared.contract.refusals import Reason
from shared.contract.renewal import commands as renewal_commands
from shared.contract.renewal import queries as renewal_queries
from tests.clients.gateway import samples
from tests.clients.gateway.fake_services import FakeServices

GRANT = {"grant_type": "client_credentials"}
IN_FORM = {**GRANT, "client_id": "desk-helper", "client_secret": "the-secret"}
AUTHORIZATION = {"Authorization": "Bearer program.access.token"}
DESK, APPROVE = "/api/renewal/list_desk", "/api/renewal/approve_renewal"


def basic(text: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(text.encode()).decode()}"}


def post(client: FlaskClient, data: Any, headers: dict[str, str] | None = None, **more: Any) -> TestResponse:
    return client.post("/api/oauth/token", data=data, headers=headers, **more)


def error(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json is not None
    assert set(answer.json) == {"error", "error_description"}
    return answer.status_code, answer.json["error"]


@pytest.mark.parametrize("way", ["form", "header"])
def test_a_program_gets_a_token_by_its_secret(visitor: FlaskClient, services: FakeServices, way: str) -> None:
    answer = post(visitor, IN_FORM) if way == "form" else post(visitor, GRANT, basic("desk-helper:the-secret"))
    assert answer.status_code == 200
    assert answer.json == {
        "access_token": "program.access.token", "token_type": "Bearer", "expires_in": 600, "scope": "desk:read",
    }  # fmt: skip
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")
    (sent,) = services.sent(IssueAccessToken)
    assert (sent.program, sent.address) == ("desk-helper", "127.0.0.1")


WRONG: dict[str, tuple[Any, dict[str, str], tuple[int, str]]] = {
    "a wrong secret": ({**IN_FORM, "client_secret": "x"}, {}, (401, "invalid_client")),
    "no secret": (GRANT, {}, (401, "invalid_client")),
    "a header without a colon": (GRANT, basic("desk-helper"), (401, "invalid_client")),
    "a header that is no base64": (GRANT, {"Authorization": "Basic %%%"}, (401, "invalid_client")),
    "a header that is no text": (GRANT, {"Authorization": "Basic /////w=="}, (401, "invalid_client")),
    "a header of another scheme": (GRANT, AUTHORIZATION, (401, "invalid_client")),
    "an empty header": (IN_FORM, {"Authorization": ""}, (401, "invalid_client")),
    "a secret in header and form": (IN_FORM, basic("desk-helper:the-secret"), (400, "invalid_request")),
    "another client in the form": (
        {**GRANT, "client_id": "other"}, basic("desk-helper:the-secret"), (400, "invalid_request"),
    ),
    "no grant_type": (
        {"client_id": "desk-helper", "client_secret": "the-secret"}, {}, (400, "invalid_request"),
    ),
    "another grant_type": ({**IN_FORM, "grant_type": "password"}, {}, (400, "unsupported_grant_type")),
    "grant_type twice": (
        {**IN_FORM, "grant_type": ["client_credentials", "client_credentials"]}, {}, (400, "invalid_request"),
    ),
    "client_secret twice": ({**IN_FORM, "client_secret": ["x", "the-secret"]}, {}, (400, "invalid_request")),
    "a scope of others": ({**IN_FORM, "scope": "desk:approve"}, {}, (400, "invalid_scope")),
    "a scope that is none": ({**IN_FORM, "scope": "x" * 50}, {}, (400, "invalid_scope")),
    "very many scopes": ({**IN_FORM, "scope": "desk:read " * 50}, {}, (400, "invalid_scope")),
    "a very long id": ({**IN_FORM, "client_id": "x" * 50}, {}, (401, "invalid_client")),
    "a very large body": ({**IN_FORM, "client_secret": "x" * 20_000}, {}, (413, "invalid_request")),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_is_wrong_is_said_by_the_codes_of_the_standard(
    visitor: FlaskClient, services: FakeServices, name: str
) -> None:
    data, headers, expected = WRONG[name]
    answer = post(visitor, data, headers)
    assert error(answer) == expected
    assert (answer.headers.get("WWW-Authenticate") == 'Basic realm="tamdid"') == (expected[0] == 401)


def test_json_is_no_form(visitor: FlaskClient) -> None:
    assert error(visitor.post("/api/oauth/token", json=IN_FORM)) == (400, "invalid_request")


def test_a_secret_in_the_address_gets_no_token_and_into_no_log(
    visitor: FlaskClient, services: FakeServices, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = visitor.post("/api/oauth/token?client_id=desk-helper&client_secret=the-secret", data=GRANT)
        post(visitor, IN_FORM)
    assert error(answer) == (400, "invalid_request")
    assert len(services.sent(IssueAccessToken)) == 1
    assert "the-secret" not in caplog.text


def test_too_many_guesses_wait_and_are_told_how_long(visitor: FlaskClient, services: FakeServices) -> None:
    until = (samples.NOW + timedelta(seconds=90)).isoformat()
    services.refuse(IssueAccessToken, Reason.TOO_MANY_ATTEMPTS, {"until": until})
    answer = post(visitor, IN_FORM)
    assert error(answer) == (429, "temporarily_unavailable")
    assert answer.headers["Retry-After"] == "90"


def test_a_service_that_does_not_answer_and_a_bug_are_told_apart(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(IssueAccessToken, Reason.NO_ANSWER)
    assert error(post(visitor, IN_FORM)) == (503, "temporarily_unavailable")
    services.refusals.clear()
    services.fail(RuntimeError("a bug"))
    assert error(post(visitor, IN_FORM)) == (500, "server_error")


def test_other_methods_are_a_problem_like_everywhere_below_the_api(visitor: FlaskClient) -> None:
    answer = visitor.get("/api/oauth/token")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "OPTIONS, POST")
    assert visitor.get("/api/reference/oauth/token").status_code == 404


# ---------------------------------------------------------------- what a token opens


def test_a_token_calls_as_the_program(visitor: FlaskClient, services: FakeServices) -> None:
    assert visitor.post(DESK, json={"province": "isfahan"}, headers=AUTHORIZATION).status_code == 200
    assert services.passport_of(renewal_queries.ListDesk) == "passport of program.access.token"
    assert services.sent(auth_commands.IssuePassports) == []


def test_each_command_has_a_passport_of_its_own(visitor: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("approved")
    body = {"member": samples.MEMBER, "year": samples.YEAR, "declaration_version": 1}
    assert visitor.post(APPROVE, json=body, headers=AUTHORIZATION).status_code == 200
    (sent,) = services.sent(renewal_commands.ApproveRenewal)
    assert [one.command_id for one in services.sent(IssueProgramPassports)] == [None, sent.id]


def test_a_token_that_is_over_is_no_session(visitor: FlaskClient, services: FakeServices) -> None:
    answer = visitor.post(DESK, json={"province": "isfahan"}, headers={"Authorization": "Bearer a.b.c"})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (
        401,
        'Bearer realm="tamdid", error="invalid_token"',
    )
    assert services.sent(renewal_queries.ListDesk) == []


def test_a_missing_scope_is_named(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(renewal_queries.ListDesk, Reason.NOT_ALLOWED, {"scope": "desk:read"})
    answer = visitor.post(DESK, json={"province": "isfahan"}, headers=AUTHORIZATION)
    assert answer.status_code == 403
    challenge = 'Bearer realm="tamdid", error="insufficient_scope", scope="desk:read"'
    assert answer.headers["WWW-Authenticate"] == challenge


def test_a_program_is_nobody_at_the_pages(visitor: FlaskClient, services: FakeServices) -> None:
    visitor.set_cookie("tamdid_session", "program.access.token")
    for path in ("/desk", "/home", "/desk/officers", "/account/sessions"):
        assert "desk-helper" not in visitor.get(path).text
    assert services.sent(IssueProgramPassports) == []
    assert {type(message) for message, passport in services.messages if passport} == set()
