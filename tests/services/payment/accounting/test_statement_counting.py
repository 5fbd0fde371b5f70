"""Counting a statement is one transaction: whatever another copy of the program does meanwhile, it counts whole or not at all."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import Connection

from services.payment import process
from services.payment import projection as payment_projection
from services.payment.accounting import daily_reconciliation
from shared.contract import base
from shared.contract.envelope import Recorded
from shared.contract.payment import finance_answers, finance_events
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from tests.services.payment.accounting.test_bank_statements import close, count, day, hand_over, line, shown, two_paid
from tests.services.payment.samples import AMOUNT, OTHER_AUTHORITY

WAIT_SECONDS = 20
STILL_WAITS_SECONDS = 0.3


class Held:
    """A copy of the program that stops within the transaction that records an event of a kind, until it is let go."""

    def __init__(self, url: str, kind: type[base.Event]) -> None:
        self.kind, self.there, self.go = kind, Event(), Event()
        self.records = Records(Database(url), EventLog("payment", self.project, process.react))

    def project(self, connection: Connection, recorded: Recorded) -> None:
        if isinstance(recorded.event, self.kind):
            self.there.set()
            assert self.go.wait(WAIT_SECONDS)
        payment_projection.project(connection, recorded)


@pytest.fixture
def held(postgres_url: str, postgres_records: Records) -> Iterator[Held]:
    held = Held(postgres_url, finance_events.StatementCounted)
    yield held
    held.go.set()
    held.records.database.close()


def test_a_file_that_is_opened_again_while_it_is_counted_counts_whole(postgres_records: Records, held: Held) -> None:
    hand_over(postgres_records, line(), line(OTHER_AUTHORITY))
    with ThreadPoolExecutor(2) as copies:
        counted = copies.submit(count, held.records)
        assert held.there.wait(WAIT_SECONDS)
        opened = copies.submit(hand_over, postgres_records, line())
        with pytest.raises(TimeoutError):
            opened.result(STILL_WAITS_SECONDS)
        held.go.set()
        assert counted.result(WAIT_SECONDS).lines_here == 2
        with pytest.raises(Refused, match="statement_counted"):
            opened.result(WAIT_SECONDS)
    assert (shown(postgres_records).status, day(postgres_records).bank_rials) == ("counted", 2 * AMOUNT)


def test_of_two_copies_that_count_one_file_one_does(postgres_records: Records, held: Held) -> None:
    hand_over(postgres_records, line())
    with ThreadPoolExecutor(2) as copies:
        first = copies.submit(count, held.records)
        assert held.there.wait(WAIT_SECONDS)
        second = copies.submit(count, postgres_records)
        held.go.set()
        assert first.result(WAIT_SECONDS).status == "counted"
        with pytest.raises(Refused) as refused:
            second.result(WAIT_SECONDS)
    assert refused.value.reason is Reason.STATEMENT_COUNTED


def test_a_day_that_is_closed_while_a_file_is_counted_has_all_of_it(postgres_records: Records, held: Held) -> None:
    two_paid(postgres_records)
    hand_over(postgres_records, line())
    with ThreadPoolExecutor(2) as copies:
        counted = copies.submit(count, held.records)
        assert held.there.wait(WAIT_SECONDS)
        closing = copies.submit(daily_reconciliation.close, postgres_records, close())
        held.go.set()
        counted.result(WAIT_SECONDS)
        closed: finance_answers.ReconciledDay = closing.result(WAIT_SECONDS)
    assert (closed.bank_rials, closed.ledger_rials) == (AMOUNT, 2 * AMOUNT)
