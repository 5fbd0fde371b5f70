"""Secrets at rest: readable with auth's own key and for their own account alone."""

from pathlib import Path

import pytest

from deploy.containers.secrets import make_keys
from services.auth.second_factor.encryption import SecretBox

ACCOUNT = "officer:modir"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    make_keys(tmp_path, ["auth", "renewal"])
    return tmp_path


def test_a_secret_is_decrypted_again_also_after_a_restart(keys: Path) -> None:
    encrypted = SecretBox(keys / "auth.pem").encrypt("JBSWY3DPEHPK3PXP", ACCOUNT)
    assert "JBSWY3DP" not in encrypted
    assert SecretBox(keys / "auth.pem").decrypt(encrypted, ACCOUNT) == "JBSWY3DPEHPK3PXP"


def test_the_same_secret_is_never_encrypted_alike(keys: Path) -> None:
    box = SecretBox(keys / "auth.pem")
    assert box.encrypt("JBSWY3DPEHPK3PXP", ACCOUNT) != box.encrypt("JBSWY3DPEHPK3PXP", ACCOUNT)


def test_neither_another_key_nor_another_account_reads_it(keys: Path) -> None:
    encrypted = SecretBox(keys / "auth.pem").encrypt("JBSWY3DPEHPK3PXP", ACCOUNT)
    for box, account in ((SecretBox(keys / "renewal.pem"), ACCOUNT), (SecretBox(keys / "auth.pem"), "officer:reza")):
        assert box.decrypt(encrypted, account) is None
