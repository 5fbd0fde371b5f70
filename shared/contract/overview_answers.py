"""Answers with figures of a province for its overview: the queue by age, weeks, times in states, money; nothing of single members."""

from datetime import date
from typing import Literal

from shared.contract.base import Answer

WEEKS_SHOWN = 12
"""The present week is the last of them; weeks begin on Saturday in Tehran."""
DAYS_TO_LAST_YEAR = 364
"""A week of last year is the one so many days before: the same days of the week."""


STAYS_MAX = 500
"""Of each state, the last ones are looked at."""


class AgeCount(Answer):
    """How many declarations have waited for so long, in working time since they were sent."""

    up_to_hours: int | None
    """More than the count before, up to this many working hours; None: more than all of them."""
    is_late: bool
    """Whether the promise has passed."""
    requests: int


class WeekCounts(Answer):
    """A week's requests and approvals, and those of the same week of last year."""

    starts_on: date
    requests: int
    approvals: int
    requests_last_year: int
    approvals_last_year: int


class TimeInState(Answer):
    """How long renewals or invoices were in a state that they left in the weeks shown, the last five hundred of them; in seconds."""

    state: Literal["filling", "review", "correction", "payment", "confirmation"]
    """The member fills the form; the manager reviews; the member corrects; the member pays; the manager confirms."""
    stays: int
    median_seconds: int
    most_seconds: int
    """Nine of ten stays were no longer."""


class DeskOverview(Answer):
    """Figures of a province's desk."""

    queue: tuple[AgeCount, ...]
    """The youngest first."""
    not_promised: int
    """Declarations that wait without a due time."""
    weeks: tuple[WeekCounts, ...]
    """The oldest first."""
    times: tuple[TimeInState, ...]


class MoneyWeek(Answer):
    """A week's money by the invoices that stand now: neither replaced nor cancelled, less what was written off."""

    starts_on: date
    charged_rials: int
    """Of invoices that were issued in the week."""
    settled_rials: int
    """Of invoices that were paid in full in the week, and are so still."""
    outstanding_rials: int
    """Of invoices that were issued and not settled at the week's end, less what has been paid of those that are open."""


class MoneyOverview(Answer):
    """Figures of a province's money."""

    weeks: tuple[MoneyWeek, ...]
    """The oldest first."""
    times: tuple[TimeInState, ...]
