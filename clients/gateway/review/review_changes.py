"""What a declaration changes: old and new answers, beside what the manager had returned each field for; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from clients.gateway import web
from clients.gateway.declaration import declaration_form, summary
from shared.contract.renewal import answers
from shared.contract.renewal.correction import DeclarationField
from shared.contract.renewal.declaration import Declaration, DeclaredJob
from shared.text import persian


@dataclass(frozen=True)
class Change:
    """A field's old and new answer, the same where only the note is to be shown."""

    label: str
    before: str
    now: str
    note: answers.FieldNote | None = None

    @property
    def is_changed(self) -> bool:
        return self.before != self.now


def basis(found: answers.MemberRenewal) -> tuple[str, Declaration | None]:
    """What the newest version is compared with: the version before it, else the last one of an earlier year."""
    declarations = found.renewal.declarations if found.renewal else ()
    if len(declarations) > 1:
        return "نسخهٔ پیش", declarations[-2].form
    return "آخرین سال", found.earlier_declaration


def notes(renewal: answers.Renewal) -> tuple[answers.FieldNote, ...]:
    """What was returned of the version before the newest."""
    last = renewal.decision
    return last.fields if last and renewal.status in ("submitted", "returned") else ()


def changes(
    declaration: Declaration, before: Declaration | None, returned: Sequence[answers.FieldNote]
) -> tuple[Change, ...]:
    """Each field that was changed or returned, in the order of the form."""
    if before is None:
        return ()
    by_field = {one.field: one for one in returned}
    found = [change(field, declaration, before, by_field.get(field)) for field in DeclarationField]
    return tuple(one for one in found if one.is_changed or one.note)


def change(
    field: DeclarationField, declaration: Declaration, before: Declaration, note: answers.FieldNote | None
) -> Change:
    if field is DeclarationField.JOBS:
        old, new = ([job_text(job) for job in one.jobs] for one in (before, declaration))
        gone, come = [job for job in old if job not in new], [job for job in new if job not in old]
        if not gone and not come:
            return Change(label(field), "", "", note)
        return Change(label(field), "؛ ".join(gone) or "—", "؛ ".join(come) or "—", note)
    old_answer, new_answer = (
        summary.shown(field, declaration_form.answer(one, field)) for one in (before, declaration)
    )
    return Change(label(field), old_answer, new_answer, note)


def job_text(job: DeclaredJob) -> str:
    """A job in one line, told apart from another by any of its answers."""
    quantity = f"{persian.digits_to_persian(job.quantity)} {web.labels.QUANTITIES.get(job.kind, '')}".strip()
    days = f"{web.filters.shown_day(job.starts_on)} تا {web.filters.shown_day(job.ends_on)}"
    parts = (web.labels.JOBS[job.kind], job.title, job.client, web.labels.DEGREES[str(job.degree)])
    codes = (web.labels.FIELDS[job.field], web.labels.province(job.province), job.cadastre_code, job.contract_no)
    return "، ".join(filter(None, (*parts, *codes, quantity, days)))


def label(field: DeclarationField) -> str:
    return declaration_form.label(field)


def answers_of(declaration: Declaration) -> list[tuple[DeclarationField, str, str]]:
    """Each field that can be returned, with its label and answer."""
    jobs = f"{persian.digits_to_persian(len(declaration.jobs))} ردیف" if declaration.jobs else summary.NOTHING
    return [
        (
            field,
            label(field),
            jobs
            if field == DeclarationField.JOBS
            else summary.shown(field, declaration_form.answer(declaration, field)),
        )
        for field in DeclarationField
    ]


def without_blanks(
    sections: Sequence[summary.Section],
) -> tuple[list[summary.Section], list[str]]:
    """The sections with the rows that have an answer, or had one; and the labels of all others."""
    full = [
        summary.Section(one.title, one.slug, tuple(row for row in one.rows if not is_blank(row))) for one in sections
    ]
    blanks = [row.label for one in sections for row in one.rows if is_blank(row)]
    return [one for one in full if one.rows], blanks


def is_blank(row: summary.Row) -> bool:
    return row.text == summary.NOTHING and row.before is None
