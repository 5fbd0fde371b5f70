"""Reads of members' rows by officers and program accounts, recorded: who has read whose rows, by which query or command, of which year, and when."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from shared.contract.operations import answers, queries
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.database import Instant
from shared.event_store.sql import upsert
from shared.personal_data import Kind, by_member

WINDOW_MINUTES = 10
"""The same read again within these is the same row: whoever repeats a query can't fill the table."""
NO_YEAR = 0

READS = Table(
    "reads",
    MetaData(),
    Column("member", String(12), primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("officer", String(40), primary_key=True),
    Column("message", String(40), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("roles", String(60), nullable=False),
    Index("reads_of_officer", "officer", "at"),
)
"""Copied by `to_metadata` into the tables of each program that answers officers."""
RECORDED = select(READS.c.member, READS.c.year).where(
    READS.c.officer == bindparam("of_officer"),
    READS.c.at == bindparam("of_at"),
    READS.c.message == bindparam("of_message"),
    READS.c.member.in_(bindparam("members", expanding=True)),
)
KIND = Kind("reads", READS, by_member(READS), kept="evidence", age=READS.c.at)
"""For the personal data that each service declares."""


Reading = Iterable[tuple[str, int | None]]
"""The members who are read, each with the year of the case."""


def record(  # noqa: PLR0913 - what a row says
    records: Records, officer: Passport, message: str, reading: Reading, at: datetime, *, by_command: bool = False
) -> None:
    """Record that an officer is answered with rows of these members; for a query, where each is recorded already, nothing is written."""
    new = reading
    if not by_command:
        with records.read() as connection:
            new = not_recorded(connection, officer, message, reading, at)
    if new:
        records.write(lambda connection: add(connection, officer, message, new, at))


def not_recorded(
    connection: Connection, officer: Passport, message: str, reading: Reading, at: datetime
) -> set[tuple[str, int]]:
    """Those without a row of the current ten minutes."""
    keys = {(member, year or NO_YEAR) for member, year in reading}
    about = {"of_officer": reader_of(officer), "of_at": window(at), "of_message": message}
    rows = connection.execute(RECORDED, {**about, "members": {member for member, _ in keys}})
    return keys - {(row.member, row.year) for row in rows}


def add(connection: Connection, officer: Passport, message: str, reading: Reading, at: datetime) -> None:
    """Write the rows; one that another call has written meanwhile stays."""
    about = {
        "officer": reader_of(officer),
        "roles": " ".join(sorted(officer.roles)),
        "message": message,
        "at": window(at),
    }
    keys = sorted(
        {(member, year or NO_YEAR) for member, year in reading}
    )  # in one order, so that two writers wait and don't deadlock
    rows = [{**about, "member": member, "year": year} for member, year in keys]
    upsert.add_all(connection, READS, rows)


def reader_of(caller: Passport) -> str:
    """Who reads: an officer by name, a program account as events name it."""
    return caller.subject if caller.principal_kind is PrincipalKind.OFFICER else caller.actor


def window(at: datetime) -> datetime:
    """The beginning of the ten minutes in which an instant lies."""
    return at - timedelta(minutes=at.minute % WINDOW_MINUTES, seconds=at.second, microseconds=at.microsecond)


def must_see(caller: Passport, query: queries.ListReads, provinces: Collection[str]) -> None:
    """Refuse whoever may not see these reads; `provinces` are those that the named member is or was of, as far as they are known."""
    if caller.principal_kind is PrincipalKind.MEMBER:
        caller.must_be_member(query.member or "")
        return
    caller.must_have(Role.AUDITOR)
    if query.member is None and query.officer is None:
        raise Refused(Reason.BAD_INPUT, {"member": "missing"})
    if provinces and caller.provinces.isdisjoint(provinces):
        raise Refused(Reason.NOT_ALLOWED)


def provinces_of(connection: Connection, members: Table | None, member: str | None) -> set[str]:
    """The provinces of a member by a table that has both."""
    if members is None or member is None:
        return set()
    return set(connection.execute(select(members.c.province).where(members.c.member == member)).scalars())


def page(
    connection: Connection, query: queries.ListReads, members: Table | None, provinces: Collection[str]
) -> answers.Reads:
    """A page of the reads of a member, or else of an officer's reads of members of these provinces and of whole logs."""
    about = [READS.c.officer == query.officer] if query.officer else []
    about.append(READS.c.member == query.member if query.member else of_provinces(members, provinces))
    found = select(READS).where(*about)
    order = (READS.c.at.desc(), READS.c.officer, READS.c.member, READS.c.message, READS.c.year)
    rows = connection.execute(found.order_by(*order).limit(query.limit).offset(query.offset)).mappings()
    return answers.Reads(
        reads=tuple(answers.Read.model_validate(as_answer(row)) for row in rows),
        total=connection.execute(select(func.count()).select_from(found.subquery())).scalar_one(),
    )


def as_answer(row: Any) -> dict[str, Any]:
    return {**row, "year": row["year"] or None, "roles": row["roles"].split()}


def of_provinces(members: Table | None, provinces: Collection[str]) -> ColumnElement[bool]:
    of_logs = READS.c.member == queries.EVERYBODY
    if members is None:
        return of_logs
    here = exists().where(members.c.member == READS.c.member, members.c.province.in_(provinces))
    return or_(of_logs, here)  # looked up by member: a register is longer than an officer's reads
