"""A declaration for its readers: sections of rows, each with the earlier version's answer where the two differ; pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from clients.gateway import web
from clients.gateway.declaration import declaration_form, topics
from shared.contract.renewal.declaration import Declaration, DeclaredJob
from shared.text import persian

NOTHING = "ارائه نشده"


@dataclass(frozen=True)
class Row:
    """A label and an answer; `before` is the earlier version's answer, None where it is the same."""

    name: str
    label: str
    text: str
    before: str | None = None


@dataclass(frozen=True)
class Section:
    """Rows of one topic."""

    title: str
    slug: str
    rows: tuple[Row, ...]


READERS: dict[str, Callable[[Any], str]] = {
    "province": web.labels.province,
    "kind": lambda value: web.labels.JOBS[value],
    "field": lambda value: web.labels.FIELDS[value],
    "degree": lambda value: web.labels.DEGREES[str(value)],
    "status": lambda value: web.labels.EMPLOYMENT[value],
    "education": lambda value: web.labels.EDUCATION[value],
    "discipline": lambda value: web.labels.DISCIPLINES[value],
    "is_public_employee": web.labels.yes_no,
    "is_mine_operator": web.labels.yes_no,
    **dict.fromkeys(declaration_form.DATES, web.filters.shown_day),
}


def sections(declaration: Declaration, before: Declaration | None = None) -> tuple[Section, ...]:
    """All topics but the jobs, with the answers of an earlier version where they differ."""
    return tuple(
        Section(topic.title, topic.slug, rows(topic.fields, declaration, before))
        for topic in topics.TOPICS
        if topics.JOBS not in topic.fields
    )


def rows(names: Iterable[str], declaration: Declaration, before: Declaration | None = None) -> tuple[Row, ...]:
    """The rows of some fields; the table of jobs has rows of its own."""
    return tuple(row(name, declaration, before) for name in names if name != topics.JOBS)


def row(name: str, declaration: Declaration, before: Declaration | None) -> Row:
    text = shown(name, declaration_form.answer(declaration, name))
    earlier = text if before is None else shown(name, declaration_form.answer(before, name))
    return Row(name, declaration_form.LABELS[name], text, None if earlier == text else earlier)


def shown(name: str, value: Any) -> str:
    """An answer with its label and in Persian digits."""
    if value is None or value == "":
        return NOTHING
    last = name.rpartition(".")[2]
    if last in READERS:
        return READERS[last](value)
    if last in declaration_form.CODES:
        return web.filters.code(value)
    return persian.digits_to_persian(value) if last in declaration_form.NUMBERS else str(value)


@dataclass(frozen=True)
class ShownJob:
    """A declared job for a reader, with what it uses and what the policy holds against it, where that is known."""

    number: int
    job: DeclaredJob
    rows: tuple[Row, ...]
    units: int | None
    problems: tuple[str, ...]
    is_new: bool


def jobs(
    declaration: Declaration,
    before: Declaration | None = None,
    units: Sequence[int] = (),
    problems: dict[str, str] | None = None,
) -> tuple[ShownJob, ...]:
    """The jobs with their rows; one that an earlier version did not have in this form is new."""
    return tuple(
        ShownJob(
            number=number,
            job=job,
            rows=tuple(Row(name, label, shown(name, getattr(job, name))) for name, label in job_labels(job)),
            units=units[number] if number < len(units) else None,
            problems=tuple(
                code for field_path, code in (problems or {}).items() if field_path.startswith(f"jobs.{number}.")
            ),
            is_new=before is not None and job not in before.jobs,
        )
        for number, job in enumerate(declaration.jobs)
    )


def job_labels(job: DeclaredJob) -> list[tuple[str, str]]:
    """The labels of what was answered; the kind is the job's heading."""
    return [
        (name, label) for name, label in declaration_form.JOB_LABELS.items() if name != "kind" and getattr(job, name)
    ]


def removed_jobs(declaration: Declaration, before: Declaration | None) -> tuple[DeclaredJob, ...]:
    """Jobs of an earlier version that were removed."""
    return tuple(job for job in before.jobs if job not in declaration.jobs) if before else ()
