"""The balance of a grant at a moment, and the lines of the ledger that lead from one balance to the next."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from shared.contract.capacity import answers
from shared.contract.capacity.answers import LineKind
from shared.contract.values import Employment, Job, Licence, LicenceField
from shared.policies import capacity_rules
from shared.policies.capacity_policy import Policy
from shared.policies.capacity_rules import Usage, Use


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
    def subject(self) -> tuple[object, ...]:
        """What the line is about, whichever event caused it and when."""
        return self[:6]

    def answer(self) -> answers.CapacityLine:
        """The line as the contract has it."""
        values = self._asdict()
        return answers.CapacityLine(**values.pop("origin")._asdict(), **values)


class Grant(NamedTuple):
    """A confirmed renewal, each part with the event that it comes from."""

    licence: Licence
    licence_from: Origin
    employment: Employment
    jobs: tuple[Job, ...]
    approved_by: Origin
    confirmed_by: Origin

    @property
    def declared(self) -> tuple[Licence, Employment, tuple[Job, ...]]:
        """What is counted, whichever events it comes from."""
        return self.licence, self.employment, self.jobs


class Balance(NamedTuple):
    """What is granted, used and, once the licence or the year is over, held back."""

    grant: Grant
    policy: Policy
    usage: Usage
    granted: Line
    uses: tuple[Line, ...]
    hold: Line | None
    valid_until: date


def balance_of(grant: Grant, policy: Policy, at: datetime, before: Balance | None = None) -> Balance:
    """What a grant comes to at a moment; each line names the event that it comes from by itself."""
    is_same = before is not None and before.policy is policy and before.grant.declared == grant.declared
    usage = before.usage if before and is_same else capacity_rules.usage_of(policy, *grant.declared)
    last = capacity_rules.year_of(policy.year).last
    valid_until = min(last, grant.licence.expires_on or last)
    field = capacity_rules.widest(usage.ceilings)
    rule = capacity_rules.ceiling_rule(policy, grant.licence, usage.ceilings)
    balance = Balance(
        grant=grant,
        policy=policy,
        usage=usage,
        granted=Line("grant", usage.ceiling, rule, field, None, None, grant.confirmed_by, at),
        uses=tuple(use_line(use, grant.approved_by, at) for use in usage.uses),
        hold=None,
        valid_until=valid_until,
    )
    return expire(balance, policy, at) if at >= capacity_rules.end_of(valid_until) else balance


def expire(balance: Balance, policy: Policy, at: datetime) -> Balance:
    """Hold back what is left, because the licence or the year has ended."""
    grant, left = balance.grant, max(0, balance.usage.ceiling - balance.usage.used)
    hold = Line("expiry", -left, f"{policy.year} validity.year", None, None, None, grant.confirmed_by, at)
    if balance.valid_until < capacity_rules.year_of(policy.year).last:
        rule = f"{policy.year} validity.licence"
        hold = hold._replace(kind="suspension", rule=rule, origin=grant.licence_from)
    return balance._replace(hold=hold)


def use_line(use: Use, origin: Origin, at: datetime) -> Line:
    return Line("use", -use.units, use.rule, use.job.field if use.job else None, use.job, use.months, origin, at)


def opening(balance: Balance) -> list[Line]:
    """The lines of a first grant."""
    return [balance.granted, *balance.uses, *([balance.hold] if balance.hold else [])]


def closing(balance: Balance, origin: Origin, at: datetime) -> list[Line]:
    """The lines that take all of a grant back, because its payment was withdrawn."""
    lines = [inverse(balance.granted, "withdrawal")]
    lines += [inverse(line, "release") for line in balance.uses]
    lines += [inverse(balance.hold, "restoration")] if balance.hold else []
    return [line._replace(origin=origin, effective_at=at) for line in lines]


def changes(before: Balance, after: Balance, origin: Origin) -> list[Line]:
    """The lines that an event adds, which lead from one balance to the next."""
    lines = [
        *ceiling_changes(before.granted, after.granted),
        *use_changes(before.uses, after.uses),
        *hold_changes(before.hold, after.hold),
    ]
    return [line._replace(origin=origin, effective_at=after.granted.effective_at) for line in lines]


def inverse(line: Line, kind: LineKind) -> Line:
    """The line that takes another one back."""
    return line._replace(kind=kind, units=-line.units)


def ceiling_changes(before: Line, after: Line) -> Iterator[Line]:
    """More or less is granted than before."""
    if before.units != after.units:
        yield after._replace(kind="regrade", units=after.units - before.units)


def use_changes(before: tuple[Line, ...], after: tuple[Line, ...]) -> Iterator[Line]:
    """Uses that ended are released and new ones taken; what goes on as it was has no line."""
    had, has = Counter(line.subject for line in before), Counter(line.subject for line in after)
    if had == has:
        return
    for line in before:
        if had[line.subject] > has[line.subject]:
            had[line.subject] -= 1
            yield inverse(line, "release")
    for line in after:
        if has[line.subject] > had[line.subject]:
            had[line.subject] += 1
            yield line


def hold_changes(before: Line | None, after: Line | None) -> Iterator[Line]:
    """What is held back begins, changes with what is left, or ends."""
    if before is None and after is not None:
        yield after
    elif before is not None and after is None:
        yield inverse(before, "restoration")
    elif before is not None and after is not None and before.units != after.units:
        delta = after.units - before.units
        yield after._replace(kind=after.kind if delta < 0 else "restoration", units=delta)
