"""From the facts heard of one member and year to the ledger: one pure fold, whatever order they came in.

Sources are heard in lanes without an order between them, so the fold never looks at the order of arrival: it puts the
facts in the order of their own instants. The result depends on the set of facts alone, and the ledger as of an instant
is the fold of the facts up to it.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import reduce
from itertools import zip_longest
from operator import attrgetter
from typing import NamedTuple, get_args

from services.capacity.ledger import lines as ledger
from services.capacity.ledger import rules
from services.capacity.ledger.lines import Granted, Line, Origin, Standing
from shared.contract.auth import events as auth_events
from shared.contract.capacity import answers
from shared.contract.payment import events as payment_events
from shared.contract.policy import Policy, parse
from shared.contract.renewal import events as renewal_events
from shared.contract.values import Licence, LicenceField

Told = (
    auth_events.MemberEnrolled
    | auth_events.MembershipChanged
    | renewal_events.RenewalApproved
    | payment_events.PaymentConfirmed
    | payment_events.ConfirmationWithdrawn
    | renewal_events.PolicyAmended
)
COUNTS: Mapping[str, type[Told]] = {kind.__name__: kind for kind in get_args(Told)}
"""The events that count, by their type name."""
INSTANTS: Mapping[str, str] = {
    name: next(field for field in kind.model_fields if field.endswith("_at")) for name, kind in COUNTS.items()
}
"""The field of each that tells its instant."""
BY_ORIGIN, BY_INSTANT = attrgetter("origin"), attrgetter("at")
EVERY_YEAR = 0
"""The year of facts that count in every year."""
EVERYBODY = ""
"""The member of facts that count for every member."""
OF_EVERYBODY = {renewal_events.PolicyAmended.__name__}
"""The types of those."""


class Fact(NamedTuple):
    """An event that counts, with its place in its source's log and its own instant."""

    origin: Origin
    at: datetime
    event: Told


class Summary(NamedTuple):
    """What the lines come to once capacity is granted; whether it is valid depends on the moment of asking."""

    ceiling_units: int
    used_units: int
    fields: tuple[tuple[LicenceField, int, int], ...]
    """Each field of the licence with its ceiling and what its jobs use."""
    valid_until: date
    warnings: tuple[str, ...]
    policy: str
    """Which text of the policy it was counted by."""
    updated_at: datetime


class Ledger(NamedTuple):
    """All lines, the ones of a day to come included, and what they come to; empty before the grant."""

    lines: tuple[Line, ...] = ()
    summary: Summary | None = None


class Heard(NamedTuple):
    """The facts that count at a moment, each part with the event that it comes from, and the policy that they count by."""

    policy: Policy
    register: tuple[Licence, Origin] | None = None
    approval: tuple[renewal_events.RenewalApproved, Origin] | None = None
    confirmation: Origin | None = None

    @property
    def granted(self) -> Granted | None:
        """What is granted: the register's licence counts; while it was not heard of, the one approved."""
        if self.approval is None or self.confirmation is None:
            return None
        event, origin = self.approval
        licence, licence_from = self.register or (event.licence, origin)
        return Granted(licence, licence_from, event.employment, event.jobs, origin, self.confirmation)


def about(event: Told) -> tuple[int, datetime]:
    """The year that an event counts in, and its instant."""
    return getattr(event, "year", EVERY_YEAR), getattr(event, INSTANTS[type(event).__name__])


def hear(heard: Heard, fact: Fact) -> Heard:
    """Take one more fact; what the register says after the year's end leaves that year as it was."""
    match fact.event:
        case auth_events.MemberEnrolled() | auth_events.MembershipChanged():
            over = fact.at >= rules.year_of(heard.policy.year).over_at
            return heard if over else heard._replace(register=(fact.event.licence, fact.origin))
        case renewal_events.RenewalApproved():
            return heard._replace(approval=(fact.event, fact.origin))
        case payment_events.PaymentConfirmed():
            return heard._replace(confirmation=heard.confirmation or fact.origin)
        case payment_events.ConfirmationWithdrawn():
            return heard._replace(confirmation=None)
        case renewal_events.PolicyAmended():
            return heard._replace(policy=parse(fact.event.after))


def heard_of(facts: Iterable[Fact], first: Policy) -> Heard:
    """All that counts in a year when everything is heard."""
    return reduce(hear, in_order(facts), Heard(first))


