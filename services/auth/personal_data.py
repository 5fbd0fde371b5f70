"""Which rows of auth are about members: persons and credentials can be erased, the entry in the register stays by number."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Connection, Table, select, update

from services.auth.program_tables import PROGRAM_SECRETS
from services.auth.tables import (
    ACCOUNTS,
    ACTIVATION_CODES,
    ATTEMPTS,
    CAPTCHAS,
    CARD_LINKS,
    CARD_VIEWS,
    ERASURE_REQUESTS,
    IMPORT_CHANGES,
    IMPORT_REPORTS,
    KNOWN_DEVICES,
    MEMBERS,
    NAME_BEGINNINGS,
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
from shared.contract.auth.answers import ImportReport
from shared.personal_data import Declaration, Kind, by_member
from shared.subscriptions.replay.jobs import REBUILDS


def by_account(table: Table) -> Callable[[str], ColumnElement[bool]]:
    return lambda member: table.c.account == f"member:{member}"


def attempts_of(member: str) -> ColumnElement[bool]:
    """Attempts are counted by keys such as `member:0123456 at 192.0.2.1`."""
    return ATTEMPTS.c.key.startswith(f"member:{member} ", autoescape=True) | (ATTEMPTS.c.key == f"member:{member}")


def strip_import_reports(connection: Connection, member: str) -> int:
    """Take what was changed of a member out of all reports, and what was changed of somebody whom an old report does not name."""
    stripped = 0
    for command, text in connection.execute(select(IMPORT_REPORTS.c.command, IMPORT_REPORTS.c.report)).all():
        report = ImportReport.model_validate_json(text)
        rows = tuple(
            row.model_copy(update={"changes": ()}) if row.changes and row.member in (member, "") else row
            for row in report.rows
        )
        if rows != report.rows:
            of_command = update(IMPORT_REPORTS).where(IMPORT_REPORTS.c.command == command)
            connection.execute(of_command.values(report=ImportReport(rows=rows).model_dump_json()))
            stripped += 1
    return stripped


PERSONAL_DATA = Declaration(
    kinds=(
        Kind("persons", PERSONS, by_account(PERSONS)),
        Kind("name_beginnings", NAME_BEGINNINGS, by_member(NAME_BEGINNINGS)),
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
        recorded_reads.KIND,
        Kind(
            "import_reports",
            IMPORT_REPORTS,
            None,
            age=IMPORT_REPORTS.c.reported_at,
            erase_otherwise=strip_import_reports,
        ),
        Kind("membership", MEMBERS, by_member(MEMBERS), kept="accounts"),
        Kind("erasure_requests", ERASURE_REQUESTS, by_member(ERASURE_REQUESTS), kept="accounts"),
    ),
    without_members=(
        OFFICERS,
        OFFICER_REQUESTS,
        OFFICER_REQUEST_DETAILS,
        CAPTCHAS,
        USED_CHALLENGES,
        RATE_LIMIT_HITS,
        REBUILDS,
        PROGRAM_SECRETS,
    ),
)
