"""The manager's desk: a page of it by filters and order, and renewals found by code or member, each with what it is sorted out by."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, RowMapping, and_, func, or_, select, tuple_

from services.renewal.casework import assignments
from services.renewal.office_hours import calendar
from services.renewal.office_hours.rules import Rule, WorkingHours
from services.renewal.renewals import contacts, mine_claims
from services.renewal.renewals.queries import as_answer
from services.renewal.tables import MEMBERS, MINE_CLAIMS, RENEWALS
from shared.contract.renewal import answers, queries
from shared.text import persian

WITH_MEMBERS = RENEWALS.outerjoin(MEMBERS, MEMBERS.c.member == RENEWALS.c.member)
FIRST = (RENEWALS.c.desk_place.nulls_last(), RENEWALS.c.requested_at, RENEWALS.c.member)
ORDER: dict[str, tuple[ColumnElement[Any], ...]] = {
    "deadline": FIRST,
    "newest": (RENEWALS.c.submitted_at.desc().nulls_last(), RENEWALS.c.member),
    "jobs": (RENEWALS.c.job_count.desc(), *FIRST),
    "debt": (MEMBERS.c.paid_through.nulls_last(), *FIRST),
}


FLAGS: dict[answers.Flag, ColumnElement[bool]] = {
    "contested_mine": mine_claims.is_contested(),
    "licence_ends": RENEWALS.c.licence_ends,
    "duplicate_contact": contacts.is_duplicate(),
    "over_ceiling": RENEWALS.c.over_ceiling,
    "degree_not_allowed": RENEWALS.c.degree_not_allowed,
}
"""Whether a renewal has a flag, by its name."""
OWES = MEMBERS.c.paid_through < RENEWALS.c.year - 1


def page(connection: Connection, rule: Rule, query: queries.ListDesk, now: datetime, viewer: str = "") -> answers.Desk:
    """A page of a province's desk for a viewer, by actor; one without a due date comes before later submissions."""
    here = RENEWALS.c.province == query.province
    on_desk = (here, RENEWALS.c.status == query.status, *filters(query, now))
    if query.holder is not None:
        on_desk += (assignments.is_for(connection, query.holder, viewer, now),)
    total = func.count().over().label("total")  # with the page, so that no row is held against the filters twice
    keys = select(RENEWALS.c.member, RENEWALS.c.year, total).select_from(WITH_MEMBERS).where(*on_desk)
    found = connection.execute(keys.order_by(*ORDER[query.sort]).limit(query.limit).offset(query.offset)).all()
    by_status = select(RENEWALS.c.status, func.count()).where(here).group_by(RENEWALS.c.status)
    late = (here, RENEWALS.c.status == "submitted", RENEWALS.c.review_due_at < now)
    renewals = with_notes(connection, rule, query.province, [(row.member, row.year) for row in found], now)
    return answers.Desk(
        renewals=assignments.attach(connection, renewals, viewer, now),
        total=found[0].total if found else count(connection, WITH_MEMBERS, on_desk),
        overdue=count(connection, RENEWALS, late),
        counts={str(row[0]): int(row[1]) for row in connection.execute(by_status)},
        late_before=calendar.late_before(connection, rule, query.province, now),
    )


