import json
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import text

from clients.bank import app
from clients.bank.notices.signatures import Signatures
from deploy.reference import webhooks
from shared.contract.bank import events
from shared.event_store.command_handler import Records
from tests.support.sandbox_bank import SECRETS, program

AUTHORITY = "S0" + "1" * 34
BODY = json.dumps({"type": "payment.changed", "authority": AUTHORITY})
STRANGER = SecretStr("whsec_c29tZWJvZHktZWxzZXMtc2VjcmV0")


def post(  # noqa: PLR0913 - a notice has many sides
    client: FlaskClient,
    body: str | bytes = BODY,
    notice_id: str = "msg_1",
    secrets: list[SecretStr] = SECRETS,
    age: timedelta = timedelta(0),
    headers: dict[str, str] | None = None,
) -> int:
    signed = body if isinstance(body, str) else body.decode("utf-8", "replace")
    signature = Signatures(secrets).headers(notice_id, signed, datetime.now(UTC) - age)
    return client.post("/webhooks/bank", data=body, headers={**signature, **(headers or {})}).status_code


def stored(records: Records) -> list[events.BankNoticeReceived]:
    with records.read() as connection:
        recorded = [one.event for one in records.own_log().read(connection, 0, 100)]
    return [one for one in recorded if isinstance(one, events.BankNoticeReceived)]


def test_a_good_notice_is_stored_before_it_is_accepted(client: FlaskClient, records: Records) -> None:
    assert post(client) == 202
    [notice] = stored(records)
    assert (notice.notice_id, notice.authority, len(notice.body_digest)) == ("msg_1", AUTHORITY, 64)


def test_the_notice_that_the_description_shows_is_accepted(client: FlaskClient) -> None:
    assert post(client, json.dumps(webhooks.BANK_EXAMPLES["BankNotice"])) == 202


def test_the_same_notice_again_is_accepted_and_changes_nothing(client: FlaskClient, records: Records) -> None:
    assert [post(client), post(client), post(client)] == [202, 200, 200]
    assert len(stored(records)) == 1


def test_the_same_id_with_another_body_is_refused(client: FlaskClient, records: Records) -> None:
    assert [post(client), post(client, BODY.replace("changed", "other")), post(client)] == [202, 409, 200]
    assert len(stored(records)) == 1


def refused(records: Records) -> list[str]:
    """Why notices were refused, as it is told to the others."""
    with records.read() as connection:
        recorded = [one.event for one in records.own_log().read(connection, 0, 100)]
    return [one.cause for one in recorded if isinstance(one, events.BankNoticeRefused)]


def test_a_flood_of_forged_notices_is_told_of_once(client: FlaskClient, records: Records) -> None:
    assert {post(client, secrets=[STRANGER], notice_id=f"msg_{number}") for number in range(9)} == {401}
    assert refused(records) == ["not_signed"]
    again = app.make_app(program(records)).test_client()
    assert post(again, secrets=[STRANGER]) == 401
    assert refused(records) == ["not_signed"]


def test_another_body_under_a_known_id_is_told_of(client: FlaskClient, records: Records) -> None:
    for body in (BODY, BODY.replace("changed", "other"), BODY.replace("changed", "third")):
        post(client, body)
    assert refused(records) == ["differs"]


def test_another_id_is_another_notice(client: FlaskClient, records: Records) -> None:
    assert [post(client), post(client, notice_id="msg_2")] == [202, 202]
    assert len(stored(records)) == 2


def test_any_of_the_secrets_will_do_during_a_rotation(client: FlaskClient) -> None:
    assert post(client, secrets=SECRETS[:1]) == 202
    assert post(client, secrets=SECRETS[1:], notice_id="msg_2") == 202


@pytest.mark.parametrize("age", [timedelta(minutes=-4.9), timedelta(minutes=4.9)])
def test_clocks_may_differ_by_five_minutes(client: FlaskClient, age: timedelta) -> None:
    assert post(client, age=age) == 202


