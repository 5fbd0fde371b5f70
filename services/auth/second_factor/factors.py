"""Rows of second factors: the encrypted secret, the last time step used, and hashes of the recovery codes that are left; and whether an account has any."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, or_, select, update

from services.auth.second_factor import domain, passkeys
from services.auth.second_factor.encryption import SecretBox
from services.auth.tables import PASSKEYS, RECOVERY_CODES, SECOND_FACTORS
from shared.contract.auth import answers
from shared.event_store.sql import upsert
from shared.event_store.sql.prepared import Prepared

IS_ON = Prepared(
    select(
        or_(
            exists().where(SECOND_FACTORS.c.account == bindparam("of"), SECOND_FACTORS.c.is_on),
            exists().where(PASSKEYS.c.account == bindparam("of")),
        ).label("is_on")
    )
)


def is_on(connection: Connection, account: str) -> bool:
    """Whether an account has a second factor of any kind."""
    return bool(IS_ON.first(connection, {"of": account}).is_on)


def has_code(connection: Connection, account: str) -> bool:
    """Whether an account has an authenticator of one-time codes, which a code has confirmed."""
    query = select(SECOND_FACTORS.c.is_on).where(SECOND_FACTORS.c.account == account)
    return bool(connection.execute(query).scalar())


def status(connection: Connection, account: str) -> answers.SecondFactor:
    left = select(func.count()).select_from(RECOVERY_CODES).where(RECOVERY_CODES.c.account == account)
    return answers.SecondFactor(
        is_on=is_on(connection, account),
        recovery_codes_left=connection.execute(left).scalar_one(),
        has_code=has_code(connection, account),
        passkeys=passkeys.list_all(connection, account),
    )


def enrol(connection: Connection, account: str, encrypted: str) -> None:
    """Store a new secret that is not on yet, in place of another that never was confirmed."""
    upsert.put(connection, SECOND_FACTORS, {"account": account}, {"secret": encrypted, "is_on": False, "last_step": 0})


def use_code(  # noqa: PLR0913 - as it is found and as it is typed
    connection: Connection, box: SecretBox, account: str, typed: str, at: datetime, *, is_new: bool = False
) -> bool:
    """Whether a code of the authenticator is right; it is used up. A new secret that is not on yet proves nothing but itself."""
    own_secret = (SECOND_FACTORS.c.account == account, SECOND_FACTORS.c.is_on != is_new)
    row = connection.execute(select(SECOND_FACTORS).where(*own_secret)).one_or_none()
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


def turn_on(connection: Connection, account: str) -> None:
    """Let the enrolled secret count from now on."""
    own = SECOND_FACTORS.c.account == account
    connection.execute(update(SECOND_FACTORS).where(own).values(is_on=True))


def set_recovery_codes(connection: Connection, account: str, recovery_codes: Iterable[str]) -> None:
    """Store new recovery codes in place of those of before."""
    connection.execute(delete(RECOVERY_CODES).where(RECOVERY_CODES.c.account == account))
    rows = [{"account": account, "code_hash": domain.recovery_hash(code)} for code in recovery_codes]
    connection.execute(insert(RECOVERY_CODES), rows)


def has_recovery_code(connection: Connection, account: str, recovery_codes: Iterable[str]) -> bool:
    """Whether one of these recovery codes is left."""
    hashes = [domain.recovery_hash(code) for code in recovery_codes]
    query = exists().where(RECOVERY_CODES.c.account == account, RECOVERY_CODES.c.code_hash.in_(hashes))
    return bool(connection.execute(select(query)).scalar())


def remove_code(connection: Connection, account: str) -> None:
    """Remove the authenticator of one-time codes."""
    connection.execute(delete(SECOND_FACTORS).where(SECOND_FACTORS.c.account == account))
    forget_surplus(connection, account)


def remove_passkey(connection: Connection, account: str, passkey: str) -> bool:
    """Remove a passkey of the account; False where it has none of this id."""
    is_removed = passkeys.remove(connection, account, passkey)
    forget_surplus(connection, account)
    return is_removed


def forget_surplus(connection: Connection, account: str) -> None:
    """Delete the recovery codes of an account that has no second factor any more."""
    if not is_on(connection, account):
        connection.execute(delete(RECOVERY_CODES).where(RECOVERY_CODES.c.account == account))


def remove_all(connection: Connection, account: str) -> None:
    for table in (SECOND_FACTORS, PASSKEYS, RECOVERY_CODES):
        connection.execute(delete(table).where(table.c.account == account))
