"""What stands at a moment, and the lines of the ledger that lead from one standing to the next."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from services.capacity.ledger import rules
from services.capacity.ledger.rules import Count, Use
from shared.contract.capacity import answers
from shared.contract.capacity.answers import LineKind
from shared.contract.policy import Policy
from shared.contract.values import Employment, Job, Licence, LicenceField


class Origin(NamedTuple):
    """An event's place in its source's log."""

    source: str
    position: int


class Line(NamedTuple):
    """A line of the ledger, as `answers.CapacityLine` explains it."""

    kind: LineKind
    units: int
    rule: str
    field: LicenceField | None
    job: Job | None
    months: int | None
    origin: Origin
    effective_at: datetime

    @property
    def what(self) -> tuple[object, ...]:
        """What the line is about, whoever caused it and when."""
        return self[:6]

    def answer(self) -> answers.CapacityLine:
        """The line as the contract has it."""
        kind, units, rule, field, job, months, origin, effective_at = self
        return answers.CapacityLine(
            kind=kind, units=units, rule=rule, field=field, job=job, months=months,
            source=origin.source, position=origin.position, effective_at=effective_at,
        )  # fmt: skip


class Granted(NamedTuple):
    """What a confirmed renewal is made of, each part with the event that it comes from."""

    licence: Licence
    licence_from: Origin
    employment: Employment
    jobs: tuple[Job, ...]
    approved_by: Origin
    confirmed_by: Origin

    @property
    def matter(self) -> tuple[Licence, Employment, tuple[Job, ...]]:
        """What is counted, whoever said so."""
        return self.licence, self.employment, self.jobs


class Standing(NamedTuple):
    """What is granted, used and, once the licence or the year is over, held back."""

    granted: Granted
    policy: Policy
    counted: Count
    grant: Line
    uses: tuple[Line, ...]
    hold: Line | None
    valid_until: date


def stand(granted: Granted, policy: Policy, at: datetime, before: Standing | None = None) -> Standing:
    """What a grant comes to at a moment; each line names the event that it comes from by itself."""
    is_same = before is not None and before.policy is policy and before.granted.matter == granted.matter
    counted = before.counted if before and is_same else count(granted, policy)
    last = rules.year_of(policy.year).last
    valid_until = min(last, granted.licence.expires_on or last)
    field, rule = rules.widest(counted.ceilings), rules.ceiling_rule(policy, granted.licence, counted.ceilings)
    standing = Standing(
        granted=granted,
        policy=policy,
        counted=counted,
        grant=Line("grant", counted.ceiling, rule, field, None, None, granted.confirmed_by, at),
        uses=tuple(use_line(use, granted.approved_by, at) for use in counted.uses),
        hold=None,
        valid_until=valid_until,
    )
    return expire(standing, policy, at) if at >= rules.end_of(valid_until) else standing


def count(granted: Granted, policy: Policy) -> Count:
    return rules.count(policy, granted.licence, granted.employment, granted.jobs)


def expire(standing: Standing, policy: Policy, at: datetime) -> Standing:
    """Hold back what is left, because the licence or the year has ended."""
    granted, left = standing.granted, max(0, standing.counted.ceiling - standing.counted.used)
    hold = Line("expiry", -left, f"{policy.year} validity.year", None, None, None, granted.confirmed_by, at)
    if standing.valid_until < rules.year_of(policy.year).last:
        rule = f"{policy.year} validity.licence"
        hold = hold._replace(kind="suspension", rule=rule, origin=granted.licence_from)
    return standing._replace(hold=hold)


def use_line(use: Use, origin: Origin, at: datetime) -> Line:
    return Line("use", -use.units, use.rule, use.job.field if use.job else None, use.job, use.months, origin, at)


def opening(standing: Standing) -> list[Line]:
    """The lines of a first grant."""
    return [standing.grant, *standing.uses, *([standing.hold] if standing.hold else [])]


def closing(standing: Standing, origin: Origin, at: datetime) -> list[Line]:
    """The lines that take all of a grant back, because its payment is not there any more."""
    lines = [standing.grant._replace(kind="withdrawal", units=-standing.counted.ceiling)]
    lines += [line._replace(kind="release", units=-line.units) for line in standing.uses]
    lines += [standing.hold._replace(kind="restoration", units=-standing.hold.units)] if standing.hold else []
    return [line._replace(origin=origin, effective_at=at) for line in lines]


def changes(before: Standing, after: Standing, origin: Origin) -> list[Line]:
    """The lines that an event adds, which lead from one standing to the next."""
    lines = [*regrade(before.grant, after.grant), *uses_changed(before.uses, after.uses), *hold_changed(before, after)]
    return [line._replace(origin=origin, effective_at=after.grant.effective_at) for line in lines]


def regrade(before: Line, after: Line) -> Iterator[Line]:
    """More or less is granted than before."""
    if before.units != after.units:
        yield after._replace(kind="regrade", units=after.units - before.units)


def uses_changed(before: tuple[Line, ...], after: tuple[Line, ...]) -> Iterator[Line]:
    """Uses that ended are released and new ones taken; what goes on as it was has no line."""
    had, has = Counter(line.what for line in before), Counter(line.what for line in after)
    if had == has:
        return
    for line in before:
        if had[line.what] > has[line.what]:
            had[line.what] -= 1
            yield line._replace(kind="release", units=-line.units)
    for line in after:
        if has[line.what] > had[line.what]:
            had[line.what] += 1
            yield line


def hold_changed(before: Standing, after: Standing) -> Iterator[Line]:
    """What is held back begins, changes with what is left, or ends."""
    held, holds = before.hold, after.hold
    if held is None and holds is not None:
        yield holds
    elif held is not None and holds is None:
        yield held._replace(kind="restoration", units=-held.units)
    elif held is not None and holds is not None and held.units != holds.units:
        delta = holds.units - held.units
        yield holds._replace(kind=holds.kind if delta < 0 else "restoration", units=delta)
