"""How each setting of `shared.settings` reaches the containers: by the image, by the compose file, by the operator's `.env`, or as a secret.

The compose file names them as this table does, and a test holds it to that.
"""

from collections.abc import Callable, Mapping

from deploy.containers import broker_users
from deploy.containers.layout import Layout
from deploy.programs import PLACES
from shared import broker_nodes
from shared.services import SERVICES

PROGRAMS = tuple(PLACES)
PROGRAMS_WITH_PAGES = ("gateway", "bank")
MIGRATION = "migration"
"""The database user that becomes each owner of tables, for `tamdid database upgrade`; no program is given its password."""
REPOSITORY_KEY = "PGBACKREST_REPO1_CIPHER_PASS"
"""What pgBackRest takes the key of the backups' repository from, in the environment of the database's server."""
COMMAND_LINE = "admin"
"""The command line has a user on the broker and a key, and no database."""

CA_IN_CONTAINERS = "/run/tamdid/ca.crt"
VERIFIED = f"sslmode=verify-full&sslrootcert={CA_IN_CONTAINERS}"
AMQPS_PORT, MANAGEMENT_PORT, POSTGRES_PORT = 5671, 15671, 5432
Values = Mapping[str, str]
"""Every secret of the containers by its name."""


def broker_url(user: str, values: Values, layout: Layout) -> str:
    nodes = (f"{host}:{AMQPS_PORT}" for host in layout.brokers)
    account = f"{user}:{values[f'broker-{user}']}"
    return broker_nodes.SEPARATOR.join(f"amqps://{account}@{node}/{broker_users.VHOST}" for node in nodes)


def database_url(user: str, values: Values, database: str, layout: Layout) -> str:
    return f"postgresql+psycopg://{user}:{values[f'database-{user}']}@{database_address(database, layout, VERIFIED)}"


def database_address(database: str, layout: Layout, *options: str) -> str:
    """Server, database and options of a URL: the server at its usual place, or each of several among the options."""
    if not layout.is_cluster:
        return f"{layout.databases[0]}:{POSTGRES_PORT}/{database}" + "".join(f"?{option}" for option in options)
    nodes = (f"host={host}:{POSTGRES_PORT}" for host in layout.databases)
    return f"/{database}?{'&'.join((*options, *nodes))}"


BY_IMAGE = ("host", "health_port")
BY_PORTS = ("gateway_port", "bank_port", "phone_port")
"""Inside the container as by default; compose publishes them on the ports that the operator says."""
BY_DEFAULT = ("phone_smtp_port", "trace")
"""Not published: only containers send mail to the phone. The image has no SDK to trace with."""
BY_COMPOSE = ("var", "keys", "broker_ca", "policies", "templates", "organizations", "evidence", "phone_host")
BY_OPERATOR = (
    "public_url",
    "bank_public_url",
    "bank_url",
    "merchant_id",
    "bank_kind",
    "bank_since",
    "bank_terminal",
    "bank_user",
    "bank_time_scale",
    "sms_providers",
    "sms_url",
    "mail_from",
    "message_time_scale",
    "development",
    "rollback_possible",
    "home_province",
    "trusted_proxies",
    "security_contact",
    "second_factor",
    "first_sign_in",
    "challenge",
    "challenge_bits",
)
"""In the shell or in `.env`; where they are in neither, the program's own default. None is a secret, so all programs are given all."""
BY_MIGRATION = ("migration_url", "migrate_at_start")
"""Of the container `migrate`, or of none: no program may alter tables, so none is told to at its start."""
SECRETS: Mapping[str, tuple[tuple[str, ...], Callable[[str, Values, Layout], str]]] = {
    "broker_url": (PROGRAMS, broker_url),
    "database_url": (SERVICES, lambda program, values, layout: database_url(program, values, program, layout)),
    "page_secret": (PROGRAMS_WITH_PAGES, lambda program, values, _: values[f"pages-{program}"]),
    "first_admin_password": (("auth",), lambda _, values, __: values["first-admin-password"]),
    "webhook_secrets": (("bank",), lambda _, values, __: values["webhook-secret"]),
    "bank_password": (("payment",), lambda _, values, __: values["bank-password"]),
    "sms_keys": (("notification",), lambda _, values, __: values["sms-keys"]),
    "smtp_url": (("notification",), lambda _, values, __: values["smtp-url"]),
}
"""The programs that are given a secret setting, and how it is put together."""


def variable(setting: str) -> str:
    """The environment variable of a setting."""
    return f"TAMDID_{setting.upper()}"


def secret_settings(program: str, values: Values, layout: Layout) -> dict[str, str]:
    """The settings of one program that are secret: only its own."""
    own = {name: made for name, (programs, made) in SECRETS.items() if program in programs}
    return {variable(name): made(program, values, layout) for name, made in own.items()}


def command_line_settings(values: Values, layout: Layout) -> dict[str, str]:
    """The command line connects to the broker, and reads it through the management API."""
    account = f"{COMMAND_LINE}:{values[f'broker-{COMMAND_LINE}']}"
    management = (f"https://{account}@{host}:{MANAGEMENT_PORT}" for host in layout.brokers)
    return {
        "TAMDID_SERVER": broker_url(COMMAND_LINE, values, layout),
        "TAMDID_MANAGEMENT": broker_nodes.SEPARATOR.join(management),
    }


def migration_settings(values: Values, layout: Layout) -> dict[str, str]:
    """The programs' roles are named here without their passwords."""
    return {
        "TAMDID_MIGRATION_URL": database_url(MIGRATION, values, "{program}", layout),
        "TAMDID_DATABASE_URL": f"postgresql+psycopg://{{program}}@{database_address('{program}', layout)}",
    }


def rabbitmq_settings(values: Values, layout: Layout) -> dict[str, str]:
    """What nodes know each other by; nothing where there is one."""
    return {"RABBITMQ_ERLANG_COOKIE": values["broker-cookie"]} if layout.is_cluster else {}


def patroni_settings(values: Values) -> dict[str, str]:
    """The users of Patroni, which makes one node the primary and the other its standby."""
    return {
        "PATRONI_SUPERUSER_USERNAME": "postgres",
        "PATRONI_SUPERUSER_PASSWORD": values["database-superuser"],
        "PATRONI_REPLICATION_USERNAME": "replication",
        "PATRONI_REPLICATION_PASSWORD": values["database-replication"],
        "PATRONI_RESTAPI_USERNAME": "patroni",
        "PATRONI_RESTAPI_PASSWORD": values["database-failover"],
    }


def postgres_settings(values: Values, layout: Layout) -> dict[str, str]:
    users = (*SERVICES, MIGRATION)
    roles = {f"PASSWORD_OF_{user}": values[f"database-{user}"] for user in users}
    return {
        "POSTGRES_PASSWORD": values["database-superuser"],
        "TAMDID_ROLES": " ".join(SERVICES),
        REPOSITORY_KEY: values["backup-repository"],
        **roles,
        **(patroni_settings(values) if layout.is_cluster else {}),
    }
