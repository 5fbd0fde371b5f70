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
    """The outcome for one member."""

    member: str
    outcome: str
    """A code with a label."""
    note: str = ""
    answer: Answer | None = None
    refusal: Refused | None = None
    exit_code: int = exit_codes.DONE


def for_each(
    run: RunContext,
    members: Sequence[str],
    apply: bool | None,
    *,
    preview: Callable[[str], Result],
    act: Callable[[str], Result],
) -> None:
    """Act for each member once, or only preview it; show the results, and exit with the worst of them.

    Several members are a dry run unless `apply` is given.
    """
    is_dry_run = not (len(members) == 1 if apply is None else apply)
    results: list[Result] = []
    is_stopped = False
    for member in dict.fromkeys(members):
        result = Result(member, "not_tried") if is_stopped else attempt(run, member, preview if is_dry_run else act)
        is_stopped = is_stopped or (result.refusal is not None and result.refusal.reason in STOPPING)
        results.append(result)
    show_results(run, results, is_dry_run=is_dry_run)
    if worst := max(result.exit_code for result in results):
        raise typer.Exit(worst)


def attempt(run: RunContext, member: str, act: Callable[[str], Result]) -> Result:
    try:
        return act(member)
    except Refused as refusal:
        code = exit_codes.NO_ANSWER if refusal.reason is Reason.NO_ANSWER else exit_codes.REFUSED
        return Result(member, "refused", run.sentence(refusal), refusal=refusal, exit_code=code)
    except client.InternalError as error:
        return Result(member, "internal_error", f"{error} ({error.correlation_id})", exit_code=exit_codes.FAILED)


def show_results(run: RunContext, results: Sequence[Result], *, is_dry_run: bool) -> None:
    printer = run.printer
    rows = [as_json(result, printer.language) for result in results]
    printer.document({"dry_run": is_dry_run, "results": rows})
    printer.table(results, "member", "outcome", ("", "note"))
    if is_dry_run:
        printer.note(printer.text("dry_run"))


def as_json(result: Result, language: str) -> dict[str, object]:
    document: dict[str, object] = {"member": result.member, "outcome": result.outcome}
    if result.refusal is not None:
        document |= refusal_as_json(result.refusal, language)
    elif result.answer is not None:
        document["answer"] = result.answer
    elif result.note:
        document["note"] = result.note
    return document
