"""Value types of messages: identifiers, Jalali years, rials, roles, member classes, licences, jobs, invoice lines, with their limits."""

from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    SerializationInfo,
    StringConstraints,
)

from shared.contract import bounds
from shared.contract.bounds import AMOUNT, COUNTED, POSITION_MAX, RIALS_MAX, VERSION_MAX, YEAR_MAX, YEAR_MIN
from shared.contract.text_types import AS_CODE, AS_PARAGRAPHS, WHOLE_CHARACTERS
from shared.services import SERVICES
from shared.text import numbers

UNITS_PER_P = 100
"""Capacity is counted in whole hundredths of P, the organization's capacity unit (0.01 P = 1 unit)."""
APPROVAL_RULE = "rule"
"""The kind of an actor that is no caller: a province's rule has approved."""
JOBS_MAX = 20
"""Rows of the declaration's table of jobs (docs/domain.md 7.4)."""

MembershipNo = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,12}$")]
"""Opaque text of ASCII digits; leading zeros count (docs/domain.md 2.2)."""
OfficerName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9._-]{1,39}$")]
Province = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,20}$")]
"""A province's key in `shared/provinces.py`, such as `isfahan`."""
Day = Annotated[date, bounds.in_message(bounds.read_day)]
Instant = Annotated[AwareDatetime, bounds.in_message(bounds.read_instant)]
Hour = Annotated[time, bounds.in_message(bounds.read_hour)]
JalaliYear = Annotated[int, Field(ge=YEAR_MIN, le=YEAR_MAX), COUNTED]
StatementDigest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
"""SHA-256 of a bank's statement file, hexadecimal."""
Rials = Annotated[int, Field(ge=0)]
"""Money is whole rials, always from our own records."""
TypedRials = Annotated[int, Field(ge=0, le=RIALS_MAX), AMOUNT]
"""An amount from outside."""
Source = Annotated[str, StringConstraints(max_length=40)]
"""The name of a service that keeps a log."""
ServiceName = Annotated[str, StringConstraints(pattern=f"^({'|'.join(SERVICES)})$")]
PartitionKey = Annotated[str, StringConstraints(max_length=500)]
"""What events are parked by, such as a member's number."""
Position = Annotated[int, Field(ge=1, le=POSITION_MAX), COUNTED]
"""An event's place in its log."""
Version = Annotated[int, Field(ge=1, le=VERSION_MAX), COUNTED]
Degree = Annotated[int, Field(ge=1, le=4), COUNTED]
Quantity = Annotated[Decimal, Field(gt=0, max_digits=6, decimal_places=2), bounds.typed(numbers.quantity)]
SECRET_LENGTH_MAX = 4096
Secret = Annotated[
    SecretStr,
    Field(max_length=SECRET_LENGTH_MAX),
    WHOLE_CHARACTERS,
    PlainSerializer(SecretStr.get_secret_value, return_type=str, when_used="json"),
]
"""Masked in every print and log; written out only in the message that carries it, which is encrypted (`shared.encrypted_messages`)."""
MASKED = "masked"
"""The serialization context in which typed secrets are not written out."""


def _written(secret: SecretStr, info: SerializationInfo) -> str:
    return str(secret) if (info.context or {}).get(MASKED) else secret.get_secret_value()


TypedSecret = Annotated[
    SecretStr,
    Field(max_length=SECRET_LENGTH_MAX),
    WHOLE_CHARACTERS,
    PlainSerializer(_written, return_type=str, when_used="json"),
]
"""A secret that a person types, and so one that can be guessed: not even its hash is stored, but a slow one."""


