"""Messages to auth: only auth reads them, only the method that they are for, and only auth answers them."""

import base64
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr

from deploy.containers import secrets
from shared.contract.auth import commands
from shared.contract.capacity import queries as capacity_queries
from shared.contract.operations import queries
from shared.contract.payment import commands as payment_commands
from shared.encrypted_messages import SUITE, EncryptedMessages, encrypt, info_of_answer, info_of_call

PASSWORD, SESSION = "کلید-گنج-۱۴۰۵", "the-session"
COMMAND = commands.SetPassword(
    id=UUID(int=1),
    deadline=datetime(2026, 4, 1, tzinfo=UTC),
    current=SecretStr("0012345679"),
    new=SecretStr(PASSWORD),
    session=SecretStr(SESSION),
)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    secrets.make_keys(tmp_path, ["auth"])
    return tmp_path


def test_a_message_with_all_its_secrets_reaches_auth_and_nobody_on_the_way(keys: Path) -> None:
    payload = EncryptedMessages(keys).request(COMMAND).payload
    assert set(payload) == {"sealed"}
    assert SESSION not in str(payload)
    assert SESSION.encode() not in base64.b64decode(payload["sealed"])
    decrypted = EncryptedMessages(keys).decrypt(payload, "set_password")
    assert commands.SetPassword.model_validate(decrypted.payload) == COMMAND
    assert decrypted.payload["new"] == PASSWORD


def test_the_answer_reaches_the_sender_alone(keys: Path) -> None:
    sender, other = EncryptedMessages(keys), EncryptedMessages(keys)
    request = sender.request(COMMAND)
    encrypt_answer = EncryptedMessages(keys).decrypt(request.payload, "set_password").encrypt_answer
    assert encrypt_answer is not None
    answer = encrypt_answer({"token": SESSION})
    assert SESSION not in str(answer)
    assert request.answer(answer) == {"token": SESSION}
    for another in (other.request(COMMAND), sender.request(COMMAND)):
        with pytest.raises(ValueError, match="not encrypted for this"):
            another.answer(answer)


@pytest.mark.parametrize("answer", [{"token": "forged"}, {"sealed": "QUJD"}, {"sealed": ""}, None, [], 5])
def test_an_answer_that_auth_has_not_encrypted_is_none(keys: Path, answer: object) -> None:
    with pytest.raises(ValueError, match="not encrypted"):
        EncryptedMessages(keys).request(COMMAND).answer(answer)


def test_a_message_for_one_method_is_not_read_by_another(keys: Path) -> None:
    payload = EncryptedMessages(keys).request(COMMAND).payload
    assert EncryptedMessages(keys).decrypt(payload, "sign_in") == (payload, None)


@pytest.mark.parametrize(
    "payload", [{"sealed": "x"}, {"sealed": ""}, {"sealed": 7}, {"sealed": "QUJD", "more": 1}, {}, {"id": "1"}]
)
def test_what_is_not_encrypted_stays_as_it_is(keys: Path, payload: dict[str, Any]) -> None:
    assert EncryptedMessages(keys).decrypt(payload, "sign_in") == (payload, None)


@pytest.mark.parametrize(
    "content", [{}, [], "text", {"message": 5, "nonce": "", "answer_to": ""}, {"message": {}, "nonce": "", "answer_to": "QUJD"}]
)  # fmt: skip
def test_an_encrypted_message_of_another_form_is_not_read(keys: Path, content: object) -> None:
    public = EncryptedMessages(keys)._public
    payload = encrypt(content, public, info_of_call("sign_in"))
    assert EncryptedMessages(keys).decrypt(payload, "sign_in") == (payload, None)


def test_an_answer_to_a_key_that_nobody_can_have_is_empty(keys: Path) -> None:
    """All points of a small order have the same shared secret: the library refuses them, which must not end the service."""
    content = {"message": {}, "nonce": "", "answer_to": base64.b64encode(bytes(32)).decode()}
    payload = encrypt(content, EncryptedMessages(keys)._public, info_of_call("sign_in"))
    encrypt_answer = EncryptedMessages(keys).decrypt(payload, "sign_in").encrypt_answer
    assert encrypt_answer is not None
    assert encrypt_answer({"token": SESSION}) == {"sealed": ""}


@pytest.mark.parametrize(
    "message", [queries.ReadEvents(after=0), capacity_queries.GetCapacity(member="0012345", year=1405)]
)
def test_messages_without_secrets_travel_in_clear(tmp_path: Path, message: Any) -> None:
    request = EncryptedMessages(tmp_path).request(message)
    assert type(message).model_validate(request.payload) == message
    assert request.answer({"head": 1}) == {"head": 1}


def test_a_field_with_its_default_stays_away(tmp_path: Path) -> None:
    """An earlier version of the service, which does not know the field, refuses every message that has it."""
    about: dict[str, Any] = {"id": UUID(int=1), "deadline": COMMAND.deadline, "on": date(2026, 4, 1)}
    payload = EncryptedMessages(tmp_path).request(payment_commands.CloseDay(**about)).payload
    assert payload == {"id": str(UUID(int=1)), "deadline": "2026-04-01T00:00:00Z", "on": "2026-04-01"}


def test_without_auths_key_nothing_is_sent_at_all(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"auth-secrets\.pub"):
        EncryptedMessages(tmp_path).request(COMMAND)
    assert EncryptedMessages(tmp_path).decrypt({"sealed": "QUJD"}, "sign_in") == ({"sealed": "QUJD"}, None)


def test_another_auths_key_does_not_decrypt_it(keys: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    secrets.make_keys(other, ["auth"])
    payload = EncryptedMessages(keys).request(COMMAND).payload
    assert EncryptedMessages(other).decrypt(payload, "set_password") == (payload, None)


def test_a_message_is_no_answer(keys: Path) -> None:
    """What a key decrypts says what it is: nothing encrypted for one use passes for another."""
    sender = EncryptedMessages(keys)
    own = sender._own.public_key()
    text = base64.b64encode(SUITE.encrypt(json.dumps({}).encode(), own, info=info_of_call("sign_in"))).decode()
    with pytest.raises(ValueError, match="not encrypted"):
        sender.request(COMMAND).answer({"sealed": text})
    assert info_of_answer("sign_in", "") != info_of_call("sign_in")
