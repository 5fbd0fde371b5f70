"""The things the contract speaks of: who, which class, which job, how much."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from shared.contract import numbers
from shared.contract.texts import AS_CODE, WHOLE_CHARACTERS

UNITS_PER_P = 100
"""Capacity is counted in whole hundredths of P, the organization's capacity unit (0.01 P = 1 unit)."""
ASKED = "asked"
"""The context of validation in which the grammar and the bounds of what is asked hold (`asks.parse`)."""
JOBS_MAX = 20
"""Rows of the declaration's table of jobs (docs/domain.md 7.4)."""

MembershipNo = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,12}$")]
"""Opaque text of ASCII digits; leading zeros count (docs/domain.md 2.2)."""
OfficerName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9._-]{1,39}$")]
Province = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,20}$")]
"""A province's key in `shared/provinces.py`, such as `isfahan`."""
ISO_DAY_LENGTH = 10
POSITION_MAX = 2**63 - 1
VERSION_MAX = 2**31 - 1
RIALS_MAX = 10**15
"""More than any account holds; a hundred thousand lines of it still fit a database's integer."""


DAY_MIN, DAY_MAX = date(1921, 3, 21), date(2072, 3, 19)
"""1300/01/01 and 1450/12/29: days of a life and of its work."""
INSTANT_MIN, INSTANT_MAX = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def when_asked(read: Callable[[Any], object]) -> BeforeValidator:
    """A grammar and bounds that hold in what is asked. Facts and answers keep what they say: they may be older than a bound."""
    return BeforeValidator(lambda value, about: read(value) if about.context == ASKED else value)


def typed(grammar: Callable[[str], object], most: int | None = None) -> BeforeValidator:
    """Text is read by a grammar of `numbers`; a boolean is no number, and only a quantity may be a float."""

    def read(value: object) -> object:
        if isinstance(value, bool) or (isinstance(value, float) and grammar is not numbers.quantity):
            raise PydanticCustomError("number_type", "not an exact number")
        try:
            number = grammar(value) if isinstance(value, str) else value
        except numbers.NumberWrong as wrong:
            raise PydanticCustomError(wrong.code, "not a number of this kind") from None
        if most is not None and isinstance(number, int) and number > most:
            raise PydanticCustomError("less_than_equal", "too large")
        return number

    return when_asked(read)


def read_day(value: object) -> object:
    """A day as ISO text or as itself, never a count of seconds."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and len(value) == ISO_DAY_LENGTH else value
    except ValueError:
        day = None
    if not isinstance(day, date) or isinstance(day, datetime):
        raise PydanticCustomError("date_from_datetime_parsing", "not a day")
    if not DAY_MIN <= day <= DAY_MAX:
        raise PydanticCustomError("day_out_of_range", "not a day of a life")
    return day


def read_instant(value: object) -> object:
    """An instant as ISO text with its offset or as itself, never a count of seconds."""
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value.upper() else value
    except ValueError:
        instant = None
    if not isinstance(instant, datetime) or instant.tzinfo is None:
        raise PydanticCustomError("instant_type", "not an instant with its offset")
    if not INSTANT_MIN <= instant <= INSTANT_MAX:
        raise PydanticCustomError("instant_out_of_range", "not an instant of this century")
    return instant


def read_hour(value: object) -> object:
    """An hour of the office as ISO text or as itself, never a count of seconds, and without an offset."""
    try:
        hour = time.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        hour = None
    if not isinstance(hour, time) or hour.tzinfo is not None:
        raise PydanticCustomError("time_parsing", "not an hour of the day")
    return hour


COUNTED, AMOUNT = typed(numbers.count), typed(numbers.rials, RIALS_MAX)
Day = Annotated[date, when_asked(read_day)]
Instant = Annotated[AwareDatetime, when_asked(read_instant)]
Hour = Annotated[time, when_asked(read_hour)]
JalaliYear = Annotated[int, Field(ge=1370, le=1500), COUNTED]
StatementDigest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
"""SHA-256 of a bank's statement file, hexadecimal."""
Rials = Annotated[int, Field(ge=0)]
"""Money is whole rials, always from our own records."""
TypedRials = Annotated[int, Field(ge=0, le=RIALS_MAX), AMOUNT]
"""An amount that somebody says."""
Source = Annotated[str, StringConstraints(max_length=40)]
"""The name of a service that keeps a log."""
Sequence = Annotated[str, StringConstraints(max_length=500)]
"""What events are parked by, such as a member's number."""
Position = Annotated[int, Field(ge=1, le=POSITION_MAX), COUNTED]
"""An event's place in its log."""
Version = Annotated[int, Field(ge=1, le=VERSION_MAX), COUNTED]
Degree = Annotated[int, Field(ge=1, le=4), COUNTED]
Quantity = Annotated[Decimal, Field(gt=0, max_digits=6, decimal_places=2), typed(numbers.quantity)]


SECRET_LENGTH_MAX = 4096
Secret = Annotated[
    SecretStr,
    Field(max_length=SECRET_LENGTH_MAX),
    WHOLE_CHARACTERS,
    PlainSerializer(SecretStr.get_secret_value, return_type=str, when_used="json"),
]
"""Masked in every print and log; written out only in the message that carries it."""


class Value(BaseModel):
    """A part of a fact, an answer or an ask, compared by what it holds; as generous as facts are, and strict in an ask's `parse`."""

    model_config = ConfigDict(frozen=True, extra="ignore")


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
    """What an officer may do: the desk, the money, the accounts."""

    MANAGER = "manager"
    FINANCE = "finance"
    ADMIN = "admin"


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
    """What the register says of a member's licence; `fields` is empty without one."""

    member_class: MemberClass
    fields: tuple[LicenceField, ...] = ()
    expires_on: date | None = None


class UnpaidYear(Value):
    """A year that the register does not have as paid, with the class that the member had on its 1 Farvardin."""

    year: JalaliYear
    member_class: MemberClass


class Waiver(Value):
    """What the manager lets a member off of one year's fee; the reason's text lies in a row."""

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
    """Whether the payer has asked the bank for it back, which is not decided yet."""


class CoveredYear(Value):
    """A year that is not charged, and what covers it: the register's word, or a paid invoice of the same member's."""

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