class Value(BaseModel):
    """A part of an event, an answer or a message, compared by value; lenient as events are, and strict in `parse`."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class MemberClass(StrEnum):
    """What a member pays by and how much a member may take on (پایه); docs/domain.md 2.3, 7.1, 7.2."""

    INTERN = "intern"
    UNLICENSED = "unlicensed"
    GRADE_3 = "grade_3"
    GRADE_2 = "grade_2"
    GRADE_1 = "grade_1"
    SENIOR = "senior"


class LicenceField(StrEnum):
    """The field of a licence (رسته)."""

    EXTRACTION = "extraction"
    EXPLORATION = "exploration"
    PROCESSING = "processing"
    METALLURGY = "metallurgy"
    SURVEYING = "surveying"


class JobKind(StrEnum):
    """A row of the organization's deduction table (docs/domain.md 2.4)."""

    PERSON_HOUR = "person_hour"
    PERSON_DAY = "person_day"
    PERSON_MONTH = "person_month"
    MINE_TECHNICAL_MANAGER = "mine_technical_manager"
    EXPLORATION_TECHNICAL_MANAGER = "exploration_technical_manager"
    EXPLORATION_PLAN = "exploration_plan"
    EXPLORATION_REPORT = "exploration_report"
    MINE_EXPLOITATION_PLAN = "mine_exploitation_plan"
    PLANT_EXPLOITATION_PLAN = "plant_exploitation_plan"
    AMENDED_EXPLORATION_PLAN = "amended_exploration_plan"
    SAFETY_PLAN = "safety_plan"
    BOUNDARY_DRAWING = "boundary_drawing"
    STAKE_OUT_MANAGER = "stake_out_manager"
    TEACHING_THEORY = "teaching_theory"
    TEACHING_PRACTICE = "teaching_practice"
    STAKE_OUT_SURVEYOR = "stake_out_surveyor"
    EXPLORATION_SURVEY = "exploration_survey"
    MINE_AS_IS_MAP = "mine_as_is_map"
    MINE_INSPECTION = "mine_inspection"
    FACULTY_HALF_TIME = "faculty_half_time"
    FACULTY_PART_TIME = "faculty_part_time"
    FULL_TIME_JOB = "full_time_job"


class EmploymentStatus(StrEnum):
    """How the member earns a living (docs/domain.md 7.4)."""

    UNEMPLOYED = "unemployed"
    SELF_EMPLOYED = "self_employed"
    PRIVATE_FULL_TIME = "private_full_time"
    PRIVATE_PART_TIME = "private_part_time"
    PUBLIC = "public"
    FACULTY_FULL_TIME = "faculty_full_time"
    FACULTY_HALF_TIME = "faculty_half_time"
    FACULTY_PART_TIME = "faculty_part_time"
    RETIRED = "retired"
    ARMED_FORCES = "armed_forces"


class Role(StrEnum):
    """What an officer may do: the desk, the money, the bank's statements, the accounts; an auditor sees who has read members' rows."""

    MANAGER = "manager"
    FINANCE = "finance"
    TREASURY = "treasury"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Employment(Value):
    """The member's employment in the year; full-time employment uses capacity."""

    status: EmploymentStatus
    province: Province | None = None
    from_on: Day | None = None
    to_on: Day | None = None


class Job(Value):
    """One current job that uses capacity; texts about it (title, client) stay in the declaration's row."""

    kind: JobKind
    degree: Degree
    field: LicenceField
    quantity: Quantity
    starts_on: Day
    ends_on: Day
    cadastre_code: Annotated[str, StringConstraints(max_length=30)] = ""


class Licence(Value):
    """A member's licence by the register; `fields` is empty without one."""

    member_class: MemberClass
    fields: tuple[LicenceField, ...] = ()
    expires_on: date | None = None


class UnpaidYear(Value):
    """A year that the register does not have as paid, with the class that the member had on its 1 Farvardin."""

    year: JalaliYear
    member_class: MemberClass


class Waiver(Value):
    """What is waived of one year's fee; the reason's text is a row."""

    year: JalaliYear
    amount_rials: Annotated[int, Field(gt=0), AMOUNT]


class StatementLine(Value):
    """One payment as the bank's statement has it."""

    authority: Annotated[str, StringConstraints(min_length=1, max_length=40), AS_CODE]
    amount_rials: Annotated[int, Field(gt=0, le=RIALS_MAX), AMOUNT]
    fee_rials: TypedRials = 0
    bank_reference: Annotated[str, StringConstraints(max_length=100), AS_CODE] = ""
    status: Annotated[str, StringConstraints(pattern="^(paid|verified|reversed)$")]
    paid_at: Instant
    settlement: Annotated[str, StringConstraints(max_length=60), AS_CODE] = ""
    is_disputed: bool = False
    """Whether the payer has claimed it back at the bank, which is not decided yet."""


class CoveredYear(Value):
    """A year that is not charged, and what covers it: the register, or a paid invoice of the same member."""

    year: JalaliYear
    by: Literal["register", "payment", "slip", "credit", "waiver"]
    """`waiver` also where an invoice over nothing was settled without any money."""
    invoice_year: JalaliYear | None = None
    """The year of the invoice that covers it; none where the register does."""


class InvoiceLine(Value):
    """One year's fee on an invoice, at that year's tariff."""

    year: JalaliYear
    member_class: MemberClass
    amount_rials: Rials


ReasonText = Annotated[str, StringConstraints(min_length=10, max_length=1000), AS_PARAGRAPHS]
"""A reason a member reads: at least 10 characters (docs/domain.md 7.5)."""
