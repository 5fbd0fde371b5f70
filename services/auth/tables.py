"""The tables of auth: projections of its own events, and state that no event can give back."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, MetaData, String, Table, Text, Uuid

from services.auth.program_tables import PROGRAM_SECRETS
from shared import personal_data
from shared.event_store.database import Instant
from shared.event_store.sql.column_types import bytewise
from shared.recorded_reads import READS
from shared.subscriptions.replay.jobs import REBUILDS

STATE, PROJECTIONS = MetaData(), MetaData()
TABLES = (STATE, PROJECTIONS)
# --- projections

MEMBERS = Table(
    "members",
    PROJECTIONS,
    Column("member", String(12), primary_key=True),
    Column("province", String(20), nullable=False, index=True),
    Column("member_class", String(20), nullable=False),
    Column("licence_fields", Text, nullable=False),
    Column("licence_expires_on", Date),
    Column("paid_through", Integer),
    Column("erased_at", Instant),
)
"""The register by the numbers; `erased_at` where the personal data is erased: the number stays, and opens nothing any more."""
ERASURE_REQUESTS = Table(
    "erasure_requests",
    PROJECTIONS,
    Column("member", String(12), primary_key=True),
    Column("province", String(20), nullable=False),
    Column("cause", String(20), nullable=False),
    Column("requested_by", String(60), nullable=False),
    Column("requested_at", Instant, nullable=False),
)
"""What waits for a second admin's grant."""
OFFICERS = Table(
    "officers",
    PROJECTIONS,
    Column("officer", String(40), primary_key=True),
    Column("roles", Text, nullable=False),
    Column("provinces", Text, nullable=False),
)
OFFICER_REQUESTS = Table(
    "officer_requests",
    PROJECTIONS,
    Column("request", Uuid, primary_key=True),
    Column("officer", String(40), nullable=False),
)
"""What waits for a second admin's grant."""

# --- state

READS.to_metadata(STATE)
REBUILDS.to_metadata(STATE)
PROGRAM_SECRETS.to_metadata(STATE)
OFFICER_REQUEST_DETAILS = Table(
    "officer_request_details",
    STATE,
    Column("request", Uuid, primary_key=True),
    Column("full_name", Text, nullable=False),
    Column("password_hash", Text),
)
"""The name and the password that an open request would set; deleted when it is decided."""

