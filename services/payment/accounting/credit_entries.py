"""Credit entries: surplus money that counts for a later invoice, from which year, to which, and of which payment."""

from uuid import UUID

from sqlalchemy import Connection, bindparam, func, insert, select, tuple_

from services.payment.tables import CREDITS
from shared.contract.envelope import Recorded
from shared.contract.payment import events
from shared.event_store.sql.prepared import Prepared

OF_INVOICES = (
    select(CREDITS.c.member, CREDITS.c.to_year, func.sum(CREDITS.c.amount_rials))
    .where(tuple_(CREDITS.c.member, CREDITS.c.to_year).in_(bindparam("keys", expanding=True)))
    .group_by(CREDITS.c.member, CREDITS.c.to_year)
)
OF_ATTEMPT = Prepared(
    select(func.coalesce(func.sum(CREDITS.c.amount_rials), 0).label("rials")).where(
        CREDITS.c.attempt == bindparam("of")
    )
)


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
    rows = connection.execute(OF_INVOICES, {"keys": keys})
    return {(member, year): int(total) for member, year, total in rows}


def credit_of_attempt(connection: Connection, attempt: UUID) -> int:
    """What of a surplus payment counts for later invoices."""
    return int(OF_ATTEMPT.first(connection, {"of": attempt}).rials)
