"""Makes what must be secret: each program's key pair, and for the containers every password, once."""

import argparse
import base64
import json
import os
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from deploy.containers import broker_users, certificates, program_settings
from deploy.containers.layout import CLUSTER, SINGLE, Layout
from deploy.containers.private_files import PRIVATE, PUBLIC, write
from shared.encrypted_messages import RECEIVER as SECRETS_RECEIVER
from shared.services import SERVICES, SOURCES

PROGRAMS, COMMAND_LINE = program_settings.PROGRAMS, program_settings.COMMAND_LINE
PROGRAMS_WITH_PAGES = program_settings.PROGRAMS_WITH_PAGES
KEY_HOLDERS = (*PROGRAMS, COMMAND_LINE)

SECRET_BYTES = 32
PLAIN = re.compile(r"[\w .,:;/?&@=%+{}~-]*")
IMAGE_USER = 10001
"""The user of the image, when root makes the secrets: a container may then not run as their owner."""
COMPOSE_SETTINGS = Path(".env")
"""What compose reads beside its file; mostly the operator has written it before the first start."""


def make_keys(directory: Path, programs: Iterable[str]) -> list[str]:
    """Make the Ed25519 pairs that are missing, `<program>.pem` and `<program>.pub`; return their programs.

    An existing key is never replaced, and neither is a public key whose private half is kept elsewhere.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = []
    for program in programs:
        private_path, public_path = directory / f"{program}.pem", directory / f"{program}.pub"
        if public_path.exists():
            continue
        if not private_path.exists():
            write(private_path, private_pem(Ed25519PrivateKey.generate()), PRIVATE)
            made.append(program)
        write(public_path, public_pem(private_path.read_bytes()), PRIVATE)
    if (directory / f"{SECRETS_RECEIVER}.pem").exists():
        make_secrets_key(directory)
    return made


def renew_key(directory: Path, program: str) -> None:
    """Give a program a new key; its former public keys stay behind the new one, because they verify the seals of its log."""
    private_path, public_path = directory / f"{program}.pem", directory / f"{program}.pub"
    key = private_pem(Ed25519PrivateKey.generate())
    write(
        public_path, public_pem(key) + public_path.read_bytes(), PRIVATE
    )  # first: what is signed by either key verifies
    write(private_path, key, PRIVATE)


def make_secrets_key(directory: Path) -> None:
    """Make the X25519 pair that messages to auth are encrypted with (`shared.encrypted_messages`), where it is missing."""
    private_path = directory / f"{SECRETS_RECEIVER}-secrets.pem"
    public_path = private_path.with_suffix(".pub")
    if public_path.exists():
        return
    if not private_path.exists():
        write(private_path, private_pem(X25519PrivateKey.generate()), PRIVATE)
    write(public_path, public_pem(private_path.read_bytes()), PRIVATE)


def private_pem(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def public_pem(private: bytes) -> bytes:
    key = serialization.load_pem_private_key(private, password=None)
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


# ---------------------------------------------------------------- for the containers


def make_compose_secrets(directory: Path, layout: Layout = SINGLE) -> list[str]:
    """Make every secret that is missing; then write, from all of them, what each container reads."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    values, made = made_once(directory / "values", makers(layout))
    keys = directory / "keys"
    made += [f"key-of-{program}" for program in make_keys(keys, KEY_HOLDERS)]
    for program in PROGRAMS:
        write_environment(directory / program, program_settings.secret_settings(program, values, layout))
    write_environment(directory / COMMAND_LINE, program_settings.command_line_settings(values, layout))
    for program in KEY_HOLDERS:
        hand_out_keys(keys, directory / program / "keys", program)
    make_room(directory / COMMAND_LINE / "state")
    for program in SOURCES:
        make_room(directory / program / "evidence")
    made += certificates.make_all(directory, layout)
    postgres = program_settings.postgres_settings(values, layout) | certificates.setting(directory / "postgres")
    write_environment(directory / "postgres", postgres)
    write_environment(directory / program_settings.MIGRATION, program_settings.migration_settings(values, layout))
    passwords = {user: values[f"broker-{user}"] for user in (*PROGRAMS, COMMAND_LINE)}
    definitions = json.dumps(broker_users.definitions(passwords, is_cluster=layout.is_cluster), indent=2).encode()
    # Salted hashes of long random passwords, read by a user of the broker's own image.
    write(directory / "rabbitmq-definitions.json", definitions, PUBLIC)
    # The broker reads them when it starts; compose starts it anew where a setting has changed.
    users = {"TAMDID_USERS": broker_users.fingerprint(passwords)}
    rabbitmq = users | certificates.setting(directory / "rabbitmq")
    write_environment(directory / "rabbitmq", rabbitmq | program_settings.rabbitmq_settings(values, layout))
    return made


