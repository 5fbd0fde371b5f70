"""Tariffs: what a year's membership costs by class, from the files `data/<year>.toml`, validated when they are loaded."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StrictInt,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from shared.contract.bounds import YEAR_MIN
from shared.contract.values import InvoiceLine, MemberClass
from shared.policies import policy_files
from shared.settings import Settings
from shared.text import persian

FOLDER = Path(__file__).parent / "data"
AMOUNT_RIALS_MIN = 10_000
"""The least that the bank takes (docs/payments.md 6.3)."""
AMOUNT_RIALS_MAX = 2_000_000_000
AMOUNT_RIALS_STEP = 1_000
"""Fees are rounded to this (docs/domain.md 7.2)."""


class FeesWrong(Exception):  # noqa: N818 - reads as the sentence it is
    """The fee tables cannot be used; every fault with its file, table and cell."""


class NoTariff(LookupError):  # noqa: N818 - reads as the sentence it is
    """No table covers the year."""


def whole_rials(amount: object) -> int:
    """A fee in whole rials, rounded, within what the bank takes."""
    if amount is None:
        raise PydanticCustomError("missing", "missing")
    if not isinstance(amount, int) or isinstance(amount, bool):
        raise PydanticCustomError("not_rials", "{amount} is not a whole number of rials", {"amount": repr(amount)})
    if not AMOUNT_RIALS_MIN <= amount <= AMOUNT_RIALS_MAX:
        bounds = f"{AMOUNT_RIALS_MIN}..{AMOUNT_RIALS_MAX}"
        raise PydanticCustomError(
            "out_of_bounds", "{amount} lies outside {bounds} rials", {"amount": amount, "bounds": bounds}
        )
    if amount % AMOUNT_RIALS_STEP:
        text = "{amount} is no multiple of {step} rials"
        raise PydanticCustomError("not_rounded", text, {"amount": amount, "step": AMOUNT_RIALS_STEP})
    return amount


def with_every_class(table: object) -> object:
    """A class without a fee is as one whose fee is missing."""
    return {**dict.fromkeys(MemberClass), **table} if isinstance(table, dict) else table


Fee = Annotated[int, BeforeValidator(whole_rials)]


class Entrance(BaseModel):
    """The fee for joining, or for joining again after a cancellation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: Fee


class Tariff(BaseModel):
    """The fees of the years from `first_year` to `year`, in rials."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: StrictInt
    first_year: StrictInt
    membership: Annotated[dict[MemberClass, Fee], BeforeValidator(with_every_class)]
    entrance: Entrance | None = None
    digest: str = ""
    """Which text of the file this is; of none that a file says itself."""
    source: tuple[str, ...] = ()
    """Where the figures come from: the comments at the head of the file."""

    @model_validator(mode="before")
    @classmethod
    def one_year_unless_more(cls, tables: dict[str, object]) -> dict[str, object]:
        """A file without `first_year` covers one year."""
        return {"first_year": tables.get("year"), **tables}

    @model_validator(mode="after")
    def covers_years(self, info: ValidationInfo) -> Self:
        """The year is the one in the file's name, which is the context."""
        if info.context != f"{self.year}.toml":
            raise PydanticCustomError("year", "year is {year}, not the one in the file's name", {"year": self.year})
        if not YEAR_MIN <= self.first_year <= self.year:
            about = {"first_year": self.first_year, "least": YEAR_MIN, "year": self.year}
            raise PydanticCustomError(
                "first_year", "first_year is {first_year}, not a year from {least} to {year}", about
            )
        return self


@dataclass(frozen=True)
class Tariffs:
    """All tariffs; no two cover the same year."""

    tariffs: tuple[Tariff, ...]

    def of_year(self, year: int) -> Tariff:
        """The tariff of a year; `NoTariff` for one without a table."""
        for tariff in self.tariffs:
            if tariff.first_year <= year <= tariff.year:
                return tariff
        raise NoTariff(f"no fee table in {FOLDER} covers the year {year}")

    def fee(self, year: int, member_class: MemberClass) -> int:
        """A year's fee in rials."""
        return self.of_year(year).membership[member_class]

    def entrance(self, year: int) -> int:
        """The fee for joining in a year, in rials; 0 where none was charged."""
        entrance = self.of_year(year).entrance
        return entrance.amount if entrance else 0

    def lines(self, years: Iterable[tuple[int, MemberClass]]) -> tuple[InvoiceLine, ...]:
        """An invoice's lines, each year at its own tariff, the oldest first."""
        return tuple(
            InvoiceLine(year=year, member_class=member_class, amount_rials=self.fee(year, member_class))
            for year, member_class in sorted(years)
        )


@cache
def load(folder: Path = FOLDER, *, until: int | None = None) -> Tariffs:
    """Read every table of the folder, with those that are made up until a year: in development this one, unless it is said. `FeesWrong` names all that is wrong in them."""
    if until is None:
        until = persian.jalali_year(datetime.now(UTC)) if Settings().development else 0
    faults: list[str] = []
    files = [(file.name, file.read_text("utf-8")) for file in sorted(folder.glob("*.toml"))]
    files += policy_files.made_up(folder, until)
    found = [tariff for name, text in files if (tariff := parse(name, text, faults))]
    faults += overlaps(found)
    if not files:
        faults.append(f"{folder}: no fee table")
    if faults:
        raise FeesWrong("\n".join(faults))
    return Tariffs(tuple(found))


def parse(name: str, text: str, faults: list[str]) -> Tariff | None:
    """One file's tariff, or None with its faults added to the list."""
    try:
        found = Tariff.model_validate(tomllib.loads(text), context=name)
        return found.model_copy(
            update={"digest": policy_files.digest(text), "source": policy_files.head_comments(text)}
        )
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{name}: {error}")
    except ValidationError as error:
        faults += [fault_of(name, wrong) for wrong in error.errors(include_url=False)]
    return None


def fault_of(name: str, wrong: ErrorDetails) -> str:
    """A fault with its file, table and cell."""
    table, *cells = [str(one) for one in wrong["loc"] or ("",)]
    if not table:
        return f"{name}: {wrong['msg']}"
    if table in {"year", "first_year"}:
        return f"{name}: {table} is {wrong['input']!r}, not a year from {YEAR_MIN} to {name.removesuffix('.toml')}"
    if wrong["type"] == "extra_forbidden" and not cells:
        return f"{name}: unknown table or key {table!r}"
    if not cells:
        return f"{name} [{table}]: the table is missing"
    texts = {"extra_forbidden": "unknown", "enum": "unknown", "missing": "missing"}
    return f"{name} [{table}] {cells[0]}: {texts.get(wrong['type'], wrong['msg'])}"


def overlaps(tariffs: list[Tariff]) -> list[str]:
    """Years that two tables cover."""
    return [
        f"{later.year}.toml: first_year {later.first_year} is covered by {earlier.year}.toml"
        for earlier, later in pairwise(tariffs)
        if later.first_year <= earlier.year
    ]
