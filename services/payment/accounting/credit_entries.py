"""Credit entries: surplus money that counts for a later invoice, from which year, to which, and of which payment."""

from uuid import UUID

from sqlalchemy import Connection, func, insert, select, tuple_

from services.payment.tables import CREDITS
from shared.contract.envelope import Recorded
from shared.contract.payment import events


def project(connection: Connection, recorded: Recorded) -> None:
    """Credit was taken, or comes back; what that means where it counts is recorded in the same transaction."""
    match recorded.event:
        case events.CreditTaken() as taken:
            about = taken.model_dump(include={"member", "attempt", "amount_rials", "to_year"})
            connection.execute(insert(CREDITS).values(position=recorded.position, from_year=taken.year, **about))
        case events.CreditReturned() as returned:
            about = returned.model_dump(include={"member", "attempt"})
            about |= {"from_year": returned.year, "to_year": returned.from_year, "amount_rials": -returned.amount_rials}
            connection.execute(insert(CREDITS).values(position=recorded.position, **about))
        case _:
            pass


def credit_of_invoices(connection: Connection, keys: list[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """What counts for invoices, by member and year."""
    of_keys = tuple_(CREDITS.c.member, CREDITS.c.to_year).in_(keys)
    query = select(CREDITS.c.member, CREDITS.c.to_year, func.sum(CREDITS.c.amount_rials)).where(of_keys)
    rows = connection.execute(query.group_by(CREDITS.c.member, CREDITS.c.to_year))
    return {(member, year): int(total) for member, year, total in rows}


def credit_of_attempt(connection: Connection, attempt: UUID) -> int:
    """What of a surplus payment counts for later invoices."""
    query = select(func.coalesce(func.sum(CREDITS.c.amount_rials), 0)).where(CREDITS.c.attempt == attempt)
    return int(connection.execute(query).scalar_one())
