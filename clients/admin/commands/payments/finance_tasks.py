"""`tamdid payments tasks|grant|decline|record`: tasks about money that wait for an officer, and what an officer decides on them."""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated

import typer

from clients.admin import full_names
from clients.admin.arguments import SHORT, Limit, Offset, Province, ReasonText, only_match
from clients.admin.context import RunContext
from clients.admin.output import Printer
from clients.admin.paging import PagedQuery, all_rows, fetch_rows
from shared.contract import base, bounds
from shared.contract.payment import answers, commands, invoice_stage, queries
from shared.contract.payment.finance_answers import MoneyTask
from shared.contract.refusals import Reason, Refused
from shared.text import persian

BANK_CODE = "code "
"""What a cause begins with that is a bank's own code."""
GRANTS: dict[str, type[base.Command[answers.Invoice]]] = {
    "refund_requested": commands.GrantRefund,
    "write_off_requested": commands.GrantWriteOff,
    "manual_payment_requested": commands.GrantManualPayment,
    "slip_reversal_requested": commands.GrantManualPaymentReversal,
}
OF_SLIPS = {"manual_payment_requested", "slip_reversal_requested"}
"""Tasks whose cause is the slip's number."""


def task_id(text: str) -> str:
    """The beginning of a task's id, at least four characters."""
    typed = persian.normalise(text).lower()
    if len(typed) < SHORT // 2 or set(typed) - set("0123456789abcdef-"):
        raise typer.BadParameter(f"{text!r} is not a task's id, as `tamdid payments tasks` shows it")
    return typed


Task = Annotated[str, typer.Argument(metavar="TASK", help="A task's id, or its beginning.", parser=task_id)]
Reference = Annotated[str, typer.Option("--reference", help="The bank's number of the transfer.")]


def tasks(run: RunContext, province: Province = None, limit: Limit = 50, offset: Offset = 0) -> None:
    """List what waits about money: refunds, write-offs, slips, payments held; the oldest first."""
    query = PagedQuery(
        lambda **page: run.call(queries.ListMoneyTasks(**page)),
        lambda page: page.tasks,
        lambda task: (task.since, str(task.task)),
    )
    waiting, total, _ = fetch_rows(run, province, query, limit, offset)
    printer = run.printer
    printer.document({"tasks": waiting, "total": total})
    name_of = full_names.of_actors(run, (actor for task in waiting for actor in (task.requested_by, task.granted_by)))
    printer.table(
        waiting,
        ("task", lambda task: str(task.task)[:SHORT]),
        "kind",
        "member",
        ("name", full_names.of_members(run, waiting)),
        "year",
        ("amount", "amount_rials"),
        ("requested_by", lambda task: name_of(task.requested_by)),
        ("granted_by", lambda task: name_of(task.granted_by)),
        ("reason", lambda task: task.reason or cause_of(printer, task)),
        "since",
    )
    printer.line(printer.text("page", shown=len(waiting), total=total))


def cause_of(printer: Printer, task: MoneyTask) -> str:
    """The cause of a task: of a slip its number, of what a bank declined that bank's own code."""
    if task.cause.startswith(BANK_CODE):
        return printer.text("bank_code", bank_code=task.cause.removeprefix(BANK_CODE))
    return task.cause if task.kind in OF_SLIPS else printer.label(task.cause)


def grant(run: RunContext, task: Task) -> None:
    """Grant what a colleague asked for."""
    waiting = task_by_prefix(run, task)
    if waiting.kind not in GRANTS:
        raise Refused(Reason.UNKNOWN_REQUEST, {"kind": waiting.kind})
    decide_task(run, waiting, GRANTS[waiting.kind])


def decline(run: RunContext, task: Task, reason: ReasonText) -> None:
    """Decline what a colleague asked for, or take back what you asked for yourself."""
    decide_task(run, task_by_prefix(run, task), commands.DeclineRequest, reason=reason)


def record(run: RunContext, task: Task, reference: Reference) -> None:
    """Say that a granted refund was sent, with the reference of the transfer."""
    decide_task(run, task_by_prefix(run, task), commands.RecordRefund, bank_reference=persian.normalise(reference))


def task_by_prefix(run: RunContext, prefix: str) -> MoneyTask:
    """The one task whose id begins so, in all provinces that the officer serves."""
    tasks = chain.from_iterable(province_tasks(run, province) for province in run.provinces(None))
    matches = [task for task in tasks if str(task.task).startswith(prefix)]
    return only_match(matches, Reason.UNKNOWN_REQUEST, f"tasks begin with {prefix!r}", "TASK")


def province_tasks(run: RunContext, province: str) -> Iterator[MoneyTask]:
    return all_rows(
        lambda offset: run.call(queries.ListMoneyTasks(province=province, limit=bounds.PAGE_MAX, offset=offset)),
        lambda page: page.tasks,
    )


def decide_task(run: RunContext, task: MoneyTask, kind: type[base.Command[answers.Invoice]], **fields: str) -> None:
    """Send an officer's decision on a task, and show the invoice after it."""
    common = {**run.stamp(), "member": task.member, "year": task.year, "request": task.task}
    invoice = run.call(kind.model_validate({**common, **fields}))
    run.printer.done(
        invoice,
        "task_done",
        member=invoice.member,
        year=invoice.year,
        status=invoice.status,
        due_rials=invoice_stage.due_rials(invoice),
    )
