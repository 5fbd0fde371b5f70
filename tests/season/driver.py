"""The driver of a season: its clock, what the sources record, and what goes wrong when."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from clients.phone import faults
from clients.phone.faults import Fault
from shared.contract import cloud_events
from tests.season import providers
from tests.season.members import people, stories
from tests.season.members.story import BEGIN
from tests.season.plan import Gap, Plan
from tests.season.process import Process
from tests.season.program import PROVIDERS, SOURCES
from tests.support import phone as phones

STEP = timedelta(minutes=10)
"""The clock's hands move by so much at least."""
RESTARTED_AFTER = timedelta(minutes=3)
"""A killed program is started again so much later."""
FIRST_START = timedelta(hours=15)
"""The service is installed in the afternoon of the first day, on which facts are recorded before."""
REBUILT_AT = (0.2, 0.55, 0.8)
STEPS, MESSAGES = ((1, 40), (1, 2_000)), ((1, 2), (1, 200))
LOOK_AGAIN_AFTER = timedelta(hours=1)
"""Where nothing is waited for but reports that have been asked for often."""
DRAINED_WITHIN = timedelta(days=20)


@dataclass
class Season:
    """The driver: the clock, the sources, and what goes wrong when."""

    plan: Plan
    process: Process
    report: Callable[[str], None]
    at: datetime = BEGIN
    turned_at: datetime = BEGIN
    due_at: datetime | None = None
    kills: int = 0
    restores: int = 0
    rebuilds: int = 0
    turns: int = 0
    gaps: list[Gap] = field(default_factory=list)
    is_rebuilding: bool = False
    kill_is_due: bool = False
    switched: dict[tuple[str, Fault], int] = field(default_factory=dict)
    is_slow: bool = False
    """Whether a provider is."""
    is_new: bool = False
    """The program has no first turn behind it on this epoch of its log."""

    def __post_init__(self) -> None:
        self.persons = [*people.officers(), *people.members(self.plan.members)]
        self.facts = stories.facts_of(self.persons, self.plan.seed)
        self.chance = random.Random(self.plan.seed)  # noqa: S311 - a seed, not a secret
        self.end_of_facts = self.facts[-1].recorded_at
        self.faults = providers.changes(self.plan, BEGIN + FIRST_START, self.end_of_facts)
        self.actions = sorted(self.planned(), key=lambda action: action[0])
        self.recorded = 0

    @property
    def phone(self) -> phones.Phone:
        return self.process.phone

    def planned(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """What happens to the program, spread over the time of the facts."""
        start, length = BEGIN + FIRST_START, self.end_of_facts - BEGIN - FIRST_START
        yield start, self.first_start
        for _ in range(self.plan.kills):
            yield start + self.chance.uniform(0.01, 0.98) * length, self.plan_kill
        for share in REBUILT_AT:
            yield start + share * length, self.plan_rebuild
        yield start + 0.35 * length, self.go_out
        yield start + 0.35 * length + timedelta(hours=self.chance.uniform(20, 40)), self.come_back
        backed_up_at = start + self.chance.uniform(0.5, 0.7) * length
        yield backed_up_at, self.back_up
        yield backed_up_at + timedelta(hours=self.chance.uniform(3, 8)), self.restore
        for day in range(6, length.days, 6):
            yield start + timedelta(days=day), self.change_order

    def first_start(self) -> None:
        self.gaps.append(Gap(BEGIN - STEP, self.at, is_forgotten=True))
        self.is_new = True
        self.process.start()

    def plan_kill(self) -> None:
        self.kill_is_due = True

    def plan_rebuild(self) -> None:
        self.is_rebuilding = True

    def go_out(self) -> None:
        self.process.stop()
        self.gaps.append(Gap(self.turned_at, self.at, is_forgotten=False))

    def come_back(self) -> None:
        self.gaps[-1] = self.gaps[-1]._replace(end=self.at)
        self.process.start()

    def back_up(self) -> None:
        self.process.back_up()
        self.backed_up_at = self.turned_at

    def restore(self) -> None:
        was_running = self.process.is_running
        self.process.stop()
        self.process.restore()
        self.gaps.append(Gap(self.backed_up_at, self.at, is_forgotten=True))
        self.restores += 1
        self.is_new = True
        if was_running:
            self.process.start()

    def change_order(self) -> None:
        """The operator wants another provider first."""
        if self.process.is_running:
            self.process.stop()
            self.process.order = tuple(self.chance.sample(PROVIDERS, len(PROVIDERS)))
            self.process.start()

    def run(self) -> None:
        """Until all facts are recorded, and nothing is left to be done."""
        day = 0
        while (next_at := self.next_at()) is not None:
            self.at = next_at
            self.record_facts()
            self.switch_faults()
            while self.actions and self.actions[0][0] <= self.at:
                self.actions.pop(0)[1]()
            if self.process.is_running:
                self.turn()
            if (passed := (self.at - BEGIN).days) // 10 > day // 10:
                day = passed
                self.report(f"day {day}: {self.recorded:,} of {len(self.facts):,} facts, {self.kills} kills")
        self.process.stop()

    def next_at(self) -> datetime | None:
        """The next instant at which anything happens, on the clock's steps; None at the end."""
        times = [self.due_at] if self.due_at and self.process.is_running else []
        times += [self.facts[self.recorded].recorded_at] if self.recorded < len(self.facts) else []
        times += [self.actions[0][0]] if self.actions else []
        if not times or min(times) > self.end_of_facts + DRAINED_WITHIN:
            return None
        steps = -((BEGIN - max(min(times), self.at + timedelta(seconds=1))) // STEP)
        return BEGIN + steps * STEP

    def record_facts(self) -> None:
        """The sources append what has happened by now."""
        first = self.recorded
        while self.recorded < len(self.facts) and self.facts[self.recorded].recorded_at <= self.at:
            self.recorded += 1
        for source in SOURCES:
            lines = [
                cloud_events.to_json(one) + "\n" for one in self.facts[first : self.recorded] if one.source == source
            ]
            if lines:
                with (self.process.folder / source).open("a") as log:
                    log.writelines(lines)

    def switch_faults(self) -> None:
        """What is on by now; what came and went since the last turn has met nobody."""
        values: dict[tuple[str, Fault], int] = {}
        while self.faults and self.faults[0].at <= self.at:
            _, provider, fault, value = self.faults.pop(0)
            values[provider, fault] = value
        changed = {key: value for key, value in values.items() if value or self.switched.get(key)}
        if changed:
            self.process.phone_database.write(partial(switch, changed))
        self.switched |= values
        self.is_slow = any(value for (_, fault), value in self.switched.items() if fault is Fault.SLOW)

    @property
    def may_be_killed(self) -> bool:
        """Not while the phone takes what the program waits for no longer, nor before the epoch's beginning is on record."""
        return self.kill_is_due and not self.is_slow and not self.is_new

    def kill(self) -> dict[str, int]:
        """After so many steps or messages of the turn; where it has fewer, of a later one."""
        if self.chance.random() < 0.5:
            return {"steps": 0, "messages": self.chance.randint(*self.chance.choice(MESSAGES))}
        return {"steps": self.chance.randint(*self.chance.choice(STEPS)), "messages": 0}

    def turn(self) -> None:
        """One turn of the program; after a kill the turn comes again."""
        self.phone.clock.now = self.at
        kill = self.kill() if self.may_be_killed else {"steps": 0, "messages": 0}
        answer = self.process.request(at=self.at.isoformat(), rebuild=self.is_rebuilding, **kill)
        self.turns += 1
        if "killed" in answer:
            self.kills += 1
            self.kill_is_due = self.chance.random() < 0.1
            self.at += RESTARTED_AFTER
            self.turn()
            return
        self.rebuilds += answer["rebuilt"] == "switched"
        self.is_rebuilding = self.is_new = False
        self.turned_at = self.at
        self.due_at = earliest(answer["next"], answer["inquired_often"] and self.at + LOOK_AGAIN_AFTER)
        if self.is_slow:
            time.sleep(2 * providers.SLOW_SECONDS)  # what was not waited for is taken now, at this time of the clock


def earliest(instant: str, later: datetime | None) -> datetime | None:
    times = [datetime.fromisoformat(instant)] if instant else []
    return min([*times, *([later] if later else [])], default=None)


def switch(values: Mapping[tuple[str, Fault], int], connection: Connection) -> None:
    for (provider, fault), value in values.items():
        faults.switch(connection, provider, fault, value)
