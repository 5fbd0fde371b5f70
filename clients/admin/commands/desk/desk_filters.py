"""The filters of the desk as options: those of the query, for its list and for decisions on all that match."""

import functools
import inspect
from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import chain
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_origin

import typer

from clients.admin.arguments import All, Province, SomeMembers, Year
from clients.admin.context import RunContext
from clients.admin.paging import all_rows
from shared.contract import base, bounds
from shared.contract.renewal import answers, queries

F = TypeVar("F", bound=Callable[..., None])
Filters = dict[str, str]
"""Those that are set, by their name in the query."""
HELP = {
    "status": "Where the renewals stand.",
    "member_class": "Of this class.",
    "field": "With this field in the licence.",
    "jobs": "Whether any job is declared.",
    "change": "Against the declaration before.",
    "debt": "Whether the register has an earlier year as unpaid.",
    "flag": "With this flag, any, or none.",
    "deadline": "When the review is due.",
    "returned": "Whether it was returned before.",
    "holder": "Whom they are assigned to: you, or nobody.",
    "sort": "What comes first.",
}
NAMES = {"field": "licence_field"}
"""Of options that are named otherwise than in the query: a field is elsewhere one of the declaration."""
OF_LIST = frozenset({"status", "sort"})
"""A decision is on what waits for one, in whatever order."""


class Selected(NamedTuple):
    """What the options of a command say of the renewals that it is on: members who are named, or the list with its filters."""

    members: list[str] | None
    year: int | None
    everything: bool
    province: str | None
    filters: Filters

    def as_texts(self) -> dict[str, str]:
        named = {**self.filters, "province": self.province, "year": self.year}
        return {name: str(value) for name, value in named.items() if value is not None}


def with_filters(function: F) -> F:
    """A command that has the filters as options, and gets those that are set as its argument `filters`."""
    return with_options(function, "filters", filters_but(), set_ones)


def with_selection(function: F) -> F:
    """A command on renewals: members who are named, or with `--all` what the filters leave; it gets both as its argument `selected`."""
    own = (
        ("members", SomeMembers, None),
        ("year", Year, None),
        ("everything", All, False),
        ("province", Province, None),
    )
    parameters = [
        inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=kind)
        for name, kind, default in own
    ]

    def selected(typed: dict[str, Any]) -> Selected:
        named = {name: typed.pop(name) for name, *_ in own}
        return Selected(**named, filters=set_ones(typed))

    return with_options(function, "selected", [*parameters, *filters_but(*OF_LIST)], selected)


def with_options(
    function: F, argument: str, parameters: list[inspect.Parameter], gathered: Callable[[dict[str, Any]], object]
) -> F:
    """The command with more options, which it gets gathered as one argument."""

    @functools.wraps(function)
    def with_more(*arguments: Any, **options: Any) -> None:
        typed = {one.name: options.pop(one.name) for one in parameters}
        function(*arguments, **options, **{argument: gathered(typed)})

    own = [one for one in inspect.signature(function).parameters.values() if one.name != argument]
    with_more.__signature__ = inspect.Signature([*own, *parameters])  # type: ignore[attr-defined]  # as `command` reads it
    return with_more  # type: ignore[return-value]  # the same command, for whoever calls it with keywords


def filters_but(*names: str) -> list[inspect.Parameter]:
    """The filters as parameters that typer reads, without some."""
    return [parameter(NAMES.get(name, name), name) for name in HELP if name not in names]


def set_ones(typed: dict[str, Any]) -> Filters:
    """The filters that are set, by their name in the query."""
    queried = {option: name for name, option in NAMES.items()}
    return {queried.get(option, option): choice for option, choice in typed.items() if choice}


def parameter(option: str, name: str) -> inspect.Parameter:
    """A filter of the query as a parameter that typer reads."""
    field = queries.ListDesk.model_fields[name]
    kind: Any = Literal[tuple(choices(field.annotation))]
    described = typer.Option(f"--{option.replace('_', '-')}", help=HELP[name], show_default=bool(field.default))
    return inspect.Parameter(
        option,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        default=field.default,
        annotation=Annotated[kind | None, described],
    )


def choices(annotation: Any) -> Iterator[str]:
    """What a field of the query may be, of literals and enumerations in any union."""
    if get_origin(annotation) is Literal:
        return iter(get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return (member.value for member in annotation)
    return chain.from_iterable(map(choices, get_args(annotation)))


def page(run: RunContext, filters: Filters, **part: object) -> answers.Desk:
    """A part of the list of one province."""
    return run.call(base.parse(queries.ListDesk, {**filters, **part}))


def all_of(run: RunContext, province: str | None, filters: Filters) -> Iterator[answers.Renewal]:
    """All that the filters leave, of the chosen province or of all that the officer serves."""
    for served in run.provinces(province):
        yield from all_rows(
            lambda offset, served=served: page(run, filters, province=served, limit=bounds.PAGE_MAX, offset=offset),  # type: ignore[misc]
            lambda desk: desk.renewals,
        )
