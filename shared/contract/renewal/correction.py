"""Return by field (بازگرداندن برای اصلاح): which fields of a declaration a manager opens for correction, and what a correction may change."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from shared.contract.renewal.declaration import Declaration
from shared.contract.text_types import AS_PARAGRAPHS
from shared.contract.values import Employment, Job, Licence, Value

FieldNoteText = Annotated[str, StringConstraints(max_length=500), AS_PARAGRAPHS]


class DeclarationField(StrEnum):
    """A field that can be opened, by its dotted name in the declaration; the jobs are one field."""

    MOBILE = "mobile"
    EMAIL = "email"
    PHONE = "phone"
    PROVINCE = "province"
    CITY = "city"
    ADDRESS = "address"
    POSTAL_CODE = "postal_code"
    RESIDENCE_SINCE = "residence_since"
    EDUCATION = "education"
    DISCIPLINE = "discipline"
    LICENCE_NO = "licence_no"
    EMPLOYMENT_STATUS = "employment.status"
    EMPLOYER = "employer"
    JOB_TITLE = "job_title"
    EMPLOYMENT_PROVINCE = "employment.province"
    EMPLOYMENT_FROM_ON = "employment.from_on"
    EMPLOYMENT_TO_ON = "employment.to_on"
    WEEKLY_HOURS = "weekly_hours"
    IS_PUBLIC_EMPLOYEE = "is_public_employee"
    IS_MINE_OPERATOR = "is_mine_operator"
    JOBS = "jobs"
    NOTE = "note"


FIELDS_MAX = len(DeclarationField)
UNDO_MINUTES = 5
"""For so long an officer may undo the own return or rejection."""
OPENED_WITH = {
    DeclarationField.PROVINCE: {DeclarationField.CITY, DeclarationField.ADDRESS, DeclarationField.POSTAL_CODE},
    DeclarationField.EMPLOYMENT_STATUS: {
        DeclarationField.EMPLOYER,
        DeclarationField.JOB_TITLE,
        DeclarationField.EMPLOYMENT_PROVINCE,
        DeclarationField.EMPLOYMENT_FROM_ON,
        DeclarationField.EMPLOYMENT_TO_ON,
        DeclarationField.WEEKLY_HOURS,
    },
}
"""Fields that another answer there makes wrong or necessary: they are open too."""


class FieldFault(StrEnum):
    """What is wrong with a field, from the list that a manager chooses from."""

    WRONG = "wrong"
    INCOMPLETE = "incomplete"
    UNCLEAR = "unclear"
    OUTDATED = "outdated"
    NOT_AS_REGISTERED = "not_as_registered"
    CONTESTED = "contested"
    OVER_LIMIT = "over_limit"
    OTHER = "other"


class FieldToCorrect(Value):
    """A field to be corrected: what is wrong with it, and the manager's own words; `other` needs words."""

    field: DeclarationField
    fault: FieldFault
    note: FieldNoteText = ""


class ReturnedField(Value):
    """A field as `RenewalReturned` tells it: the manager's words are the row `note`; None where there are none."""

    field: DeclarationField
    fault: FieldFault
    note: UUID | None = None


class ReturnedDeclaration(Value):
    """The version that counts again once a later one is recalled, as its own event has it."""

    declaration_version: int
    licence: Licence
    employment: Employment
    jobs: tuple[Job, ...]
    submitted_at: AwareDatetime
    correction_due_at: AwareDatetime | None = None


def opened(fields: Iterable[DeclarationField]) -> tuple[DeclarationField, ...]:
    """The fields that are open after a return of these, in the order of the form; none where the whole declaration is open."""
    returned = set(fields)
    found = returned.union(*(OPENED_WITH.get(field, set()) for field in returned))
    return tuple(field for field in DeclarationField if field in found)


def changed(before: Declaration, after: Declaration) -> tuple[DeclarationField, ...]:
    """The fields that differ between two versions, in the order of the form."""
    return tuple(field for field in DeclarationField if answer(before, field) != answer(after, field))


def answer(declaration: Declaration, field: DeclarationField) -> Any:
    """A declaration's answer in a field."""
    whole, _, part = field.rpartition(".")
    return getattr(getattr(declaration, whole) if whole else declaration, part)


def corrected(before: Declaration, after: Declaration, fields: Iterable[DeclarationField]) -> Declaration:
    """The version before with the answers of `after` in the fields that are open after a return of these, and only there."""
    content = before.model_dump()
    for field in opened(fields):
        whole, _, part = field.rpartition(".")
        (content[whole] if whole else content)[part] = answer(after, field)
    return Declaration.model_validate(content)
