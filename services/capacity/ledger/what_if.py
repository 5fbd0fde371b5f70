"""What-if query: whether a job that is not declared yet fits into what is left of the year, and which rules it would break."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from shared.contract.capacity import answers, queries
from shared.contract.values import Employment, EmploymentStatus, Job, Licence, LicenceField
from shared.policies import capacity_rules
from shared.policies.capacity_policy import Policy
from shared.policies.capacity_rules import Usage

NO_EMPLOYMENT = Employment(status=EmploymentStatus.UNEMPLOYED)


class Holding(NamedTuple):
    """What a member holds already: by the year's grant, or (not granted yet) only by the register."""

    licence: Licence
    employment: Employment = NO_EMPLOYMENT
    jobs: tuple[Job, ...] = ()
    is_granted: bool = False


def what_if(holding: Holding, policy: Policy, query: queries.WhatIf, today: date) -> answers.WhatIfResult:
    """The effect of one more job by the policy of its year."""
    before = capacity_rules.usage_of(policy, holding.licence, holding.employment, holding.jobs)
    field = query.field or roomiest(before)
    last = capacity_rules.year_of(policy.year).last
    job = Job(
        kind=query.kind,
        degree=query.degree,
        field=field or next(iter(LicenceField)),
        quantity=query.quantity,
        starts_on=query.starts_on,
        ends_on=query.ends_on or last,
    )
    after = capacity_rules.usage_of(policy, holding.licence, holding.employment, (*holding.jobs, job))
    use = after.jobs[-1]
    broken = dict(rules_broken(holding, policy, (before, after), job, max(today, job.starts_on)))
    left = room(before, job.field)
    return answers.WhatIfResult(
        member=query.member,
        year=policy.year,
        field=field,
        starts_on=job.starts_on,
        ends_on=job.ends_on,
        fits=not broken,
        units=use.units,
        rule=use.rule,
        months=use.months,
        left_units=max(0, left),
        remaining_units=left - use.units,
        ceiling_units=after.ceiling,
        used_units=after.used,
        fields=after.field_capacities(),
        problems=broken,
    )


def room(usage: Usage, field: LicenceField) -> int:
    """What a field's next job may use: of the field's own ceiling and of the one of all together, whichever is nearer."""
    ceiling, used = usage.fields.get(field, (0, 0))
    return min(ceiling - used, usage.ceiling - usage.used)


def roomiest(usage: Usage) -> LicenceField | None:
    """The licence's field with the most room; None without one."""
    return max(usage.ceilings, key=lambda field: room(usage, field), default=None)


def rules_broken(
    holding: Holding, policy: Policy, usages: tuple[Usage, Usage], job: Job, on: date
) -> Iterator[tuple[str, str]]:
    """The code of each rule that does not allow the job, with the policy's row."""
    before, after = usages
    licence = holding.licence
    is_over = on > capacity_rules.year_of(policy.year).last
    if not holding.is_granted and not is_over:  # of a year that is over none is granted any more
        yield "not_granted", ""
    if licence.expires_on is not None and licence.expires_on < on:
        yield "licence_expired", f"{policy.year} validity.licence"
    if is_over:
        yield "year_over", f"{policy.year} validity.year"
    own = {code for place, code in after.problems.items() if place.startswith(f"jobs.{len(holding.jobs)}.")}
    rows = {"degree_not_allowed": capacity_rules.class_rule(policy, "degrees", licence)}
    yield from ((code, rows.get(code, "")) for code in sorted(own - {"too_many_posts"}))
    if posts(after) > posts(before):
        yield "too_many_posts", capacity_rules.class_rule(policy, "posts", licence)
    if after.used > after.ceiling:
        yield "over_ceiling", capacity_rules.ceiling_rule(policy, licence, after.ceilings)
    if f"fields.{job.field.value}" in after.problems:
        yield "over_field_ceiling", capacity_rules.class_rule(policy, "ceilings", licence, job.field)


def posts(usage: Usage) -> int:
    """How many posts begin while the member holds as many as the class may: one more post may make another one's place."""
    return sum(1 for code in usage.problems.values() if code == "too_many_posts")
