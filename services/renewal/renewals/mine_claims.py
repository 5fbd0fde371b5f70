"""Claims of declarations to a mine's technical management (مسئول فنی): a mine has one manager, so managers see a second claim."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, func, select

from services.renewal.tables import MINE_CLAIMS, RENEWALS
from shared.contract.envelope import Recorded
from shared.contract.renewal import events, mine_answers, queries
from shared.contract.values import Job, JobKind
from shared.event_store.sql import by_key, upsert
from shared.text import persian

CLAIMING = ("submitted", "returned", "approved")
"""Statuses of a renewal whose declaration still claims something."""


class Claim(NamedTuple):
    """A mine's code as written, and the days for which it is claimed."""

    cadastre_code: str
    starts_on: date
    ends_on: date


def claims_of(jobs: Iterable[Job]) -> dict[str, Claim]:
    """The claims of a declaration, by mine; one that is declared twice is claimed from the first day to the last."""
    found: dict[str, Claim] = {}
    for job in jobs:
        mine = persian.code_key(job.cadastre_code)
        if job.kind is JobKind.MINE_TECHNICAL_MANAGER and mine:
            before = found.get(mine, Claim(job.cadastre_code, job.starts_on, job.ends_on))
            starts, ends = min(before.starts_on, job.starts_on), max(before.ends_on, job.ends_on)
            found[mine] = before._replace(starts_on=starts, ends_on=ends)
    return found


def project(connection: Connection, recorded: Recorded) -> None:
    """Apply an event of the service's own log to the claims, in its transaction."""
    match recorded.event:
        case events.DeclarationSubmitted() as event:
            replace_claims(connection, event, event.jobs, event.submitted_at)
        case events.DeclarationRecalled() as event:
            replace_claims(connection, event, event.returned.jobs if event.returned else (), event.recalled_at)
        case events.RenewalWithdrawn() | events.RenewalExpired() as event:
            by_key.remove(connection, MINE_CLAIMS, {"member": event.member, "year": event.year})
        case _:
            pass


def replace_claims(
    connection: Connection,
    event: events.DeclarationSubmitted | events.DeclarationRecalled,
    jobs: Iterable[Job],
    at: datetime,
) -> None:
    """Put a declaration's claims in the place of the version before; a repeated claim keeps its time."""
    claims = claims_of(jobs)
    for earlier in by_key.find_all(connection, MINE_CLAIMS, {"member": event.member, "year": event.year}, "mine"):
        if earlier.mine not in claims:
            by_key.remove(connection, MINE_CLAIMS, {"mine": earlier.mine, "member": event.member, "year": event.year})
    for mine, claim in claims.items():
        key = {"mine": mine, "member": event.member, "year": event.year}
        upsert.put(connection, MINE_CLAIMS, key, claim._asdict(), new={"claimed_at": at})


def contested_by(connection: Connection, member: str, year: int) -> tuple[mine_answers.ContestedMine, ...]:
    """The mines of a renewal that others claim too."""
    own = MINE_CLAIMS.alias("own")
    mines = connection.execute(contested_claims(own).where(own.c.member == member, own.c.year == year)).scalars().all()
    return with_claims(connection, mines, member)


def contested_in(connection: Connection, query: queries.ListContestedMines) -> mine_answers.ContestedMines:
    """A page of the contested mines with a claim of the province's members on days of the year."""
    own = MINE_CLAIMS.alias("own")
    first, last = persian.year_bounds(query.year)
    here = (RENEWALS.c.province == query.province, own.c.starts_on <= last, own.c.ends_on >= first)
    mines = contested_claims(own).where(*here).distinct()
    page = connection.execute(mines.order_by(own.c.mine).limit(query.limit).offset(query.offset)).scalars().all()
    total = connection.execute(select(func.count()).select_from(mines.subquery())).scalar_one()
    return mine_answers.ContestedMines(mines=with_claims(connection, page), total=total)


def is_contested() -> ColumnElement[bool]:
    """Whether a renewal that still claims something claims a mine that another member's contests."""
    own, other, others = MINE_CLAIMS.alias("own"), MINE_CLAIMS.alias("other"), RENEWALS.alias("others")
    rival = and_(other.c.mine == own.c.mine, other.c.member != own.c.member, overlap(own, other))
    joined = own.join(other, rival).join(others, claiming_renewal(other, others))
    same = (own.c.member == RENEWALS.c.member, own.c.year == RENEWALS.c.year)
    return RENEWALS.c.status.in_(CLAIMING) & select(own.c.mine).select_from(joined).where(*same).exists()


def contested_claims(own: FromClause) -> Select[Any]:
    """The mines of claims that another member's claim contests on one of their days."""
    other, others = MINE_CLAIMS.alias("other"), RENEWALS.alias("others")
    rival = and_(other.c.mine == own.c.mine, other.c.member != own.c.member, overlap(own, other))
    joined = (
        own.join(RENEWALS, claiming_renewal(own, RENEWALS))
        .join(other, rival)
        .join(others, claiming_renewal(other, others))
    )
    return select(own.c.mine).select_from(joined)


def claiming_renewal(claim: FromClause, renewal: FromClause) -> ColumnElement[bool]:
    """The join of a claim with its renewal, where that still claims anything."""
    same = and_(renewal.c.member == claim.c.member, renewal.c.year == claim.c.year)
    return and_(same, renewal.c.status.in_(CLAIMING))


def overlap(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    return and_(one.c.starts_on <= other.c.ends_on, other.c.starts_on <= one.c.ends_on)


def with_claims(
    connection: Connection, mines: Collection[str], member: str = ""
) -> tuple[mine_answers.ContestedMine, ...]:
    """The mines with all claims that contest another one, or one of this member."""
    query = (
        select(MINE_CLAIMS, RENEWALS.c.province, RENEWALS.c.status)
        .join(RENEWALS, claiming_renewal(MINE_CLAIMS, RENEWALS))
        .where(MINE_CLAIMS.c.mine.in_(mines))
        .order_by(MINE_CLAIMS.c.mine, MINE_CLAIMS.c.claimed_at, MINE_CLAIMS.c.member)
    )
    found = groupby(connection.execute(query).all(), key=lambda row: str(row.mine))
    return tuple(contested_mine(list(rows), member) for _, rows in found)


def contested_mine(rows: Sequence[Any], member: str) -> mine_answers.ContestedMine:
    """One mine's claims that contest another one; with a member, one of the member's."""
    rivals = [
        row for row in rows if any(contests(row, other) and member in ("", row.member, other.member) for other in rows)
    ]
    return mine_answers.ContestedMine(
        cadastre_code=rivals[0].cadastre_code,
        claims=tuple(mine_answers.MineClaim.model_validate(row._asdict()) for row in rivals),
    )


def contests(one: Any, other: Any) -> bool:
    """Whether two claims are of two members for one day."""
    return bool(one.member != other.member and one.starts_on <= other.ends_on and other.starts_on <= one.ends_on)
