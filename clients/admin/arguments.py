"""Parsers of command-line arguments: digits of any script, Jalali dates, provinces by key or by name."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

import typer
from pydantic_core import PydanticCustomError

from clients.admin.context import RunContext
from shared import translations
from shared.contract import bounds
from shared.contract.bounds import OFFSET_MAX, PAGE_MAX, RIALS_MAX, YEAR_MAX, YEAR_MIN
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Waiver
from shared.provinces import PROVINCES
from shared.text import cleaning, numbers, persian

T = TypeVar("T")
SHORT = 8
"""Characters of an id that lists show; any beginning that no other has will do."""
REASON_LENGTH_MIN, REASON_LENGTH_MAX = 10, 1000
"""As the contract's `ReasonText`: checked before anything is sent."""


def member_no(text: str) -> str:
    number = persian.membership_no(text)
    if number is None:
        raise typer.BadParameter(f"{text!r} is not a membership number (3 to 12 digits)")
    return number


class WrongValue(typer.BadParameter):
    """A typed value that is refused by a code of the contract, printed as a sentence in the language of the run."""

    def __init__(self, text: object, code: str) -> None:
        super().__init__(repr(text))
        self.code = code

    def format_message(self) -> str:
        run = self.ctx.find_object(RunContext) if self.ctx else None
        sentence = translations.field_error(self.code, run.printer.language if run else "en")
        return f"{super().format_message()}: {sentence}"


def within(least: int, most: int, grammar: Callable[[str], int]) -> Callable[[str], int]:
    """A parser of integers by a grammar of digits, between two limits."""

    def parse(text: str | int) -> int:
        try:
            number = grammar(str(text))
        except numbers.NumberWrong as error:
            raise WrongValue(text, error.code) from None
        if not least <= number <= most:
            raise typer.BadParameter(f"{text!r} is not a whole number from {least:,} to {most:,}")
        return number

    return parse


def one_of(names: Sequence[str]) -> Callable[[str], str]:
    """A parser of an argument that is one of these names."""

    def parse(text: str) -> str:
        if text not in names:
            raise typer.BadParameter(f"{text!r} is not one of {', '.join(names)}")
        return text

    return parse


def whole_number(least: int, most: int) -> Callable[[str], int]:
    return within(least, most, numbers.count)


def amount_rials(least: int) -> Callable[[str], int]:
    return within(least, RIALS_MAX, numbers.rials)


def jalali_day(text: str) -> date:
    try:
        return bounds.read_day(persian.parse_date(text))
    except PydanticCustomError as wrong:
        raise WrongValue(text, wrong.type) from None
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a Jalali date such as 1405/07/15") from None


def quantity_of(text: str | Decimal) -> Decimal:
    try:
        return numbers.quantity(str(text))
    except numbers.NumberWrong as error:
        raise WrongValue(text, error.code) from None


def province_key(text: str) -> str:
    """A province by its key or by its Persian name in any spelling."""
    typed = persian.search_key(text)
    for key, name in PROVINCES.items():
        if typed in (key, persian.search_key(name)):
            return key
    raise typer.BadParameter(f"{text!r} is not a province; known are {', '.join(PROVINCES)}")


@dataclass(frozen=True)
class Hours:
    """When the office opens and closes on a day; neither where it stays closed."""

    opens: time | None = None
    closes: time | None = None


def office_hours(text: str) -> Hours:
    """`08:00-12:00` or `closed`."""
    typed = persian.normalise(text).replace(" ", "")
    if typed in ("closed", "تعطیل"):
        return Hours()
    match = re.fullmatch("([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})", typed)
    try:
        from_hour, from_minute, to_hour, to_minute = map(int, match.groups()) if match else (0, 0, 0, 0)
        hours = Hours(time(from_hour, from_minute), time(to_hour, to_minute))
    except ValueError:
        hours = Hours(time(), time())
    if hours.opens == hours.closes or (hours.opens or time()) > (hours.closes or time()):
        raise typer.BadParameter(f"{text!r} is neither office hours such as 08:00-12:00 nor `closed`")
    return hours


def reason_text(text: str) -> str:
    reason = cleaning.paragraphs(text)
    if len(reason) > REASON_LENGTH_MAX:
        raise typer.BadParameter(translations.field_error(f"longer_than:{REASON_LENGTH_MAX}:{len(reason)}", "en"))
    if len(reason) < REASON_LENGTH_MIN:
        raise typer.BadParameter(translations.group("refusal", "en")[Reason.REASON_NEEDED])
    return reason


def waiver(text: str) -> Waiver:
    """`1404:2000000`."""
    year, _, amount = text.partition(":")
    return Waiver(year=whole_number(YEAR_MIN, YEAR_MAX)(year), amount_rials=amount_rials(1)(amount))


def only_match(matches: Sequence[T], unknown: Reason, several: str, argument: str) -> T:
    """What a typed prefix names; `Refused` for nothing, wrong usage for `several`."""
    if not matches:
        raise Refused(unknown)
    if len(matches) > 1:
        raise typer.BadParameter(f"{len(matches)} {several}", param_hint=argument)
    return matches[0]


class Waiting(Protocol):
    """What waits under an id for a second officer."""

    @property
    def request(self) -> UUID | None: ...


W = TypeVar("W", bound=Waiting)


def open_request(waiting: Iterable[W], prefix: str) -> W:
    """The one open request whose id begins so."""
    matches = [one for one in waiting if str(one.request).startswith(prefix.lower())]
    return only_match(matches, Reason.UNKNOWN_REQUEST, f"requests begin with {prefix!r}", "REQUEST")


Member = Annotated[str, typer.Argument(metavar="MEMBER", help="A membership number.", parser=member_no)]
SomeMembers = Annotated[
    list[str] | None,
    typer.Argument(metavar="[MEMBER]...", help="Membership numbers; or --all.", parser=member_no, show_default=False),
]
All = Annotated[bool, typer.Option("--all", help="All that the list has, in place of members.", show_default=False)]
Year = Annotated[
    int | None,
    typer.Option(
        "--year", help="The Jalali year; the current one by default.", parser=whole_number(YEAR_MIN, YEAR_MAX)
    ),
]
Province = Annotated[
    str | None,
    typer.Option(
        "--province", help="A province by key or Persian name; by default those you serve.", parser=province_key
    ),
]
Provinces = Annotated[
    list[str],
    typer.Option("--province", help="May be given several times; replaces earlier ones.", parser=province_key),
]
Request = Annotated[str, typer.Argument(metavar="REQUEST", help="A request's id, or its beginning.")]
Limit = Annotated[
    int, typer.Option("--limit", help="Rows at most, of all provinces together.", parser=whole_number(1, PAGE_MAX))
]
Offset = Annotated[int, typer.Option("--offset", help="Rows to leave out first.", parser=whole_number(0, OFFSET_MAX))]
Apply = Annotated[
    bool | None,
    typer.Option(
        "--apply/--dry-run",
        help="Do it, or only show what would be done. One member is done at once; several, and --all, are a dry run by default.",
        show_default=False,
    ),
]
ReasonText = Annotated[
    str, typer.Option("--reason", help="Why: at least 10 characters, put on record.", parser=reason_text)
]
ReasonForMember = Annotated[
    str, typer.Option("--reason", help="What the member reads: at least 10 characters.", parser=reason_text)
]
