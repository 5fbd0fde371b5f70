"""Every field of a command or query has bounds, and a value beyond them is refused with a code, whatever the bound is."""

import enum
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import AwareDatetime, BaseModel, SecretStr

from shared import translations
from shared.contract import base, bounds, values
from shared.contract.auth import commands as auth_commands
from shared.contract.base import Command
from shared.contract.catalogue import MESSAGES
from shared.contract.operations import queries as operations_queries
from shared.contract.payment import commands as payment_commands
from shared.contract.refusals import Refused
from shared.contract.renewal import commands as renewal_commands
from shared.contract.renewal import events
from shared.contract.renewal import queries as renewal_queries

BY_READER = {date: values.Day, AwareDatetime: values.Instant, time: values.Hour}
CLOSED = (bool, UUID, enum.Enum)
"""Types with few values, or of one size."""
UNLIMITED = ("*", "+", ",}")


def parts(kind: Any, metadata: tuple[Any, ...] = ()) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Each plain type that a field is made of, with the constraints on it."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        yield from parts(arguments[0], (*metadata, *arguments[1:]))
    elif origin in (typing.Union, types.UnionType):
        for one in arguments:
            yield from parts(one, metadata)
    elif origin in (tuple, dict):
        yield origin, metadata
        for one in arguments:
            yield from parts(one)
    elif kind not in (type(None), Ellipsis):
        yield kind, metadata


def fields(kind: type[BaseModel]) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    """The fields of a word and of the words within it, each plain type by its dotted name."""
    for name, field in kind.model_fields.items():
        if name == "at" and issubclass(kind, Command):
            continue  # stamped by whoever receives it, over whatever stands there
        for part, metadata in parts(field.annotation, tuple(field.metadata)):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from ((f"{name}.{inner}", *about) for inner, *about in fields(part))
            else:
                yield name, part, metadata


def bound_of(metadata: tuple[Any, ...], about: str) -> Any:
    """A constraint by its name, wherever pydantic keeps it."""
    found = [getattr(one, about, None) for one in flat(metadata)]
    return next((one for one in found if one is not None), None)


def flat(metadata: tuple[Any, ...]) -> Iterator[Any]:
    for one in metadata:
        yield one
        yield from flat(tuple(getattr(one, "metadata", ())))


def is_bounded(part: Any, metadata: tuple[Any, ...]) -> bool:
    if part in (str, SecretStr):
        pattern = str(bound_of(metadata, "pattern") or "*")
        return bound_of(metadata, "max_length") is not None or not any(sign in pattern for sign in UNLIMITED)
    if part is int:
        least = bound_of(metadata, "ge") if bound_of(metadata, "ge") is not None else bound_of(metadata, "gt")
        return least is not None and (bound_of(metadata, "le") is not None or bounds.AMOUNT in metadata)
    if part is Decimal:
        return bound_of(metadata, "max_digits") is not None
    if part in (tuple, dict):
        return bound_of(metadata, "max_length") is not None
    if part in BY_READER:
        reader = typing.get_args(BY_READER[part])[-1]
        return reader in metadata
    return typing.get_origin(part) is typing.Literal or issubclass(part, CLOSED)


@pytest.mark.parametrize("message", MESSAGES.values(), ids=lambda message: message.__name__)
def test_every_field_of_a_message_has_bounds(message: type[BaseModel]) -> None:
    assert [name for name, part, metadata in fields(message) if not is_bounded(part, metadata)] == []


BEYOND: list[tuple[object, str]] = [
    (2**70, "less_than_equal"),
    ("9" * 40, "less_than_equal"),
    (-1, "greater_than_equal"),
    (9_000_000.0, "number_type"),
    (True, "number_type"),
    (float("nan"), "number_type"),
    (float("inf"), "number_type"),
    ("1_000", "amount_wrong"),
    ("9e6", "amount_wrong"),
]
NO_DAY: list[object] = [
    0,
    1.5,
    True,
    None,
    "",
    "1405/09/06",
    "20261127",
    "2026-W40-1",
    "2026-02-30",
    "2026-11-27T00:00:00",
    [],
    "۲۰۲۶-۱۱-۲۷",
]
NO_INSTANT: list[object] = [0, 1.8e9, "2026-11-27T10:00:00", "2026-11-27", "", True]
NO_HOUR: list[object] = [0, 28800, "08:00Z", "25:00", ""]
ABOUT: Mapping[str, object] = {"id": str(uuid4()), "deadline": "2026-11-27T10:00:00Z"}
DAY = {**ABOUT, "province": "isfahan", "on": "2026-11-27", "opens": "08:00", "closes": "12:00", "label": "هوای آلوده"}
CONFIRM = {**ABOUT, "member": "0012345", "year": 1405, "amount_rials": 9_000_000}


