"""The years that an invoice did not charge when it was issued, as rows, each with what covered it."""

from sqlalchemy import Column, Connection, Integer, String, Table, insert, select, tuple_

from services.payment.tables.projections import TABLES
from shared.contract.payment import events
from shared.contract.values import CoveredYear

COVERED_YEARS = Table(
    "covered_years",
    TABLES,
    Column("member", String(12), primary_key=True),
    Column("for_year", Integer, primary_key=True, autoincrement=False),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("by", String(10), nullable=False),
    Column("invoice_year", Integer),
)


def keep(connection: Connection, issued: events.InvoiceIssued) -> None:
    about = {"member": issued.member, "for_year": issued.year}
    if issued.covered:
        connection.execute(insert(COVERED_YEARS), [about | one.model_dump() for one in issued.covered])


def of_invoices(connection: Connection, keys: list[tuple[str, int]]) -> dict[tuple[str, int], list[CoveredYear]]:
    """The covered years of invoices, by member and year, each one's oldest first."""
    found: dict[tuple[str, int], list[CoveredYear]] = {key: [] for key in keys}
    of_keys = tuple_(COVERED_YEARS.c.member, COVERED_YEARS.c.for_year).in_(keys)
    for row in connection.execute(select(COVERED_YEARS).where(of_keys).order_by(COVERED_YEARS.c.year)).mappings():
        found[row["member"], row["for_year"]].append(CoveredYear.model_validate(dict(row)))
    return found
