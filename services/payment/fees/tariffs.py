"""What a year's membership costs by class: the tariffs in `fees/<year>.toml`, checked when they are loaded."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from shared.contract.bounds import YEAR_MIN
from shared.contract.values import InvoiceLine, MemberClass

FOLDER = Path(__file__).parent / "data"
AMOUNT_RIALS_MIN = 10_000
"""The least that the bank takes (docs/payments.md 6.3)."""
AMOUNT_RIALS_MAX = 2_000_000_000
AMOUNT_RIALS_STEP = 1_000
"""Fees are rounded to this (docs/domain.md 7.2)."""
TABLES = {"year", "first_year", "membership", "entrance"}


class FeesWrong(Exception):  # noqa: N818 - reads as the sentence it is
    """The fee tables cannot be used; every fault with its file, table and cell."""


class NoTariff(LookupError):  # noqa: N818 - reads as the sentence it is
    """No table covers the year."""


@dataclass(frozen=True)
class Tariff:
    """The fees of the years from `first_year` to `year`, in rials."""

    year: int
    first_year: int
    membership: Mapping[MemberClass, int]
    entrance: int | None


@dataclass(frozen=True)
class Tariffs:
    """All tariffs; no two cover the same year."""

    tariffs: tuple[Tariff, ...]

    def fee(self, year: int, member_class: MemberClass) -> int:
        """A year's fee in rials; `NoTariff` for a year without a table."""
        for tariff in self.tariffs:
            if tariff.first_year <= year <= tariff.year:
                return tariff.membership[member_class]
        raise NoTariff(f"no fee table in {FOLDER} covers the year {year}")

    def entrance(self, year: int) -> int:
        """The fee for joining in a year, in rials; 0 where none was charged."""
        for tariff in self.tariffs:
            if tariff.first_year <= year <= tariff.year:
                return tariff.entrance or 0
        raise NoTariff(f"no fee table in {FOLDER} covers the year {year}")

    def lines(self, years: Iterable[tuple[int, MemberClass]]) -> tuple[InvoiceLine, ...]:
        """An invoice's lines, each year at its own tariff, the oldest first."""
        return tuple(
            InvoiceLine(year=year, member_class=member_class, amount_rials=self.fee(year, member_class))
            for year, member_class in sorted(years)
        )


@cache
def load(folder: Path = FOLDER) -> Tariffs:
    """Read every table of the folder; `FeesWrong` names all that is wrong in them."""
    faults: list[str] = []
    tariffs = [parse(path.name, path.read_text("utf-8"), faults) for path in sorted(folder.glob("*.toml"))]
    found = [tariff for tariff in tariffs if tariff is not None]
    faults += overlaps(found)
    if not tariffs:
        faults.append(f"{folder}: no fee table")
    if faults:
        raise FeesWrong("\n".join(faults))
    return Tariffs(tuple(found))


def parse(name: str, text: str, faults: list[str]) -> Tariff | None:
    """One file's tariff, or None with its faults added to the list."""
    before = len(faults)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{name}: {error}")
        return None
    faults += [f"{name}: unknown table or key {table!r}" for table in sorted(tables.keys() - TABLES)]
    year, first_year = years(name, tables, faults)
    membership = amounts(f"{name} [membership]", tables.get("membership"), set(MemberClass), faults)
    entrance = {}
    if "entrance" in tables:
        entrance = amounts(f"{name} [entrance]", tables["entrance"], {"amount"}, faults)
    if len(faults) > before:
        return None
    by_class = {MemberClass(key): amount for key, amount in membership.items()}
    return Tariff(year, first_year, by_class, entrance.get("amount"))


def years(name: str, tables: Mapping[str, object], faults: list[str]) -> tuple[int, int]:
    """The last and the first year that a file covers."""
    year = tables.get("year")
    first_year = tables.get("first_year", year)
    if not isinstance(year, int) or name != f"{year}.toml":
        faults.append(f"{name}: year is {year!r}, not the one in the file's name")
        return 0, 0
    if not isinstance(first_year, int) or not YEAR_MIN <= first_year <= year:
        faults.append(f"{name}: first_year is {first_year!r}, not a year from {YEAR_MIN} to {year}")
        return year, year
    return year, first_year


def amounts(place: str, table: object, needed: Iterable[str], faults: list[str]) -> dict[str, int]:
    """A table's cells, each a fee in whole rials; what is wrong goes to the list with its cell."""
    if not isinstance(table, dict):
        faults.append(f"{place}: the table is missing")
        return {}
    cells = {str(key) for key in needed}
    faults += [f"{place} {key}: missing" for key in sorted(cells - table.keys())]
    faults += [f"{place} {key}: unknown" for key in sorted(table.keys() - cells)]
    faults += [f"{place} {key}: {fault}" for key in sorted(cells & table.keys()) if (fault := fault_of(table[key]))]
    return table


def fault_of(amount: object) -> str | None:
    if not isinstance(amount, int) or isinstance(amount, bool):
        return f"{amount!r} is not a whole number of rials"
    if not AMOUNT_RIALS_MIN <= amount <= AMOUNT_RIALS_MAX:
        return f"{amount} lies outside {AMOUNT_RIALS_MIN}..{AMOUNT_RIALS_MAX} rials"
    if amount % AMOUNT_RIALS_STEP:
        return f"{amount} is no multiple of {AMOUNT_RIALS_STEP} rials"
    return None


def overlaps(tariffs: list[Tariff]) -> list[str]:
    """Years that two tables cover."""
    return [
        f"{later.year}.toml: first_year {later.first_year} is covered by {earlier.year}.toml"
        for earlier, later in pairwise(tariffs)
        if later.first_year <= earlier.year
    ]
