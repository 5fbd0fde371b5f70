"""Alembic's environment, the same for every program: the runner's `Config` names the folder of revisions and brings the connection."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine

from shared.event_store.migrations.revisions import FORMER_TABLES
from shared.event_store.migrations.runner import LOCK_TIMEOUT

OPTIONS: dict[str, Any] = {
    "target_metadata": context.config.attributes.get("metadata"),
    "on_version_apply": context.config.attributes.get("on_version_apply"),
    "transaction_per_migration": True,
    "transactional_ddl": True,  # SQLite's too: shared/event_store/sql/engines.py begins its transactions itself
    "compare_type": True,
    "include_name": lambda name, kind, _parents: kind != "table" or name not in FORMER_TABLES,
}


def run(connection: Connection) -> None:
    # On SQLite Alembic takes a default of '' for none; tests/migrations/test_schema.py compares it there.
    compares_defaults = connection.dialect.name != "sqlite"
    context.configure(connection=connection, compare_server_default=compares_defaults, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    context.configure(dialect_name="postgresql", literal_binds=True, **OPTIONS)
    with context.begin_transaction():
        context.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        context.run_migrations()
else:
    bound: Connection | Engine = context.config.attributes["connection"]
    if isinstance(bound, Connection):
        run(bound)
    else:
        with bound.connect() as opened:
            run(opened)
