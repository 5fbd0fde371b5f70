"""Secrets that persons type: only auth reads them, and only in the message that they were sent in."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr

from deploy.containers import secrets
from shared.contract.auth import commands
from shared.sealed_secrets import SealedSecrets

PASSWORD = "کلید-گنج-۱۴۰۵"
COMMAND = commands.SignIn(
    id=UUID(int=1),
    deadline=datetime(2026, 4, 1, tzinfo=UTC),
    principal_kind="member",
    name="0012345",
    password=SecretStr(PASSWORD),
)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    secrets.make_keys(tmp_path, ["auth"])
    return tmp_path


def test_a_typed_secret_reaches_auth_and_nobody_on_the_way(keys: Path) -> None:
    payload = SealedSecrets(keys).payload(COMMAND, "auth")
    assert PASSWORD not in str(payload)
    opened = SealedSecrets(keys).opened(payload, "sign_in")
    assert commands.SignIn.model_validate(opened).password.get_secret_value() == PASSWORD
    assert opened == COMMAND.model_dump(mode="json")


@pytest.mark.parametrize(("change", "method"), [({"id": str(UUID(int=2))}, "sign_in"), ({}, "set_password")])
def test_a_secret_moved_into_another_message_is_not_read(keys: Path, change: dict[str, Any], method: str) -> None:
    payload = SealedSecrets(keys).payload(COMMAND, "auth") | change
    assert SealedSecrets(keys).opened(payload, method)["password"] == payload["password"]


@pytest.mark.parametrize(
    "value", [{"sealed": "x"}, {"sealed": ""}, {"sealed": 7}, {"sealed": "QUJD", "more": 1}, [], None, 5]
)
def test_what_is_no_sealed_secret_stays_as_it_is(keys: Path, value: object) -> None:
    assert SealedSecrets(keys).opened({"password": value}, "sign_in") == {"password": value}


def test_without_auths_key_a_secret_is_not_sent_at_all(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"auth-secrets\.pub"):
        SealedSecrets(tmp_path).payload(COMMAND, "auth")


def test_another_auths_key_does_not_open_it(keys: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    secrets.make_keys(other, ["auth"])
    payload = SealedSecrets(keys).payload(COMMAND, "auth")
    assert SealedSecrets(other).opened(payload, "sign_in")["password"] == payload["password"]