@pytest.mark.parametrize(
    ("kind", "body", "name", "value", "code"),
    [
        *((renewal_commands.SetCalendarDay, DAY, "on", value, "date_from_datetime_parsing") for value in NO_DAY),
        *((renewal_commands.SetCalendarDay, DAY, "opens", value, "time_parsing") for value in NO_HOUR),
        *((payment_commands.ConfirmPayment, CONFIRM, "deadline", value, "instant_type") for value in NO_INSTANT),
        *((payment_commands.ConfirmPayment, CONFIRM, "amount_rials", value, code) for value, code in BEYOND),
        (renewal_commands.SetCalendarDay, DAY, "on", "0001-01-01", "day_out_of_range"),
        (renewal_commands.SetCalendarDay, DAY, "on", "9999-12-31", "day_out_of_range"),
        (renewal_commands.SetCalendarDay, DAY, "on", "1405-09-06", "day_out_of_range"),
        (payment_commands.ConfirmPayment, CONFIRM, "deadline", "9999-12-31T23:59:59-14:00", "instant_out_of_range"),
        (payment_commands.ConfirmPayment, CONFIRM, "deadline", "0001-01-01T00:00:00+14:00", "instant_out_of_range"),
        (payment_commands.ConfirmPayment, CONFIRM, "year", 1405.0, "number_type"),
        (payment_commands.ConfirmPayment, CONFIRM, "year", 10**30, "less_than_equal"),
        (payment_commands.ConfirmPayment, CONFIRM, "member", 12345, "string_type"),
        (renewal_queries.ListDesk, {"province": "isfahan"}, "offset", 2**63, "less_than_equal"),
        (renewal_queries.ListDesk, {"province": "isfahan"}, "limit", 0, "greater_than_equal"),
        (operations_queries.ReadEvents, {}, "after", 2**63, "less_than_equal"),
        (auth_commands.SignOut, ABOUT, "session", "x" * 5000, "too_long"),
    ],
)  # fmt: skip
def test_what_lies_beyond_is_refused_by_a_code(
    kind: type[BaseModel], body: Mapping[str, object], name: str, value: object, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        base.parse(kind, {**body, name: value})
    assert refused.value.details == {name: code}


@pytest.mark.parametrize("code", ["day_out_of_range", "instant_type", "instant_out_of_range", "time_parsing"])
def test_each_bound_has_its_sentence(code: str) -> None:
    assert code in translations.group("field_error")


def test_bounds_are_inclusive() -> None:
    for on in (bounds.DAY_MIN, bounds.DAY_MAX):
        assert base.parse(renewal_commands.SetCalendarDay, {**DAY, "on": on.isoformat()}).on == on
        beyond = on + timedelta(days=1 if on == bounds.DAY_MAX else -1)
        with pytest.raises(Refused):
            base.parse(renewal_commands.SetCalendarDay, {**DAY, "on": beyond.isoformat()})
    at = base.parse(payment_commands.ConfirmPayment, {**CONFIRM, "deadline": "2026-11-27T13:30:00+03:30"}).deadline
    assert at == datetime(2026, 11, 27, 10, tzinfo=UTC)


def test_a_fact_from_before_the_bounds_is_read() -> None:
    job = {"kind": "person_day", "degree": 4, "field": "extraction", "quantity": "1E+1"}
    text = {"member": "0012345", "year": 1405, "declaration_version": 1, "licence": {"member_class": "grade_2"},
            "employment": {"status": "public", "from_on": "0001-01-01"},
            "jobs": [{**job, "starts_on": "0001-01-01", "ends_on": "9999-12-31"}],
            "submitted_at": "2026-11-27T10:00:00Z", "review_due_at": "2026-11-28T10:00:00Z"}  # fmt: skip
    event = events.DeclarationSubmitted.model_validate(text)
    assert (event.employment.from_on, event.jobs[0].ends_on) == (date.min, date.max)
    assert events.DeclarationSubmitted.model_validate_json(event.model_dump_json()) == event
