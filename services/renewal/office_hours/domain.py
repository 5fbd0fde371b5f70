"""What an officer may do to a province's calendar: give a day other hours, or none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from services.renewal.office_hours.rules import Hours
from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, events
from shared.event_store.decider import Decider


@dataclass(frozen=True)
class Calendar:
    """A province's special days, as its officers set them."""

    days: Mapping[date, tuple[Hours, str]] = field(default_factory=dict)


def set_day(command: commands.SetCalendarDay, calendar: Calendar) -> list[Event]:
    hours = hours_of(command.opens, command.closes)
    if calendar.days.get(command.on) == (hours, command.label):
        return []
    return [
        events.CalendarDaySet(
            province=command.province,
            on=command.on,
            opens=command.opens,
            closes=command.closes,
            label=command.label,
            set_by=command.actor,
            set_at=command.at,
        )
    ]


def with_day(calendar: Calendar, event: Event) -> Calendar:
    match event:
        case events.CalendarDaySet():
            return Calendar({**calendar.days, event.on: (hours_of(event.opens, event.closes), event.label)})
        case _:
            return calendar


def hours_of(opens: time | None, closes: time | None) -> Hours:
    """Both ends, or none for a closed day; `Refused(BAD_INPUT)` for half of them or an end before the start."""
    if opens is None and closes is None:
        return None
    if opens is None or closes is None or closes <= opens:
        raise Refused(Reason.BAD_INPUT, {"closes": "dates_out_of_order"})
    return opens, closes


CALENDAR: Decider[commands.SetCalendarDay, Calendar] = Decider(set_day, with_day, Calendar())
