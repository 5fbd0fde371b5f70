"""One command for several members: each has its own result, and a refusal of one does not stop the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import typer

from clients.admin import exit_codes
from clients.admin.context import RunContext, refusal_as_json
from clients.admin.transport import client
from shared.contract.base import Answer
from shared.contract.refusals import Reason, Refused

STOPPING = {Reason.NO_ANSWER, Reason.NOT_SIGNED_IN}
"""What is true of one member is true of all the others."""


@dataclass(frozen=True)
class Result:
    """What became of one member."""

    member: str
    outcome: str
    """A code of `words`."""
    note: str = ""
    answer: Answer | None = None
    refusal: Refused | None = None
    exit_code: int = exit_codes.DONE


def is_dry_run(members: Sequence[str], apply: bool | None) -> bool:
    """Whether nothing is to be done: several members are a dry run unless told otherwise."""
    return not (len(members) == 1 if apply is None else apply)


def for_each(run: RunContext, members: Sequence[str], *, dry_run: bool, act: Callable[[str], Result]) -> None:
    """Act for each member once, show the results, and exit with the worst of them."""
    results: list[Result] = []
    for member in dict.fromkeys(members):
        stopped = bool(results) and results[-1].refusal is not None and results[-1].refusal.reason in STOPPING
        stopped = stopped or (bool(results) and results[-1].outcome == "not_tried")
        results.append(Result(member, "not_tried") if stopped else attempt(run, member, act))
    show(run, results, dry_run)
    worst = max(result.exit_code for result in results)
    if worst != exit_codes.DONE:
        raise typer.Exit(worst)


def attempt(run: RunContext, member: str, act: Callable[[str], Result]) -> Result:
    try:
        return act(member)
    except Refused as refusal:
        code = exit_codes.NO_ANSWER if refusal.reason is Reason.NO_ANSWER else exit_codes.REFUSED
        return Result(member, "refused", run.sentence(refusal), refusal=refusal, exit_code=code)
    except client.InternalError as error:
        return Result(member, "internal_error", f"{error} ({error.correlation_id})", exit_code=exit_codes.FAILED)


def show(run: RunContext, results: Sequence[Result], dry_run: bool) -> None:
    printer = run.printer
    if printer.as_json:
        rows = [as_json(result, printer.language) for result in results]
        printer.json({"dry_run": dry_run, "results": rows})
        return
    rows_of_text = ((result.member, printer.label(result.outcome), result.note) for result in results)
    printer.table(("member", "outcome", ""), rows_of_text)
    if dry_run:
        printer.note(
            "آزمایشی بود و چیزی ثبت نشد؛ برای انجام: --apply", "A dry run: nothing was done. Repeat with --apply."
        )


def as_json(result: Result, language: str) -> dict[str, object]:
    about: dict[str, object] = {"member": result.member, "outcome": result.outcome}
    if result.refusal is not None:
        about |= refusal_as_json(result.refusal, language)
    elif result.answer is not None:
        about["answer"] = result.answer
    elif result.note:
        about["note"] = result.note
    return about
