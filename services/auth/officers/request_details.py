"""Name and password hash that an open request about an officer would set: rows, deleted once it is decided."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from services.auth.tables import OFFICER_REQUEST_DETAILS


@dataclass(frozen=True, repr=False)
class Details:
    """What no event repeats."""

    full_name: str
    password_hash: str | None


def save(connection: Connection, request: UUID, details: Details) -> None:
    connection.execute(insert(OFFICER_REQUEST_DETAILS).values(request=request, **vars(details)))


def find(connection: Connection, request: UUID) -> Details | None:
    query = select(OFFICER_REQUEST_DETAILS).where(OFFICER_REQUEST_DETAILS.c.request == request)
    row = connection.execute(query).one_or_none()
    return Details(row.full_name, row.password_hash) if row else None


def remove(connection: Connection, request: UUID) -> Details | None:
    """The details of a request, which are not stored any more."""
    found = find(connection, request)
    connection.execute(delete(OFFICER_REQUEST_DETAILS).where(OFFICER_REQUEST_DETAILS.c.request == request))
    return found
