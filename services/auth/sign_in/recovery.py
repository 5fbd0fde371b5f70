"""Recovery of a member's account by an officer: the credentials are taken back, and the first sign-in's rule holds again."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from services.auth.accounts import queries, security_events
from services.auth.second_factor import factors
from services.auth.sign_in import activation, credentials, known_devices, sessions, throttle
from services.auth.sign_in.domain import ACTIVATION, ACTIVATION_LIFE, RESET
from services.auth.tables import PASSWORD_RESETS
from shared.contract.auth import commands, security_answers
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.sql import by_key, upsert

NOTICE_LIFE = timedelta(days=90)
"""How long the member is shown that somebody has reset the password, without a password of their own."""


def reset_member(records: Records, command: commands.ResetMember, caller: Passport) -> None:
    """Delete a member's password hash, known devices and failures, and end all sessions; for managers of the member's province."""
    require_manager_of(records, command.member, caller)
    account = f"member:{command.member}"

    def save(connection: Connection, _: object) -> None:
        credentials.delete_hash(connection, account)
        end_access(connection, account)
        notice_reset(connection, account, command.at)
        upsert.put(connection, PASSWORD_RESETS, {"account": account}, {"reset_at": command.at})

    records.handle(f"member/{command.member}", command, RESET, save)


def issue_activation_code(
    records: Records, command: commands.IssueActivationCode, caller: Passport, code: str
) -> security_answers.ActivationCode:
    """Give a member without a password a code in place of the one before, whose sessions end; for managers of the member's province."""
    require_manager_of(records, command.member, caller)
    account = f"member:{command.member}"
    expires_at = command.at + ACTIVATION_LIFE
    with records.read() as connection:
        if credentials.has_own_password(connection, account):
            raise Refused(Reason.HAS_PASSWORD)

    def save(connection: Connection, _: object) -> None:
        if not sessions.may_begin(connection, account):
            raise Refused(Reason.UNKNOWN_MEMBER)  # somebody who was erased opens the account no more
        end_access(connection, account)
        activation.save(connection, account, code, expires_at)
        security_events.record(connection, account, "activation_code_issued", command.at)

    records.handle(f"member/{command.member}", command, ACTIVATION, save)
    return security_answers.ActivationCode(code=code, expires_at=expires_at)


def require_manager_of(records: Records, member: str, caller: Passport) -> None:
    """Refuse any caller but a manager of the member's province."""
    caller.must_have(Role.MANAGER)
    with records.read() as connection:
        province = queries.province_of(connection, member)
    if province is None:
        raise Refused(Reason.UNKNOWN_MEMBER)
    caller.must_have(Role.MANAGER, province)


def notice_reset(connection: Connection, account: str, at: datetime) -> None:
    """Let the holder know that somebody else has set or taken the password."""
    security_events.record(connection, account, "password_reset", at)


def end_access(connection: Connection, account: str) -> None:
    """Let nothing count that was opened, proved or tried with the credentials of before; a second factor is set anew, like the password.

    The sessions come last: whoever signs in by a factor at this moment is waited for.
    """
    factors.remove_all(connection, account)
    activation.forget(connection, account)
    throttle.unlock(connection, account)
    known_devices.forget_all(connection, account)
    sessions.end_all(connection, account)


def reset_at(connection: Connection, account: str) -> datetime | None:
    """When the credentials of an account were taken back, unless a password was set since."""
    row = by_key.find(connection, PASSWORD_RESETS, {"account": account})
    return row.reset_at if row else None


def forget(connection: Connection, account: str) -> None:
    """End the notice: the holder has set a password."""
    connection.execute(delete(PASSWORD_RESETS).where(PASSWORD_RESETS.c.account == account))


def delete_expired(connection: Connection, at: datetime) -> None:
    connection.execute(delete(PASSWORD_RESETS).where(PASSWORD_RESETS.c.reset_at <= at - NOTICE_LIFE))
