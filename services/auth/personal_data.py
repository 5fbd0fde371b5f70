"""Which rows of auth are about members: persons and credentials can be erased, the entry in the register stays by number."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Table

from services.auth.tables import (
    ACCOUNTS,
    ACTIVATION_CODES,
    ATTEMPTS,
    CAPTCHAS,
    CARD_LINKS,
    CARD_VIEWS,
    IMPORT_CHANGES,
    IMPORT_REPORTS,
    KNOWN_DEVICES,
    MEMBERS,
    OFFICER_REQUEST_DETAILS,
    OFFICER_REQUESTS,
    OFFICERS,
    PASSKEYS,
    PASSWORD_RESETS,
    PERSONS,
    RATE_LIMIT_HITS,
    RECOVERY_CODES,
    SECOND_FACTORS,
    SECURITY_EVENTS,
    SESSIONS,
    USED_CHALLENGES,
)
from shared import recorded_reads
from shared.personal_data import Declaration, Kind, by_member


def by_account(table: Table) -> Callable[[str], ColumnElement[bool]]:
    return lambda member: table.c.account == f"member:{member}"


def attempts_of(member: str) -> ColumnElement[bool]:
    """Attempts are counted by keys such as `member:0123456 at 192.0.2.1`."""
    return ATTEMPTS.c.key.startswith(f"member:{member} ", autoescape=True) | (ATTEMPTS.c.key == f"member:{member}")


PERSONAL_DATA = Declaration(
    kinds=(
        # The first of all: who signs in or imports at the same moment waits for its lock (`erasure/`).
        Kind("persons", PERSONS, by_account(PERSONS)),
        Kind("credentials", ACCOUNTS, by_account(ACCOUNTS), hidden=("password_hash",)),
        Kind("sessions", SESSIONS, by_account(SESSIONS), hidden=("token_hash",)),
        Kind("second_factors", SECOND_FACTORS, by_account(SECOND_FACTORS), hidden=("secret", "last_step")),
        Kind("recovery_codes", RECOVERY_CODES, by_account(RECOVERY_CODES), hidden=("code_hash",)),
        Kind(
            "passkeys",
            PASSKEYS,
            by_account(PASSKEYS),
            hidden=("passkey_id", "credential_id", "public_key", "sign_count"),
        ),
        Kind("activation_codes", ACTIVATION_CODES, by_account(ACTIVATION_CODES), hidden=("code_hash",)),
        Kind("password_resets", PASSWORD_RESETS, by_account(PASSWORD_RESETS)),
        Kind("security_events", SECURITY_EVENTS, by_account(SECURITY_EVENTS), hidden=("session_hash",)),
        Kind("known_devices", KNOWN_DEVICES, by_account(KNOWN_DEVICES), hidden=("token_hash",)),
        Kind("sign_in_attempts", ATTEMPTS, attempts_of),
        Kind("card_links", CARD_LINKS, by_member(CARD_LINKS), hidden=("token", "command")),
        Kind("card_views", CARD_VIEWS, by_member(CARD_VIEWS), age=CARD_VIEWS.c.at, hidden=("command",)),
        Kind("import_changes", IMPORT_CHANGES, by_member(IMPORT_CHANGES), age=IMPORT_CHANGES.c.imported_at),
        Kind("import_reports", IMPORT_REPORTS, None, age=IMPORT_REPORTS.c.reported_at),
        Kind("members", MEMBERS, by_member(MEMBERS), kept="accounts"),
        recorded_reads.KIND,
    ),
    without_members=(
        OFFICERS,
        OFFICER_REQUESTS,
        OFFICER_REQUEST_DETAILS,
        CAPTCHAS,
        USED_CHALLENGES,
        RATE_LIMIT_HITS,
    ),
)
