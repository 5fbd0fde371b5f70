"""PostgreSQL by CloudNativePG: a primary and two standbys, one database and two roles for each service, WAL archive and daily backups."""

from collections.abc import Iterable, Iterator
from typing import Any

from deploy.containers.program_settings import MIGRATION
from deploy.kubernetes.manifest import SERVERS, Manifest, manifest
from deploy.kubernetes.programs import COPIES_MAX
from shared.event_store.sql.engines import CONNECTIONS_OF_PROGRAM
from shared.services import SERVICES

CLUSTER = "postgres"
API = "postgresql.cnpg.io/v1"
BACKUP = "backup-store"
"""An object store, and the secret with its keys (`ACCESS_KEY_ID`, `ACCESS_SECRET_KEY`), which the operator is given by whoever runs the store."""
PLUGIN = "barman-cloud.cloudnative-pg.io"
KEPT = "35d"
DAILY = "0 30 22 * * *"
"""With seconds; UTC, so two in the morning in Tehran."""
INSTANCES = 3
CONNECTIONS_TO_SPARE = 60
"""For the migration, the backups, replication and whoever looks."""
CONNECTIONS_MAX = len(SERVICES) * (COPIES_MAX + 1) * CONNECTIONS_OF_PROGRAM + CONNECTIONS_TO_SPARE
"""For all copies of all programs, with the one more that a program has while it is replaced."""


def credentials_of(role: str) -> str:
    """The name of the secret with a role's name and password."""
    return f"database-{role}"


def initial_sql(services: Iterable[str] = SERVICES) -> list[str]:
    """As `create-databases.sh` makes them, without passwords, which the operator sets from the secrets. Each statement runs alone, as the superuser."""
    statements = [f"CREATE ROLE {MIGRATION} LOGIN"]
    for role in services:
        owner = f"{role}_owner"
        statements += [
            f"CREATE ROLE {owner}",
            f"GRANT {owner} TO {MIGRATION}",
            f"CREATE ROLE {role} LOGIN",
            f"CREATE DATABASE {role} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'",
            f"REVOKE ALL ON DATABASE {role} FROM PUBLIC",
            f"GRANT CONNECT ON DATABASE {role} TO {role}",
            f"ALTER ROLE {MIGRATION} IN DATABASE {role} SET role = '{owner}'",
        ]
    return statements


def cluster() -> Manifest:
    spec = {
        "instances": INSTANCES,
        "enableSuperuserAccess": False,
        "storage": {"size": "50Gi"},
        "walStorage": {"size": "20Gi"},
        "resources": {"requests": {"cpu": "1", "memory": "4Gi"}, "limits": {"cpu": "4", "memory": "4Gi"}},
        "affinity": {"enablePodAntiAffinity": True, "podAntiAffinityType": "required"},
        "certificates": {"serverTLSSecret": "postgres-tls", "serverCASecret": "postgres-tls"},
        "bootstrap": {"initdb": {"postInitSQL": initial_sql()}},
        "managed": {"roles": roles(), "services": {"additional": [by_the_programs_name()]}},
        "postgresql": {
            "parameters": {
                "max_connections": str(CONNECTIONS_MAX),
                "shared_buffers": "1GB",
                "log_error_verbosity": "terse",  # a refused row is a person's
            },
            "synchronous": {"method": "any", "number": 1, "dataDurability": "required"},
            "pg_hba": ["hostssl all all all scram-sha-256", "host all all all reject"],
        },
        "plugins": [{"name": PLUGIN, "isWALArchiver": True, "parameters": {"barmanObjectName": BACKUP}}],
    }
    return manifest(API, "Cluster", CLUSTER, SERVERS, {"spec": spec})


def roles() -> list[dict[str, Any]]:
    """Whoever signs in. Owners of tables are no such roles, so the operator leaves them as the first statements made them."""
    owners = [f"{role}_owner" for role in SERVICES]
    return [
        {
            "name": role,
            "ensure": "present",
            "login": True,
            "passwordSecret": {"name": credentials_of(role)},
            **({"inRoles": owners} if role == MIGRATION else {}),
        }
        for role in (*SERVICES, MIGRATION)
    ]


def by_the_programs_name() -> dict[str, Any]:
    """The primary under the host that `database_url` and its certificate have."""
    return {"selectorType": "rw", "serviceTemplate": {"metadata": {"name": CLUSTER}}}


def backups() -> Iterator[Manifest]:
    """Any moment of the last five weeks can be restored: daily base backups, and the write-ahead log as it is written."""
    keys = {"accessKeyId": "ACCESS_KEY_ID", "secretAccessKey": "ACCESS_SECRET_KEY"}
    configuration = {
        "destinationPath": "s3://tamdid-backups/",
        "endpointURL": "https://object-store.example.org",
        "s3Credentials": {field: {"name": BACKUP, "key": key} for field, key in keys.items()},
        "wal": {"compression": "gzip", "encryption": "AES256"},
        "data": {"compression": "gzip", "encryption": "AES256"},
    }
    store = {"retentionPolicy": KEPT, "configuration": configuration}
    yield manifest("barmancloud.cnpg.io/v1", "ObjectStore", BACKUP, SERVERS, {"spec": store})
    schedule = {
        "schedule": DAILY,
        "immediate": True,
        "backupOwnerReference": "self",
        "cluster": {"name": CLUSTER},
        "method": "plugin",
        "pluginConfiguration": {"name": PLUGIN},
    }
    yield manifest(API, "ScheduledBackup", "daily", SERVERS, {"spec": schedule})
