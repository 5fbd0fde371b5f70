import json
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from clients.gateway.api import catalogue, endpoints
from clients.gateway.web import error_pages
from shared.contract.auth import commands as auth_commands
from shared.contract.auth import passkey_commands
from shared.contract.auth import queries as auth_queries
from shared.contract.base import Message
from shared.contract.catalogue import MESSAGES
from shared.contract.operations import queries as operations_queries
from shared.contract.payment import commands as payment_commands
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands as renewal_commands
from shared.contract.renewal import queries as renewal_queries
from shared.services import SOURCES
from tests.clients.gateway import samples
from tests.clients.gateway.fake_services import FakeServices

MEMBER = {"Authorization": "Bearer member-session"}
MANAGER = {"Authorization": "Bearer manager-session"}


def send(client: FlaskClient, path: str, body: object, headers: dict[str, str] | None = None) -> TestResponse:
    return client.post(f"/api/{path}", data=json.dumps(body), headers=headers)


def test_every_message_of_the_contract_is_offered_or_internal_by_name() -> None:
    assert set(catalogue.OFFERED.values()) | catalogue.INTERNAL == set(MESSAGES.values())
    assert {kind.__name__ for kind in catalogue.INTERNAL} == {
        "IssuePassports", "VerifyPayment", "GetPaymentResult", "GetReceipt", "OpenCardLink", "GetCapacityBand", "FindEvents",
        "CountHit", "FollowRenewal", "IssueAccessToken", "IssueProgramPassports",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["auth/issue_passports", "payment/verify_payment", "payment/get_payment_result"])
def test_internal_asks_are_not_offered(visitor: FlaskClient, services: FakeServices, path: str) -> None:
    answer = send(visitor, path, {}, MANAGER)
    assert (answer.status_code, answer.json["refused"]) == (404, "bad_input")  # type: ignore[index]
    assert services.messages == []


def test_a_message_is_passed_on_as_it_is_with_the_callers_passport(
    visitor: FlaskClient, services: FakeServices
) -> None:
    answer = send(visitor, "renewal/list_desk", {"province": "isfahan", "limit": 3}, MANAGER)
    counted = {
        "total": 0,
        "overdue": 1,
        "counts": {},
        "late_before": samples.LATE_BEFORE.isoformat().replace("+00:00", "Z"),
    }
    assert answer.json == {"renewals": [], **counted}
    assert services.sent(renewal_queries.ListDesk) == [renewal_queries.ListDesk(province="isfahan", limit=3)]
    assert services.passport_of(renewal_queries.ListDesk) == "passport of manager-session"


def test_a_command_lacks_nothing_but_what_it_is_about(visitor: FlaskClient, services: FakeServices) -> None:
    send(visitor, "payment/confirm_payment", {"member": "0012345", "year": 1405, "amount_rials": 1}, MANAGER)
    given = uuid4()
    body = {"member": "0012345", "year": 1405, "amount_rials": 1, "id": str(given), "deadline": "2030-01-01T00:00:00Z"}
    send(visitor, "payment/confirm_payment", body, MANAGER)
    first, second = services.sent(payment_commands.ConfirmPayment)
    assert second.id == given
    assert second.deadline.year == 2030
    assert first.id != given


@pytest.mark.parametrize("service", SOURCES)
def test_each_log_can_be_read_on(visitor: FlaskClient, services: FakeServices, service: str) -> None:
    answer = send(visitor, f"{service}/read_events", {"after": 0}, MANAGER)
    empty = {"events": [], "altered": [], "seals": [], "seal": "", "seal_before": "", "head": 0}
    assert answer.json == {**empty, "epoch": "", "epoch_began_at": 0, "epochs": [], "epochs_signature": ""}
    assert services.passport_of(operations_queries.ReadEvents) == "passport of manager-session"


