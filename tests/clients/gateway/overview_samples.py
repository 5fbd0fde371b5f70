"""Figures of a province for tests of the gateway: a queue with late ones, twelve weeks, and times in all states."""

from datetime import date, timedelta

from shared.contract.overview_answers import (
    AgeCount,
    DeskOverview,
    MoneyOverview,
    MoneyWeek,
    TimeInState,
    WeekCounts,
)

FIRST_WEEK = date(2026, 9, 12)
"""Saturday 21 Shahrivar 1405."""
REQUESTS = (3, 5, 4, 9, 14, 22, 31, 45, 52, 61, 58, 24)
LAST_YEAR = (2, 4, 6, 8, 12, 18, 28, 36, 47, 50, 55, 49)


def desk() -> DeskOverview:
    ages = zip((1, 2, 4, 8, 24, None), (12, 9, 14, 5, 3, 1), strict=True)
    return DeskOverview(
        queue=tuple(AgeCount(up_to_hours=up_to, is_late=up_to not in (1, 2, 4), requests=n) for up_to, n in ages),
        not_promised=0,
        weeks=tuple(
            WeekCounts(
                starts_on=FIRST_WEEK + timedelta(weeks=week),
                requests=REQUESTS[week],
                approvals=max(0, REQUESTS[week] - 6),
                requests_last_year=LAST_YEAR[week],
                approvals_last_year=LAST_YEAR[week] - 1,
            )
            for week in range(12)
        ),
        times=(
            TimeInState(state="filling", stays=320, median_seconds=5_400, most_seconds=190_000),
            TimeInState(state="review", stays=312, median_seconds=9_000, most_seconds=21_600),
            TimeInState(state="correction", stays=41, median_seconds=86_400, most_seconds=420_000),
        ),
    )


def money() -> MoneyOverview:
    owed = 40_000_000
    weeks = []
    for week, requests in enumerate(REQUESTS):
        charged, settled = requests * 9_000_000, max(0, requests - 4) * 8_500_000
        owed += charged - settled
        starts_on = FIRST_WEEK + timedelta(weeks=week)
        weeks.append(
            MoneyWeek(starts_on=starts_on, charged_rials=charged, settled_rials=settled, outstanding_rials=owed)
        )
    times = (
        TimeInState(state="payment", stays=280, median_seconds=93_600, most_seconds=600_000),
        TimeInState(state="confirmation", stays=270, median_seconds=7_200, most_seconds=30_000),
    )
    return MoneyOverview(weeks=tuple(weeks), times=times)
