"""The secrets that the manifests refer to, as YAML for `kubectl apply -f -`; each value is made once and kept in a folder, as for the containers."""

import argparse
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from deploy.containers import program_settings
from deploy.containers.broker_users import VHOST
from deploy.containers.layout import SINGLE, Layout
from deploy.containers.program_settings import MIGRATION, PROGRAMS, Values
from deploy.containers.secrets import KEY_HOLDERS, made_once, make_keys, makers
from deploy.kubernetes import broker, database, pods
from deploy.kubernetes.manifest import NAMESPACE, SERVERS, Manifest, manifest
from deploy.kubernetes.rendering import text
from shared.encrypted_messages import RECEIVER as SECRETS_RECEIVER
from shared.services import SERVICES

FOLDER = Path("var/kubernetes")
SERVERS_BY_NAME = SINGLE
"""One name each: a Service is in front of the broker's nodes, and of the database's primary."""
TOPOLOGY = {"rabbitmq.com/topology-operator": "true"}
"""Without this label the topology operator may not read a secret."""
RELOADED = {"cnpg.io/reload": "true"}


def all_secrets(folder: Path) -> list[Manifest]:
    """Make what is missing in the folder; the same secrets again from what is there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    values, _ = made_once(folder / "values", makers(SERVERS_BY_NAME))
    make_keys(folder / "keys", KEY_HOLDERS)
    return [
        *(
            secret(pods.secret_settings_of(one), program_settings.secret_settings(one, values, SERVERS_BY_NAME))
            for one in PROGRAMS
        ),
        *(secret(pods.keys_of(one), keys_of(one, folder / "keys")) for one in PROGRAMS),
        secret(pods.secret_settings_of(MIGRATION), program_settings.migration_settings(values, SERVERS_BY_NAME)),
        *(
            secret(broker.credentials_of(one), signing_in(one, values[f"broker-{one}"]), labels=TOPOLOGY)
            for one in broker.USERS
        ),
        *(
            secret(
                database.credentials_of(one),
                signing_in(one, values[f"database-{one}"]),
                kind="kubernetes.io/basic-auth",
                labels=RELOADED,
            )
            for one in (*SERVICES, MIGRATION)
        ),
        secret(broker.READER, reader(values)),
    ]


def secret(
    name: str, data: Mapping[str, str], kind: str = "Opaque", labels: Mapping[str, str] | None = None
) -> Manifest:
    return manifest("v1", "Secret", name, SERVERS, {"type": kind, "stringData": dict(data)}, labels=labels or {})


def signing_in(user: str, password: str) -> dict[str, str]:
    return {"username": user, "password": password}


def keys_of(program: str, folder: Path) -> dict[str, str]:
    """The program's own private key, and everybody's public keys."""
    names = [f"{program}.pem", *(f"{other}.pub" for other in KEY_HOLDERS), f"{SECRETS_RECEIVER}-secrets.pub"]
    names += [f"{SECRETS_RECEIVER}-secrets.pem"] if program == SECRETS_RECEIVER else []
    return {name: (folder / name).read_text(encoding="utf-8") for name in names}


def reader(values: Values) -> dict[str, str]:
    """The management API, as the user that may only read, by a name that other namespaces know: KEDA asks from its own."""
    from_elsewhere = Layout(tuple(f"{name}.{NAMESPACE}.svc" for name in SERVERS_BY_NAME.brokers), ())
    management = program_settings.command_line_settings(values, from_elsewhere)["TAMDID_MANAGEMENT"]
    return {"host": f"{management}/{VHOST}", "tls": "enable"}


def main(arguments: Iterable[str] | None = None) -> None:
    os.umask(0o077)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directory", type=Path, default=FOLDER)
    options = parser.parse_args(None if arguments is None else list(arguments))
    sys.stdout.write(text(all_secrets(options.directory)))


if __name__ == "__main__":
    main()
