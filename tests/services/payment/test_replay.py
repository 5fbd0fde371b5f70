"""A replay into the live tables gives the same rows and nothing else: no timer, no alert, no reservation, no refusal."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, MetaData, delete

from services.payment import projection, tables
from services.payment.attempts import polling
from services.payment.invoices.internal_commands import HoldAttempt, ReverseAttempt
from shared.contract.payment import commands
from shared.event_store.command_handler import Records
from tests.services.payment import samples
from tests.services.payment.samples import AT, FIRST, MANAGER, OTHER_AUTHORITY, OTHER_REFERENCE, SECOND, record
from tests.support.replay import Rows, rows_of

FIRST_OF_OTHER = UUID(int=3)


def rows(records: Records, of: MetaData) -> Rows:
    with records.read() as connection:
        return rows_of(connection, of)


def test_a_replay_gives_the_rows_again_and_leaves_all_state_as_it_is(records: Records) -> None:
    about: dict[str, Any] = {"reason": "پانصد هزار بیش از اندازه بود", "actor": MANAGER}
    slip = commands.RequestManualPayment(
        **samples.stamped(), amount_rials=500_000, slip="0098-77", paid_on=date(2026, 4, 14), **about
    )
    grant = commands.GrantManualPayment(**samples.stamped(), request=slip.id, actor="officer:other")
    record(records, samples.issue(), samples.start(), samples.start(SECOND, OTHER_AUTHORITY, AT + timedelta(hours=1)))
    record(records, samples.settle(), samples.settle(SECOND, OTHER_REFERENCE), slip, grant)
    record(records, ReverseAttempt(uuid4(), AT + timedelta(hours=2), FIRST, "by_bank"))
    back = commands.RequestManualPaymentReversal(**samples.stamped(), manual_payment=slip.id, **about)
    granted = commands.GrantManualPaymentReversal(**samples.stamped(), request=back.id, actor="officer:other")
    record(records, back, granted)
    other = samples.OTHER_MEMBER
    held = HoldAttempt(uuid4(), AT, FIRST_OF_OTHER, "amount_differs")
    record(records, samples.issue(other), samples.start(FIRST_OF_OTHER, "S0" + "3" * 34), held, member=other)
    records.write(lambda connection: polling.poll_now(connection, OTHER_AUTHORITY, AT))
    state, live = rows(records, tables.STATE), rows(records, tables.PROJECTIONS)

    def replay(connection: Connection) -> None:
        for table in tables.PROJECTIONS.sorted_tables:
            connection.execute(delete(table))
        for one in records.own_log().read(connection, 0, 100):
            projection.project(connection, one)

    records.write(replay)
    assert rows(records, tables.PROJECTIONS) == live
    assert rows(records, tables.STATE) == state
    assert {name for name, found in state.items() if found} == {"alerts", "bank_references", "timers"}
