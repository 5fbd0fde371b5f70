"""One command for several members: each has its own result, and a refusal of one does not stop the others."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import typer

from clients.admin import exit_codes, full_names
from clients.admin.context import RunContext, refusal_as_json
from clients.admin.transport import client
from shared.contract.base import Answer
from shared.contract.refusals import Reason, Refused

STOPPING = {Reason.NO_ANSWER, Reason.NOT_SIGNED_IN}
"""What is true of one member is true of all the others."""


class Key(NamedTuple):
    """A member's renewal or invoice of a year."""

    member: str
    year: int


class OfYear(Protocol):
    """A row about a member and a year."""

    @property
    def member(self) -> str: ...
    @property
    def year(self) -> int: ...


@dataclass(frozen=True)
class Selection:
    """What a command is about, each once: the members that were named, or all that a list has."""

    keys: tuple[Key, ...]
    is_all: bool = False

    @property
    def is_single(self) -> bool:
        return not self.is_all and len(self.keys) == 1


@dataclass(frozen=True)
class Result:
    """The outcome for one member and year."""

    member: str
    year: int
    outcome: str
    """A code with a label."""
    note: str = ""
    answer: Answer | None = None
    refusal: Refused | None = None
    exit_code: int = exit_codes.DONE


def select(
    run: RunContext, members: Sequence[str] | None, year: int | None, *, everything: bool, rows: Iterable[OfYear]
) -> Selection:
    """The members that are named, in a year (the current one by default); or with `everything` all `rows`, of a year if one is named."""
    if everything == bool(members):
        raise typer.BadParameter("name members, or --all with the filters of the list", param_hint="MEMBER")
    if not everything:
        chosen = year or run.current_year()
        return Selection(tuple(dict.fromkeys(Key(member, chosen) for member in members or ())))
    found = (Key(row.member, row.year) for row in rows if year in {None, row.year})
    return Selection(tuple(dict.fromkeys(found)), is_all=True)


def for_each(
    run: RunContext,
    selected: Selection,
    apply: bool | None,
    *,
    preview: Callable[[Sequence[Key]], Sequence[Result]],
    act: Callable[[Key], Result],
) -> None:
    """Act on each once, or only preview them; show the results, and exit with the worst of them.

    Unless `apply` is given, one named member is acted on, and anything else is a dry run.
    """
    is_dry_run = not (selected.is_single if apply is None else apply)
    results = preview(selected.keys) if is_dry_run else act_on_each(run, selected.keys, act)
    show_results(run, results, is_dry_run=is_dry_run)
    if worst := max((result.exit_code for result in results), default=exit_codes.DONE):
        raise typer.Exit(worst)


def act_on_each(run: RunContext, keys: Iterable[Key], act: Callable[[Key], Result]) -> list[Result]:
    results: list[Result] = []
    is_stopped = False
    for key in keys:
        result = Result(*key, "not_tried") if is_stopped else attempt(run, key, act)
        is_stopped = is_stopped or (result.refusal is not None and result.refusal.reason in STOPPING)
        results.append(result)
    return results


def attempt(run: RunContext, key: Key, act: Callable[[Key], Result]) -> Result:
    try:
        return act(key)
    except Refused as refusal:
        code = exit_codes.NO_ANSWER if refusal.reason is Reason.NO_ANSWER else exit_codes.REFUSED
        return Result(*key, "refused", run.sentence(refusal), refusal=refusal, exit_code=code)
    except client.InternalError as error:
        return Result(*key, "internal_error", f"{error} ({error.correlation_id})", exit_code=exit_codes.FAILED)


def show_results(run: RunContext, results: Sequence[Result], *, is_dry_run: bool) -> None:
    printer = run.printer
    rows = [as_json(result, printer.language) for result in results]
    printer.document({"dry_run": is_dry_run, "results": rows})
    printer.table(results, "member", ("name", full_names.of_members(run, results)), "year", "outcome", ("", "note"))
    if len(results) != 1:
        counts = Counter(result.outcome for result in results)
        outcomes = [f"{printer.label(code)}: {printer.number(count)}" for code, count in counts.items()]
        printer.line(printer.pick("، ", ", ").join(outcomes) or printer.text("nothing_matches"))
    if is_dry_run and results:
        printer.note(printer.text("dry_run"))


def as_json(result: Result, language: str) -> dict[str, object]:
    document: dict[str, object] = {"member": result.member, "year": result.year, "outcome": result.outcome}
    if result.refusal is not None:
        document |= refusal_as_json(result.refusal, language)
    elif result.answer is not None:
        document["answer"] = result.answer
    elif result.note:
        document["note"] = result.note
    return document
