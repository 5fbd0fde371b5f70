"""Runs a season in simulated time: facts, faults, kills, a rebuild, an outage and a restore, and then what came of it."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from clients.phone import approved_templates, faults
from clients.phone.faults import Fault
from clients.phone.messages import SEGMENT_RIALS
from deploy.demonstration.phone_templates import name_at
from services.notification import templates
from shared.contract import cloud_events
from shared.settings import Settings
from tests.season import providers, records
from tests.season.checks import Checks
from tests.season.members import model, people, stories
from tests.season.members.people import Person
from tests.season.members.story import BEGIN, YEAR
from tests.season.outcome import Outcome
from tests.season.plan import Gap, Plan
from tests.season.process import Process
from tests.season.program import PROVIDERS, SOURCES
from tests.services.capacity.replay.sources import Log
from tests.support import phone as phones

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
"""Where a flush to disk takes no time: what is killed is a program, not the machine."""
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
BLOCKED_EVERY = 40
"""One of so many members has a number that takes no messages."""


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


@contextmanager
def prepared(plan: Plan, report: Callable[[str], None], folder: Path) -> Iterator[Season]:
    """A season with a phone that knows all templates, before its first day."""
    with phones.running(folder) as phone:
        season = Season(plan, Process(folder, phone, plan.without), report)
        season.process.prepare(season.persons, BEGIN)
        with_mobile = [one for one in season.persons if one.member and "sms" in one.addresses]
        season.process.phone_database.write(partial(prepare_phone, with_mobile[::BLOCKED_EVERY]))
        season.process.launch()
        try:
            yield season
        finally:
            season.process.end()


def prepare_phone(blocked: Sequence[Person], connection: Connection) -> None:
    """All templates are approved, and some numbers take no messages."""
    settings = Settings(development=True)
    texts = templates.load(settings.templates_folder, settings.portal_url)
    for provider in SEGMENT_RIALS:
        for one in (*texts.kinds.values(), *texts.lacking.values()):
            if one.sms:
                text = one.sms.replace("{portal}", settings.portal_url)
                name = name_at(settings, provider, one.provider_template)
                approved_templates.register(connection, provider, name, text)
        for person in blocked:
            faults.switch(connection, provider, Fault.BLOCKED, providers.MANY, person.addresses["sms"])


def outcome_of(season: Season) -> Outcome:
    """Hold the season against what was deserved."""
    logs = [Log(source) for source in SOURCES]
    for log in logs:
        log.events = [one for one in season.facts if one.source == log.source]
    found = records.read(season.process, logs, season.persons, season.at)
    facts = model.deserved(season.facts, YEAR, BEGIN.date(), season.turned_at + timedelta(seconds=1))
    checks = Checks(facts, found, season.persons, season.gaps, season.at)
    outcome = Outcome.of(checks)
    if season.kills < season.plan.kills // 2:
        outcome.violations.append(f"killed only {season.kills} times")
    if season.rebuilds != len(REBUILT_AT):
        outcome.violations.append(f"{season.rebuilds} rebuilds have ended as they should, of {len(REBUILT_AT)}")
    return replace(
        outcome,
        facts=season.recorded,
        kills=season.kills,
        restores=season.restores,
        rebuilds=season.rebuilds,
        turns=season.turns,
    )


def run(plan: Plan, report: Callable[[str], None]) -> Outcome:
    in_memory = str(MEMORY) if MEMORY.is_dir() else None
    with TemporaryDirectory(dir=in_memory) as folder, prepared(plan, report, Path(folder)) as season:
        season.run()
        report("all is sent; now what came of it")
        outcome = outcome_of(season)
    return replace(
        outcome, seconds={"of the phone and the checks": used(RUSAGE_SELF), "of the service": used(RUSAGE_CHILDREN)}
    )


def used(whose: int) -> float:
    """Seconds of the processors, by this program or by those that it has started."""
    found = getrusage(whose)
    return found.ru_utime + found.ru_stime