def count(connection: Connection, table: FromClause, conditions: Iterable[ColumnElement[bool]]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()


def filters(query: queries.ListDesk, now: datetime) -> list[ColumnElement[bool]]:
    """The conditions of the filters that are set."""
    wanted: list[ColumnElement[bool]] = []
    if query.member_class is not None:
        wanted.append(RENEWALS.c.member_class == query.member_class.value)
    if query.field is not None:
        wanted.append(RENEWALS.c.licence_fields.contains(f" {query.field.value} ", autoescape=True))
    if query.change is not None:
        wanted.append(RENEWALS.c.change == query.change)
    if query.flag is not None:
        wanted.append(flagged(query.flag))
    if query.deadline is not None:
        wanted += within(query.deadline, now)
    counted = ((query.jobs, RENEWALS.c.job_count > 0), (query.returned, RENEWALS.c.times_returned > 0))
    for choice, has_some in (*counted, (query.debt, func.coalesce(OWES, False))):
        if choice is not None:
            wanted.append(has_some if choice == "some" else ~has_some)
    return wanted


def flagged(name: answers.Flag | queries.NoneOrAny) -> ColumnElement[bool]:
    if name == "any":
        return or_(*FLAGS.values())
    if name == "none":
        return and_(*(~one for one in FLAGS.values()))
    return FLAGS[name]


def within(deadline: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Reviews whose due time has passed, or that are due until the end of the day in Tehran."""
    if deadline == "overdue":
        return (RENEWALS.c.review_due_at < now,)
    today = persian.day_of(now)
    midnight = datetime.combine(today + timedelta(days=1), time(), persian.TEHRAN)
    return RENEWALS.c.review_due_at >= now, RENEWALS.c.review_due_at < midnight


def find(
    connection: Connection, rule: Rule, query: queries.FindRenewals, now: datetime, viewer: str = ""
) -> answers.FoundRenewals:
    """Renewals of a province in any status, the newest first."""
    code = persian.code_key(query.code)
    wanted: list[ColumnElement[bool]] = []
    if query.members:
        wanted.append(RENEWALS.c.member.in_(query.members))
    if code:
        of_mine = select(MINE_CLAIMS.c.member, MINE_CLAIMS.c.year).where(MINE_CLAIMS.c.mine == code)
        claims = [(row.member, row.year) for row in connection.execute(of_mine)]
        wanted.append(RENEWALS.c.tracking_code == queries.tracking_key(code))
        wanted += [tuple_(RENEWALS.c.member, RENEWALS.c.year).in_(claims)] if claims else []
    if not wanted:
        return answers.FoundRenewals(renewals=(), is_all=True)
    keys = select(RENEWALS.c.member, RENEWALS.c.year).where(RENEWALS.c.province == query.province, or_(*wanted))
    newest = (RENEWALS.c.year.desc(), RENEWALS.c.requested_at.desc(), RENEWALS.c.member)
    found = [(row.member, row.year) for row in connection.execute(keys.order_by(*newest).limit(query.limit + 1))]
    renewals = with_notes(connection, rule, query.province, found[: query.limit], now)
    renewals = assignments.attach(connection, renewals, viewer, now)
    return answers.FoundRenewals(renewals=renewals, is_all=len(found) <= query.limit)


def with_notes(
    connection: Connection, rule: Rule, province: str, keys: Sequence[tuple[str, int]], now: datetime
) -> tuple[answers.Renewal, ...]:
    """Renewals in this order, with the notes of the desk: flags are looked up for these alone."""
    flags = [one.label(f"is_{name}") for name, one in FLAGS.items()]
    query = select(RENEWALS, MEMBERS.c.paid_through, *flags).select_from(WITH_MEMBERS)
    rows = connection.execute(query.where(tuple_(RENEWALS.c.member, RENEWALS.c.year).in_(keys))).mappings()
    found = {(row["member"], row["year"]): row for row in rows} if keys else {}
    due = [row["review_due_at"] for row in found.values() if row["review_due_at"]]
    hours = calendar.working_hours(connection, rule, province, min([*due, now]))
    return tuple(as_answer(found[key]).model_copy(update={"desk": notes(found[key], hours, now)}) for key in keys)


def notes(row: RowMapping, hours: WorkingHours, now: datetime) -> answers.DeskNotes:
    paid_through, due_at = row["paid_through"], row["review_due_at"]
    minutes = None
    if due_at is not None and row["status"] == "submitted":
        minutes = hours.minutes_between(now, due_at) if now <= due_at else -hours.minutes_between(due_at, now)
    return answers.DeskNotes(
        change=row["change"],
        changed_parts=row["changed_parts"].split(),
        debt_years=0 if paid_through is None else max(0, row["year"] - 1 - paid_through),
        flags=tuple(name for name in FLAGS if row[f"is_{name}"]),
        times_returned=row["times_returned"],
        approved_by_rule=row["approved_by_rule"],
        minutes_left=minutes,
    )
