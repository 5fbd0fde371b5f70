"""What every message across a boundary is: events, commands and queries with their answers; commands also have an id and a deadline."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError

from shared.contract.bounds import IN_MESSAGE
from shared.contract.refusals import Reason, Refused
from shared.contract.values import (
    Instant,
)


class Event(BaseModel):
    """A fact. Readers ignore fields they do not know, so that fields can be added."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
    source: ClassVar[str]
    """The service (or client) whose log holds it."""
    is_optional: ClassVar[bool] = False
    """Whether nothing is wrong where it is not recorded, as while the version before may start again and does not know it."""

    def __init_subclass__(cls, *, source: str, **options: object) -> None:
        super().__init_subclass__(**options)  # type: ignore[arg-type]
        cls.source = source


class Answer(BaseModel):
    """The answer to a command or a query."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Done(Answer):
    """The command was accepted; `position` is that of an event it recorded, or of a later one, and 0 where it recorded none."""

    position: int = 0


A = TypeVar("A", bound=Answer)
M = TypeVar("M", bound=BaseModel)
ACTOR_LENGTH_MAX = 100
MEMBER_FIELDS = ("member", "held_by")
"""Fields of answers that name the member whose rows are shown."""
NOT_STAMPED = datetime(1, 1, 1, tzinfo=UTC)


class Message(BaseModel, Generic[A]):
    """A command or a query: strict, frozen, addressed to one service, with the class of its answer."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    service: ClassVar[str]
    method: ClassVar[str]
    """The RPC method: the class's name in snake case."""

    def __init_subclass__(cls, *, service: str = "", **options: object) -> None:
        super().__init_subclass__(**options)  # type: ignore[arg-type]
        if service:
            cls.service = service
        cls.method = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def answer(cls) -> type[A]:
        """The class that its answer parses to."""
        for base in cls.__mro__:
            arguments = getattr(base, "__pydantic_generic_metadata__", {}).get("args")
            if arguments:
                kind: type[A] = arguments[0]
                return kind
        raise TypeError(f"{cls.__name__} names no answer")

    def members_read(self, answer: A) -> Iterator[tuple[str, int | None]]:
        """Whose rows the answer shows, each with the year of the case where one is named: an officer's read of them is recorded."""
        yield from members_shown(answer)


class Command(Message[A], Generic[A]):
    """Something to be done once: the same `id` again records nothing more, and is answered with the present state; not run after `deadline`.

    `actor` and `at` are stamped by the service that receives it (from the verified passport, from its clock);
    whatever a caller writes there is overwritten.
    """

    id: UUID
    deadline: Instant
    actor: Annotated[str, StringConstraints(max_length=ACTOR_LENGTH_MAX)] = ""
    at: AwareDatetime = NOT_STAMPED


class Query(Message[A], Generic[A]):
    """A message that reads; it changes nothing."""

    def members_read(self, answer: A) -> Iterator[tuple[str, int | None]]:
        """The member that the query names, and all others that the answer shows."""
        named = getattr(self, "member", None)
        if named:
            yield named, getattr(self, "year", None)
        yield from ((member, year) for member, year in members_shown(answer) if member != named)


def members_shown(part: object, whole: str = "") -> Iterator[tuple[str, int | None]]:
    """The members that a part of an answer names, each with the year beside the name; not again the member of the whole."""
    if isinstance(part, BaseModel):
        for name in MEMBER_FIELDS:
            if (member := getattr(part, name, "")) and member != whole:
                yield member, getattr(part, "year", None)
        for name in type(part).model_fields:
            yield from members_shown(getattr(part, name), getattr(part, "member", "") or whole)
    elif isinstance(part, tuple):
        for one in part:
            yield from members_shown(one, whole)


class CallService(Protocol):
    """How a program calls a service: the answer, or `Refused` (`NO_ANSWER` when none came in time)."""

    def __call__(self, message: Message[A], passport: str | None = None, service: str | None = None) -> A:
        """Call as the holder of a signed passport, or as the program itself; `service` where the message names none."""


def parse(kind: type[M], payload: Mapping[str, object]) -> M:
    """The message in a payload, or `Refused(BAD_INPUT)` with the code of what is wrong by each field's dotted name."""
    try:
        return kind.model_validate(payload, extra="forbid", context=IN_MESSAGE)  # also in parts that facts have
    except ValidationError as error:
        raise Refused(Reason.BAD_INPUT, field_errors(error)) from None


def field_errors(error: ValidationError) -> dict[str, str]:
    """What is wrong, by dotted field name, as codes of the group `field_error` of `shared/translations`; never the value that was typed."""
    found: dict[str, str] = {}
    for one in error.errors(include_url=False):
        field_path = [str(part) for part in one["loc"]]
        if "field" in one.get("ctx", {}):
            field_path.append(str(one["ctx"]["field"]))
        found.setdefault(".".join(field_path), code_of(one))
    return found


def code_of(error: Mapping[str, Any]) -> str:
    """An error's code; a text that is too long brings its limit and its length."""
    if error["type"] == "string_too_long" and isinstance(error["input"], str):
        return f"longer_than:{error['ctx']['max_length']}:{len(error['input'])}"
    return str(error["type"])