@pytest.mark.parametrize("place", sorted(catalogue.OFFERED))
def test_nothing_is_sent_in_the_programs_name_but_what_is_open_to_all(
    visitor: FlaskClient, services: FakeServices, place: tuple[str, str]
) -> None:
    is_open = catalogue.OFFERED[place] in catalogue.OPEN
    body = OPEN_BODIES[catalogue.OFFERED[place]] if is_open else {"limit": "wrong"}
    answer = send(visitor, "/".join(place), body)
    assert answer.status_code == (200 if is_open else 401)
    assert bool(services.messages) == is_open


OPEN_BODIES: dict[type[Message[Any]], dict[str, str]] = {
    auth_commands.NewCaptcha: {},
    auth_commands.SignIn: {"principal_kind": "member", "name": "1", "password": "x"},
    auth_commands.SignOut: {"session": "member-session"},
    auth_commands.ConfirmSession: {"session": "member-session", "code": "123456"},
    auth_queries.GetSecondStep: {"session": "member-session"},
    auth_queries.GetPasskeySignIn: {"browser": "a secret"},
    passkey_commands.SignInWithPasskey: {"browser": "a secret", "passkey": "{}"},
    auth_queries.GetSignInRule: {"principal_kind": "member", "name": "1"},
    auth_queries.GetCaptchaSound: {"captcha_id": str(uuid4())},
    renewal_queries.GetOfficeHours: {"province": "isfahan"},
    payment_queries.GetTariff: {"year": "1405"},
}


def test_the_address_of_a_sign_in_is_set_by_the_gateway_alone(visitor: FlaskClient, services: FakeServices) -> None:
    body = {"principal_kind": "member", "name": "0012345", "password": "x", "address": "203.0.113.9"}
    answer = send(visitor, "auth/sign_in", body)
    assert answer.json is not None
    assert answer.json["token"] == "member-session"
    assert services.sent(auth_commands.SignIn)[0].address == "127.0.0.1"


def test_a_browsers_cookie_opens_nothing_here(member: FlaskClient, services: FakeServices) -> None:
    assert send(member, "renewal/get_renewal", {"member": "0012345"}).status_code == 401
    assert services.messages == []


def test_bad_input_names_the_fields(visitor: FlaskClient) -> None:
    answer = send(visitor, "renewal/list_desk", {"province": "Isfahan", "rows": 3}, MANAGER)
    assert answer.status_code == 400
    assert answer.json is not None
    assert {name: answer.json[name] for name in ("refused", "sentence_fa", "sentence_en", "details")} == {
        "refused": "bad_input",
        "sentence_fa": "برخی از اطلاعات درست نیست؛ موارد مشخص‌شده را اصلاح کنید.",
        "sentence_en": "Some of the input is wrong.",
        "details": {"province": "string_pattern_mismatch", "rows": "extra_forbidden"},
    }


def test_a_command_that_was_late_when_it_was_sent_is_its_senders_mistake(
    visitor: FlaskClient, services: FakeServices
) -> None:
    body = {"id": str(uuid4()), "deadline": "2026-03-21T00:00:00Z", "member": "0012345", "year": 1405}
    answer = send(visitor, "renewal/request_renewal", body, MANAGER)
    assert answer.json is not None
    assert (answer.status_code, answer.json["refused"]) == (400, "deadline_passed")
    assert services.sent(renewal_commands.RequestRenewal) == []


