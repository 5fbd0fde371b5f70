"""What is said of a capacity of which too much is used: the ceiling, the sum, and by how much it is over; pure."""

from collections.abc import Iterable, Iterator, Mapping

from clients.gateway import words
from shared import persian
from shared.contract.answers import Capacity, FieldCapacity, JobUnits, WhatIf


def in_p(units: int) -> str:
    return f"{persian.format_units(units)} P"


def of_year(used: int, ceiling: int) -> str:
    """All uses against the year's ceiling."""
    return f"مجموع کسرها {in_p(used)} است، سقف ظرفیت سال {in_p(ceiling)}: {in_p(used - ceiling)} بیش از سقف."


def of_field(one: FieldCapacity) -> str:
    """A licence field's uses against its own ceiling."""
    return (
        f"کسرهای رستهٔ {words.FIELDS[one.field]} {in_p(one.used_units)} است، سقف این رسته {in_p(one.ceiling_units)}: "
        f"{in_p(one.used_units - one.ceiling_units)} بیش از سقف."
    )


def warnings(capacity: Capacity) -> list[str]:
    """A capacity's warnings as sentences."""
    return [*said(capacity.warnings, (capacity.used_units, capacity.ceiling_units), capacity.fields)]


def problems(found: WhatIf) -> Mapping[str, str]:
    """The rules that a job would break: each sentence with the policy's row that says so."""
    rows: dict[str, str] = {}
    for code, rule in found.problems.items():
        fields = [one for one in found.fields if one.field == found.field]
        rows |= dict.fromkeys(said([code], (found.used_units, found.ceiling_units), fields), rule)
    return rows


def of_jobs(units: JobUnits) -> Iterator[str]:
    """What declared jobs use beyond the year's ceiling or a field's."""
    used = units.employment_units + sum(units.units)
    codes = [code for place, code in units.problems.items() if not place.startswith("jobs.")]
    yield from said(dict.fromkeys(codes), (used, units.ceiling_units), units.fields)


def said(codes: Iterable[str], whole: tuple[int, int], fields: Iterable[FieldCapacity]) -> Iterator[str]:
    """Each code's sentence, with the numbers where too much is used."""
    for code in codes:
        over = [one for one in fields if one.used_units > one.ceiling_units]
        if code == "over_ceiling" and whole[0] > whole[1]:
            yield of_year(*whole)
        elif code == "over_field_ceiling" and over:
            yield from map(of_field, over)
        else:
            yield words.capacity_code(code)
