"""Tables that several programs have, as each release made them. A function here is never changed again: a later revision adds its own.

The numbers are those of the revisions that use them, 0002 has a file of its own, and no table of today is imported.
"""

import sqlalchemy as sa
from alembic import op

INSTANT = sa.DateTime(timezone=True)
GENESIS = "0" * 64


def create(tables: sa.MetaData) -> None:
    """Create tables with their indexes."""
    for table in tables.sorted_tables:
        op.get_context().impl.create_table(table)


def refuse_where(table: str, *conditions: sa.ColumnElement[bool]) -> None:
    """Refuse a downgrade by which rows would lose something."""
    query = sa.select(sa.literal(1)).select_from(sa.table(table)).where(*conditions).limit(1)
    if op.get_bind().execute(query).first() is not None:
        raise DowngradeRefused(table)


def drop_empty(table: str) -> None:
    """Drop a table that a revision made, unless rows would be lost by it."""
    refuse_where(table)
    op.drop_table(table)


class DowngradeRefused(Exception):  # noqa: N818 - the name is the finding
    """A downgrade would lose data. An older program works on the newer tables: docs/upgrading.md."""


def on_dialect(dialect: str, *statements: str) -> None:
    """Execute statements on one kind of database."""
    if op.get_context().dialect.name == dialect:
        for statement in statements:
            op.execute(statement)


def begin_log_0001() -> None:
    """The first rows of a log, and the triggers that keep its events."""
    op.execute("INSERT INTO log_head (id, position) VALUES (1, 0)")
    op.execute(f"INSERT INTO relay_cursor (id, position, chain) VALUES (1, 0, '{GENESIS}')")  # noqa: S608 - a constant
    on_dialect("postgresql", FUNCTION_0001, TRIGGER_0001)
    on_dialect("sqlite", *(SQLITE_TRIGGER_0001.format(verb=verb) for verb in ("UPDATE", "DELETE")))


FUNCTION_0001 = """
CREATE OR REPLACE FUNCTION facts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$
"""
TRIGGER_0001 = """
CREATE TRIGGER facts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION facts_stay()
"""
SQLITE_TRIGGER_0001 = """
CREATE TRIGGER facts_stay_{verb} BEFORE {verb} ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END
"""


def log_0001(tables: sa.MetaData) -> None:
    """A log with its counter, the ids of commands, its seals and the relay's cursor."""
    seals_0001(tables)
    sa.Table(
        "command_ids",
        tables,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    sa.Table(
        "events",
        tables,
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("stream", sa.String(120), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("type", sa.String(60), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("metadata", sa.Text, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.UniqueConstraint("stream", "version", name="one_version_once"),
        sa.UniqueConstraint("stream", "event_id", name="one_cause_once"),
    )
    sa.Table(
        "log_head",
        tables,
        sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
    )


def seals_0001(tables: sa.MetaData) -> None:
    """The seals of a log, and the cursor of the relay that makes them."""
    sa.Table(
        "seals",
        tables,
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(88), nullable=False),
    )
    sa.Table(
        "relay_cursor",
        tables,
        sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
    )


def subscriptions_0001(tables: sa.MetaData) -> None:
    """Checkpoints of subscriptions, with parked and dropped events."""
    sa.Table(
        "checkpoints",
        tables,
        sa.Column("source", sa.String(40), primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
    )
    sa.Table(
        "dropped_events",
        tables,
        sa.Column("source", sa.String(40), primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("partition_key", sa.String(120), nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("dropped_by", sa.String(60), nullable=False),
        sa.Column("dropped_at", INSTANT, nullable=False),
    )
    sa.Table(
        "parked_events",
        tables,
        sa.Column("source", sa.String(40), primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("partition_key", sa.String(120), nullable=False),
        sa.Column("type", sa.String(60), nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Index("parked_partitions", "source", "partition_key", "position"),
    )


def timers_0001(tables: sa.MetaData) -> None:
    """The queue of delayed work."""
    sa.Table(
        "timers",
        tables,
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("key", sa.String(60), primary_key=True),
        sa.Column("owner", sa.String(20), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Index("timers_due", "kind", "owner", "due_at"),
    )


def reads_0001(tables: sa.MetaData) -> None:
    """Officers' reads of members."""
    sa.Table(
        "reads",
        tables,
        sa.Column("member", sa.String(12), primary_key=True),
        sa.Column("at", INSTANT, primary_key=True),
        sa.Column("officer", sa.String(40), primary_key=True),
        sa.Column("message", sa.String(40), primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("roles", sa.String(60), nullable=False),
        sa.Index("reads_of_officer", "officer", "at"),
    )


def personal_data_0001(tables: sa.MetaData) -> None:
    """Runs of the retention, and erasures."""
    sa.Table(
        "erasures",
        tables,
        sa.Column("member", sa.String(12), primary_key=True),
        sa.Column("erased_at", INSTANT, nullable=False),
        sa.Column("rows", sa.Text, nullable=False),
        sa.Column("is_overwritten", sa.Boolean, nullable=False),
    )
    sa.Table(
        "retention_runs",
        tables,
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("at", INSTANT, primary_key=True),
        sa.Column("deleted", sa.Integer, nullable=False),
    )
