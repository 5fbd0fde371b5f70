"""What is to be done about a notice now: sent by a way, waited for, or passed. A pure function of what is known."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from services.notification.addresses.contacts import Choices, Contact, is_quiet, quiet_ends
from services.notification.notices.kinds import Rule
from services.notification.providers.reading import ACCOUNT, BUSY, CONFIGURATION, CREDIT, UNREACHABLE
from shared.contract.notification.events import PassedCause
from shared.contract.notification.values import NoticeKind, Way

ARRIVES_WITHIN = timedelta(minutes=10)
"""A message of which no delivery is reported by then counts as late, and the next way is taken."""
PROVIDER_AGAIN_AFTER = timedelta(minutes=1)
"""After the first refusal that passes; twice as long after each further one."""
PROVIDER_AGAIN_AFTER_MAX = timedelta(hours=6)
REFUSALS_MAX = 10
"""Of one provider for a notice; then it is sent there no more."""
REFUSED = "refused"
NOT_ACCEPTED = frozenset({REFUSED, ACCOUNT, BUSY, CONFIGURATION, CREDIT, UNREACHABLE})
"""The causes of an attempt that certainly sent nothing: another provider of the same way may."""
PASSING = frozenset({ACCOUNT, BUSY, CREDIT, UNREACHABLE})
"""Refusals that are no longer so once a provider runs again, or somebody has mended it."""
MONEY_AT_STAKE = frozenset(
    {NoticeKind.APPROVED, NoticeKind.INVOICE_ENDS, NoticeKind.PAYMENT_UNKNOWN, NoticeKind.MONEY_BACK}
)
"""Who has no address is telephoned about these: an amount lapses or is paid twice where the member does not hear of it."""


class Tried(NamedTuple):
    """A message of the notice so far."""

    way: Way
    provider: str
    state: str
    cause: str
    at: datetime


class Situation(NamedTuple):
    """What is known of a notice when it is its turn."""

    kind: NoticeKind
    rule: Rule
    happened_at: datetime
    choices: Choices
    contacts: Mapping[Way, Contact]
    tried: Sequence[Tried]
    """Since it was last to be sent once more."""
    providers: Mapping[Way, Sequence[str]]
    """Of each way, in the operator's order."""
    down: frozenset[str]
    reports: frozenset[Way]
    """The ways whose providers report the delivery."""
    is_resent: bool = False
    is_passed: bool = False
    """It is to be sent no more, though a message that was on its way may still be reported."""
    lost: PassedCause | None = None
    """Why the person is told nothing any more: dismissed or erased."""
    is_of_before: bool = False
    """It was to be sent before this epoch of the log began: what was sent between the backup and its restore is not known."""
    time_scale: int = 1
    """Divides the time that a message may take (`Settings.message_time_scale`)."""


class Send(NamedTuple):
    """Send it by a way, at a provider."""

    way: Way
    provider: str


class Wait(NamedTuple):
    """Look again at an instant."""

    until: datetime


class Done(NamedTuple):
    """It has arrived, is as good as there, or was passed."""


class Stop(NamedTuple):
    """It is sent no more, and has not arrived by any way."""

    cause: PassedCause


Step = Send | Wait | Done | Stop


def next_step(situation: Situation, at: datetime) -> Step:
    """The next step of a notice."""
    rule, choices = situation.rule, situation.choices
    if situation.is_passed or any(has_arrived(one, situation) for one in situation.tried):
        return Done()
    arrives_within = ARRIVES_WITHIN / situation.time_scale
    for one in situation.tried:
        if one.state == "sent" and at < one.at + arrives_within:
            return Wait(one.at + arrives_within)
    if cause := situation.lost or too_late(situation, at) or unwanted(situation):
        return Stop(cause)
    if not rule.is_urgent and is_quiet(choices, at):
        return Wait(quiet_ends(choices, at))
    return by_the_first_way(situation, at)


def unwanted(situation: Situation) -> PassedCause | None:
    """Why a person is not to be reached by any way: the person's choice, or no address yet."""
    wanted = wanted_ways(situation)
    if not wanted or (situation.rule.is_reminder and not situation.choices.wants_reminders):
        return "not_chosen"
    if any(way in situation.contacts for way in wanted):
        return None
    return "no_way" if situation.kind in MONEY_AT_STAKE else "no_address"


def wanted_ways(situation: Situation) -> list[Way]:
    """The ways of the kind that the person has chosen; all of them where it is urgent."""
    rule = situation.rule
    return [way for way in rule.ways if rule.is_urgent or way in situation.choices.ways]


def has_arrived(one: Tried, situation: Situation) -> bool:
    """Whether a message has arrived, or was accepted where nobody reports more."""
    return one.state == "delivered" or (one.state == "sent" and one.way not in situation.reports)


def too_late(situation: Situation, at: datetime) -> PassedCause | None:
    """Why it helps no more, or may have been sent already."""
    if situation.is_of_before:
        return "before_start"
    if at <= situation.happened_at + situation.rule.helps_for or situation.is_resent:
        return None
    return "no_way" if situation.tried else "too_old"


def by_the_first_way(situation: Situation, at: datetime) -> Step:
    """The first way with an address and a provider that may have the message now; where there is none, the first instant when one may."""
    later: list[datetime] = []
    for way in wanted_ways(situation):
        contact = situation.contacts.get(way)
        of_way = [one for one in situation.tried if one.way is way]
        if contact is None or not contact.is_usable or any(one.cause not in NOT_ACCEPTED for one in of_way):
            continue
        for provider in situation.providers.get(way, ()):
            free_at = free_again_at(situation, [one for one in of_way if one.provider == provider], at)
            if free_at is None:
                continue
            if provider in situation.down:
                later.append(max(free_at, at + PROVIDER_AGAIN_AFTER))
            elif free_at <= at:
                return Send(way, provider)
            else:
                later.append(free_at)
    return Wait(min(later)) if later else Stop("no_way")


def free_again_at(situation: Situation, refusals: Sequence[Tried], at: datetime) -> datetime | None:
    """When a provider that has refused the message may have it again; None where it may not."""
    if not refusals:
        return at
    if len(refusals) >= REFUSALS_MAX or any(one.cause not in PASSING for one in refusals):
        return None
    again_after = min(PROVIDER_AGAIN_AFTER * (1 << (len(refusals) - 1)), PROVIDER_AGAIN_AFTER_MAX)
    return max(one.at for one in refusals) + again_after / situation.time_scale
