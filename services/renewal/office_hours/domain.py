"""The decision that an officer gives a day of a province's calendar other office hours, or none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from services.renewal.office_hours.rules import Hours
from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, events
from shared.event_store.decider import Decider


@dataclass(frozen=True)
class OfficeCalendar:
    """A province's days with other hours, as its officers set them."""

    days: Mapping[date, tuple[Hours, str]] = field(default_factory=dict)


def set_day(command: commands.SetCalendarDay, calendar: OfficeCalendar) -> list[Event]:
    hours = hours_between(command.opens, command.closes)
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


def evolve(calendar: OfficeCalendar, event: events.CalendarDaySet) -> OfficeCalendar:
    return OfficeCalendar({**calendar.days, event.on: (hours_between(event.opens, event.closes), event.label)})


def hours_between(opens: time | None, closes: time | None) -> Hours:
    """Both ends, or none for a closed day; `Refused(BAD_INPUT)` for half of them or an end before the start."""
    if opens is None and closes is None:
        return None
    if opens is None or closes is None or closes <= opens:
        raise Refused(Reason.BAD_INPUT, {"closes": "dates_out_of_order"})
    return opens, closes


OFFICE_CALENDAR: Decider[commands.SetCalendarDay, OfficeCalendar] = Decider(set_day, evolve, OfficeCalendar())
