"""The self-declaration form (فرم خوداظهاری): what the flow needs of docs/domain.md 7.4, and the checks that need no register.

Its texts are personal data: they lie in rows and never enter an event.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from shared.contract.bounds import COUNTED
from shared.contract.text_types import AS_CODE, AS_LINE, AS_MOBILE, AS_NUMBER_CODE, AS_PARAGRAPHS
from shared.contract.values import JOBS_MAX, Day, Employment, EmploymentStatus, Job, Province, Value
from shared.text import persian

Line = Annotated[str, StringConstraints(min_length=2, max_length=150), AS_LINE]
FULL_TIME = {EmploymentStatus.PRIVATE_FULL_TIME, EmploymentStatus.PUBLIC, EmploymentStatus.FACULTY_FULL_TIME}
EMPLOYED = FULL_TIME | {
    EmploymentStatus.PRIVATE_PART_TIME,
    EmploymentStatus.FACULTY_HALF_TIME,
    EmploymentStatus.FACULTY_PART_TIME,
    EmploymentStatus.ARMED_FORCES,
}


EMPLOYER_LENGTH_MIN = 2


class Education(StrEnum):
    """The highest degree (مدرک تحصیلی)."""

    ASSOCIATE = "associate"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTORATE = "doctorate"


class Discipline(StrEnum):
    """The academic discipline (رشته), another axis than the licence's field."""

    MINING = "mining"
    GEOLOGY = "geology"
    SURVEYING = "surveying"
    METALLURGY = "metallurgy"
    RELATED = "related"


class DeclaredJob(Job):
    """A row of the table of current jobs, with the texts that stay in the declaration."""

    cadastre_code: Annotated[str, StringConstraints(max_length=30), AS_CODE] = ""
    title: Line
    client: Line
    province: Province
    contract_no: Annotated[str, StringConstraints(max_length=40), AS_LINE] = ""

    @model_validator(mode="after")
    def dates_in_order(self) -> Self:
        """A job ends after it starts."""
        if self.ends_on < self.starts_on:
            raise PydanticCustomError("dates_out_of_order", "the end lies before the start")
        return self

    @property
    def job(self) -> Job:
        """The part that enters events."""
        return Job.model_validate({name: getattr(self, name) for name in Job.model_fields})


class Declaration(Value):
    """One version of a member's declaration, which the member has confirmed as complete and true."""

    mobile: Annotated[str, StringConstraints(pattern=r"^09[0-9]{9}$"), AS_MOBILE]
    email: Annotated[str, StringConstraints(pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$", max_length=254), AS_LINE] = ""
    phone: Annotated[str, StringConstraints(pattern=r"^(0[0-9]{10})?$"), AS_NUMBER_CODE] = ""
    province: Province
    city: Annotated[str, StringConstraints(min_length=2, max_length=60), AS_LINE]
    address: Annotated[str, StringConstraints(min_length=10, max_length=300), AS_LINE]
    postal_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$"), AS_NUMBER_CODE]
    residence_since: Day | None = None
    education: Education
    discipline: Discipline
    licence_no: Annotated[str, StringConstraints(max_length=30), AS_LINE] = ""
    employment: Employment
    employer: Annotated[str, StringConstraints(max_length=120), AS_LINE] = ""
    job_title: Annotated[str, StringConstraints(max_length=120), AS_LINE] = ""
    weekly_hours: Annotated[int, Field(ge=1, le=60), COUNTED] | None = None
    is_public_employee: bool = False
    is_mine_operator: bool = False
    jobs: Annotated[tuple[DeclaredJob, ...], Field(max_length=JOBS_MAX)] = ()
    note: Annotated[str, StringConstraints(max_length=1000), AS_PARAGRAPHS] = ""
    truth_ack: bool

    @model_validator(mode="after")
    def complete(self) -> Self:
        """What one answer makes necessary of another; each failure is named by its field in the error's context."""
        if not self.truth_ack:
            raise wrong("truth_ack", "truth_ack_needed")
        if len(set(self.postal_code)) == 1:
            raise wrong("postal_code", "postal_code_repeats")
        if self.employment.status in EMPLOYED and len(self.employer) < EMPLOYER_LENGTH_MIN:
            raise wrong("employer", "employer_needed")
        if self.employment.status in FULL_TIME and self.employment.from_on is None:
            raise wrong("employment.from_on", "employment_start_needed")
        mines = [(job.kind, persian.code_key(job.cadastre_code)) for job in self.jobs if job.cadastre_code]
        if len(mines) != len(set(mines)):
            raise wrong("jobs", "same_mine_twice")
        return self


def wrong(field: str, code: str) -> PydanticCustomError:
    """An error of the whole form that belongs to one field; `code` is a key of the group `field_error` of `shared/translations`."""
    return PydanticCustomError(code, "{field}", {"field": field})