@pytest.mark.parametrize("body", ["[]", "{", "1", '"x"', "[" * 100_000, '{"a":' * 100_000])
def test_what_is_no_json_object_is_refused(visitor: FlaskClient, body: str) -> None:
    answer = visitor.post("/api/renewal/list_desk", data=body, headers=MANAGER)
    assert (answer.status_code, answer.json["details"]) == (400, {"body": "not_a_json_object"})  # type: ignore[index]


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (Reason.NOT_ALLOWED, 403), (Reason.UNKNOWN_MEMBER, 404), (Reason.CONFLICT, 409),
        (Reason.TOO_MANY_ATTEMPTS, 429), (Reason.NO_ANSWER, 503), (Reason.WEAK_PASSWORD, 400),
    ],
)  # fmt: skip
def test_a_refusal_crosses_with_its_code_its_details_and_its_status(
    visitor: FlaskClient, services: FakeServices, reason: Reason, status: int
) -> None:
    services.refuse(renewal_queries.ListDesk, reason, {"until": "noon"})
    answer = send(visitor, "renewal/list_desk", {"province": "isfahan"}, MANAGER)
    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["refused"] == reason.value
    assert answer.json["details"] == {"until": "noon"}


def test_every_reason_has_one_status() -> None:
    assert set(error_pages.STATUSES) == set(Reason)
    assert sum(map(len, error_pages.BY_STATUS.values())) == len(Reason)
    assert set(error_pages.BY_STATUS) == {400, 401, 403, 404, 409, 429, 503}


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (Reason.UNKNOWN_STATEMENT, 404), (Reason.UNKNOWN_IMPORT, 404), (Reason.UNKNOWN_REQUEST, 404),
        (Reason.INVOICE_CANCELLED, 409), (Reason.REFUND_RECORDED, 409), (Reason.STATEMENT_COUNTED, 409),
        (Reason.OWN_REQUEST, 403), (Reason.REFUND_UNKNOWN, 503),
    ],
)  # fmt: skip
def test_what_is_not_there_or_came_too_late_is_not_called_bad_input(reason: Reason, status: int) -> None:
    assert error_pages.status(Refused(reason)) == status


def test_a_refusal_is_worded_for_its_reader(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(payment_queries.GetInvoices, Reason.ALREADY_PAID)
    member, manager = (
        send(visitor, "payment/get_invoices", {"member": "0012345"}, who).json for who in (MEMBER, MANAGER)
    )
    assert member is not None
    assert manager is not None
    assert member["sentence_fa"] == "این صورت‌حساب پرداخت شده است؛ دوباره پرداخت نکنید."
    assert manager["sentence_fa"] == "عضو این صورت‌حساب را پرداخت کرده است."
    assert manager["sentence_en"] == "The member has paid this invoice."


def test_a_bug_is_answered_with_an_id(
    visitor: FlaskClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(services, "desk")
    answer = send(visitor, "renewal/list_desk", {"province": "isfahan"}, MANAGER)
    assert answer.status_code == 500
    assert answer.json is not None
    assert set(answer.json) == {"type", "title", "status", "detail", "error", "correlation_id"}
    own = str(uuid4())
    answer = send(visitor, "renewal/list_desk", {"province": "isfahan"}, {**MANAGER, "X-Correlation-Id": own})
    assert answer.json is not None
    assert (answer.json["error"], answer.json["correlation_id"]) == ("internal", own)


@pytest.mark.parametrize("session", [None, MANAGER])
@pytest.mark.parametrize("kind", sorted(catalogue.OPEN, key=str))
def test_what_needs_no_session_is_short(
    visitor: FlaskClient, kind: type[Message[Any]], session: dict[str, str] | None
) -> None:
    """To say what is wrong with each of a hundred thousand fields keeps all pages waiting."""
    body = dict.fromkeys(map(str, range(4000)), "")
    assert send(visitor, f"{kind.service}/{kind.method}", body, session).status_code == 413


def test_a_batch_of_the_register_fits_and_more_does_not(visitor: FlaskClient, services: FakeServices) -> None:
    row = {"membership_no": "1", "note": "x" * 2000}
    services.refuse(auth_commands.ImportMembers, Reason.NOT_ALLOWED)
    assert send(visitor, "auth/import_members", {"rows": [row] * 200}, MANAGER).status_code == 403
    assert send(visitor, "auth/import_members", {"x": "x" * endpoints.BODY_BYTES_MAX}, MANAGER).status_code == 413
