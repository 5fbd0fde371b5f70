"""`tamdid calendar`: the days on which a province's office has other hours than the week says."""

from datetime import date
from typing import Annotated

import typer

from clients.admin.arguments import Hours, Province, Year, jalali_day, office_hours
from clients.admin.context import RunContext, command
from shared.contract.renewal import answers, commands, queries

app = typer.Typer(help="Office hours of single days.", no_args_is_help=True)
Day = Annotated[date, typer.Argument(metavar="DAY", help="A Jalali day, such as 1405/07/15.", parser=jalali_day)]
OfficeHours = Annotated[
    Hours, typer.Argument(metavar="HOURS", help="Such as 08:00-12:00, or `closed`.", parser=office_hours)
]


Label = Annotated[str, typer.Option("--label", help="Why, as members read it.")]


@command(app, "list", is_list=True)
def list_days(run: RunContext, province: Province = None, year: Year = None) -> None:
    """List the special days of a year."""
    chosen = year or run.current_year()
    days = {
        served: run.call(queries.GetCalendar(province=served, year=chosen)).days for served in run.provinces(province)
    }
    printer = run.printer
    printer.document(days)
    printer.table(
        ((served, day) for served, own in days.items() for day in own),
        ("province", lambda row: printer.province(row[0])),
        ("day", lambda row: row[1].on),
        ("hours", lambda row: hours_of(row[1]) or printer.label("closed")),
        ("label", lambda row: row[1].label),
    )


def hours_of(day: answers.CalendarDay) -> str:
    """`08:00-12:00`, or nothing where the office is closed."""
    return f"{day.opens:%H:%M}-{day.closes:%H:%M}" if day.opens and day.closes else ""


@command(app, "set")
def set_day(run: RunContext, day: Day, hours: OfficeHours, label: Label, province: Province = None) -> None:
    """Set the office hours of one day, or close the office."""
    where = run.one_province(province)
    done = run.call(
        commands.SetCalendarDay(
            **run.stamp(), province=where, on=day, opens=hours.opens, closes=hours.closes, label=label.strip()
        )
    )
    run.printer.done(done, "calendar_day_set", day=day)
