"""One-time activation codes, printed by the office, for the first sign-in of a member without a password, where the organization wants them."""

from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from services.auth.second_factor import domain as second_factor
from services.auth.tables import ACTIVATION_CODES
from shared.event_store.sql import by_key, upsert

FirstSignIn = Literal["code", "activation"]
"""What opens the first sign-in: the national code, or a code of these."""


def save(connection: Connection, account: str, code: str, expires_at: datetime) -> None:
    """Store a new code, in place of the one before."""
    row = {"code_hash": second_factor.recovery_hash(code), "expires_at": expires_at, "used_at": None}
    upsert.put(connection, ACTIVATION_CODES, {"account": account}, row)


def is_right(connection: Connection, account: str, typed: str, at: datetime) -> bool:
    """Whether a code is the account's, used or not: who has signed in with it sets a password with it."""
    return connection.execute(select(ACTIVATION_CODES.c.account).where(matches(account, typed, at))).first() is not None


def use(connection: Connection, account: str, typed: str, at: datetime) -> bool:
    """Whether a code opens a session, which it does once."""
    own = update(ACTIVATION_CODES).where(matches(account, typed, at), ACTIVATION_CODES.c.used_at.is_(None))
    return connection.execute(own.values(used_at=at)).rowcount == 1


def matches(account: str, typed: str, at: datetime) -> ColumnElement[bool]:
    return and_(
        ACTIVATION_CODES.c.account == account,
        ACTIVATION_CODES.c.code_hash == second_factor.recovery_hash(typed),
        ACTIVATION_CODES.c.expires_at > at,
    )


def must_set_password(connection: Connection, account: str) -> bool:
    """Whether an account was opened by a code, and has no password yet: nothing else would open it again."""
    row = by_key.find(connection, ACTIVATION_CODES, {"account": account})
    return row is not None and row.used_at is not None


def forget(connection: Connection, account: str) -> None:
    """The holder has set a password, or the credentials are taken back."""
    connection.execute(delete(ACTIVATION_CODES).where(ACTIVATION_CODES.c.account == account))


def delete_expired(connection: Connection, at: datetime) -> None:
    connection.execute(delete(ACTIVATION_CODES).where(ACTIVATION_CODES.c.expires_at <= at))
