"""Warnings of a capacity of which too much is used: the sum, the ceiling, and by how much it is over."""

from collections.abc import Iterable, Iterator

from clients.admin.output import Printer
from shared.contract.capacity.answers import Capacity, FieldCapacity


def warnings_of(printer: Printer, capacity: Capacity) -> list[str]:
    """A capacity's warnings."""
    whole = (capacity.used_units, capacity.ceiling_units)
    return list(warnings(printer, capacity.warnings, whole, capacity.fields).values())


def warnings(
    printer: Printer, codes: Iterable[str], whole: tuple[int, int], fields: Iterable[FieldCapacity]
) -> dict[str, str]:
    """Each code's sentence, with the numbers where more is used (the first of `whole`) than the ceiling (the second)."""
    return {code: "; ".join([printer.label(code), *numbers(printer, code, whole, fields)]) for code in codes}


def numbers(printer: Printer, code: str, whole: tuple[int, int], fields: Iterable[FieldCapacity]) -> Iterator[str]:
    used, ceiling = whole
    if code == "over_ceiling" and used > ceiling:
        yield excess(printer, used, ceiling)
    if code == "over_field_ceiling":
        over = (each for each in fields if each.used_units > each.ceiling_units)
        yield from (
            f"{printer.label(each.field)} {excess(printer, each.used_units, each.ceiling_units)}" for each in over
        )


def excess(printer: Printer, used: int, ceiling: int) -> str:
    return printer.text("excess", used_units=used, ceiling_units=ceiling, excess_units=used - ceiling)
