"""The tables of version 0.1.0: auth's log and state."""

import sqlalchemy as sa

from shared.event_store.migrations import shared_tables
from shared.event_store.migrations.shared_tables import INSTANT

revision = "0001"
down_revision = None

TABLES = sa.MetaData()
shared_tables.log_0001(TABLES)
shared_tables.subscriptions_0001(TABLES)
shared_tables.reads_0001(TABLES)
shared_tables.personal_data_0001(TABLES)
sa.Table(
    "accounts",
    TABLES,
    sa.Column("account", sa.String(50), primary_key=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("is_own", sa.Boolean, nullable=False),
    sa.Column("is_chosen", sa.Boolean, nullable=False),
    sa.Column("changed_at", INSTANT, nullable=False),
)
sa.Table(
    "activation_codes",
    TABLES,
    sa.Column("account", sa.String(50), primary_key=True),
    sa.Column("code_hash", sa.String(64), nullable=False),
    sa.Column("expires_at", INSTANT, nullable=False, index=True),
    sa.Column("used_at", INSTANT),
)
sa.Table(
    "attempts",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("attempt", sa.Uuid, nullable=False),
    sa.Column("key", sa.String(100), nullable=False),
    sa.Column("at", INSTANT, nullable=False),
    sa.Index("attempts_by_key", "key", "at"),
)
sa.Table(
    "captchas",
    TABLES,
    sa.Column("captcha", sa.Uuid, primary_key=True),
    sa.Column("phrase", sa.String(5), nullable=False),
    sa.Column("network", sa.String(45), nullable=False),
    sa.Column("plays", sa.Integer, nullable=False),
    sa.Column("expires_at", INSTANT, nullable=False),
    sa.Index("captchas_by_expiry", "expires_at"),
    sa.Index("captchas_of_network", "network", "expires_at"),
)
sa.Table(
    "card_links",
    TABLES,
    sa.Column("member", sa.String(12), primary_key=True),
    sa.Column("token", sa.String(30), unique=True),
    sa.Column("command", sa.Uuid, nullable=False),
    sa.Column("issued_at", INSTANT, nullable=False),
)
sa.Table(
    "card_views",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("command", sa.Uuid, nullable=False, unique=True),
    sa.Column("member", sa.String(12), nullable=False),
    sa.Column("at", INSTANT, nullable=False),
    sa.Index("card_views_of_member", "member", "at"),
)
sa.Table(
    "import_changes",
    TABLES,
    sa.Column("import_id", sa.Uuid, primary_key=True),
    sa.Column("member", sa.String(12), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("before", sa.Text),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("imported_at", INSTANT, nullable=False),
    sa.Column("undone_by", sa.Uuid),
    sa.Index("import_changes_by_time", "imported_at"),
)
sa.Table(
    "import_reports",
    TABLES,
    sa.Column("command", sa.Uuid, primary_key=True),
    sa.Column("report", sa.Text, nullable=False),
    sa.Column("reported_at", INSTANT, nullable=False),
    sa.Index("import_reports_by_time", "reported_at"),
)
sa.Table(
    "known_devices",
    TABLES,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("account", sa.String(50), primary_key=True, index=True),
    sa.Column("seen_at", INSTANT, nullable=False, index=True),
)
sa.Table(
    "officer_request_details",
    TABLES,
    sa.Column("request", sa.Uuid, primary_key=True),
    sa.Column("full_name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text),
)
sa.Table(
    "passkeys",
    TABLES,
    sa.Column("passkey_id", sa.String(64), primary_key=True),
    sa.Column("account", sa.String(50), nullable=False, index=True),
    sa.Column("credential_id", sa.Text, nullable=False),
    sa.Column("public_key", sa.Text, nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("added_at", INSTANT, nullable=False),
    sa.Column("used_at", INSTANT),
)
sa.Table(
    "password_resets",
    TABLES,
    sa.Column("account", sa.String(50), primary_key=True),
    sa.Column("reset_at", INSTANT, nullable=False, index=True),
)
sa.Table(
    "persons",
    TABLES,
    sa.Column("account", sa.String(50), primary_key=True),
    sa.Column("first_name", sa.Text, nullable=False),
    sa.Column("last_name", sa.Text, nullable=False),
    sa.Column("national_code", sa.String(10), unique=True),
)
sa.Table(
    "rate_limit_hits",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("address", sa.String(45), nullable=False),
    sa.Column("at", INSTANT, nullable=False),
    sa.Index("rate_limit_hits_by_address", "address", "at"),
)
sa.Table(
    "recovery_codes",
    TABLES,
    sa.Column("account", sa.String(50), primary_key=True),
    sa.Column("code_hash", sa.String(64), primary_key=True),
)
sa.Table(
    "second_factors",
    TABLES,
    sa.Column("account", sa.String(50), primary_key=True),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("is_on", sa.Boolean, nullable=False),
    sa.Column("last_step", sa.BigInteger, nullable=False),
)
sa.Table(
    "security_events",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account", sa.String(50), nullable=False, index=True),
    sa.Column("kind", sa.String(30), nullable=False),
    sa.Column("device", sa.String(50), nullable=False),
    sa.Column("at", INSTANT, nullable=False, index=True),
    sa.Column("session_hash", sa.String(64), nullable=False),
    sa.Column("is_seen", sa.Boolean, nullable=False),
)
sa.Table(
    "sessions",
    TABLES,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("account", sa.String(50), nullable=False, index=True),
    sa.Column("opened_at", INSTANT, nullable=False),
    sa.Column("used_at", INSTANT, nullable=False),
    sa.Column("device", sa.String(50), nullable=False),
    sa.Column("is_pending", sa.Boolean, nullable=False),
    sa.Column("confirmed_at", INSTANT),
    sa.Index("sessions_by_use", "used_at"),
)
sa.Table(
    "used_challenges",
    TABLES,
    sa.Column("challenge_hash", sa.String(64), primary_key=True),
    sa.Column("expires_at", INSTANT, nullable=False, index=True),
)


def upgrade() -> None:
    shared_tables.create(TABLES)
    shared_tables.begin_log_0001()


def downgrade() -> None:
    raise shared_tables.DowngradeRefused("all tables")
