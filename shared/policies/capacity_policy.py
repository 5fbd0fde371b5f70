"""The capacity policy of a Jalali year: the tables of its TOML file, and the text that they were read from.

Texts are recorded in events (`PolicyAmended`): a new table or cell has a default, and no rule becomes stricter.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.contract.values import UNITS_PER_P, EmploymentStatus, JalaliYear, JobKind, LicenceField, MemberClass
from shared.policies import policy_files

MONTHS = 12
PARSED_MAX = 16
"""Texts whose tables are remembered: a year has one, and one more for each correction."""

T = TypeVar("T")


def units_of_p(cell: object) -> int:
    """A cell in P, as a number or as text with a decimal point, in units of 0.01 P; the source's `3/75` is refused."""
    text = str(cell)
    if isinstance(cell, bool) or not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", text):
        raise PydanticCustomError("not_p", "{cell} is no number of P (such as 25 or 3.75)", {"cell": repr(text)})
    return int(Decimal(text) * UNITS_PER_P)


def complete(kinds: type[StrEnum]) -> AfterValidator:
    """The table has a row for every kind."""

    def check(table: dict[StrEnum, T]) -> dict[StrEnum, T]:
        missing = ", ".join(kind.value for kind in kinds if kind not in table)
        if missing:
            raise PydanticCustomError("row_missing", "nothing is said of {missing}", {"missing": missing})
        return table

    return AfterValidator(check)


Units = Annotated[int, BeforeValidator(units_of_p)]
Degree = Annotated[int, Field(ge=1, le=4)]
Per = Literal["hour", "day", "month", "semester", "year", "each"]


class Table(BaseModel):
    """A table of the file: strict, so that a misspelt row is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Deduction(Table):
    """What one unit of a job's quantity uses, by the job's degree."""

    per: Per
    p: tuple[Units, Units, Units, Units]

    @model_validator(mode="after")
    def falling(self) -> Self:
        """Degree 1 is the largest job: a smaller one never uses more."""
        if list(self.p) != sorted(self.p, reverse=True):
            raise PydanticCustomError("degrees_rise", "a smaller job (a higher degree) uses more than a larger one")
        return self


class Posts(Table):
    """How many posts a member may hold at the same time."""

    kinds: tuple[JobKind, ...]
    most: Annotated[dict[MemberClass, Annotated[int, Field(ge=0)]], complete(MemberClass)]


class EmploymentRule(Table):
    """Which deduction an employment uses, and at which degree by the member's class."""

    months_per_semester: Annotated[int, Field(ge=1, le=MONTHS)]
    degrees: dict[MemberClass, Degree]
    uses: Annotated[dict[EmploymentStatus, JobKind | Literal["nothing"]], complete(EmploymentStatus)]


class Policy(Table):
    """All that decides the capacity of one Jalali year; amounts in units of 0.01 P."""

    text: str
    """The file's own text."""
    year: JalaliYear
    ceilings: Annotated[
        dict[MemberClass, Annotated[dict[LicenceField, Units], complete(LicenceField)]], complete(MemberClass)
    ]
    deductions: Annotated[dict[JobKind, Deduction], complete(JobKind)]
    degrees: Annotated[dict[MemberClass, tuple[Degree, ...]], complete(MemberClass)]
    posts: Posts
    employment: EmploymentRule

    @model_validator(mode="after")
    def employment_counts_by_time(self) -> Self:
        """An employment has dates and no quantity, so what it uses must be counted by months, semesters or years."""
        for status, kind in self.employment.uses.items():
            if kind != "nothing" and self.deductions[kind].per not in ("month", "semester", "year"):
                text = "employment.uses.{status}: {kind} is not counted by time"
                raise PydanticCustomError("no_time", text, {"status": status.value, "kind": kind.value})
        return self

    @property
    def digest(self) -> str:
        """Which text this is: results are stored with it."""
        return policy_files.digest(self.text)

    @property
    def version(self) -> str:
        """The year and which text of its file."""
        return f"{self.year}-{self.digest}"

    def has_same_tables(self, other: "Policy") -> bool:
        """Whether the tables are the same, however they are written down."""
        return self == other.model_copy(update={"text": self.text})


@lru_cache(maxsize=PARSED_MAX)
def parse(text: str, file: str = "policy") -> Policy:
    """The policy in a text; `PolicyError` names the file by `file`."""
    return policy_files.parse(Policy, text, file, text=text)


def changes(before: Policy, after: Policy) -> list[str]:
    """Each cell that differs, such as `ceilings.grade_2.extraction: 72000 → 73000`, in units of 0.01 P."""
    was, now = (dict(cells("", policy.model_dump(mode="json", exclude={"text"}))) for policy in (before, after))
    return [
        f"{place}: {was.get(place)} → {now.get(place)}" for place in {**was, **now} if was.get(place) != now.get(place)
    ]


def cells(place: str, part: object) -> Iterator[tuple[str, object]]:
    """Every cell of nested tables by its dotted place."""
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from cells(f"{place}.{name}" if place else str(name), inner)
    else:
        yield place, part


def read_folder(folder: Path, until: int = 0) -> dict[int, Policy]:
    """Every policy of a folder by its year, with those that are made up until a year (`policy_files.made_up`); `PolicyError` with all that is wrong."""
    return policy_files.read_folder(folder, parse, until)
