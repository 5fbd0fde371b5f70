"""A member's declaration while it is filled: last answers, the draft over them, open topics, saving, and the capacity so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from clients.gateway import web
from clients.gateway.declaration import day_boxes, declaration_form, job_rows, summary, topics
from clients.gateway.declaration.topics import ANSWERED, SAVED, Topic
from shared.contract import base
from shared.contract.auth.answers import MemberCard
from shared.contract.capacity.answers import JobUnits
from shared.contract.refusals import Refused
from shared.contract.renewal import commands, queries
from shared.contract.renewal.answers import Decision, Draft, FieldNote, MemberRenewal
from shared.contract.renewal.correction import DeclarationField
from shared.contract.renewal.declaration import DeclaredJob
from shared.contract.values import Employment
from shared.text import persian

V = TypeVar("V", Employment, DeclaredJob)
OPEN = {"requested", "returned"}
"""Statuses in which a declaration can be sent."""


@dataclass(frozen=True)
class Filling:
    """A declaration that can be sent; `form` has all its answers, those of the draft over the last ones."""

    visitor: web.Visitor
    found: MemberRenewal
    form: web.Form
    last: web.Form
    """The last answers, from before the draft."""

    @property
    def open_fields(self) -> tuple[DeclarationField, ...]:
        """The fields that alone may be changed; empty where all may."""
        return self.found.renewal.open_fields if self.found.renewal else ()

    @property
    def returned(self) -> Decision | None:
        """The return whose correction is awaited; none of an earlier request of the year."""
        renewal = self.found.renewal
        return renewal.decision if renewal and renewal.status == "returned" else None

    @property
    def notes(self) -> dict[str, FieldNote]:
        """What the manager wrote to each field, by its name."""
        fields = self.returned.fields if self.returned and self.open_fields else ()
        return {note.field: note for note in fields}

    @property
    def topics(self) -> tuple[Topic, ...]:
        return topics.with_open(self.open_fields)

    def topic(self, slug: str) -> Topic | None:
        return next((topic for topic in self.topics if topic.slug == slug), None)

    def is_open(self, name: str) -> bool:
        """Whether an input may be changed."""
        return not self.open_fields or topics.field_of(name) in self.open_fields

    def is_answered(self, topic: Topic) -> bool:
        return bool(self.form.value(ANSWERED + topic.slug))

    def mark_answered(self, topic: Topic) -> None:
        self.form.values[ANSWERED + topic.slug] = "true"

    def first_unanswered(self) -> Topic | None:
        return next((topic for topic in self.topics if not self.is_answered(topic)), None)

    def after(self, topic: Topic) -> Topic | None:
        """The next topic, or None after the last one."""
        place = self.topics.index(topic)
        return self.topics[place + 1] if place + 1 < len(self.topics) else None

    def before(self, topic: Topic) -> Topic | None:
        place = self.topics.index(topic)
        return self.topics[place - 1] if place else None

    def can_stay(self, topic: Topic) -> bool:
        """Whether to ask first if the last answers of a topic still hold: until it is answered, or typed otherwise."""
        if self.found.last_declaration is None or self.open_fields or self.is_answered(topic):
            return False
        return self.is_as_last(topic) and not self.has_past_jobs(topic)

    def is_as_last(self, topic: Topic) -> bool:
        """Whether nothing of a topic is typed otherwise than the last answers."""
        return _own(topic, self.form) == _own(topic, self.last)

    def has_past_jobs(self, topic: Topic) -> bool:
        """Whether the last answer to a topic has jobs that were over before this year: contracts end with their year."""
        last, (begins, _) = self.found.last_declaration, persian.year_bounds(self.found.year)
        return last is not None and topics.JOBS in topic.fields and any(job.ends_on < begins for job in last.jobs)

    def take(self, topic: Topic, typed: web.Form) -> None:
        """Put what was typed on a topic's page in place of its answers; what is closed stays."""
        day_boxes.compose(typed)
        kept = {name: text for name, text in self.form.values.items() if not (topic.has(name) and self.is_open(name))}
        taken = {name: text for name, text in typed.values.items() if topic.has(name) and self.is_open(name)}
        self.form.values = kept | taken

    def find_wrong(self, topic: Topic) -> None:
        """Put an error on the form at each field of the topic that is wrong and can be changed."""
        if topics.JOBS in topic.fields:
            job_rows.drop_blank(self.form)
        declaration_form.find_wrong(self.form, topics.names(topic, self.form.values))
        self.form.errors = {name: said for name, said in self.form.errors.items() if self.is_open(name)}

    def save(self, topic: Topic) -> base.Done:
        """Save the answers of a topic in the draft, right or wrong, until they are submitted; those of other topics stay as they are there."""
        draft = self.found.draft
        is_all = draft is not None and is_whole(
            draft.fields
        )  # what an earlier version has stored goes over to marks at once
        taken = topics.TOPICS if is_all else (topic,)
        marks = {SAVED + one.slug: "true" for one in taken}
        marks |= {ANSWERED + one.slug: "true" for one in taken if self.is_answered(one)}
        known = declaration_form.known_fields(self.form)
        content = {
            "member": self.visitor.name,
            "year": self.found.year,
            "fields": {name: text for name, text in known.items() if any(one.has(name) for one in taken)} | marks,
            "replaces": [] if is_all else [*topic.fields, *marks],
            **web.rpc.new_command(),
        }
        return self.visitor.call(base.parse(commands.SaveDraft, content))

    def card(self) -> MemberCard | None:
        return web.queries.member_card(self.visitor)


