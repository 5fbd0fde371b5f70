"""`tamdid payments tasks|account|grant|decline|record`: what waits about money, a member's ledger, and an officer's word on it."""

from typing import Annotated
from uuid import uuid4

import typer

from clients.admin import full_names
from clients.admin.arguments import AsJson, Limit, Offset, Province, ReasonText
from clients.admin.context import RunContext, run_context
from clients.admin.output import Printer
from clients.admin.paging import PagedQuery, fetch_rows
from shared.contract import base, bounds
from shared.contract.payment import answers, commands, finance_answers, invoice_stage, queries
from shared.contract.refusals import Reason, Refused
from shared.text import persian

SHORT = 8
"""Characters of a task's id that the list shows; any beginning that no other task has will do."""
BANK_CODE = "code "
"""What a cause begins with that is a bank's own code."""
GRANTS: dict[str, type[base.Command[answers.Invoice]]] = {
    "refund_requested": commands.GrantRefund,
    "write_off_requested": commands.GrantWriteOff,
    "manual_payment_requested": commands.GrantManualPayment,
}


def task_id(text: str) -> str:
    """The beginning of a task's id, at least four characters."""
    typed = persian.normalise(text).lower()
    if len(typed) < SHORT // 2 or set(typed) - set("0123456789abcdef-"):
        raise typer.BadParameter(f"{text!r} is not a task's id, as `tamdid payments tasks` shows it")
    return typed


Task = Annotated[str, typer.Argument(metavar="TASK", help="A task's id, or its beginning.", parser=task_id)]
Reference = Annotated[str, typer.Option("--reference", help="The bank's number of the transfer.")]


def tasks(
    context: typer.Context, province: Province = None, limit: Limit = 50, offset: Offset = 0, as_json: AsJson = False
) -> None:
    """List what waits about money: refunds, write-offs, slips, payments held; the oldest first."""
    run = run_context(context, as_json)
    query = PagedQuery(
        lambda one, rows, start: run.call(queries.ListMoneyTasks(province=one, limit=rows, offset=start)),
        lambda page: page.tasks,
        lambda task: (task.since, str(task.task)),
    )
    found, pages, _ = fetch_rows(run, province, query, limit, offset)
    total = sum(page.total for page in pages)
    printer = run.printer
    if as_json:
        printer.json({"tasks": found, "total": total})
        return
    show(run, found)
    shown, count = printer.number(len(found)), printer.number(total)
    printer.line(printer.pick(f"{shown} از {count}", f"{shown} of {count}"))


def show(run: RunContext, found: list[finance_answers.MoneyTask]) -> None:
    named = full_names.of(run, [task.member for task in found])
    name_of = full_names.of_actors(run, (actor for task in found for actor in (task.requested_by, task.granted_by)))
    printer = run.printer
    rows = (
        (
            str(task.task)[:SHORT],
            printer.label(task.kind),
            task.member,
            named.get(task.member, ""),
            str(task.year),
            printer.rials(task.amount_rials),
            name_of(task.requested_by),
            name_of(task.granted_by),
            task.reason or why(printer, task),
            printer.instant(task.since),
        )
        for task in found
    )
    printer.table(
        ("task", "kind", "member", "name", "year", "amount", "requested_by", "granted_by", "reason", "since"), rows
    )


def why(printer: Printer, task: finance_answers.MoneyTask) -> str:
    """The cause of a task in words: of a slip its number, of what a bank declined that bank's own code."""
    if task.cause.startswith(BANK_CODE):
        code = task.cause.removeprefix(BANK_CODE)
        return printer.pick(f"پاسخ بانک: {code}", f"the bank's answer: {code}")
    return task.cause if task.kind == "manual_payment_requested" else printer.label(task.cause)


def grant(context: typer.Context, task: Task, as_json: AsJson = False) -> None:
    """Grant what a colleague asked for."""
    run = run_context(context, as_json)
    found = find(run, task)
    if found.kind not in GRANTS:
        raise Refused(Reason.UNKNOWN_REQUEST, {"kind": found.kind})
    act(run, found, GRANTS[found.kind], {})


def decline(context: typer.Context, task: Task, reason: ReasonText, as_json: AsJson = False) -> None:
    """Decline what a colleague asked for, or take back what you asked for yourself."""
    run = run_context(context, as_json)
    act(run, find(run, task), commands.DeclineRequest, {"reason": reason})


def record(context: typer.Context, task: Task, reference: Reference, as_json: AsJson = False) -> None:
    """Say that a granted refund was sent, with the reference of the transfer."""
    run = run_context(context, as_json)
    act(run, find(run, task), commands.RecordRefund, {"bank_reference": persian.normalise(reference)})


def find(run: RunContext, beginning: str) -> finance_answers.MoneyTask:
    """The one task whose id begins so, in all provinces that the officer serves."""
    found: list[finance_answers.MoneyTask] = []
    for served in run.provinces(None):
        offset, total = 0, 1
        while offset < total:
            query = queries.ListMoneyTasks(province=served, limit=bounds.PAGE_MAX, offset=offset)
            page = run.call(query)
            found += [task for task in page.tasks if str(task.task).startswith(beginning)]
            offset, total = offset + bounds.PAGE_MAX, page.total
    if not found:
        raise Refused(Reason.UNKNOWN_REQUEST)
    if len(found) > 1:
        raise typer.BadParameter(f"{len(found)} tasks begin with {beginning!r}", param_hint="TASK")
    return found[0]


def act(
    run: RunContext,
    task: finance_answers.MoneyTask,
    kind: type[base.Command[answers.Invoice]],
    about: dict[str, str],
) -> None:
    """Send an officer's word about a task, and show the invoice after it."""
    common = {"id": uuid4(), "deadline": run.deadline(), "member": task.member, "year": task.year}
    tell(run, run.call(kind.model_validate({**common, "request": task.task, **about})))


def tell(run: RunContext, invoice: answers.Invoice) -> None:
    """The invoice after an officer's word."""
    printer = run.printer
    if printer.as_json:
        printer.json(invoice)
        return
    owed = invoice_stage.due_rials(invoice)
    printer.line(
        printer.pick(
            f"انجام شد: عضو {invoice.member}، سال {invoice.year}، {printer.label(invoice.status)}، "
            f"مانده برای پرداخت {printer.rials(owed)}",
            f"Done: member {invoice.member}, {invoice.year}, {printer.label(invoice.status)}, {printer.rials(owed)} owed",
        )
    )
