"""The rules of a year's policy: how many units jobs and an employment use, and which of its limits they break."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from shared.contract.capacity import answers
from shared.contract.values import Employment, EmploymentStatus, Job, JobKind, Licence, LicenceField
from shared.policies.capacity_policy import MONTHS, Deduction, Policy
from shared.text import persian

LONG_MONTHS, LONG_MONTH, SHORT_MONTH = 6, 31, 30
"""A Jalali year: six months of 31 days, then months of 30 days, the last one of 29 except in leap years."""
SPANS_MAX = 10_000
"""Spans of days whose months are remembered: most jobs begin and end with a year or a month."""
FULL_TIME = (EmploymentStatus.PRIVATE_FULL_TIME, EmploymentStatus.PUBLIC, EmploymentStatus.FACULTY_FULL_TIME)


class Year(NamedTuple):
    """A Jalali year in days of the Gregorian calendar, and the instant at which it is over in Tehran."""

    first: date
    last: date
    over_at: datetime


@cache
def year_of(year: int) -> Year:
    first, last = persian.year_bounds(year)
    return Year(first, last, end_of(last))


@cache
def end_of(day: date) -> datetime:
    """The instant at which a day is over in Tehran."""
    return datetime.combine(day + timedelta(days=1), time(), persian.TEHRAN).astimezone(UTC)


class Use(NamedTuple):
    """What one job, or the employment, uses: units of 0.01 P, by which row, and by how many months where it counts them."""

    units: int
    rule: str
    job: Job | None = None
    months: int | None = None


class Usage(NamedTuple):
    """Everything that counts in a year: the ceilings of the licence's fields, and the uses in the order declared."""

    ceilings: Mapping[LicenceField, int]
    jobs: tuple[Use, ...]
    employment: Use | None
    problems: Mapping[str, str]
    """By dotted place (`jobs.0.degree`), a code."""

    @property
    def uses(self) -> tuple[Use, ...]:
        """The employment's use and each job's."""
        return (self.employment, *self.jobs) if self.employment else self.jobs

    @property
    def ceiling(self) -> int:
        """What all jobs together may use: the greatest of the fields' ceilings."""
        return max(self.ceilings.values(), default=0)

    @property
    def used(self) -> int:
        return sum(use.units for use in self.uses)

    @property
    def fields(self) -> dict[LicenceField, tuple[int, int]]:
        """Ceiling and use of each field of the licence."""
        return {
            field: (ceiling, sum(use.units for use in self.jobs if use.job and use.job.field is field))
            for field, ceiling in self.ceilings.items()
        }

    def field_capacities(self) -> tuple[answers.FieldCapacity, ...]:
        """Ceiling and use of each field, as answers have them."""
        return tuple(field_capacity(field, ceiling, used) for field, (ceiling, used) in self.fields.items())


def field_capacity(field: LicenceField, ceiling: int, used: int, limit: int | None = None) -> answers.FieldCapacity:
    """One field's part; no more of it remains than `limit`, which all fields share."""
    remaining = max(0, ceiling - used)
    return answers.FieldCapacity(
        field=field,
        ceiling_units=ceiling,
        used_units=used,
        remaining_units=remaining if limit is None else min(limit, remaining),
    )


def usage_of(policy: Policy, licence: Licence, employment: Employment, jobs: Sequence[Job]) -> Usage:
    """What an employment and jobs use of a licence's ceilings by the policy of the year."""
    usage = Usage(
        ceilings={field: policy.ceilings[licence.member_class][field] for field in dict.fromkeys(licence.fields)},
        jobs=tuple(job_use(policy, job) for job in jobs),
        employment=employment_use(policy, licence, employment),
        problems={},
    )
    return usage._replace(problems=dict(problems(policy, licence, employment, usage)))


def job_use(policy: Policy, job: Job) -> Use:
    """Row × quantity; a yearly post by the started months of the year; nothing outside the year."""
    row = policy.deductions[job.kind]
    rule = rule_of(policy, job.kind, job.degree)
    months = started_months(policy.year, job.starts_on, job.ends_on)
    whole = Decimal(row.p[job.degree - 1]) * job.quantity
    if row.per == "year":
        return Use(rounded(whole * months / MONTHS), rule, job, months)
    return Use(rounded(whole) if months else 0, rule, job)


def employment_use(policy: Policy, licence: Licence, employment: Employment) -> Use | None:
    """What the employment uses in the year at the degree paired with the member's class; an open end lasts the year."""
    kind = policy.employment.uses[employment.status]
    degree = policy.employment.degrees.get(licence.member_class)
    if kind == "nothing" or degree is None:
        return None
    year = year_of(policy.year)
    months = started_months(policy.year, employment.from_on or year.first, employment.to_on or year.last)
    row = policy.deductions[kind]
    units = rounded(row.p[degree - 1] * amount(row, months, policy.employment.months_per_semester))
    return Use(units, rule_of(policy, kind, degree), None, months) if months else None


