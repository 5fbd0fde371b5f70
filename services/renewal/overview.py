"""Figures of a province's desk: the queue by age against the promise, requests and approvals by week, times in states."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    ScalarSelect,
    Subquery,
    and_,
    case,
    func,
    select,
    union_all,
)

from services.renewal.office_hours import calendar
from services.renewal.office_hours.rules import REVIEW_WORKING_TIME, SIGHT, Rule
from services.renewal.tables import DECISIONS, DECLARATIONS, RENEWALS
from shared.contract.overview_answers import (
    DAYS_TO_LAST_YEAR,
    STAYS_MAX,
    WEEKS_SHOWN,
    AgeCount,
    DeskOverview,
    TimeInState,
    WeekCounts,
)
from shared.event_store.sql import durations
from shared.text import persian

AGES = tuple(timedelta(hours=hours) for hours in (1, 2, 4, 8, 24))
"""Of the queue, in working time; one of them is the promise."""
NOT_PROMISED = -1
WITH_RENEWAL = DECISIONS.join(
    RENEWALS,
    and_(RENEWALS.c.member == DECISIONS.c.member, RENEWALS.c.year == DECISIONS.c.year, DECISIONS.c.undone_at.is_(None)),
)


def overview(connection: Connection, rule: Rule, province: str, now: datetime) -> DeskOverview:
    """The figures of the last weeks."""
    here = RENEWALS.c.province == province
    weeks = persian.last_weeks(now, WEEKS_SHOWN)
    approved = select(DECISIONS.c.decided_at.label("at")).select_from(WITH_RENEWAL)
    requests = by_week(connection, select(RENEWALS.c.requested_at.label("at")).where(here), weeks)
    approvals = by_week(connection, approved.where(here, DECISIONS.c.outcome == "approved"), weeks)
    ages, not_promised = queue(connection, rule, province, now)
    return DeskOverview(
        queue=ages,
        not_promised=not_promised,
        weeks=tuple(
            WeekCounts(
                starts_on=week,
                requests=requests.get(week, 0),
                approvals=approvals.get(week, 0),
                requests_last_year=requests.get(year_before(week), 0),
                approvals_last_year=approvals.get(year_before(week), 0),
            )
            for week in weeks
        ),
        times=times_in_states(connection, here, persian.midnight(weeks[0])),
    )


def queue(connection: Connection, rule: Rule, province: str, now: datetime) -> tuple[tuple[AgeCount, ...], int]:
    """How many declarations wait by their age, and those without a promise.

    A review is due so much working time after the submission: its age is that time less what is left until it is due.
    """
    due_at, limits = RENEWALS.c.review_due_at, due_limits(connection, rule, province, now)
    ages = [(due_at >= limit, place) for place, limit in enumerate(limits)]
    age = case((due_at.is_(None), NOT_PROMISED), *ages, else_=len(AGES))
    waiting = (RENEWALS.c.province == province, RENEWALS.c.status == "submitted")
    counts = count_by(connection, select(age.label("key")).where(*waiting))
    hours = [age // timedelta(hours=1) for age in AGES]
    found = tuple(
        AgeCount(
            up_to_hours=up_to,
            is_late=up_to is None or timedelta(hours=up_to) > REVIEW_WORKING_TIME,
            requests=counts.get(place, 0),
        )
        for place, up_to in enumerate([*hours, None])
    )
    return found, counts.get(NOT_PROMISED, 0)


def due_limits(connection: Connection, rule: Rule, province: str, now: datetime) -> list[datetime]:
    """The earliest due time of a declaration of at most each age."""
    ahead = calendar.working_hours(connection, rule, province, now)
    behind = calendar.working_hours(connection, rule, province, now - SIGHT + timedelta(days=1))
    left = [REVIEW_WORKING_TIME - age for age in AGES]
    return [
        (ahead.after(now, time) or now + SIGHT) if time > timedelta() else (behind.before(now, -time) or now - SIGHT)
        for time in left
    ]


def by_week(connection: Connection, instants: Any, weeks: Sequence[date]) -> Mapping[date, int]:
    """How many instants, the column `at` of a query, lie in each of these weeks and in those of the year before."""
    at = instants.subquery().c.at
    counts: dict[date, int] = {}
    for shown in (weeks, [year_before(week) for week in weeks]):
        ends = [persian.midnight(week + timedelta(weeks=1)) for week in shown]
        inside = (at >= persian.midnight(shown[0]), at < ends[-1])
        place = case(*((at < end, place) for place, end in enumerate(ends)), else_=len(shown))
        found = count_by(connection, select(place.label("key")).where(*inside))
        counts |= {week: found.get(place, 0) for place, week in enumerate(shown)}
    return counts


def year_before(week: date) -> date:
    return week - timedelta(days=DAYS_TO_LAST_YEAR)


def count_by(connection: Connection, keys: Any) -> dict[int, int]:
    """How many rows of a query have each `key`."""
    found = keys.subquery()
    return {row[0]: row[1] for row in connection.execute(select(found.c.key, func.count()).group_by(found.c.key))}


def times_in_states(connection: Connection, here: ColumnElement[bool], since: datetime) -> tuple[TimeInState, ...]:
    """How long renewals were in the states that they left since then, in the order of a renewal."""
    spreads = durations.spreads(connection, stays(connection, here, since))
    return tuple(
        TimeInState.model_validate({"state": state, **of._asdict()})
        for state, of in ((state, spreads.get(state)) for state in ("filling", "review", "correction"))
        if of is not None
    )


def stays(connection: Connection, here: ColumnElement[bool], since: datetime) -> CompoundSelect[Any]:
    """The seconds of each stay: until the first declaration, until a decision, and from a return until the next declaration."""
    decided_at, is_new = DECISIONS.c.decided_at, RENEWALS.c.submitted_at >= since
    requests = newest(RENEWALS, RENEWALS.c.requested_at, (here, is_new))
    decisions = newest(WITH_RENEWAL, decided_at, (here, decided_at >= since))
    returns = newest(WITH_RENEWAL, decided_at, (here, is_new, DECISIONS.c.outcome == "returned"))
    submitted_at = DECLARATIONS.c.submitted_at
    found = {
        "filling": (requests.c.at, sent(func.min, requests, submitted_at >= requests.c.at)),
        "review": (sent(func.max, decisions, submitted_at <= decisions.c.at), decisions.c.at),
        "correction": (returns.c.at, sent(func.min, returns, submitted_at > returns.c.at)),
    }
    return union_all(
        *(
            durations.of_stays(connection, state, select(start.label("start"), end.label("end")), since)
            for state, (start, end) in found.items()
        )
    )


def newest(table: FromClause, at: Column[datetime], conditions: Iterable[ColumnElement[bool]]) -> Subquery:
    """The last rows by an instant, before anything is looked up for each of them."""
    query = select(RENEWALS.c.member, RENEWALS.c.year, at.label("at")).select_from(table).where(*conditions)
    return query.order_by(at.desc()).limit(STAYS_MAX).subquery()


def sent(function: Any, of: Subquery, condition: ColumnElement[bool]) -> ScalarSelect[datetime]:
    """The first or the last declaration of each renewal under a condition."""
    same = (DECLARATIONS.c.member == of.c.member, DECLARATIONS.c.year == of.c.year)
    return select(function(DECLARATIONS.c.submitted_at)).where(*same, condition).scalar_subquery()
