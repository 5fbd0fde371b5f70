"""`tamdid calendar`: the days on which a province's office has other hours than the week says."""

from datetime import date
from typing import Annotated

import typer

from clients.admin.arguments import AsJson, Hours, Province, Year, jalali_day, office_hours
from clients.admin.context import run_context
from shared.contract.renewal import answers, commands, queries

app = typer.Typer(help="Office hours of single days.", no_args_is_help=True)
Day = Annotated[date, typer.Argument(metavar="DAY", help="A Jalali day, such as 1405/07/15.", parser=jalali_day)]
OfficeHours = Annotated[
    Hours, typer.Argument(metavar="HOURS", help="Such as 08:00-12:00, or `closed`.", parser=office_hours)
]


@app.command("list")
def list_days(context: typer.Context, province: Province = None, year: Year = None, as_json: AsJson = False) -> None:
    """List the special days of a year."""
    run = run_context(context, as_json)
    chosen = year or run.current_year()
    calendars = {
        served: run.call(queries.GetCalendar(province=served, year=chosen)) for served in run.provinces(province)
    }
    printer = run.printer
    if as_json:
        printer.json({served: calendar.days for served, calendar in calendars.items()})
        return
    rows = (
        (printer.province(served), printer.day(day.on), hours_of(day) or printer.label("closed"), day.label)
        for served, calendar in calendars.items()
        for day in calendar.days
    )
    printer.table(("province", "day", "hours", "label"), rows)


def hours_of(day: answers.CalendarDay) -> str:
    """`08:00-12:00`, or nothing where the office is closed."""
    return f"{day.opens:%H:%M}-{day.closes:%H:%M}" if day.opens and day.closes else ""


@app.command("set")
def set_day(
    context: typer.Context,
    day: Day,
    hours: OfficeHours,
    label: Annotated[str, typer.Option("--label", help="Why, as members read it.")],
    province: Province = None,
    as_json: AsJson = False,
) -> None:
    """Set the office hours of one day, or close the office."""
    run = run_context(context, as_json)
    command = commands.SetCalendarDay(
        **run.stamp(),
        province=run.one_province(province),
        on=day,
        opens=hours.opens,
        closes=hours.closes,
        label=label.strip(),
    )
    done = run.call(command)
    printer = run.printer
    if as_json:
        printer.json(done)
        return
    when = printer.day(day)
    printer.line(printer.pick(f"ثبت شد: {when}", f"Set: {when}"))
