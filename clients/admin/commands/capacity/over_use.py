"""What the command line says of a capacity of which too much is used: the sum, the ceiling, and by how much it is over."""

from collections.abc import Iterable, Iterator

from clients.admin.output import Printer
from shared.contract.capacity.answers import Capacity, FieldCapacity


def of_capacity(printer: Printer, capacity: Capacity) -> list[str]:
    """A capacity's warnings."""
    whole = (capacity.used_units, capacity.ceiling_units)
    return list(warnings(printer, capacity.warnings, whole, capacity.fields).values())


def warnings(
    printer: Printer, codes: Iterable[str], whole: tuple[int, int], fields: Iterable[FieldCapacity]
) -> dict[str, str]:
    """Each code's words, with the numbers where more is used (the first of `whole`) than the ceiling (the second)."""
    return {code: "; ".join([printer.label(code), *numbers(printer, code, whole, fields)]) for code in codes}


def numbers(printer: Printer, code: str, whole: tuple[int, int], fields: Iterable[FieldCapacity]) -> Iterator[str]:
    used, ceiling = whole
    if code == "over_ceiling" and used > ceiling:
        yield of(printer, used, ceiling)
    if code == "over_field_ceiling":
        over = (one for one in fields if one.used_units > one.ceiling_units)
        yield from (f"{printer.label(one.field)} {of(printer, one.used_units, one.ceiling_units)}" for one in over)


def of(printer: Printer, used: int, ceiling: int) -> str:
    sum_, limit, excess = (printer.units(units) for units in (used, ceiling, used - ceiling))
    return printer.pick(
        f"مجموع {sum_}، سقف {limit}، بیش از سقف {excess} (P)", f"{sum_} P of {limit} P, {excess} P too much"
    )
