"""What is said of a capacity of which too much is used: the ceiling, the sum, and by how much it is over; pure."""

from collections.abc import Iterable, Iterator, Mapping

from markupsafe import Markup

from clients.gateway.web import filters, labels
from shared.contract.capacity.answers import Capacity, FieldCapacity, JobUnits, WhatIfResult

OF_A_JOB = {"degree_not_allowed", "field_not_in_licence", "dates_out_of_order", "outside_year", "full_time_twice"}
"""Codes whose sentence speaks of "this" job, which a capacity's warnings do not stand at."""


def of_year(used: int, ceiling: int) -> Markup:
    """All uses against the year's ceiling."""
    numbers = (filters.units(units) for units in (used, ceiling, used - ceiling))
    return Markup("مجموع کسرها {} است، سقف ظرفیت سال {}: {} بیش از سقف.").format(*numbers)


def of_field(one: FieldCapacity) -> Markup:
    """A licence field's uses against its own ceiling."""
    used, ceiling = one.used_units, one.ceiling_units
    numbers = (filters.units(units) for units in (used, ceiling, used - ceiling))
    return Markup("کسرهای رستهٔ {} {} است، سقف این رسته {}: {} بیش از سقف.").format(labels.FIELDS[one.field], *numbers)


def warnings(capacity: Capacity) -> list[str]:
    """A capacity's warnings as sentences."""
    whole = (capacity.used_units, capacity.ceiling_units)
    of_one = [f"یکی از فعالیت‌ها: {labels.capacity_code(code)}" for code in capacity.warnings if code in OF_A_JOB]
    return [*said((code for code in capacity.warnings if code not in OF_A_JOB), whole, capacity.fields), *of_one]


def problems(found: WhatIfResult) -> Mapping[str, str]:
    """The rules that a job would break: each sentence with the policy's row that says so."""
    rows: dict[str, str] = {}
    for code, rule in found.problems.items():
        fields = [one for one in found.fields if one.field == found.field]
        rows |= dict.fromkeys(said([code], (found.used_units, found.ceiling_units), fields), rule)
    return rows


def of_jobs(units: JobUnits) -> Iterator[str]:
    """What declared jobs use beyond the year's ceiling or a field's."""
    whole = (units.employment_units + sum(units.units), units.ceiling_units)
    for place, code in units.problems.items():
        name = place.removeprefix("fields.")
        of_one = [one for one in units.fields if one.field == name]
        if place.startswith("jobs.") or place == "licence":  # told at the job, and of the licence
            continue
        if name in labels.FIELDS and not of_one:
            yield f"{labels.FIELDS[name]}: {labels.capacity_code(code)}"
        else:
            yield from said([code], whole, of_one)


def said(codes: Iterable[str], whole: tuple[int, int], fields: Iterable[FieldCapacity]) -> Iterator[str]:
    """Each code's sentence, with the numbers where too much is used."""
    for code in codes:
        over = [one for one in fields if one.used_units > one.ceiling_units]
        if code == "over_ceiling" and whole[0] > whole[1]:
            yield of_year(*whole)
        elif code == "over_field_ceiling" and over:
            yield from map(of_field, over)
        else:
            yield labels.capacity_code(code)