PERSONS = Table(
    "persons",
    STATE,
    Column("account", String(50), primary_key=True),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("national_code", String(10), unique=True),
)
"""Personal data by account (`member:…`, `officer:…`); an officer's whole name is the `last_name`. No event repeats it."""
NAME_BEGINNINGS = Table(
    "name_beginnings",
    STATE,
    Column("province", String(20), primary_key=True),
    Column("beginning", bytewise(60), primary_key=True),
    Column("member", String(12), primary_key=True, index=True),
    Column("full_name", Text, nullable=False),
)
"""A member's folded name from each of its words on, to find the member by the beginning of any word (`register/search.py`)."""
ACCOUNTS = Table(
    "accounts",
    STATE,
    Column("account", String(50), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("is_own", Boolean, nullable=False),
    Column("is_chosen", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
"""Hashes by account: of a national code, or of an own password, which its holder has chosen or must change. A member has no row before the first sign-in: hashing a whole register at its import would take minutes."""
SESSIONS = Table(
    "sessions",
    STATE,
    Column("token_hash", String(64), primary_key=True),
    Column("account", String(50), nullable=False, index=True),
    Column("opened_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False),
    Column("device", String(50), nullable=False),
    Column("is_pending", Boolean, nullable=False),
    Column("confirmed_at", Instant),
    Index("sessions_by_use", "used_at"),
)
"""A pending session waits for the code of a second factor and opens nothing; `confirmed_at` is when the last code was given."""
SECOND_FACTORS = Table(
    "second_factors",
    STATE,
    Column("account", String(50), primary_key=True),
    Column("secret", Text, nullable=False),
    Column("is_on", Boolean, nullable=False),
    Column("last_step", BigInteger, nullable=False),
)
"""Encrypted secrets of authenticators, and the last time step whose code was used; not on before a code has confirmed it."""
PASSKEYS = Table(
    "passkeys",
    STATE,
    Column("passkey_id", String(64), primary_key=True),
    Column("account", String(50), nullable=False, index=True),
    Column("credential_id", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("used_at", Instant),
)
"""By the SHA-256 of the credential id, so that no passkey belongs to two accounts; the counter is the authenticator's own."""
USED_CHALLENGES = Table(
    "used_challenges",
    STATE,
    Column("challenge_hash", String(64), primary_key=True),
    Column("expires_at", Instant, nullable=False, index=True),
)
"""Challenges that a passkey has answered, until they would be over anyway."""
RECOVERY_CODES = Table(
    "recovery_codes",
    STATE,
    Column("account", String(50), primary_key=True),
    Column("code_hash", String(64), primary_key=True),
)
PASSWORD_RESETS = Table(
    "password_resets",
    STATE,
    Column("account", String(50), primary_key=True),
    Column("reset_at", Instant, nullable=False, index=True),
)
"""The last reset of each account whose holder has not set a password since, for the notice."""
ACTIVATION_CODES = Table(
    "activation_codes",
    STATE,
    Column("account", String(50), primary_key=True),
    Column("code_hash", String(64), nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("used_at", Instant),
)
"""The newest code for the first sign-in of each account without a password; it has 80 random bits, so one fast hash is enough."""
KNOWN_DEVICES = Table(
    "known_devices",
    STATE,
    Column("token_hash", String(64), primary_key=True),
    Column("account", String(50), primary_key=True, index=True),
    Column("seen_at", Instant, nullable=False, index=True),
)
"""Browsers that have signed in to an account, which the failures of others do not delay; one browser may serve several accounts."""
SECURITY_EVENTS = Table(
    "security_events",
    STATE,
    Column("id", Integer, primary_key=True),
    Column("account", String(50), nullable=False, index=True),
    Column("kind", String(30), nullable=False),
    Column("device", String(50), nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("session_hash", String(64), nullable=False),
    Column("is_seen", Boolean, nullable=False),
)
"""What the holder of an account is shown of it; the session is the one in which it was done."""
ATTEMPTS = Table(
    "attempts",
    STATE,
    Column("id", Integer, primary_key=True),
    Column("attempt", Uuid, nullable=False),
    Column("key", String(100), nullable=False),
    Column("at", Instant, nullable=False),
    Index("attempts_by_key", "key", "at"),
)
"""A row is written before a password is checked and deleted when it was right, so that guesses in parallel count too."""
CAPTCHAS = Table(
    "captchas",
    STATE,
    Column("captcha", Uuid, primary_key=True),
    Column("phrase", String(5), nullable=False),
    Column("network", String(45), nullable=False),
    Column("plays", Integer, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("captchas_by_expiry", "expires_at"),
    Index("captchas_of_network", "network", "expires_at"),
)
CARD_LINKS = Table(
    "card_links",
    STATE,
    Column("member", String(12), primary_key=True),
    Column("token", String(30), unique=True),
    Column("command", Uuid, nullable=False),
    Column("issued_at", Instant, nullable=False),
)
"""The newest link of each member; a revoked one has no token. It is stored in clear: the member sees it again on the card."""
CARD_VIEWS = Table(
    "card_views",
    STATE,
    Column("id", Integer, primary_key=True),
    Column("command", Uuid, nullable=False, unique=True),
    Column("member", String(12), nullable=False),
    Column("at", Instant, nullable=False),
    Index("card_views_of_member", "member", "at"),
)
"""When a member's card was viewed; by whom is not stored."""
RATE_LIMIT_HITS = Table(
    "rate_limit_hits",
    STATE,
    Column("id", Integer, primary_key=True),
    Column("address", String(45), nullable=False),
    Column("at", Instant, nullable=False),
    Index("rate_limit_hits_by_address", "address", "at"),
)
"""Requests for cards by the network of an address, right or wrong; deleted after the window."""
IMPORT_CHANGES = Table(
    "import_changes",
    STATE,
    Column("import_id", Uuid, primary_key=True),
    Column("member", String(12), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("before", Text),
    Column("after", Text, nullable=False),
    Column("imported_at", Instant, nullable=False),
    Column("undone_by", Uuid),
    Index("import_changes_by_time", "imported_at"),
)
"""By import and member: the entry before (none for a new member) and after it, personal data among them, and the stream's version."""
IMPORT_REPORTS = Table(
    "import_reports",
    STATE,
    Column("command", Uuid, primary_key=True),
    Column("report", Text, nullable=False),
    Column("reported_at", Instant, nullable=False),
    Index("import_reports_by_time", "reported_at"),
)
"""The answer to each batch, personal data among it: the same command again is answered alike, and does nothing."""
personal_data.attach_tables(STATE)
