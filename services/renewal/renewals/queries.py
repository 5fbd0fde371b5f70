"""Queries about renewals: one with its declarations and decisions, the last declaration, and a page of the desk."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, select

from services.renewal.renewals.domain import Member
from services.renewal.renewals.projection import JOBS
from services.renewal.tables import DECISIONS, DECLARATIONS, MEMBERS, NOTES, RENEWALS
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.renewal import answers, queries
from shared.contract.renewal.declaration import Declaration
from shared.contract.values import Employment, Licence, Role


def find_member(connection: Connection, number: str) -> Member | None:
    """A member by auth's events."""
    row = connection.execute(select(MEMBERS).where(MEMBERS.c.member == number)).one_or_none()
    return Member(row.province, Licence.model_validate_json(row.licence)) if row else None


def find_renewal(connection: Connection, number: str, year: int) -> answers.Renewal | None:
    """One renewal, with its declarations and decisions."""
    query = select(RENEWALS).where(RENEWALS.c.member == number, RENEWALS.c.year == year)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    parts = {
        "declarations": tuple(declarations(connection, number, year)),
        "decisions": tuple(decisions(connection, number, year)),
    }
    return as_answer(row).model_copy(update=parts)


def province_of(connection: Connection, number: str, year: int) -> str | None:
    """The province of a renewal; None where there is none."""
    query = select(RENEWALS.c.province).where(RENEWALS.c.member == number, RENEWALS.c.year == year)
    return connection.execute(query).scalar()


def declarations(connection: Connection, number: str, year: int) -> Sequence[answers.DeclarationOnFile]:
    """All versions of a renewal's declaration, the oldest first."""
    query = (
        select(DECLARATIONS)
        .where(DECLARATIONS.c.member == number, DECLARATIONS.c.year == year)
        .order_by(DECLARATIONS.c.version)
    )
    return [
        answers.DeclarationOnFile.model_validate({**row, "form": Declaration.model_validate_json(row["form"])})
        for row in connection.execute(query).mappings()
    ]


def last_declaration(connection: Connection, number: str) -> Declaration | None:
    """The newest declaration of any year, to fill the next form with."""
    query = (
        select(DECLARATIONS.c.form)
        .where(DECLARATIONS.c.member == number)
        .order_by(DECLARATIONS.c.year.desc(), DECLARATIONS.c.version.desc())
        .limit(1)
    )
    form = connection.execute(query).scalar()
    return Declaration.model_validate_json(form) if form else None


def decisions(connection: Connection, number: str, year: int) -> Sequence[answers.Decision]:
    """The decisions on a renewal, the oldest first, with the reasons a member reads."""
    query = (
        select(
            DECISIONS.c.outcome,
            DECISIONS.c.decided_by.label("by"),
            DECISIONS.c.decided_at.label("at"),
            func.coalesce(NOTES.c.text, "").label("reason"),
        )
        .outerjoin(NOTES, NOTES.c.note == DECISIONS.c.note)
        .where(DECISIONS.c.member == number, DECISIONS.c.year == year)
        .order_by(DECISIONS.c.position)
    )
    return [answers.Decision.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def visible_to(caller: Passport, answer: answers.MemberRenewal) -> answers.MemberRenewal:
    """Leave out the declarations for officers who are no managers: the forms have addresses and phone numbers, also in free texts."""
    if caller.principal_kind is not PrincipalKind.OFFICER or Role.MANAGER in caller.roles:
        return answer
    renewal = answer.renewal and answer.renewal.model_copy(update={"declarations": ()})
    return answer.model_copy(update={"renewal": renewal, "last_declaration": None})


def desk(connection: Connection, query: queries.ListDesk, now: datetime) -> answers.Desk:
    """A page of a province's desk, the earliest due review first; one without a due date comes before later submissions."""
    on_desk = (RENEWALS.c.province == query.province, RENEWALS.c.status == query.status)
    order = (RENEWALS.c.desk_place.nulls_last(), RENEWALS.c.requested_at, RENEWALS.c.member)
    page = select(RENEWALS).where(*on_desk).order_by(*order).limit(query.limit).offset(query.offset)
    here = RENEWALS.c.province == query.province
    by_status = select(RENEWALS.c.status, func.count()).where(here).group_by(RENEWALS.c.status)
    counts: dict[str, int] = {row[0]: row[1] for row in connection.execute(by_status)}
    late = (here, RENEWALS.c.status == "submitted", RENEWALS.c.review_due_at < now)
    return answers.Desk(
        renewals=tuple(as_answer(row) for row in connection.execute(page).mappings()),
        total=counts.get(query.status, 0),
        overdue=connection.execute(select(func.count()).select_from(RENEWALS).where(*late)).scalar_one(),
        counts=counts,
    )


def as_answer(row: RowMapping) -> answers.Renewal:
    parts = {
        "licence": Licence.model_validate_json(row["licence"]),
        "employment": Employment.model_validate_json(row["employment"]) if row["employment"] else None,
        "jobs": JOBS.validate_json(row["jobs"]),
    }
    return answers.Renewal.model_validate({**row, **parts})
