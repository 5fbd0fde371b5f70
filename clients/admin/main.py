"""The program `tamdid`: its commands, what they share, and how it ends."""

from typing import Annotated, Any, Literal

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from clients.admin import (
    accounts,
    broker,
    calendar,
    capacity,
    decisions,
    desk,
    exits,
    lanes,
    log,
    members,
    mines,
    money,
    money_asks,
    money_days,
    officers,
    parked,
    payments,
    policy,
    server,
    signing,
    statements,
    tail,
)
from clients.admin.arguments import whole_number
from clients.admin.output import Printer, language_of_locale
from clients.admin.terminal import Outside, Terminal
from shared.contract.refusals import Refused, field_sentence

SERVER = "http://127.0.0.1:8000"
ANSWER_SECONDS = 15


class Commands(TyperGroup):
    """The commands, and what each way of not being done means for the exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refusal:
            raise typer.Exit(ctx.obj.report(refusal)) from refusal
        except server.InternalError as error:
            raise typer.Exit(report_failure(ctx.obj, error)) from error
        except ValidationError as error:
            raise typer.BadParameter(wrong_fields(ctx.obj, error)) from error


app = typer.Typer(
    cls=Commands,
    help="Tamdid from the terminal: the roll, the desk, the payments, the capacity, the logs. "
    "Every digit may be Persian, every date is Jalali.",
    epilog=exits.HELP,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.command("sign-in")(signing.sign_in)
app.command("sign-out")(signing.sign_out)
app.add_typer(members.app, name="members")
app.add_typer(officers.app, name="officers")
app.add_typer(desk.app, name="desk")
desk.app.command("approve")(decisions.approve)
desk.app.command("return")(decisions.return_)
desk.app.command("reject")(decisions.reject)
desk.app.command("mines")(mines.mines)
app.add_typer(payments.app, name="payments")
payments.app.command("day")(money_days.day)
payments.app.command("close")(money_days.close)
payments.app.command("tasks")(money.tasks)
payments.app.command("account")(accounts.account)
payments.app.command("grant")(money.grant)
payments.app.command("decline")(money.decline)
payments.app.command("record")(money.record)
payments.app.add_typer(money_asks.app, name="ask")
app.add_typer(statements.app, name="statement")
app.add_typer(capacity.app, name="capacity")
app.add_typer(policy.app, name="policy")
app.add_typer(calendar.app, name="calendar")
app.add_typer(tail.app, name="events")
app.add_typer(log.app, name="log")
app.command("lanes")(lanes.lanes)
app.add_typer(parked.app, name="parked")
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
    if not server.is_supported(url):
        raise typer.BadParameter("not a URL such as http://127.0.0.1:8000 or amqp://broker", param_hint="--server")
    outside = context.obj if isinstance(context.obj, Outside) else Outside()
    terminal = Terminal(url, timeout, Printer(language or language_of_locale()), outside)
    context.obj = terminal
    context.call_on_close(terminal.close)


def report_failure(terminal: Terminal, error: server.InternalError) -> int:
    """Say that the server failed, and under which number it is found there; returns the exit code."""
    printer = terminal.printer
    if printer.as_json:
        printer.json({"internal_error": str(error), "correlation_id": error.correlation_id})
    printer.note(
        f"خطای داخلی ({error})؛ شمارهٔ پیگیری خطا: {error.correlation_id}",
        f"Internal error ({error}); to be found as {error.correlation_id}",
    )
    return exits.FAILED


def wrong_fields(terminal: Terminal, error: ValidationError) -> str:
    """What the contract says against what was typed."""
    language = terminal.printer.language
    wrong = (
        f"{'.'.join(map(str, each['loc']))}: {field_sentence(each['type'], language)}"
        for each in error.errors(include_url=False, include_input=False, include_context=False)
    )
    return "; ".join(wrong)