def made_once(directory: Path, wanted: Mapping[str, Callable[[], str]]) -> tuple[dict[str, str], list[str]]:
    """Each secret's value, one file a secret; and the names of those that did not exist before."""
    directory.mkdir(mode=0o700, exist_ok=True)
    made = []
    for name, make in wanted.items():
        if not (directory / name).exists():
            write(directory / name, make().encode(), PRIVATE)
            made.append(name)
    return {name: (directory / name).read_text().strip() for name in wanted}, made


def makers(layout: Layout) -> dict[str, Callable[[], str]]:
    names = [f"broker-{user}" for user in (*PROGRAMS, COMMAND_LINE)]
    names += [f"database-{program}" for program in SERVICES]
    names += [f"pages-{program}" for program in PROGRAMS_WITH_PAGES]
    names += [f"database-{program_settings.MIGRATION}", "database-superuser", "backup-repository"]
    names += ["first-admin-password"]
    names += ["broker-cookie", "database-replication", "database-failover"] if layout.is_cluster else []
    given = ("bank-password", "sms-keys", "smtp-url")  # by others: the operator writes them into the files
    return dict.fromkeys(names, password) | {"webhook-secret": webhook_secret} | dict.fromkeys(given, str)


def password() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def webhook_secret() -> str:
    """In the form of the Standard Webhooks specification."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def write_environment(directory: Path, settings: Mapping[str, str]) -> None:
    directory.mkdir(mode=0o700, exist_ok=True)
    lines = "".join(f"{name}={as_it_is(value)}\n" for name, value in settings.items())
    write(directory / "env", lines.encode(), PRIVATE)


def as_it_is(value: str) -> str:
    """A value that compose takes as it is: in quotes where it would read more into its signs, as into those of a bank's password."""
    return value if PLAIN.fullmatch(value) else "'" + value.replace("'", "\\'") + "'"


def hand_out_keys(keys: Path, directory: Path, program: str) -> None:
    """Give the program its own private key and everybody's public key, and let its container read them."""
    directory.mkdir(mode=0o700, exist_ok=True)
    files = [keys / f"{program}.pem", *(keys / f"{other}.pub" for other in KEY_HOLDERS)]
    files.append(keys / f"{SECRETS_RECEIVER}-secrets.pub")
    if program == SECRETS_RECEIVER:
        files.append(keys / f"{SECRETS_RECEIVER}-secrets.pem")
    for file in files:
        write(directory / file.name, file.read_bytes(), PRIVATE)
    belong_to_containers(directory, *directory.iterdir())


def make_room(directory: Path) -> None:
    """A folder that a container writes to."""
    directory.mkdir(mode=0o700, exist_ok=True)
    belong_to_containers(directory)


def belong_to_containers(*paths: Path) -> None:
    if os.geteuid() == 0:
        for path in paths:
            os.chown(path, IMAGE_USER, IMAGE_USER)


def container_user() -> dict[str, int]:
    """Whom the programs' containers run as: the owner of the keys, and never root."""
    if os.geteuid() == 0:
        return {"TAMDID_UID": IMAGE_USER, "TAMDID_GID": IMAGE_USER}
    return {"TAMDID_UID": os.geteuid(), "TAMDID_GID": os.getegid()}


def add_missing(file: Path, settings: Mapping[str, object]) -> list[str]:
    """Add the settings that an environment file lacks to its end, and return their names; what is there stays, whatever it says."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    missing = [name for name in settings if not re.search(rf"^\s*(export\s+)?{name}\s*[=:]", text, re.MULTILINE)]
    lines = "".join(f"{name}={settings[name]}\n" for name in missing)
    if missing and file.exists():
        with file.open("a", encoding="utf-8") as end:  # its owner, mode and place stay: it is the operator's
            end.write(lines if text.endswith("\n") or not text else f"\n{lines}")
    elif missing:
        write(file, lines.encode(), PUBLIC)
    return missing


def main() -> None:
    os.umask(0o077)  # the folders above the secrets too
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directory", type=Path, default=Path("var/compose"))
    parser.add_argument("--renew-key", choices=KEY_HOLDERS, metavar="PROGRAM", help="give a program a new key")
    parser.add_argument("--cluster", action="store_true", help="for docker-compose.cluster.yml")
    options = parser.parse_args()
    directory: Path = options.directory
    if not options.cluster and (directory / "values" / "broker-cookie").exists():
        parser.error(f"{directory} holds a cluster's secrets: make up ON=cluster")
    if options.renew_key:
        renew_key(directory / "keys", options.renew_key)
    made = make_compose_secrets(directory, CLUSTER if options.cluster else SINGLE)
    print(f"Made in {directory}: {', '.join(made)}" if made else f"All secrets are in {directory} already")
    if added := add_missing(COMPOSE_SETTINGS, container_user()):
        print(f"Added to {COMPOSE_SETTINGS}: {', '.join(added)}")


if __name__ == "__main__":
    main()
