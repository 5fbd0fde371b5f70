"""Mobile numbers of declarations: a number that several members declare is for the manager to look at."""

import json

from sqlalchemy import ColumnElement, Connection, and_, select, update

from services.renewal.renewals.mine_claims import CLAIMING
from services.renewal.tables import DECLARATIONS, RENEWALS
from shared.event_store.command_handler import Records

COMPLETED_AT_ONCE = 500
"""Declarations whose number one transaction completes."""


def is_duplicate() -> ColumnElement[bool]:
    """Whether another member's newest declaration has the mobile number of the renewal's newest one."""
    own, other, others = DECLARATIONS.alias("own"), DECLARATIONS.alias("other"), RENEWALS.alias("others")
    same = (own.c.member == RENEWALS.c.member, own.c.year == RENEWALS.c.year)
    newest = and_(others.c.member == other.c.member, others.c.year == other.c.year, others.c.status.in_(CLAIMING))
    joined = own.join(other, and_(other.c.mobile == own.c.mobile, other.c.member != own.c.member)).join(others, newest)
    return (
        select(own.c.member)
        .select_from(joined)
        .where(*same, own.c.version == RENEWALS.c.declaration_version, own.c.mobile != "")
        .where(other.c.version == others.c.declaration_version)
        .exists()
    )


def complete(records: Records) -> None:
    """Write the numbers of declarations that a version without the column has stored; where there are none, one query."""
    while records.write(complete_some):
        pass


def complete_some(connection: Connection) -> bool:
    """Complete some declarations; whether there were any."""
    key = (DECLARATIONS.c.member, DECLARATIONS.c.year, DECLARATIONS.c.version)
    query = select(*key, DECLARATIONS.c.form).where(DECLARATIONS.c.mobile.is_(None)).limit(COMPLETED_AT_ONCE)
    rows = connection.execute(query).all()
    for *values, form in rows:
        this = [column == value for column, value in zip(key, values, strict=True)]
        connection.execute(update(DECLARATIONS).where(*this).values(mobile=json.loads(form).get("mobile", "")))
    return bool(rows)
