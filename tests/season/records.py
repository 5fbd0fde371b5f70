"""What is on record at the end of a season, of each notice: the service's own log, the journal of what was handed over, the phone's outbox."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from clients.phone import messages
from clients.phone.messages import Sent, State
from services.notification import templates
from services.notification.notices import queries
from services.notification.service import LOG, NotificationService
from services.notification.tables import STATE
from shared.contract.envelope import Recorded
from shared.contract.notification.queries import ListNotices
from shared.event_store.database import Database
from shared.settings import Settings
from shared.subscriptions import checkpoints, parking
from shared.subscriptions.timers import TIMERS
from tests.season.members.people import Person
from tests.season.process import Process
from tests.services.capacity.replay.sources import Log
from tests.support.rebuilds import Rebuilds

EVENTS_MAX, MESSAGES_MAX, PAGE = 10_000_000, 1_000_000, 200


@dataclass
class Handed:
    """A message as the program handed it to a provider, with what the phone took of it."""

    at: datetime
    notice: str
    provider: str
    address: str
    attempt: str
    text: str
    taken: list[Sent] = field(default_factory=list)


@dataclass
class Records:
    """All of it, by notice where it is about one."""

    events: Sequence[Recorded]
    handed: Sequence[Handed]
    outbox: Sequence[Sent]
    unexplained: Sequence[Sent]
    """Messages at the phone that the program has not handed over."""
    inbox: Mapping[str, Sequence[str]]
    """The notices of each person."""
    left: Mapping[str, int]
    """What is not drained: timers, parked events, events not followed."""
    differences: Mapping[str, int]
    """Between the projections and their replay, by table."""

    def __post_init__(self) -> None:
        self.of_notice: dict[str, list[Recorded]] = defaultdict(list)
        for event in self.events:
            if notice := getattr(event.event, "notice", None):
                self.of_notice[str(notice)].append(event)
        self.handed_of: dict[str, list[Handed]] = defaultdict(list)
        for one in self.handed:
            self.handed_of[one.notice].append(one)


def read(process: Process, logs: Sequence[Log], persons: Sequence[Person], at: datetime) -> Records:
    """Read all of it, the databases and the files."""
    handed = [
        Handed(**{**json.loads(line), "at": datetime.fromisoformat(json.loads(line)["at"])})
        for line in (process.folder / "journal").read_text().splitlines()
    ]
    with process.phone_database.read() as connection:
        outbox = messages.listed(connection, most=MESSAGES_MAX)[::-1]
    settings, database = Settings(), Database(process.url)
    texts = templates.load(settings.templates_folder, settings.portal_url)
    with database.read() as connection:
        events = LOG.read(connection, 0, EVENTS_MAX)
        inbox = {person.name: in_inbox(connection, texts, person.name, at) for person in persons}
        left = left_in(connection, logs)
    projections = NotificationService.projections
    sources = [log for log in logs if log.source in projections.followed]
    rebuilt = Rebuilds(database, projections, sources, at).rebuild(check=True)
    database.close()
    differences = dict(rebuilt.differences)
    if rebuilt.status != "checked":
        differences[rebuilt.status] = 1
    return Records(events, handed, outbox, matched(handed, outbox), inbox, left, differences)


def in_inbox(connection: Any, texts: templates.Texts, person: str, at: datetime) -> list[str]:
    found: list[str] = []
    while page := queries.inbox(connection, texts, person, ListNotices(limit=PAGE, offset=len(found)), at).notices:
        found += [str(one.notice) for one in page]
    return found


def left_in(connection: Any, logs: Sequence[Log]) -> dict[str, int]:
    """Timers of messages, parked events, and events of each source that were not followed."""
    timers = STATE.tables[TIMERS.name]
    kinds = timers.c.kind.in_(("sending", "report", "code"))
    count = select(timers.c.kind, func.count()).where(kinds).group_by(timers.c.kind)
    left = {f"timers {kind}": number for kind, number in connection.execute(count)}
    for log in logs:
        left[f"events of {log.source}"] = len(log.events) - checkpoints.read(connection, log.source).position
        left[f"parked events of {log.source}"] = parking.count(connection, log.source)
    return {name: number for name, number in left.items() if number}


def matched(handed: Sequence[Handed], outbox: Sequence[Sent]) -> list[Sent]:
    """Give each message at the phone to the one that was handed over; returns those that nobody did."""
    waiting: dict[object, list[Handed]] = defaultdict(list)
    by_attempt = {one.attempt.replace("-", ""): one for one in handed}
    for one in handed:
        waiting[one.provider, one.address, one.at, words(one.text)].append(one)
    unexplained = []
    for sent in outbox:
        attempt = sent.client_reference.strip("<>").partition("@")[0] if sent.is_mail else ""
        same = waiting[sent.provider, sent.address, sent.sent_at, words(sent.text)]
        found = by_attempt.get(attempt) or (same.pop(0) if same else None)
        if found is None:
            unexplained.append(sent)
        else:
            found.taken.append(sent)
    return unexplained


def words(text: str) -> str:
    return " ".join(text.split())


def has_arrived(sent: Sent, at: datetime) -> bool:
    return sent.state(at) is State.DELIVERED
