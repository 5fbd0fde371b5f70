"""Queries that capacity answers."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from shared.contract.base import Query
from shared.contract.bounds import Limit, Offset
from shared.contract.capacity import answers
from shared.contract.values import (
    JOBS_MAX,
    Day,
    Degree,
    Employment,
    Instant,
    JalaliYear,
    Job,
    JobKind,
    LicenceField,
    MembershipNo,
    Province,
    Quantity,
)


class GetCapacity(Query[answers.Capacity], service="capacity"):
    """A member's capacity of a year."""

    member: MembershipNo
    year: JalaliYear


class ExplainCapacity(Query[answers.Explanation], service="capacity"):
    """A member's capacity with the lines that make it, now or as of an instant."""

    member: MembershipNo
    year: JalaliYear
    as_of: Instant | None = None


class GetPolicy(Query[answers.PolicyInUse], service="capacity"):
    """The capacity policy that a year goes by; for anybody signed in."""

    year: JalaliYear


class CountJobUnits(Query[answers.JobUnits], service="capacity"):
    """What jobs would use by the year's policy, before they are declared; for the member's own class and fields."""

    member: MembershipNo
    year: JalaliYear
    on: Day | None = None
    employment: Employment
    jobs: Annotated[tuple[Job, ...], Field(max_length=JOBS_MAX)]


class WhatIf(Query[answers.WhatIfResult], service="capacity"):
    """Would a job from this day on fit into what is left of its Jalali year, and what would remain? Nothing is put on record."""

    member: MembershipNo
    kind: JobKind
    degree: Degree
    field: LicenceField | None = None
    """Without one, the licence's field with the most room."""
    quantity: Quantity = Decimal(1)
    starts_on: Day
    ends_on: Day | None = None
    """Without one, the year's last day."""


class GetCapacityBand(Query[answers.CapacityBand], service="capacity"):
    """Roughly what is left of a member's capacity; sent by the gateway for a stranger who has the member's link."""

    member: MembershipNo
    year: JalaliYear


class ListOverUse(Query[answers.OverUse], service="capacity"):
    """Members of a province whose jobs use more than their ceiling, or than a field's; for its managers."""

    province: Province
    year: JalaliYear
    field: LicenceField | None = None
    """Only those who use more than this field's ceiling."""
    limit: Limit = 50
    offset: Offset = 0


class GetCapacityOverview(Query[answers.CapacityOverview], service="capacity"):
    """How much of their ceilings a province's members use in a year, all together and by field; for its managers."""

    province: Province
    year: JalaliYear
