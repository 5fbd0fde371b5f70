"""Secrets of program accounts: rows with their hashes and last use, at most two of each account."""

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from services.auth.program_tables import PROGRAM_SECRETS
from shared.contract.auth.program_answers import ProgramSecretUse

MARK = "tamdid_"
"""What a secret begins with, so that one that has leaked is recognized in a file or a log."""


def hashed(secret: str) -> str:
    """The hash under which a secret is stored: it has 256 random bits, so one fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def add(connection: Connection, use: ProgramSecretUse, program: str, secret: str) -> None:
    row = {**use.model_dump(exclude={"holder_left"}), "program": program, "secret_hash": hashed(secret)}
    connection.execute(insert(PROGRAM_SECRETS).values(row))


def end(connection: Connection, request: UUID) -> None:
    connection.execute(delete(PROGRAM_SECRETS).where(PROGRAM_SECRETS.c.request == request))


def end_all(connection: Connection, program: str) -> None:
    connection.execute(delete(PROGRAM_SECRETS).where(PROGRAM_SECRETS.c.program == program))


def find(connection: Connection, program: str, secret: str) -> UUID | None:
    """Which of a program's secrets this is, None for none of them; locks them, so that one attempt is decided after the other.

    An unknown program takes as long as a wrong secret.
    """
    query = select(PROGRAM_SECRETS.c.request, PROGRAM_SECRETS.c.secret_hash).where(PROGRAM_SECRETS.c.program == program)
    locked = query.order_by(PROGRAM_SECRETS.c.request).with_for_update()
    typed, found = hashed(secret), None
    for request, stored in [tuple(row) for row in connection.execute(locked)] or [(None, hashed(""))]:
        if hmac.compare_digest(stored, typed):
            found = request
    return found


def counts(connection: Connection, program: str, request: UUID) -> bool:
    """Whether a secret has not ended."""
    query = select(PROGRAM_SECRETS.c.program).where(PROGRAM_SECRETS.c.request == request)
    return connection.execute(query).scalar() == program


def use(connection: Connection, request: UUID, at: datetime) -> None:
    connection.execute(update(PROGRAM_SECRETS).where(PROGRAM_SECRETS.c.request == request).values(used_at=at))


def uses(connection: Connection) -> dict[str, list[ProgramSecretUse]]:
    """The secrets that count, by program, the oldest first."""
    found: dict[str, list[ProgramSecretUse]] = {}
    query = select(PROGRAM_SECRETS).order_by(PROGRAM_SECRETS.c.issued_at, PROGRAM_SECRETS.c.request)
    for row in connection.execute(query).mappings():
        found.setdefault(row["program"], []).append(ProgramSecretUse.model_validate(dict(row)))
    return found
