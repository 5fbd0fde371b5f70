"""From the events of one member and year to the ledger: one pure fold, whatever order they arrive in.

The subscriptions to the sources have no order between them, so the fold never looks at the order of arrival: it puts the
events in the order of their own instants. The result depends on the set of events alone, and the ledger as of an instant
is the fold of the events up to it.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import reduce
from itertools import zip_longest
from typing import NamedTuple, assert_never, get_args

from services.capacity.ledger import lines
from services.capacity.ledger.lines import Balance, Grant, Line, Origin
from shared.contract.auth import events as auth_events
from shared.contract.capacity import answers
from shared.contract.payment import events as payment_events
from shared.contract.renewal import events as renewal_events
from shared.contract.values import Licence, LicenceField
from shared.policies import capacity_policy, capacity_rules
from shared.policies.capacity_policy import Policy

SourceEvent = (
    auth_events.MemberEnrolled
    | auth_events.MembershipChanged
    | renewal_events.RenewalApproved
    | payment_events.PaymentConfirmed
    | payment_events.ConfirmationWithdrawn
    | renewal_events.PolicyAmended
)
EVENT_TYPES: Mapping[str, type[SourceEvent]] = {kind.__name__: kind for kind in get_args(SourceEvent)}
"""The events that count, by their type name."""
INSTANT_FIELDS: Mapping[str, str] = {
    name: next(field for field in kind.model_fields if field.endswith("_at")) for name, kind in EVENT_TYPES.items()
}
"""The field of each that holds its instant."""
EVERY_YEAR = 0
"""The year of facts that count in every year."""
EVERY_MEMBER = ""
"""The member of facts that count for every member."""
TYPES_OF_EVERY_MEMBER = {renewal_events.PolicyAmended.__name__}
"""The types of those."""


class Fact(NamedTuple):
    """An event that counts, with its place in its source's log and its own instant."""

    origin: Origin
    at: datetime
    event: SourceEvent


class Summary(NamedTuple):
    """What the lines come to once capacity is granted; whether it is valid depends on the moment of the query."""

    ceiling_units: int
    used_units: int
    fields: tuple[tuple[LicenceField, int, int], ...]
    """Each field of the licence with its ceiling and what its jobs use."""
    valid_until: date
    warnings: tuple[str, ...]
    policy: str
    """The version of the policy that it was computed by."""
    updated_at: datetime


class Ledger(NamedTuple):
    """All lines, those of a future day included, and what they come to; empty before the grant."""

    lines: tuple[Line, ...] = ()
    summary: Summary | None = None


class State(NamedTuple):
    """What is known of a member's year at a moment, each part with the event that it comes from, and the policy of then."""

    policy: Policy
    register: tuple[Licence, Origin] | None = None
    approval: tuple[renewal_events.RenewalApproved, Origin] | None = None
    confirmation: Origin | None = None

    @property
    def grant(self) -> Grant | None:
        """What is granted: the register's licence counts; before its first entry arrives, the one approved."""
        if self.approval is None or self.confirmation is None:
            return None
        event, origin = self.approval
        licence, licence_from = self.register or (event.licence, origin)
        return Grant(licence, licence_from, event.employment, event.jobs, origin, self.confirmation)


def year_and_instant(event: SourceEvent) -> tuple[int, datetime]:
    """The year that an event counts in, and its instant."""
    return getattr(event, "year", EVERY_YEAR), getattr(event, INSTANT_FIELDS[type(event).__name__])


def evolve(state: State, fact: Fact) -> State:
    """The state after one more fact; an entry of the register after the year's end leaves that year as it was."""
    match fact.event:
        case auth_events.MemberEnrolled() | auth_events.MembershipChanged():
            is_over = fact.at >= capacity_rules.year_of(state.policy.year).over_at
            return state if is_over else state._replace(register=(fact.event.licence, fact.origin))
        case renewal_events.RenewalApproved():
            return state._replace(approval=(fact.event, fact.origin))
        case payment_events.PaymentConfirmed():
            return state._replace(confirmation=state.confirmation or fact.origin)
        case payment_events.ConfirmationWithdrawn():
            return state._replace(confirmation=None)
        case renewal_events.PolicyAmended():
            return state._replace(policy=capacity_policy.parse(fact.event.after))
        case _:
            assert_never(fact.event)


def fold(facts: Iterable[Fact], first: Policy) -> State:
    """The state of a year after all its facts."""
    return reduce(evolve, chronological(facts), State(first))


def first_policy(amendments: Iterable[Fact], recorded: Policy) -> Policy:
    """The policy of a year before its corrections: what the first of them has corrected, or what is on record."""
    for fact in chronological(amendments):
        if isinstance(fact.event, renewal_events.PolicyAmended):
            return capacity_policy.parse(fact.event.before)
    return recorded


