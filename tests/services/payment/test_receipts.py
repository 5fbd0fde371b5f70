"""Receipts on both databases: numbered without a hole, marked when the money goes back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.payment import lookups, receipts, tables, views
from services.payment.intents import ReverseAttempt
from shared import event_log
from shared.command_handler import Records
from shared.contract.payment import answers, commands, queries
from shared.database import Database
from shared.event_log import EventLog
from tests.services.payment import story
from tests.services.payment.story import AT, MANAGER, OTHER_MEMBER, REFERENCE, YEAR, record


def pay(records: Records, member: str, attempt: UUID, authority: str, reference: str) -> None:
    record(
        records, story.issue(member), story.start(attempt, authority), story.settle(attempt, reference), member=member
    )


def receipt(records: Records, attempt: UUID) -> answers.Receipt:
    with records.read() as connection:
        found = receipts.by_token(connection, receipts.token_of(attempt))
    assert found is not None
    return found


def numbers(records: Records, *members: str) -> list[int]:
    with records.read() as connection:
        return sorted(
            one.number
            for member in members
            for paid in lookups.invoices_of(connection, member)
            for one in paid.receipts
        )


def test_receipts_are_numbered_in_the_order_of_the_payments(records: Records) -> None:
    for number in range(1, 6):
        pay(records, f"00{number:05}", UUID(int=100 + number), f"S{number:035}", f"ref-{number}")
    assert numbers(records, *(f"00{number:05}" for number in range(1, 6))) == [1, 2, 3, 4, 5]
    first = receipt(records, UUID(int=101))
    assert (first.province, first.series_year, first.amount_rials, first.bank_reference) == (
        story.PROVINCE,
        1405,
        story.AMOUNT,
        "ref-1",
    )


def test_a_payment_that_is_undone_leaves_no_hole(records: Records) -> None:
    pay(records, story.MEMBER, story.FIRST, story.AUTHORITY, REFERENCE)
    with pytest.raises(views.ReferenceTaken):
        pay(records, OTHER_MEMBER, story.SECOND, story.OTHER_AUTHORITY, REFERENCE)
    record(records, story.settle(story.SECOND, "another"), member=OTHER_MEMBER)
    assert numbers(records, story.MEMBER, OTHER_MEMBER) == [1, 2]


def test_the_same_payment_heard_twice_has_one_receipt(records: Records) -> None:
    pay(records, story.MEMBER, story.FIRST, story.AUTHORITY, REFERENCE)
    record(records, story.settle(story.FIRST, REFERENCE))
    assert numbers(records, story.MEMBER) == [1]


def test_a_reversal_marks_the_receipt_and_the_next_payment_has_its_own(records: Records) -> None:
    pay(records, story.MEMBER, story.FIRST, story.AUTHORITY, REFERENCE)
    later = AT + timedelta(hours=1)
    again = (story.start(story.SECOND, story.OTHER_AUTHORITY), story.settle(story.SECOND, "another"))
    record(records, ReverseAttempt(uuid4(), later, story.FIRST, "by_bank"), *again)
    assert receipt(records, story.FIRST).reversed_at == later
    assert receipt(records, story.SECOND).reversed_at is None
    assert numbers(records, story.MEMBER) == [1, 2]


def test_a_refund_is_told_on_the_receipt_and_a_slip_has_one_too(records: Records) -> None:
    about: dict[str, Any] = {"reason": "پانصد هزار بیش از اندازه بود", "actor": MANAGER}
    pay(records, story.MEMBER, story.FIRST, story.AUTHORITY, REFERENCE)
    ask = commands.AskRefund(**story.stamped(), attempt=story.FIRST, amount_rials=500_000, **about)
    grant = commands.GrantRefund(**story.stamped(), request=ask.id, actor="officer:other")
    sent = commands.RecordRefund(**story.stamped(), request=ask.id, bank_reference="T-1", actor=MANAGER)
    slip = commands.AskManualPayment(
        **story.stamped(), amount_rials=500_000, slip="0098-77", paid_on=AT.date(), **about
    )
    count = commands.GrantManualPayment(**story.stamped(), request=slip.id, actor="officer:other")
    record(records, slip, count, ask, grant, sent)
    assert receipt(records, story.FIRST).refunded_rials == 500_000
    assert (receipt(records, slip.id).number, receipt(records, slip.id).bank_reference) == (2, "0098-77")
    assert receipt(records, slip.id).invoice_year == YEAR


def test_the_token_leads_back_to_nothing() -> None:
    assert receipts.token_of(story.FIRST) != story.FIRST
    assert receipts.token_of(story.FIRST) == receipts.token_of(story.FIRST)


def test_what_went_back_is_listed_until_it_is_paid_anew(records: Records) -> None:
    question = queries.ListPayments(province=story.PROVINCE, status="reversed")

    def listed() -> int:
        with records.read() as connection:
            return lookups.payments(connection, question).total

    pay(records, story.MEMBER, story.FIRST, story.AUTHORITY, REFERENCE)
    assert listed() == 0
    record(records, ReverseAttempt(uuid4(), AT + timedelta(hours=1), story.FIRST, "by_bank"))
    assert listed() == 1
    record(records, story.start(story.SECOND, story.OTHER_AUTHORITY), story.settle(story.SECOND, "another"))
    assert listed() == 0


def test_copies_that_settle_at_once_leave_no_hole_and_no_double(database_url: str) -> None:
    """Two copies of the program on PostgreSQL; a SQLite file belongs to one."""
    made = [Database(database_url) for _ in range(2 if database_url.startswith("postgresql") else 1)]
    for database in made:
        database.create_tables(event_log.TABLES, tables.TABLES)
    copies = [Records(database, EventLog("payment", views.project)) for database in made]
    members = [f"10{number:05}" for number in range(24)]

    def settle(number: int) -> None:
        records = copies[number % len(copies)]
        pay(records, members[number], UUID(int=1000 + number), f"S{number:035}", f"ref-{number}")

    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(settle, range(len(members))))
    assert numbers(copies[0], *members) == list(range(1, len(members) + 1))
    for database in made:
        database.close()
