"""The decision that a province's approval rule is on or off, who of its members is left for people, and what keeps a request from it; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID, uuid5

from shared.contract.base import Event
from shared.contract.envelope import Recorded
from shared.contract.renewal import commands, correction, events
from shared.contract.renewal.declaration import FULL_TIME, Declaration
from shared.contract.values import APPROVAL_RULE, Job
from shared.event_store.decider import Decider
from shared.text import persian

ACTOR = f"{APPROVAL_RULE}:unchanged"
"""Who has approved, where the rule has."""
ONE_IN = 10
"""Of so many requests one is left for people."""
RESIDENCE_MIN = timedelta(days=183)
"""Six months (docs/domain.md 2.1)."""


@dataclass(frozen=True)
class ApprovalRule:
    """A province's rule; off before anybody has switched it on."""

    is_on: bool = False


def switch(command: commands.SwitchApprovalRule, rule: ApprovalRule) -> list[Event]:
    if command.is_on == rule.is_on:
        return []
    return [
        events.ApprovalRuleSwitched(
            province=command.province, is_on=command.is_on, switched_by=command.actor, switched_at=command.at
        )
    ]


def evolve(_rule: ApprovalRule, event: events.ApprovalRuleSwitched) -> ApprovalRule:
    return ApprovalRule(event.is_on)


RULE: Decider[commands.SwitchApprovalRule, ApprovalRule] = Decider(switch, evolve, ApprovalRule())


def stream_of(province: str) -> str:
    return f"approval-rule/{province}"


def salt_of(first_switch: Recorded) -> UUID:
    """The salt of a province's draw: from the event's id, which follows from the sender's command, and from the instant at which it was recorded."""
    return uuid5(first_switch.event_id, first_switch.recorded_at.astimezone(UTC).isoformat())


def is_left_for_people(salt: UUID, member: str, year: int) -> bool:
    """Whether a request is of the tenth that people look at: anybody can count it again, and no member can change it.

    The salt is `salt_of` the event that has first switched the province's rule on (DECISIONS.md).
    """
    drawn = sha256(f"{salt}/{member}/{year}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") % ONE_IN == 0


class Request(NamedTuple):
    """What the rule looks at of a request, beside its rows on the desk."""

    year: int
    province: str
    """Of the membership."""
    jobs: tuple[Job, ...]
    form: Declaration
    earlier: Declaration | None
    """As approved for the year before."""


def hindrances(request: Request, at: datetime) -> Iterator[str]:
    """Why a person is to look at a request; nothing where it is as it was approved last year, and has nothing to look at."""
    form, today = request.form, persian.day_of(at)
    if request.earlier is None or correction.changed(request.earlier, form):
        yield "changed"
    if form.note:
        yield "note"
    if form.is_public_employee or form.is_mine_operator:
        yield "conflict_of_interest"
    if is_elsewhere(request, today):
        yield "elsewhere"
    first_day, _ = persian.year_bounds(request.year)
    if any(job.ends_on < first_day for job in request.jobs):
        yield "job_of_earlier_year"


def is_elsewhere(request: Request, today: date) -> bool:
    """Whether the member lives or works full-time in another province, or has lived in this one for too short a time."""
    form = request.form
    work = form.employment.province if form.employment.status in FULL_TIME else None
    if form.province != request.province or (work and work != request.province):
        return True
    return form.residence_since is not None and today - form.residence_since < RESIDENCE_MIN