def load(visitor: web.Visitor, found: MemberRenewal) -> Filling | None:
    """The declaration as far as it is filled; None where none can be sent."""
    if found.renewal is None or found.renewal.status not in OPEN:
        return None
    is_first = found.last_declaration is None and found.draft is None
    card = web.queries.member_card(visitor) if is_first else None
    last = declaration_form.filled(found.last_declaration, card)
    drafted = with_draft(last, found.draft)
    filling = Filling(visitor, found, drafted, last)
    if (found.renewal.status == "returned" or found.renewal.recalled_at) and not filling.open_fields:
        for topic in topics.TOPICS:  # all of it was sent before: the check shows it, each row with its way to a change
            filling.mark_answered(topic)
    if filling.open_fields:
        closed = {name: text for name, text in last.values.items() if not filling.is_open(name)}
        opened = {name: text for name, text in drafted.values.items() if filling.is_open(name)}
        marks = {name: text for name, text in drafted.values.items() if name.startswith(ANSWERED)}
        drafted.values = closed | opened | marks
    return filling


def with_draft(last: web.Form, draft: Draft | None) -> web.Form:
    """The last answers, with those of the draft in place of whole topics that it has; one without such marks has all of them."""
    drafted = dict(draft.fields) if draft else {}
    if is_whole(drafted):
        return web.Form(drafted)
    saved = [topic for topic in topics.TOPICS if SAVED + topic.slug in drafted]
    kept = {name: text for name, text in last.values.items() if not any(topic.has(name) for topic in saved)}
    return web.Form(kept | drafted)


def is_whole(drafted: Mapping[str, str]) -> bool:
    """Whether a draft was stored as one, by a version that did not mark its topics."""
    return bool(drafted) and not any(name.startswith(SAVED) for name in drafted)


def of_visitor() -> tuple[MemberRenewal, Filling | None]:
    """The renewal of the member at the browser, and the declaration that it awaits, if any."""
    visitor = web.session.member()
    found = visitor.call(queries.GetRenewal(member=visitor.name))
    return found, load(visitor, found)


def _own(topic: Topic, form: web.Form) -> dict[str, str]:
    return {name: form.value(name) for name in topics.names(topic, form.values) if form.value(name)}


@dataclass(frozen=True)
class Count:
    """The capacity that the rows use which are complete so far, and whether some are not."""

    units: JobUnits | None
    jobs: tuple[summary.ShownJob, ...]
    is_partial: bool
    has_employment: bool


def count(filling: Filling) -> Count:
    """Count the capacity of the rows of jobs by the policy, those left out that are not complete."""
    employment = _parsed(filling.form, "employment.", Employment)
    rows = {row: _parsed(filling.form, f"jobs.{row}.", DeclaredJob) for row in job_rows.numbers(filling.form)}
    complete = {row: job for row, job in rows.items() if job is not None}
    jobs = tuple(job.job for job in complete.values())
    units = web.queries.job_units(filling.visitor, filling.visitor.name, filling.found.year, employment, jobs)
    problems: dict[str, str] = units.problems if units else {}
    shown = tuple(
        summary.ShownJob(
            number=row,
            job=job,
            rows=(),
            units=units.units[place] if units else None,
            problems=tuple(code for path, code in problems.items() if path.startswith(f"jobs.{place}.")),
            is_new=False,
        )
        for place, (row, job) in enumerate(complete.items())
    )
    return Count(units, shown, len(complete) < len(rows), employment is not None)


def _parsed(form: web.Form, prefix: str, kind: type[V]) -> V | None:
    """A part of the declaration, or None where it is not complete and right."""
    own = (name for name in form.values if name.startswith(prefix))
    values = {name.removeprefix(prefix): declaration_form.canonical(name, form) for name in own}
    try:
        return base.parse(kind, {name: text for name, text in values.items() if text})
    except Refused:
        return None
