"""Holds a season against what was deserved: each (fact, person, kind) is one notice, in the inbox, and told once or recorded as passed."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from typing import Any

from services.notification.notices.kinds import RULES
from shared.contract.notification.events import NoticeFailed, NoticeSent
from shared.contract.notification.values import NoticeKind, Way
from shared.text import persian
from tests.season.members import model
from tests.season.members.model import Key, Model
from tests.season.members.people import Person
from tests.season.plan import Gap
from tests.season.records import Handed, Records, has_arrived

FORBIDDEN = re.compile(r"(?<![0-9a-f-])09\d{9}(?![0-9a-f])|@|[\u0600-\u06ff]")
"""A mobile number, an e-mail address or a Persian text: none of it is in an event."""
NOT_SENT = ("refused", "account", "configuration", "credit", "busy", "unreachable")
"""Causes of a failure by which the provider certainly has sent nothing."""
ARRIVES_WITHIN = timedelta(minutes=10)
SECOND_WAY = {"unknown": "no answer of the provider", "late": "no report in time"}
"""Why a message may come by a second way, by what is on record of the first one."""


class Checks:
    """What is wrong, sentence by sentence, and how often a second way was taken for which reason."""

    def __init__(
        self, facts: Model, records: Records, persons: Sequence[Person], gaps: Sequence[Gap], at: datetime
    ) -> None:
        self.facts, self.records, self.gaps, self.at = facts, records, gaps, at
        self.persons = {one.name: one for one in persons}
        self.known = {key.fact for key in facts.deserved}
        self.second_ways = Counter[tuple[str, str]]()
        self.notices = {notice: self.key_of(events[0].event) for notice, events in records.of_notice.items() if events}

    def key_of(self, due: Any) -> Key:
        """A fact has its event's id; an occasion is named as the model names it."""
        fact = str(due.fact)
        if fact not in self.known:
            fact = model.occasion(due.happened_at, due.values.tracking_code)
        return Key(fact, due.person, due.kind.value)

    def violations(self) -> Iterator[str]:
        """All that is wrong, each with the history of its notice."""
        yield from self.deserved_once()
        for notice, key in self.notices.items():
            for sentence in (*self.sent_once(notice), *self.as_chosen(notice, key), *self.ended(notice, key)):
                yield f"{sentence}\n{self.history(notice)}"
        yield from self.inboxes()
        yield from self.records_of_others()
        of_facts = set(NoticeKind) - {NoticeKind.ADDRESS_CHANGED, NoticeKind.WEBHOOK_DISABLED}  # of no followed fact
        for kind in sorted(of_facts - {NoticeKind(key.kind) for key in self.facts.deserved}):
            yield f"no fact of the season deserves a notice of the kind {kind}"

    def deserved_once(self) -> Iterator[str]:
        """Each one that is deserved is due once, and no other; an occasion of a gap may have been looked at later."""
        due = Counter(self.notices.values())
        for key, deserved in self.facts.deserved.items():
            is_optional = deserved.is_occasion and self.gap(deserved.at) is not None
            if due[key] > 1 or (not due[key] and not is_optional):
                yield f"due {due[key]} times instead of once: {key}"
        for notice, key in self.notices.items():
            if key not in self.facts.deserved and self.gap(self.happened_at(notice)) is None:
                yield f"not deserved: {key}\n{self.history(notice)}"

    def gap(self, at: datetime) -> Gap | None:
        return next((gap for gap in self.gaps if gap.begin < at < gap.end), None)

    def due(self, notice: str) -> Any:
        return self.records.of_notice[notice][0].event

    def happened_at(self, notice: str) -> datetime:
        at: datetime = self.due(notice).happened_at
        return at

    def sent_once(self, notice: str) -> Iterator[str]:
        """One message arrives, and a second one only where the log has why; a provider is handed another one only where it refused."""
        handed = self.records.handed_of[notice]
        for one, after in combinations(handed, 2):
            if one.provider == after.provider and not self.is_refused(notice, one, after.at):
                yield f"handed to {one.provider} at {one.at} and at {after.at}, without a refusal on record"
        arrived = [one for one in handed for sent in one.taken if has_arrived(sent, self.at)]
        for one, after in pairwise(arrived):
            reason = self.reason(notice, one, after)
            if reason is None:
                yield f"arrived by {one.provider} and once more by {after.provider}, without a reason on record"
            else:
                self.second_ways[reason, one.provider] += 1

    def is_refused(self, notice: str, handed: Handed, at: datetime) -> bool:
        """Whether the log has by an instant that a message was certainly not sent."""
        events = [one.event for one in self.records.of_notice[notice] if attempt_of(one.event) == handed.attempt]
        failed = [one for one in events if isinstance(one, NoticeFailed) and one.failed_at <= at]
        return any(one.cause in NOT_SENT for one in failed)

    def reason(self, notice: str, first: Handed, second: Handed) -> str | None:
        """What the log says of the first message that let the second one go by another way."""
        states = [one for one in self.records.of_notice[notice] if attempt_of(one.event) == first.attempt]
        if first.attempt == second.attempt:
            return None
        for one in states:
            event: Any = one.event
            if one.type == "NoticeFailed" and event.failed_at <= second.at:
                return SECOND_WAY.get(event.cause)
            if one.type == "NoticeDelivered" and event.delivered_at <= second.at:
                return None
        is_late = any(isinstance(one.event, NoticeSent) and is_late_at(one.event, second.at) for one in states)
        return SECOND_WAY["late"] if is_late else None

    def as_chosen(self, notice: str, key: Key) -> Iterator[str]:
        """To the person's own proved addresses, by chosen ways, in the person's hours; nothing of what was undone."""
        person, rule = self.persons[key.person], RULES[NoticeKind(key.kind)]
        for one in self.records.handed_of[notice]:
            way = "email" if "@" in one.address else "sms"
            if person.addresses.get(way) != one.address:
                yield f"sent to an address that is not of {key.person}"
            if rule.is_urgent:
                continue
            if way not in person.choice.ways or (rule.is_reminder and not person.choice.reminders):
                yield f"sent by {way}, which {key.person} has not chosen"
            if person.choice.is_quiet(one.at.astimezone(persian.TEHRAN).time()):
                yield f"sent in the quiet hours of {key.person}"
            if key in self.facts.undone:
                yield "sent although its decision was undone"

    def ended(self, notice: str, key: Key) -> Iterator[str]:
        """Told outside, or recorded as passed for a cause that is so."""
        events = self.records.of_notice[notice]
        causes = [one.event.cause for one in events if one.type == "NoticePassed"]  # type: ignore[attr-defined]
        is_sent = any(
            one.type == "NoticeDelivered" or (one.type == "NoticeSent" and one.event.way == "email")  # type: ignore[attr-defined]
            for one in events
        )
        gap = self.gap(self.happened_at(notice))
        if not is_sent and not causes:
            yield "neither told nor passed"
        if len(causes) > 1:
            yield f"passed {len(causes)} times"
        if gap is not None and gap.is_forgotten and causes[:1] != ["before_start"]:
            yield "of a time that the service does not remember, and not passed as such"
        if key in self.facts.undone and causes not in (["undone"], ["before_start"]):
            yield "undone, and not passed as such"
        choice = self.persons[key.person].choice
        if "not_chosen" in causes and set(choice.ways) == {"sms", "email"} and choice.reminders:
            yield "passed as not chosen, where all is chosen"

    def inboxes(self) -> Iterator[str]:
        """Each notice is in its person's inbox once, and nothing else is; what was undone is not."""
        expected = {name: Counter[str]() for name in self.persons}
        for notice in self.notices:
            if not any(getattr(one.event, "cause", "") == "undone" for one in self.records.of_notice[notice]):
                expected[self.due(notice).person][notice] += 1
        for person, notices in self.records.inbox.items():
            for notice, count in (
                (Counter(notices) - expected[person]) + (expected[person] - Counter(notices))
            ).items():
                yield f"in the inbox of {person} {count} times too often or too rarely: {notice}\n{self.history(notice)}"

    def records_of_others(self) -> Iterator[str]:
        """What the log must not have, what the phone has of nobody, what is left undone, and rows that no log gives."""
        for event in self.records.events:
            if FORBIDDEN.search(event.data):
                yield f"an address or a text in the log: {event.type} {event.position}: {event.data}"
        for sent in self.records.unexplained:
            yield f"the phone has a message that was not handed over: {sent}"
        for one in self.records.handed:
            if one.notice == "None":
                yield f"handed over without its row: {one}"
        yield from (f"left at the end: {count} {name}" for name, count in self.records.left.items())
        yield from (
            f"{count} rows of {name} differ from their replay" for name, count in self.records.differences.items()
        )

    def history(self, notice: str) -> str:
        """What is on record of a notice, line by line."""
        lines = [f"  {key_line(self.notices.get(notice))} {notice}"]
        lines += [f"  log {one.position} {one.type} {shown(one.data)}" for one in self.records.of_notice[notice]]
        for one in self.records.handed_of[notice]:
            taken = ", ".join(f"{sent.state(self.at)} at {sent.sent_at}" for sent in one.taken) or "not taken"
            lines.append(f"  handed {one.at} to {one.provider}, attempt {one.attempt}: {taken}")
        return "\n".join(lines)


def key_line(key: Key | None) -> str:
    return "" if key is None else f"{key.fact} · {key.person} · {key.kind}"


def shown(data: str) -> str:
    values: Mapping[str, Any] = json.loads(data)
    return ", ".join(f"{name}={value}" for name, value in values.items() if name not in ("notice", "person", "fact"))


def is_late_at(sent: NoticeSent, at: datetime) -> bool:
    """An SMS whose delivery is not reported; of a letter nobody reports one."""
    return sent.way is Way.SMS and at >= sent.sent_at + ARRIVES_WITHIN


def attempt_of(event: Any) -> str:
    return str(getattr(event, "attempt", ""))
