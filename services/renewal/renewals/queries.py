"""Answers from renewal's views: one renewal with its story, a page of the desk, the special days of a province."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, func, select

from services.renewal.renewals.domain import Member
from services.renewal.renewals.projection import (
    CALENDAR,
    DECISIONS,
    DECLARATIONS,
    JOBS,
    MEMBERS,
    NATIONWIDE,
    NOTES,
    RENEWALS,
)
from shared.contract.renewal import answers
from shared.contract.renewal.declaration import Declaration
from shared.contract.values import Employment, Licence


def member(connection: Connection, number: str) -> Member | None:
    """What auth has told of a member."""
    row = connection.execute(select(MEMBERS).where(MEMBERS.c.member == number)).mappings().first()
    return Member(row["province"], Licence.model_validate_json(row["licence"])) if row else None


def renewal(connection: Connection, number: str, year: int) -> answers.Renewal | None:
    """One renewal, with its declarations and decisions."""
    query = select(RENEWALS).where(RENEWALS.c.member == number, RENEWALS.c.year == year)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    return as_answer(row).model_copy(
        update={
            "declarations": tuple(declarations(connection, number, year)),
            "decisions": tuple(decisions(connection, number, year)),
        }
    )


def declarations(connection: Connection, number: str, year: int) -> Sequence[answers.DeclarationOnFile]:
    """All versions of a renewal's declaration, the oldest first."""
    query = (
        select(DECLARATIONS)
        .where(DECLARATIONS.c.member == number, DECLARATIONS.c.year == year)
        .order_by(DECLARATIONS.c.version)
    )
    return [
        answers.DeclarationOnFile(
            version=row["version"],
            submitted_at=row["submitted_at"],
            form=Declaration.model_validate_json(row["form"]),
        )
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
    """What was decided on a renewal, the oldest first, with the reasons a member reads."""
    query = (
        select(DECISIONS, NOTES.c.text)
        .outerjoin(NOTES, NOTES.c.note == DECISIONS.c.note)
        .where(DECISIONS.c.member == number, DECISIONS.c.year == year)
        .order_by(DECISIONS.c.position)
    )
    return [
        answers.Decision(
            outcome=row["outcome"], by=row["decided_by"], at=row["decided_at"], reason=row["text"] or ""
        )
        for row in connection.execute(query).mappings()
    ]  # fmt: skip


def desk(connection: Connection, province: str, status: str, limit: int, offset: int, now: datetime) -> answers.Desk:  # noqa: PLR0913
    """A page of a province's desk, the oldest promise first; one that was sent while none could be made lies before later ones."""
    lies_here = (RENEWALS.c.province == province, RENEWALS.c.status == status)
    order = (RENEWALS.c.desk_place.nulls_last(), RENEWALS.c.requested_at, RENEWALS.c.member)
    rows = connection.execute(
        select(RENEWALS).where(*lies_here).order_by(*order).limit(limit).offset(offset)
    ).mappings()
    renewals = tuple(as_answer(row) for row in rows)
    by_status = select(RENEWALS.c.status, func.count()).where(RENEWALS.c.province == province)
    counted = connection.execute(by_status.group_by(RENEWALS.c.status))
    counts: dict[str, int] = {row[0]: row[1] for row in counted}
    late = (RENEWALS.c.province == province, RENEWALS.c.status == "submitted", RENEWALS.c.review_due_at < now)
    overdue = connection.execute(select(func.count()).select_from(RENEWALS).where(*late)).scalar_one()
    return answers.Desk(renewals=renewals, total=counts.get(status, 0), overdue=overdue, counts=counts)


def special_days(connection: Connection, province: str, first: date, last: date) -> Sequence[RowMapping]:
    """The days that differ from the week's rule; a province's own word stands before the nationwide one."""
    query = select(CALENDAR).where(
        CALENDAR.c.province.in_((NATIONWIDE, province)), CALENDAR.c.on >= first, CALENDAR.c.on <= last
    )
    days: dict[date, RowMapping] = {}
    for row in connection.execute(query).mappings():
        if row["on"] not in days or row["province"] == province:
            days[row["on"]] = row
    return [days[on] for on in sorted(days)]


def as_answer(row: RowMapping) -> answers.Renewal:
    return answers.Renewal(
        member=row["member"],
        year=row["year"],
        province=row["province"],
        licence=Licence.model_validate_json(row["licence"]),
        status=row["status"],
        tracking_code=row["tracking_code"],
        requested_at=row["requested_at"],
        submitted_at=row["submitted_at"],
        review_due_at=row["review_due_at"],
        employment=Employment.model_validate_json(row["employment"]) if row["employment"] else None,
        jobs=JOBS.validate_json(row["jobs"]),
    )