def amount(row: Deduction, months: int, months_per_semester: int) -> Decimal:
    """Months in the row's own unit; a started semester counts."""
    if row.per == "semester":
        return Decimal(-(-months // months_per_semester))
    return Decimal(months) if row.per == "month" else Decimal(months) / MONTHS


def rule_of(policy: Policy, kind: JobKind, degree: int) -> str:
    """The cell of the policy as lines name it."""
    return f"{policy.year} deductions.{kind.value}.{degree}"


def ceiling_rule(policy: Policy, licence: Licence, ceilings: Mapping[LicenceField, int]) -> str:
    """The cell of the policy with the ceiling of all jobs together."""
    return class_rule(policy, "ceilings", licence, widest(ceilings))


def widest(ceilings: Mapping[LicenceField, int]) -> LicenceField | None:
    """The licence's field with the greatest ceiling; None without one."""
    return max(ceilings, key=ceilings.__getitem__, default=None)


def class_rule(policy: Policy, table: str, licence: Licence, field: LicenceField | None = None) -> str:
    """A class's row of a table, or a field's cell of it."""
    row = f"{policy.year} {table}.{licence.member_class.value}"
    return f"{row}.{field.value}" if field else row


def rounded(units: Decimal) -> int:
    """Whole units, halves up."""
    return int(units.to_integral_value(ROUND_HALF_UP))


@lru_cache(maxsize=SPANS_MAX)
def started_months(year: int, starts_on: date, ends_on: date) -> int:
    """How many months of the Jalali year a span of days touches: a started month counts (docs/domain.md 7.1)."""
    first, last, _ = year_of(year)
    begins, ends = max(starts_on, first), min(ends_on, last)
    return month_of((ends - first).days) - month_of((begins - first).days) + 1 if begins <= ends else 0


def month_of(day: int) -> int:
    """The month of a Jalali year's day, both from 0."""
    if day < LONG_MONTHS * LONG_MONTH:
        return day // LONG_MONTH
    return LONG_MONTHS + (day - LONG_MONTHS * LONG_MONTH) // SHORT_MONTH


def problems(policy: Policy, licence: Licence, employment: Employment, usage: Usage) -> Iterator[tuple[str, str]]:
    """Places and codes of all that does not fit; none of it stops a payment (docs/domain.md 7.1)."""
    jobs = [use.job for use in usage.jobs if use.job]
    for index, job in enumerate(jobs):
        yield from job_problems(policy, licence, employment, job, f"jobs.{index}")
    yield from ((f"jobs.{index}.kind", "too_many_posts") for index in posts_beyond(policy, licence, jobs))
    if usage.used > usage.ceiling:
        yield "jobs", "over_ceiling"
    for field, (ceiling, used) in usage.fields.items():
        if used > ceiling:
            yield f"fields.{field.value}", "over_field_ceiling"


def job_problems(
    policy: Policy, licence: Licence, employment: Employment, job: Job, place: str
) -> Iterator[tuple[str, str]]:
    """What is wrong with one job by itself."""
    if job.degree not in policy.degrees[licence.member_class]:
        yield f"{place}.degree", "degree_not_allowed"
    if job.field not in licence.fields:
        yield f"{place}.field", "field_not_in_licence"
    if job.ends_on < job.starts_on:
        yield f"{place}.ends_on", "dates_out_of_order"
    elif not started_months(policy.year, job.starts_on, job.ends_on):
        yield f"{place}.starts_on", "outside_year"
    if job.kind is JobKind.FULL_TIME_JOB and employment.status in FULL_TIME:
        yield f"{place}.kind", "full_time_twice"


def posts_beyond(policy: Policy, licence: Licence, jobs: Sequence[Job]) -> list[int]:
    """The jobs, by their index, that begin while the member already holds as many posts as the class may."""
    posts = [
        (job.starts_on, index, job.ends_on)
        for index, job in enumerate(jobs)
        if job.kind in policy.posts.kinds and started_months(policy.year, job.starts_on, job.ends_on)
    ]
    most = policy.posts.most[licence.member_class]
    beyond = []
    for begins, index, _ in posts:
        held = sum(1 for other in posts if other[:2] < (begins, index) and other[2] >= begins)
        if held >= most:
            beyond.append(index)
    return beyond


def job_units(
    policy: Policy, licence: Licence, employment: Employment, jobs: Sequence[Job], on: date
) -> answers.JobUnits:
    """What jobs would use if they were declared on a day; after the licence's end nothing may be taken on."""
    usage = usage_of(policy, licence, employment, jobs)
    expired = licence.expires_on is not None and licence.expires_on < on
    return answers.JobUnits(
        units=tuple(use.units for use in usage.jobs),
        employment_units=usage.employment.units if usage.employment else 0,
        ceiling_units=0 if expired else usage.ceiling,
        ceiling_rule=ceiling_rule(policy, licence, usage.ceilings),
        fields=usage.field_capacities(),
        problems={**usage.problems, **({"licence": "licence_expired"} if expired else {})},
    )
