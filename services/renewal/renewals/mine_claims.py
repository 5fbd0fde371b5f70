"""Who has declared to be a mine's technical manager (مسئول فنی): a mine has one, so a second claim is shown to the managers."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Index,
    Integer,
    Select,
    String,
    Table,
    Text,
    and_,
    delete,
    func,
    select,
)

from services.renewal.renewals.projection import RENEWALS, TABLES
from shared.contract.envelope import Recorded
from shared.contract.renewal import answers, events
from shared.contract.values import Job, JobKind
from shared.event_store import upsert
from shared.event_store.database import Instant
from shared.text import persian

STANDING = ("submitted", "returned", "approved")
"""Statuses of a renewal whose declaration still claims something."""
CLAIMS = Table(
    "mine_claims",
    TABLES,
    Column("mine", Text, primary_key=True),
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("cadastre_code", String(30), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("claimed_at", Instant, nullable=False),
    Index("mine_claims_of_renewal", "member", "year"),
)
"""By the mine's code without what people write differently (`mine`), each declaration's claim of it."""


class Claim(NamedTuple):
    """A mine's code as written, and the days for which it is claimed."""

    cadastre_code: str
    starts_on: date
    ends_on: date


def claims_of(jobs: Iterable[Job]) -> dict[str, Claim]:
    """What a declaration claims, by mine; one that stands in two ways is claimed from the first day to the last."""
    found: dict[str, Claim] = {}
    for job in jobs:
        mine = persian.code_key(job.cadastre_code)
        if job.kind is JobKind.MINE_TECHNICAL_MANAGER and mine:
            before = found.get(mine, Claim(job.cadastre_code, job.starts_on, job.ends_on))
            starts, ends = min(before.starts_on, job.starts_on), max(before.ends_on, job.ends_on)
            found[mine] = before._replace(starts_on=starts, ends_on=ends)
    return found


def project(connection: Connection, recorded: Recorded) -> None:
    """Bring the claims up to an event of our own, in its transaction."""
    match recorded.event:
        case events.DeclarationSubmitted() as told:
            declared(connection, told)
        case events.RenewalWithdrawn() as told:
            connection.execute(delete(CLAIMS).where(of_member(told.member, told.year)))
        case _:
            pass


def declared(connection: Connection, told: events.DeclarationSubmitted) -> None:
    """Put a declaration's claims in the place of the version before; a claim that is repeated keeps its time."""
    claims = claims_of(told.jobs)
    connection.execute(delete(CLAIMS).where(of_member(told.member, told.year), CLAIMS.c.mine.not_in(claims)))
    for mine, claim in claims.items():
        key = {"mine": mine, "member": told.member, "year": told.year}
        upsert.put(connection, CLAIMS, key, claim._asdict(), new={"claimed_at": told.submitted_at})


def of_member(member: str, year: int) -> ColumnElement[bool]:
    return and_(CLAIMS.c.member == member, CLAIMS.c.year == year)


def of_renewal(connection: Connection, member: str, year: int) -> tuple[answers.ContestedMine, ...]:
    """The mines of a renewal that others claim too."""
    own = CLAIMS.alias("own")
    mines = connection.execute(against(own).where(own.c.member == member, own.c.year == year)).scalars().all()
    return with_claims(connection, mines, member)


def of_province(
    connection: Connection, province: str, years_days: tuple[date, date], limit: int, offset: int
) -> answers.ContestedMines:
    """The contested mines with a claim of the province's members on these days."""
    own = CLAIMS.alias("own")
    first, last = years_days
    query = against(own).where(RENEWALS.c.province == province, own.c.starts_on <= last, own.c.ends_on >= first)
    mines = query.distinct()
    page = connection.execute(mines.order_by(own.c.mine).limit(limit).offset(offset)).scalars().all()
    total = connection.execute(select(func.count()).select_from(mines.subquery())).scalar_one()
    return answers.ContestedMines(mines=with_claims(connection, page), total=total)


def against(own: FromClause) -> Select[Any]:
    """Standing claims of a mine with another member's standing claim on one of their days."""
    other, others = CLAIMS.alias("other"), RENEWALS.alias("others")
    rival = and_(other.c.mine == own.c.mine, other.c.member != own.c.member, overlap(own, other))
    joined = own.join(RENEWALS, of_claim(own, RENEWALS)).join(other, rival).join(others, of_claim(other, others))
    return select(own.c.mine).select_from(joined)


def of_claim(claim: FromClause, renewal: FromClause) -> ColumnElement[bool]:
    """The renewal that a claim is of, where it still claims anything."""
    same = and_(renewal.c.member == claim.c.member, renewal.c.year == claim.c.year)
    return and_(same, renewal.c.status.in_(STANDING))


def overlap(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    return and_(one.c.starts_on <= other.c.ends_on, other.c.starts_on <= one.c.ends_on)


def with_claims(connection: Connection, mines: Collection[str], member: str = "") -> tuple[answers.ContestedMine, ...]:
    """The mines with all claims that stand against another one, or against one of this member."""
    query = (
        select(CLAIMS, RENEWALS.c.province, RENEWALS.c.status)
        .join(RENEWALS, of_claim(CLAIMS, RENEWALS))
        .where(CLAIMS.c.mine.in_(mines))
        .order_by(CLAIMS.c.mine, CLAIMS.c.claimed_at, CLAIMS.c.member)
    )
    found = groupby(connection.execute(query).all(), key=lambda row: str(row.mine))
    return tuple(contested(list(rows), member) for _, rows in found)


def contested(rows: Sequence[Any], member: str) -> answers.ContestedMine:
    """One mine's claims that stand against another one; with a member, against one of the member's."""
    rivals = [
        row
        for row in rows
        if any(is_against(row, other) and member in ("", row.member, other.member) for other in rows)
    ]
    names = answers.MineClaim.model_fields
    return answers.ContestedMine(
        cadastre_code=rivals[0].cadastre_code,
        claims=tuple(answers.MineClaim.model_validate({name: getattr(row, name) for name in names}) for row in rivals),
    )


def is_against(one: Any, other: Any) -> bool:
    """Two members on one day."""
    return bool(one.member != other.member and one.starts_on <= other.ends_on and other.starts_on <= one.ends_on)