def chronological(facts: Iterable[Fact]) -> list[Fact]:
    """The facts by their instants; within a source the log's order holds, even where its clock was set back."""
    clocks: dict[str, datetime] = {}
    timed = []
    for fact in sorted(facts, key=lambda fact: fact.origin):
        source = fact.origin.source
        clock = clocks.get(source, fact.at)
        clocks[source] = max(fact.at, clock)
        timed.append(fact if fact.at >= clock else fact._replace(at=clock))
    return sorted(timed, key=lambda fact: fact.at)  # stable: those of one instant stay in the order of their origins


def as_of(facts: Iterable[Fact], at: datetime) -> list[Fact]:
    """The facts up to an instant."""
    return [fact for fact in chronological(facts) if fact.at <= at]


def province_of(facts: Iterable[Fact]) -> str:
    """The member's province by the newest entry of the register; before the first one, by payment's or renewal's event."""
    newest = sorted(facts, key=lambda fact: (fact.origin.source, -fact.origin.position))
    return next(
        (fact.event.province for fact in newest if not isinstance(fact.event, renewal_events.PolicyAmended)), ""
    )


def derive(facts: Iterable[Fact], first: Policy) -> Ledger:
    """The ledger of the policy's year from all facts of one member, corrections of the policy among them."""
    entries: list[Line] = []
    state, balance, updated_at = State(first), None, None
    ordered = chronological(facts)
    for fact, following in zip_longest(ordered, ordered[1:]):
        state = evolve(state, fact)
        grant, policy = state.grant, state.policy
        if grant is None:
            entries += lines.closing(balance, fact.origin, fact.at) if balance else []
            balance = None
            continue
        after = lines.balance_of(grant, policy, fact.at, balance)
        entries += lines.changes(balance, after, fact.origin) if balance else lines.opening(after)
        if balance is None or (balance.valid_until, balance.usage) != (after.valid_until, after.usage):
            updated_at = fact.at
        ends = capacity_rules.end_of(after.valid_until)
        if fact.at < ends and (following is None or ends <= following.at):
            after = lines.expire(after, policy, ends)
            entries += [after.hold] if after.hold else []
        balance = after
    return Ledger(tuple(entries), summarise(balance, state.policy, updated_at) if balance and updated_at else None)


def summarise(balance: Balance, policy: Policy, updated_at: datetime) -> Summary:
    """What a balance comes to, with the codes of all that the manager is warned of."""
    usage = balance.usage
    early = balance.valid_until < capacity_rules.year_of(policy.year).last
    warnings = dict.fromkeys([*usage.problems.values(), *(["licence_expires_early"] if early else [])])
    return Summary(
        ceiling_units=usage.ceiling,
        used_units=usage.used,
        fields=tuple((field, ceiling, used) for field, (ceiling, used) in usage.fields.items()),
        valid_until=balance.valid_until,
        warnings=tuple(warnings),
        policy=policy.version,
        updated_at=updated_at,
    )


def band(year: int, summary: Summary | None, at: datetime) -> answers.CapacityBand:
    """Roughly what is left at a moment, by quarters of the ceiling."""
    found = capacity("", year, "", summary, at)
    left: answers.Left = "nothing"
    if found.remaining_units:
        names: tuple[answers.Left, ...] = ("under_quarter", "under_half", "under_three_quarters", "more")
        left = names[min(3, 4 * found.remaining_units // found.ceiling_units)]
    return answers.CapacityBand(year=year, status=found.status, left=left)


def capacity(member: str, year: int, province: str, summary: Summary | None, at: datetime) -> answers.Capacity:
    """The answer at a moment: after the licence's or the year's end nothing remains; before the grant there is nothing."""
    if summary is None:
        return answers.Capacity(
            member=member, year=year, province=province, status="none",
            ceiling_units=0, used_units=0, remaining_units=0, valid_until=None, updated_at=at,
        )  # fmt: skip
    active = at < capacity_rules.end_of(summary.valid_until)
    remaining = max(0, summary.ceiling_units - summary.used_units) if active else 0
    return answers.Capacity(
        member=member,
        year=year,
        province=province,
        status="active" if active else "expired",
        ceiling_units=summary.ceiling_units,
        used_units=summary.used_units,
        remaining_units=remaining,
        valid_until=summary.valid_until,
        warnings=summary.warnings,
        fields=tuple(
            capacity_rules.field_capacity(field, ceiling, used, remaining) for field, ceiling, used in summary.fields
        ),
        updated_at=summary.updated_at,
    )
