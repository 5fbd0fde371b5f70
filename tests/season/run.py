"""Runs a season in simulated time: facts, faults, kills, a rebuild, an outage and a restore, and then what came of it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
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
from shared.settings import Settings
from tests.season import providers, records
from tests.season.checks import Checks
from tests.season.driver import REBUILT_AT, Season
from tests.season.members import model
from tests.season.members.people import Person
from tests.season.members.story import BEGIN, YEAR
from tests.season.outcome import Outcome
from tests.season.plan import Plan
from tests.season.process import Process
from tests.season.program import SOURCES
from tests.services.capacity.replay.sources import Log
from tests.support import phone as phones

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
"""Where a flush to disk takes no time: what is killed is a program, not the machine."""
BLOCKED_EVERY = 40
"""One of so many members has a number that takes no messages."""


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
