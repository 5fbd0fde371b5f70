"""Figures of a province's money: what was charged, paid and owed by week, and how long invoices wait; with their RPC method."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, Connection, case, func, or_, select, union_all

from services.payment.tables import INVOICES
from shared.contract.overview_answers import STAYS_MAX, WEEKS_SHOWN, MoneyOverview, MoneyWeek, TimeInState
from shared.contract.passport import Passport
from shared.contract.payment import queries
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.sql import durations
from shared.nameko_extensions import rpc
from shared.text import persian

READERS = (Role.FINANCE, Role.TREASURY, Role.MANAGER, Role.AUDITOR)
BEFORE, NOT_SETTLED = -1, -2
"""In place of a week."""


class OverviewRpc:
    """The RPC method of the payment service about a province's figures."""

    caller: Passport
    records: Records

    @rpc
    def get_money_overview(self, query: queries.GetMoneyOverview) -> MoneyOverview:
        self.caller.must_have_one_of(READERS, query.province)
        with self.records.read() as connection:
            return overview(connection, query.province, datetime.now(UTC))


def overview(connection: Connection, province: str, now: datetime) -> MoneyOverview:
    """The figures of the last weeks."""
    weeks = persian.last_weeks(now, WEEKS_SHOWN)
    return MoneyOverview(
        weeks=money_by_week(connection, province, weeks),
        times=times_in_states(connection, province, persian.midnight(weeks[0])),
    )


def money_by_week(connection: Connection, province: str, weeks: Sequence[date]) -> tuple[MoneyWeek, ...]:
    """The sums of the invoices that stand now, by the weeks in which they were issued and settled."""
    since = persian.midnight(weeks[0])
    stands = (INVOICES.c.replaced_by_year.is_(None), INVOICES.c.cancelled_at.is_(None))
    lately = or_(INVOICES.c.settled_at.is_(None), INVOICES.c.settled_at >= since)
    found = (
        select(
            week_of(INVOICES.c.issued_at, weeks).label("issued"),
            case((INVOICES.c.settled_at.is_(None), NOT_SETTLED), else_=week_of(INVOICES.c.settled_at, weeks)).label(
                "settled"
            ),
            (INVOICES.c.amount_rials - INVOICES.c.written_off_rials).label("amount"),
            INVOICES.c.received_rials,
        )
        .where(INVOICES.c.province == province, *stands, lately)
        .subquery()
    )
    query = select(found.c.issued, found.c.settled, func.sum(found.c.amount), func.sum(found.c.received_rials))
    sums = [tuple(map(int, row)) for row in connection.execute(query.group_by(found.c.issued, found.c.settled))]
    return tuple(week_of_money(week, place, sums) for place, week in enumerate(weeks))


def week_of(instant: ColumnElement[datetime], weeks: Sequence[date]) -> ColumnElement[int]:
    """The place of the week in which an instant lies, or `BEFORE` all of them."""
    ends = [(instant < persian.midnight(week), place) for place, week in enumerate(weeks, BEFORE)]
    return case(*ends, else_=len(weeks) - 1)


def week_of_money(starts_on: date, week: int, sums: Sequence[tuple[int, ...]]) -> MoneyWeek:
    """A week's figures, of sums with their weeks; of an invoice that is not settled, what was paid of it is owed no more."""
    charged = settled = owed = 0
    for issued_in, settled_in, amount, received in sums:
        charged += amount if issued_in == week else 0
        settled += amount if settled_in == week else 0
        if issued_in <= week and settled_in == NOT_SETTLED:
            owed += amount - received
        elif issued_in <= week < settled_in:
            owed += amount
    return MoneyWeek(starts_on=starts_on, charged_rials=charged, settled_rials=settled, outstanding_rials=owed)


def times_in_states(connection: Connection, province: str, since: datetime) -> tuple[TimeInState, ...]:
    """How long invoices waited for their payment, and payments for their confirmation, that have come since then."""
    found = []
    for state, start, end in (
        ("payment", INVOICES.c.issued_at, INVOICES.c.settled_at),
        ("confirmation", INVOICES.c.settled_at, INVOICES.c.confirmed_at),
    ):
        here = (INVOICES.c.province == province, INVOICES.c.amount_rials > 0, end >= since)
        newest = select(start.label("start"), end.label("end")).where(*here)
        found.append(durations.of_stays(connection, state, newest.order_by(end.desc()).limit(STAYS_MAX), since))
    spreads = durations.spreads(connection, union_all(*found))
    return tuple(
        TimeInState.model_validate({"state": state, **of._asdict()})
        for state, of in ((state, spreads.get(state)) for state in ("payment", "confirmation"))
        if of is not None
    )
