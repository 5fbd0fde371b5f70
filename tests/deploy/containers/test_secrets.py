"""Keys and passwords are made once, readable by their owner only, and each program gets its own alone."""

import json
import re
import stat
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from dotenv import dotenv_values

from deploy.containers import broker_users, secrets
from deploy.containers.layout import CLUSTER, SINGLE
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Refused
from shared.keys import Keys
from shared.passports import PassportOffice


def contents(directory: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_keys_are_made_once(tmp_path: Path) -> None:
    assert secrets.make_keys(tmp_path, ["auth", "bank"]) == ["auth", "bank"]
    before = contents(tmp_path)
    assert secrets.make_keys(tmp_path, ["auth", "bank", "gateway"]) == ["gateway"]
    assert before.items() <= contents(tmp_path).items()


def test_the_public_key_is_the_private_ones(tmp_path: Path) -> None:
    secrets.make_keys(tmp_path, ["auth"])
    private = load_pem_private_key((tmp_path / "auth.pem").read_bytes(), password=None)
    assert private.public_key() == load_pem_public_key((tmp_path / "auth.pub").read_bytes())


def test_a_lost_public_key_is_made_again_from_the_private_one(tmp_path: Path) -> None:
    secrets.make_keys(tmp_path, ["auth"])
    before = contents(tmp_path)
    (tmp_path / "auth.pub").unlink()
    assert secrets.make_keys(tmp_path, ["auth"]) == []
    assert contents(tmp_path) == before


def test_a_renewed_key_signs_passports_alone_and_the_former_one_still_verifies_seals(tmp_path: Path) -> None:
    secrets.make_keys(tmp_path, ["auth", "bank"])
    at, former = datetime(2026, 4, 1, tzinfo=UTC), Keys("bank", tmp_path)
    seal, bank = former.sign(b"the log until now"), Passport(principal_kind=PrincipalKind.PROGRAM, subject="bank")
    token = PassportOffice("bank", tmp_path).sign(bank, "auth", at)
    secrets.renew_key(tmp_path, "bank")
    auth = Keys("auth", tmp_path)
    assert auth.is_signed_by("bank", b"the log until now", seal)
    assert auth.is_signed_by("bank", b"the log from now", Keys("bank", tmp_path).sign(b"the log from now"))
    assert not auth.is_signed_by("bank", b"another log", seal)
    renewed = PassportOffice("bank", tmp_path).sign(bank, "auth", at)
    assert PassportOffice("auth", tmp_path).verify(renewed, at) == bank
    with pytest.raises(Refused):
        PassportOffice("auth", tmp_path).verify(token, at)


def test_a_public_key_alone_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "auth.pub").write_text("kept elsewhere")
    assert secrets.make_keys(tmp_path, ["auth"]) == []
    assert [path.name for path in tmp_path.iterdir()] == ["auth.pub"]


