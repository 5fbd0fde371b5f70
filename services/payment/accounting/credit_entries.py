"""Credit entries: surplus money that counts for a later invoice, from which year, to which, and of which payment."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, insert, select

from services.payment.tables import CREDITS
from shared.contract.envelope import Recorded
from shared.contract.payment import events
from shared.event_store.sql import by_key
from shared.event_store.sql.prepared import Prepared

OF_ATTEMPT = Prepared(
    select(func.coalesce(func.sum(CREDITS.c.amount_rials), 0).label("rials")).where(
        CREDITS.c.member == bindparam("of_member"), CREDITS.c.attempt == bindparam("of")
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


class CreditOfInvoice(NamedTuple):
    """What counts for an invoice of other years, and what it received too much that counts for those, in rials."""

    counted_rials: int = 0
    spent_rials: int = 0


def credit_of_invoices(connection: Connection, keys: list[tuple[str, int]]) -> dict[tuple[str, int], CreditOfInvoice]:
    """The credit of invoices, by member and year."""
    counted, spent = dict.fromkeys(keys, 0), dict.fromkeys(keys, 0)
    for row in by_key.find_among(connection, CREDITS, "member", {member for member, _ in keys}):
        if (row.member, row.to_year) in counted:
            counted[row.member, row.to_year] += row.amount_rials
        if row.attempt is None and (row.member, row.from_year) in spent:
            spent[row.member, row.from_year] += row.amount_rials
    return {key: CreditOfInvoice(counted[key], spent[key]) for key in keys}


def credit_of_attempt(connection: Connection, member: str, attempt: UUID) -> int:
    """What of a member's surplus payment counts for later invoices."""
    return int(OF_ATTEMPT.first(connection, {"of_member": member, "of": attempt}).rials)
