"""The filters of the desk as options: those of the query, for its list and for decisions on all that match."""

import functools
import inspect
from collections.abc import Callable, Collection, Iterator
from enum import StrEnum
from itertools import chain
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import typer

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


def with_filters(leaving_out: Collection[str] = ()) -> Callable[[F], F]:
    """A command that has the filters as options, and gets those that are set as its argument `filters`."""
    names = {NAMES.get(name, name): name for name in HELP if name not in leaving_out}

    def add(function: F) -> F:
        @functools.wraps(function)
        def with_options(*arguments: Any, **options: Any) -> None:
            typed = {name: options.pop(option) for option, name in names.items()}
            function(*arguments, **options, filters={name: choice for name, choice in typed.items() if choice})

        own = [one for one in inspect.signature(function).parameters.values() if one.name != "filters"]
        filters = [parameter(option, name) for option, name in names.items()]
        with_options.__signature__ = inspect.Signature([*own, *filters])  # type: ignore[attr-defined]  # as `command` reads it
        return with_options  # type: ignore[return-value]  # the same command, for whoever calls it with keywords

    return add


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
