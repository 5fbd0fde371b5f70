"""The program `tamdid`: its commands, their common options, and its exit codes."""

from typing import Annotated, Any, Literal

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from clients.admin import exit_codes
from clients.admin.arguments import whole_number
from clients.admin.commands.access import officers, programs, reads, sign_in
from clients.admin.commands.capacity import ledger, policy
from clients.admin.commands.desk import (
    approval_rule,
    casework,
    contested_mines,
    decisions,
    deputies,
    desk_list,
    office_calendar,
    renewals,
)
from clients.admin.commands.members import erasure, register
from clients.admin.commands.notices import sent, webhooks
from clients.admin.commands.operations import broker, events, log, parked_events, projections, retention, subscriptions
from clients.admin.commands.payments import (
    bank_statements,
    daily_reconciliation,
    finance_tasks,
    four_eyes,
    invoices,
    member_account,
    statement_import,
)
from clients.admin.context import Environment, RunContext, command
from clients.admin.output import Printer, language_of_locale
from clients.admin.transport import client
from shared import translations
from shared.contract.refusals import Refused

SERVER = "http://127.0.0.1:8000"
ANSWER_SECONDS = 15


class Commands(TyperGroup):
    """The commands, and the exit code of each kind of failure."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refusal:
            raise typer.Exit(ctx.obj.report(refusal)) from refusal
        except client.InternalError as error:
            raise typer.Exit(report_failure(ctx.obj, error)) from error
        except ValidationError as error:
            raise typer.BadParameter(wrong_fields(ctx.obj, error)) from error


app = typer.Typer(
    cls=Commands,
    help="Tamdid from the command line: members, the desk, payments, capacity, operations. "
    "Every digit may be Persian, every date is Jalali.",
    epilog=exit_codes.HELP,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
command(app, "sign-in")(sign_in.sign_in)
command(app, "sign-out")(sign_in.sign_out)
command(app, "confirm")(sign_in.confirm)
command(app, "password")(sign_in.change_password)
app.add_typer(register.app, name="members")
command(register.app, "erase")(erasure.erase)
command(register.app, "erasures", is_list=True)(erasure.erasures)
command(register.app, "grant-erasure")(erasure.grant)
command(register.app, "decline-erasure")(erasure.decline)
command(register.app, "erasure-report")(erasure.report)
app.add_typer(officers.app, name="officers")
app.add_typer(programs.app, name="programs")
command(app, "reads", is_list=True)(reads.reads)
app.add_typer(renewals.app, name="desk")
command(renewals.app, "list", is_list=True)(desk_list.list_desk)
command(renewals.app, "find")(desk_list.find)
command(renewals.app, "approve")(decisions.approve)
command(renewals.app, "return")(decisions.return_)
command(renewals.app, "reject")(decisions.reject)
command(renewals.app, "claim")(casework.claim)
command(renewals.app, "release")(casework.release)
command(renewals.app, "hand-over")(casework.hand_over)
command(renewals.app, "note")(casework.note)
command(renewals.app, "timeline", is_list=True)(casework.timeline)
command(renewals.app, "colleagues", is_list=True)(deputies.colleagues)
command(renewals.app, "deputy")(deputies.deputy)
command(renewals.app, "remove-deputy")(deputies.remove_deputy)
command(renewals.app, "mines", is_list=True)(contested_mines.mines)
command(renewals.app, "rule")(approval_rule.rule)
app.add_typer(invoices.app, name="payments")
command(invoices.app, "day", is_list=True)(daily_reconciliation.day)
command(invoices.app, "close")(daily_reconciliation.close)
command(invoices.app, "tasks", is_list=True)(finance_tasks.tasks)
command(invoices.app, "account", is_list=True)(member_account.account)
command(invoices.app, "grant")(finance_tasks.grant)
command(invoices.app, "decline")(finance_tasks.decline)
command(invoices.app, "record")(finance_tasks.record)
invoices.app.add_typer(four_eyes.app, name="request")
app.add_typer(bank_statements.app, name="statement")
command(bank_statements.app, "import")(statement_import.import_statement)
app.add_typer(ledger.app, name="capacity")
app.add_typer(policy.app, name="policy")
app.add_typer(office_calendar.app, name="calendar")
app.add_typer(sent.app, name="notices")
app.add_typer(webhooks.app, name="webhooks")
app.add_typer(events.app, name="events")
app.add_typer(log.app, name="log")
command(app, "subscriptions", is_list=True)(subscriptions.subscriptions)
command(app, "retention", is_list=True)(retention.retention)
app.add_typer(parked_events.app, name="parked")
app.add_typer(projections.app, name="projections")
app.add_typer(broker.app, name="broker")


@app.callback()
def prepare(
    context: typer.Context,
    url: Annotated[
        str,
        typer.Option(
            "--server",
            envvar="TAMDID_SERVER",
            help="The gateway (http, https) or the broker (amqp, amqps). With a password in it, better set as TAMDID_SERVER.",
        ),
    ] = SERVER,
    language: Annotated[
        Literal["fa", "en"] | None, typer.Option(help="Of what you read; by default the locale's.", show_default=False)
    ] = None,
    timeout: Annotated[
        int, typer.Option(help="Seconds to wait for an answer.", parser=whole_number(1, 600))
    ] = ANSWER_SECONDS,
) -> None:
    if not client.is_supported(url):
        raise typer.BadParameter("not a URL such as http://127.0.0.1:8000 or amqp://broker", param_hint="--server")
    environment = context.obj if isinstance(context.obj, Environment) else Environment()
    run = RunContext(url, timeout, Printer(language or language_of_locale()), environment)
    context.obj = run
    context.call_on_close(run.close)


def report_failure(run: RunContext, error: client.InternalError) -> int:
    """Print that the server failed, with the correlation id of the request; returns the exit code."""
    printer = run.printer
    printer.document({"internal_error": str(error), "correlation_id": error.correlation_id})
    printer.warn(printer.text("internal_error", error=error, correlation_id=error.correlation_id))
    return exit_codes.FAILED


def wrong_fields(run: RunContext, error: ValidationError) -> str:
    """The fields that the contract refuses, each with its sentence."""
    language = run.printer.language
    wrong = (
        f"{'.'.join(map(str, each['loc']))}: {translations.field_error(each['type'], language)}"
        for each in error.errors(include_url=False, include_input=False, include_context=False)
    )
    return "; ".join(wrong)
