"""What stands in URLs: converters of membership numbers and Jalali years (malformed is 404), and the year behind a question mark."""

import flask
from werkzeug.routing import BaseConverter, IntegerConverter, Map, ValidationError

from shared.contract.bounds import YEAR_MAX, YEAR_MIN
from shared.contract.refusals import Reason, Refused
from shared.text import numbers, persian


class MemberConverter(BaseConverter):
    """A membership number, in digits of any keyboard."""

    def to_python(self, value: str) -> str:
        number = persian.membership_no(value)
        if number is None:
            raise ValidationError
        return number


class YearConverter(IntegerConverter):
    """A Jalali year that a membership can have."""

    regex = "[0-9۰-۹]{4}"

    def __init__(self, map: Map) -> None:  # noqa: A002 - werkzeug's own name
        super().__init__(map, min=YEAR_MIN, max=YEAR_MAX)


def attach(app: flask.Flask) -> None:
    """Teach the application's routes; before any of them is registered."""
    app.url_map.converters |= {"member": MemberConverter, "year": YearConverter}


def year(otherwise: int) -> int:
    """The Jalali year that the address asks for."""
    return number("year", YEAR_MIN, YEAR_MAX) or otherwise


def number(name: str, least: int, most: int) -> int | None:
    """A number behind the question mark, None where there is none; refused where it is another than can be."""
    typed = flask.request.args.get(name, "")
    try:
        found = numbers.count(typed) if typed else None
    except numbers.NumberWrong as wrong:
        raise Refused(Reason.BAD_INPUT, {name: wrong.code}) from None
    if found is not None and not least <= found <= most:
        raise Refused(Reason.BAD_INPUT, {name: "less_than_equal" if found > most else "greater_than_equal"})
    return found