def first_policy(amendments: Iterable[Fact], on_record: Policy) -> Policy:
    """What a year went by at first: what its first correction has corrected, or what is on record where there is none."""
    corrections = [fact.event for fact in in_order(amendments) if isinstance(fact.event, renewal_events.PolicyAmended)]
    return parse(corrections[0].before) if corrections else on_record


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """The facts by their instants; within a source the log's order holds, even where its clock was set back."""
    clocks: dict[str, datetime] = {}
    timed = []
    for fact in sorted(facts, key=BY_ORIGIN):
        source = fact.origin.source
        clock = clocks.get(source, fact.at)
        clocks[source] = max(fact.at, clock)
        timed.append(fact if fact.at >= clock else fact._replace(at=clock))
    return sorted(timed, key=BY_INSTANT)  # a sort keeps the order of equals: those of one instant stay by origin


def as_of(facts: Iterable[Fact], at: datetime) -> list[Fact]:
    """The facts up to an instant."""
    return [fact for fact in in_order(facts) if fact.at <= at]


def province_of(facts: Iterable[Fact]) -> str:
    """The member's province by the newest entry of the register; while none was heard, by what payment or renewal said."""
    newest = sorted(facts, key=lambda fact: (fact.origin.source, -fact.origin.position))
    return next(
        (fact.event.province for fact in newest if not isinstance(fact.event, renewal_events.PolicyAmended)), ""
    )


def derive(facts: Iterable[Fact], first: Policy) -> Ledger:
    """The ledger of the policy's year from all that was heard of one member, corrections of the policy among it."""
    lines: list[Line] = []
    heard, standing, updated_at = Heard(first), None, None
    ordered = in_order(facts)
    for fact, following in zip_longest(ordered, ordered[1:]):
        heard = hear(heard, fact)
        granted, policy = heard.granted, heard.policy
        if granted is None:
            lines += ledger.closing(standing, fact.origin, fact.at) if standing else []
            standing = None
            continue
        after = ledger.stand(granted, policy, fact.at, standing)
        lines += ledger.changes(standing, after, fact.origin) if standing else ledger.opening(after)
        if standing is None or (standing.valid_until, standing.counted) != (after.valid_until, after.counted):
            updated_at = fact.at
        ends = rules.end_of(after.valid_until)
        if fact.at < ends and (following is None or ends <= following.at):
            after = ledger.expire(after, policy, ends)
            lines += [after.hold] if after.hold else []
        standing = after
    return Ledger(tuple(lines), summarise(standing, heard.policy, updated_at) if standing and updated_at else None)


def summarise(standing: Standing, policy: Policy, updated_at: datetime) -> Summary:
    """What a standing comes to, with the codes of all that the manager is warned of."""
    counted = standing.counted
    early = standing.valid_until < rules.year_of(policy.year).last
    warnings = dict.fromkeys([*counted.problems.values(), *(["licence_expires_early"] if early else [])])
    return Summary(
        ceiling_units=counted.ceiling,
        used_units=counted.used,
        fields=tuple((field, ceiling, used) for field, (ceiling, used) in rules.fields(counted).items()),
        valid_until=standing.valid_until,
        warnings=tuple(warnings),
        policy=policy.version,
        updated_at=updated_at,
    )


def band(year: int, summary: Summary | None, at: datetime) -> answers.CapacityBand:
    """Roughly what is left at a moment, by quarters of the ceiling."""
    found = capacity("", year, "", summary, at)
    quarters = 4 * found.remaining_units
    left: answers.Left = "nothing"
    if found.remaining_units:
        names: tuple[answers.Left, ...] = ("under_quarter", "under_half", "under_three_quarters", "more")
        left = names[min(3, quarters // found.ceiling_units)]
    return answers.CapacityBand(year=year, status=found.status, left=left)


def capacity(member: str, year: int, province: str, summary: Summary | None, at: datetime) -> answers.Capacity:
    """The answer at a moment: after the licence's or the year's end nothing remains; before the grant there is nothing."""
    if summary is None:
        return answers.Capacity(
            member=member, year=year, province=province, status="none",
            ceiling_units=0, used_units=0, remaining_units=0, valid_until=None, updated_at=at,
        )  # fmt: skip
    active = at < rules.end_of(summary.valid_until)
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
            answers.FieldCapacity(
                field=field,
                ceiling_units=ceiling,
                used_units=used,
                remaining_units=min(remaining, max(0, ceiling - used)),
            )
            for field, ceiling, used in summary.fields
        ),
        updated_at=summary.updated_at,
    )