@pytest.mark.parametrize("age", [timedelta(minutes=-5.1), timedelta(minutes=5.1)])
def test_an_old_or_future_notice_is_refused(client: FlaskClient, records: Records, age: timedelta) -> None:
    assert post(client, age=age) == 401
    assert stored(records) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v1,not Base64!"},
        {"webhook-signature": "v1"},
        {"webhook-signature": ""},
        {"webhook-signature": "v2," + "A" * 44},
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "0"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "1e400"},
        {"webhook-timestamp": ""},
    ],
)
def test_a_forged_notice_is_refused(client: FlaskClient, records: Records, headers: dict[str, str]) -> None:
    assert post(client, headers=headers) == 401
    assert stored(records) == []


def test_a_notice_of_a_stranger_without_signature_or_with_a_changed_body_is_refused(
    client: FlaskClient, records: Records
) -> None:
    assert post(client, secrets=[STRANGER]) == 401
    assert client.post("/webhooks/bank", data=BODY).status_code == 401
    signature = Signatures(SECRETS).headers("msg_1", BODY, datetime.now(UTC))
    changed = BODY.replace(AUTHORITY, "S0" + "2" * 34)
    assert client.post("/webhooks/bank", data=changed, headers=signature).status_code == 401
    assert stored(records) == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no JSON",
        "[]",
        "null",
        "{}",
        '{"authority": null}',
        '{"authority": ["S0"]}',
        '{"authority": "S0123"}',
        json.dumps({"authority": "B" + AUTHORITY[1:]}),
        json.dumps({"authority": AUTHORITY + "\n"}),
        "[" * 20_000,
    ],
)
def test_a_signed_notice_that_says_nothing_is_malformed(client: FlaskClient, records: Records, body: str) -> None:
    assert post(client, body) == 400
    assert stored(records) == []


@pytest.mark.parametrize("notice_id", ["msg.1", "msg/1", "m" * 81])
def test_an_id_that_could_be_mistaken_is_malformed(client: FlaskClient, notice_id: str) -> None:
    assert post(client, notice_id=notice_id) == 400


def test_a_body_that_is_no_text_is_refused(client: FlaskClient) -> None:
    assert post(client, b"\xff\xfe") == 401


def test_a_notice_has_at_most_64_kibibytes(client: FlaskClient, records: Records) -> None:
    padding = 64 * 1024 - len(BODY)
    assert post(client, BODY + " " * padding) == 202
    assert post(client, BODY + " " * (padding + 1), notice_id="msg_2") == 413
    assert len(stored(records)) == 1


def test_what_cannot_be_stored_is_not_accepted(client: FlaskClient, records: Records) -> None:
    records.write(lambda connection: connection.execute(text("ALTER TABLE events RENAME TO lost")))
    assert post(client) == 503
    records.write(lambda connection: connection.execute(text("ALTER TABLE lost RENAME TO events")))
    assert post(client) == 202


def test_there_is_nothing_to_get(client: FlaskClient) -> None:
    assert client.get("/webhooks/bank").status_code == 405


def test_outside_development_only_the_receiver_is_there(records: Records) -> None:
    production = app.make_app(program(records, development=False)).test_client()
    assert post(production) == 202
    for path in ("/pg/v4/payment/request.json", "/pg/StartPay/" + AUTHORITY, "/sandbox/faults"):
        assert production.post(path).status_code == 404
        assert production.get(path).status_code == 404


def test_without_secrets_no_notice_is_accepted(records: Records) -> None:
    assert post(app.make_app(program(records, webhook_secrets=[])).test_client()) == 401


def test_a_secret_that_is_none_fails_at_the_start(records: Records) -> None:
    with pytest.raises(Exception, match=r"(?i)secret|base64|padding|character"):
        app.make_app(program(records, webhook_secrets=[SecretStr("whsec_")]))
