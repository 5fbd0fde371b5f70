"""Answers of capacity to its commands and queries."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from shared.contract.base import Answer
from shared.contract.values import (
    Job,
    LicenceField,
)

LineKind = Literal["grant", "regrade", "use", "release", "suspension", "restoration", "expiry", "withdrawal"]
"""Given by a confirmed payment; changed with the grade; used by a job; given back by it; held while the licence has expired;
given back when it was renewed; gone with the year; taken back with the payment."""


class CapacityLine(Answer):
    """One line of the ledger: what it adds to or takes from the year's capacity, and the event that caused it."""

    kind: LineKind
    units: int
    """In 0.01 P; a grant is positive, a use negative; the lines of a moment add up to what remains (below zero: over-used)."""
    field: LicenceField | None = None
    job: Job | None = None
    """The job that uses; a use without one is the employment's."""
    months: int | None = None
    """Started months of the year that the use was counted by, where the rule counts months."""
    rule: str
    """The policy's row, such as `1405 ceilings.grade_2.extraction`."""
    source: str
    position: int
    effective_at: AwareDatetime


class FieldCapacity(Answer):
    """One licence field's part: its jobs may use its own ceiling, and all jobs together the greatest of the ceilings."""

    field: LicenceField
    ceiling_units: int
    used_units: int
    remaining_units: int


class Capacity(Answer):
    """A member's capacity of a Jalali year, in units of 0.01 P."""

    member: str
    year: int
    province: str
    status: Literal["none", "active", "expired"]
    """`none` until the payment is confirmed; `expired` after the licence's or the year's end."""
    ceiling_units: int
    used_units: int
    remaining_units: int
    valid_until: date | None
    warnings: tuple[str, ...] = ()
    """Codes, such as `over_ceiling`, `licence_expires_early`."""
    fields: tuple[FieldCapacity, ...] = ()
    updated_at: AwareDatetime


class Explanation(Answer):
    """The capacity and every line that makes it."""

    capacity: Capacity
    lines: tuple[CapacityLine, ...]


class PolicyInUse(Answer):
    """The capacity policy that a year goes by, as the text of its file."""

    year: int
    version: str
    file: str


class JobUnits(Answer):
    """What each declared job would use, in the order of the query, and the ceiling it is compared with; units of 0.01 P."""

    units: tuple[int, ...]
    employment_units: int
    ceiling_units: int
    ceiling_rule: str = ""
    """The policy's row of the ceiling, such as `1405 ceilings.grade_2.extraction`."""
    fields: tuple[FieldCapacity, ...] = ()
    """What the jobs would use of each licence field's own ceiling."""
    problems: dict[str, str] = Field(default_factory=dict)
    """By dotted place (`jobs.0.degree`), a code such as `degree_not_allowed`."""


class WhatIfResult(Answer):
    """What a job would use, what would remain, and the rules that it would break; units of 0.01 P."""

    member: str
    year: int
    field: LicenceField | None
    starts_on: date
    ends_on: date
    fits: bool
    units: int
    rule: str
    """The policy's row that the units come from."""
    months: int | None = None
    left_units: int
    """What is left now of what the year and the field allow."""
    remaining_units: int
    """What would remain after it; below zero: by so much it is too large."""
    ceiling_units: int = 0
    """Of all jobs together, which with this one would use `used_units`."""
    used_units: int = 0
    fields: tuple[FieldCapacity, ...] = ()
    """The same of each licence field's own ceiling."""
    problems: dict[str, str] = Field(default_factory=dict)
    """The policy's row by code (such as `over_ceiling`, `degree_not_allowed`); empty where there is none."""


Left = Literal["nothing", "under_quarter", "under_half", "under_three_quarters", "more"]
"""Parts of a ceiling; `more` is three quarters and above."""


class CapacityBand(Answer):
    """What is left of a year's capacity, only roughly: what a stranger may know."""

    year: int
    status: Literal["none", "active", "expired"]
    left: Left


class OverUse(Answer):
    """A page of the members who use more than they may, the largest excess first."""

    capacities: tuple[Capacity, ...]
    total: int


class ShareCount(Answer):
    """How many members use a share of their ceiling: more than the share before, up to this one."""

    up_to_percent: int | None
    """None: more than the whole."""
    members: int


class UseOverview(Answer):
    """What members use of a field, or (without one) of everything; units of 0.01 P."""

    field: LicenceField | None
    members: int
    ceiling_units: int
    used_units: int
    shares: tuple[ShareCount, ...]


class CapacityOverview(Answer):
    """What a province's members use of a year's capacity: everything first, then field by field."""

    province: str
    year: int
    overviews: tuple[UseOverview, ...]
