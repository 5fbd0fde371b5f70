"""Rows of second factors: the encrypted secret, the last time step used, and hashes of the recovery codes that are left."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from services.auth.second_factor import domain
from services.auth.second_factor.encryption import SecretBox
from services.auth.tables import RECOVERY_CODES, SECOND_FACTORS
from shared.contract.auth import answers
from shared.event_store import upsert


def is_on(connection: Connection, account: str) -> bool:
    query = select(SECOND_FACTORS.c.is_on).where(SECOND_FACTORS.c.account == account)
    return bool(connection.execute(query).scalar())


def status(connection: Connection, account: str) -> answers.SecondFactor:
    left = select(func.count()).select_from(RECOVERY_CODES).where(RECOVERY_CODES.c.account == account)
    return answers.SecondFactor(
        is_on=is_on(connection, account), recovery_codes_left=connection.execute(left).scalar_one()
    )


def enrol(connection: Connection, account: str, sealed: str) -> None:
    """Store a new secret that is not on yet, in place of another that never was confirmed."""
    upsert.put(connection, SECOND_FACTORS, {"account": account}, {"secret": sealed, "is_on": False, "last_step": 0})


def use_code(connection: Connection, box: SecretBox, account: str, typed: str, at: datetime) -> bool:
    """Whether a code of the authenticator is right; it is used up."""
    row = connection.execute(select(SECOND_FACTORS).where(SECOND_FACTORS.c.account == account)).one_or_none()
    secret = box.decrypt(row.secret, account) if row else None
    step = domain.matching_step(secret, typed, at, row.last_step) if row and secret else None
    if step is None:
        return False
    own = (SECOND_FACTORS.c.account == account, SECOND_FACTORS.c.last_step < step)
    return connection.execute(update(SECOND_FACTORS).where(*own).values(last_step=step)).rowcount == 1


def use_recovery_code(connection: Connection, account: str, typed: str) -> bool:
    """Whether a recovery code is right; it is used up."""
    own = (RECOVERY_CODES.c.account == account, RECOVERY_CODES.c.code_hash == domain.recovery_hash(typed))
    return connection.execute(delete(RECOVERY_CODES).where(*own)).rowcount == 1


def turn_on(connection: Connection, account: str, recovery_codes: Iterable[str]) -> None:
    """Let the enrolled secret count from now on, with new recovery codes."""
    own = SECOND_FACTORS.c.account == account
    connection.execute(update(SECOND_FACTORS).where(own).values(is_on=True))
    connection.execute(delete(RECOVERY_CODES).where(RECOVERY_CODES.c.account == account))
    rows = [{"account": account, "code_hash": domain.recovery_hash(code)} for code in recovery_codes]
    connection.execute(insert(RECOVERY_CODES), rows)


def remove(connection: Connection, account: str) -> None:
    connection.execute(delete(SECOND_FACTORS).where(SECOND_FACTORS.c.account == account))
    connection.execute(delete(RECOVERY_CODES).where(RECOVERY_CODES.c.account == account))