def test_only_the_owner_reads_a_private_key(tmp_path: Path) -> None:
    secrets.make_keys(tmp_path / "keys", ["auth"])
    assert stat.S_IMODE((tmp_path / "keys" / "auth.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_compose_secrets_are_made_once(tmp_path: Path) -> None:
    assert secrets.make_compose_secrets(tmp_path)
    before = contents(tmp_path / "values")
    environment = (tmp_path / "auth" / "env").read_text()
    assert secrets.make_compose_secrets(tmp_path) == []
    assert contents(tmp_path / "values") == before
    assert (tmp_path / "auth" / "env").read_text() == environment


@pytest.mark.parametrize(
    ("written", "added"),
    [
        ("", ["TAMDID_UID", "TAMDID_GID"]),
        ("TAMDID_DEVELOPMENT=false", ["TAMDID_UID", "TAMDID_GID"]),  # without an end of the line
        ("# TAMDID_UID=1\n TAMDID_GID = 7\n", ["TAMDID_UID"]),
        ("export TAMDID_UID=5\nTAMDID_GID=7\n", []),
    ],
)
def test_an_operators_own_settings_are_kept_and_the_containers_user_is_added_to_them(
    tmp_path: Path, written: str, added: list[str]
) -> None:
    file, user = tmp_path / ".env", secrets.container_user()
    file.write_text(written)
    file.chmod(0o640)
    assert secrets.add_missing(file, user) == added
    assert file.read_text().startswith(written)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    kept, values = dotenv_values(stream=StringIO(written)), dotenv_values(file)
    assert values == kept | {name: str(user[name]) for name in added}
    assert secrets.add_missing(file, user) == []


def test_settings_for_compose_are_made_where_there_are_none(tmp_path: Path) -> None:
    user = secrets.container_user()
    assert secrets.add_missing(tmp_path / ".env", user) == list(user)
    assert dotenv_values(tmp_path / ".env") == {name: str(number) for name, number in user.items()}


def test_a_program_gets_no_secret_of_another(tmp_path: Path) -> None:
    secrets.make_compose_secrets(tmp_path)
    values = {path.name: path.read_text() for path in (tmp_path / "values").iterdir()}
    for program in secrets.PROGRAMS:
        given = (tmp_path / program / "env").read_text()
        foreign = {name: value for name, value in values.items() if name.startswith(("broker-", "database-", "pages-"))}
        foreign = {name: value for name, value in foreign.items() if not name.endswith(f"-{program}")}
        assert [name for name, value in foreign.items() if value in given] == []
        own = {f"{program}.pem"} | ({"auth-secrets.pem"} if program == "auth" else set())
        assert {path.name for path in (tmp_path / program / "keys").glob("*.pem")} == own


def test_the_banks_password_comes_from_its_file_as_it_is_and_to_payment_alone(tmp_path: Path) -> None:
    secrets.make_compose_secrets(tmp_path)
    (tmp_path / "values" / "bank-password").write_text("p$HOME 'q' #1\n")
    secrets.make_compose_secrets(tmp_path)
    given = {program: dotenv_values(tmp_path / program / "env", interpolate=False) for program in secrets.PROGRAMS}
    assert given["payment"]["TAMDID_BANK_PASSWORD"] == "p$HOME 'q' #1"
    assert [program for program, values in given.items() if "TAMDID_BANK_PASSWORD" in values] == ["payment"]


def test_a_cluster_goes_back_to_a_single_server_without_what_only_nodes_know_each_other_by(tmp_path: Path) -> None:
    secrets.make_compose_secrets(tmp_path)
    before = {path: text for path, text in contents(tmp_path).items() if path.name == "env"}
    secrets.make_compose_secrets(tmp_path, CLUSTER)
    for name in set(secrets.makers(CLUSTER)) - set(secrets.makers(SINGLE)):
        (tmp_path / "values" / name).unlink()
    secrets.make_compose_secrets(tmp_path)
    after = contents(tmp_path)
    differs = {
        path.parent.name
        for path, text in before.items()
        if without_certificate(after[path]) != without_certificate(text)
    }
    assert differs == set()


def without_certificate(environment: bytes) -> bytes:
    """A server's environment apart from its certificate, which is for other names in a cluster."""
    return re.sub(rb"TAMDID_CERTIFICATE=.*", b"", environment)


def test_nobody_else_reads_a_password(tmp_path: Path) -> None:
    secrets.make_compose_secrets(tmp_path)
    for path in tmp_path.rglob("*"):
        # The definitions hold salted hashes of long random passwords; both are read by users of other images.
        is_public = path.parent == tmp_path and path.name in {"rabbitmq-definitions.json", "ca.crt"}
        expected = 0o700 if path.is_dir() else 0o644 if is_public else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_the_brokers_definitions_hold_no_password(tmp_path: Path) -> None:
    secrets.make_compose_secrets(tmp_path)
    text = (tmp_path / "rabbitmq-definitions.json").read_text()
    assert {user["name"] for user in json.loads(text)["users"]} == {*secrets.PROGRAMS, secrets.COMMAND_LINE}
    passwords = [path.read_text() for path in (tmp_path / "values").iterdir()]
    assert [one for one in passwords if one and one in text] == []


def test_only_the_command_line_may_look_at_everything_on_the_broker() -> None:
    users = broker_users.definitions({"auth": "one", "admin": "two"})["users"]
    assert isinstance(users, list)
    assert {user["name"]: user["tags"] for user in users} == {"auth": [], "admin": ["monitoring"]}


def test_a_password_hash_is_rabbitmqs() -> None:
    # The example of RabbitMQ's own documentation of its password hashes.
    assert (
        broker_users.password_hash("test12", bytes.fromhex("908DC60A"))
        == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
    )


def test_what_to_do_after_its_leak_is_written_down_for_each_secret(tmp_path: Path) -> None:
    secrets.make_compose_secrets(tmp_path)
    page = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
    written = page.partition("## After a leak")[2].partition("\n## ")[0]
    programs = "|".join(secrets.KEY_HOLDERS)
    files = [*(tmp_path / "values").iterdir(), *(tmp_path / "keys").glob("*.pem")]
    names = {re.sub(rf"(values/(?:broker|database|pages)-|keys/)(?:{programs})(?=\.|$)", r"\1<program>", str(path.relative_to(tmp_path)))
             for path in files}  # fmt: skip
    assert {name for name in names if f"`{name}`" not in written} == set()
    assert len(names) > 9


def test_a_new_key_for_typed_secrets_is_made_where_the_old_one_was_deleted(tmp_path: Path) -> None:
    secrets.make_compose_secrets(tmp_path)
    before = (tmp_path / "auth" / "keys" / "auth-secrets.pem").read_bytes()
    for name in ("auth-secrets.pem", "auth-secrets.pub"):
        (tmp_path / "keys" / name).unlink()
    secrets.make_compose_secrets(tmp_path)
    assert (tmp_path / "auth" / "keys" / "auth-secrets.pem").read_bytes() != before
    public = (tmp_path / "keys" / "auth-secrets.pub").read_bytes()
    assert {(tmp_path / one / "keys" / "auth-secrets.pub").read_bytes() for one in secrets.KEY_HOLDERS} == {public}
