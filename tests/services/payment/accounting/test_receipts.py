"""Receipts on both databases: numbered without a hole, marked when the money goes back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.payment import process
from services.payment import projection as payment_projection
from services.payment.accounting import receipts
from services.payment.invoices import domain
from services.payment.invoices import queries as lookups
from services.payment.invoices.internal_commands import ReverseAttempt
from shared.contract.payment import answers, commands, queries
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from tests.services.payment import samples
from tests.services.payment.samples import AT, MANAGER, OTHER_MEMBER, REFERENCE, YEAR, record


def pay(records: Records, member: str, attempt: UUID, authority: str, reference: str) -> None:
    record(
        records,
        samples.issue(member),
        samples.start(attempt, authority),
        samples.settle(attempt, reference),
        member=member,
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
        samples.PROVINCE,
        1405,
        samples.AMOUNT,
        "ref-1",
    )


def test_a_payment_that_is_undone_leaves_no_hole(records: Records) -> None:
    pay(records, samples.MEMBER, samples.FIRST, samples.AUTHORITY, REFERENCE)
    with pytest.raises(domain.ReferenceTaken):
        pay(records, OTHER_MEMBER, samples.SECOND, samples.OTHER_AUTHORITY, REFERENCE)
    record(records, samples.settle(samples.SECOND, "another"), member=OTHER_MEMBER)
    assert numbers(records, samples.MEMBER, OTHER_MEMBER) == [1, 2]


def test_the_same_payment_heard_twice_has_one_receipt(records: Records) -> None:
    pay(records, samples.MEMBER, samples.FIRST, samples.AUTHORITY, REFERENCE)
    record(records, samples.settle(samples.FIRST, REFERENCE))
    assert numbers(records, samples.MEMBER) == [1]


def test_a_reversal_marks_the_receipt_and_the_next_payment_has_its_own(records: Records) -> None:
    pay(records, samples.MEMBER, samples.FIRST, samples.AUTHORITY, REFERENCE)
    later = AT + timedelta(hours=1)
    again = (samples.start(samples.SECOND, samples.OTHER_AUTHORITY), samples.settle(samples.SECOND, "another"))
    record(records, ReverseAttempt(uuid4(), later, samples.FIRST, "by_bank"), *again)
    assert receipt(records, samples.FIRST).reversed_at == later
    assert receipt(records, samples.SECOND).reversed_at is None
    assert numbers(records, samples.MEMBER) == [1, 2]


def test_a_refund_is_told_on_the_receipt_and_a_slip_has_one_too(records: Records) -> None:
    about: dict[str, Any] = {"reason": "پانصد هزار بیش از اندازه بود", "actor": MANAGER}
    pay(records, samples.MEMBER, samples.FIRST, samples.AUTHORITY, REFERENCE)
    call = commands.RequestRefund(**samples.stamped(), attempt=samples.FIRST, amount_rials=500_000, **about)
    grant = commands.GrantRefund(**samples.stamped(), request=call.id, actor="officer:other")
    sent = commands.RecordRefund(**samples.stamped(), request=call.id, bank_reference="T-1", actor=MANAGER)
    slip = commands.RequestManualPayment(
        **samples.stamped(), amount_rials=500_000, slip="0098-77", paid_on=AT.date(), **about
    )
    count = commands.GrantManualPayment(**samples.stamped(), request=slip.id, actor="officer:other")
    record(records, slip, count, call, grant, sent)
    assert receipt(records, samples.FIRST).refunded_rials == 500_000
    assert (receipt(records, slip.id).number, receipt(records, slip.id).bank_reference) == (2, "0098-77")
    assert receipt(records, slip.id).invoice_year == YEAR


def test_the_token_leads_back_to_nothing() -> None:
    assert receipts.token_of(samples.FIRST) != samples.FIRST
    assert receipts.token_of(samples.FIRST) == receipts.token_of(samples.FIRST)


def test_what_went_back_is_listed_until_it_is_paid_anew(records: Records) -> None:
    query = queries.ListPayments(province=samples.PROVINCE, status="reversed")

    def listed() -> int:
        with records.read() as connection:
            return lookups.payments(connection, query).total

    pay(records, samples.MEMBER, samples.FIRST, samples.AUTHORITY, REFERENCE)
    assert listed() == 0
    record(records, ReverseAttempt(uuid4(), AT + timedelta(hours=1), samples.FIRST, "by_bank"))
    assert listed() == 1
    record(records, samples.start(samples.SECOND, samples.OTHER_AUTHORITY), samples.settle(samples.SECOND, "another"))
    assert listed() == 0


def test_copies_that_settle_at_once_leave_no_hole_and_no_double(database_url: str) -> None:
    """Two copies of the program on PostgreSQL; a SQLite file belongs to one."""
    made = [Database(database_url) for _ in range(2 if database_url.startswith("postgresql") else 1)]
    copies = [Records(database, EventLog("payment", payment_projection.project, process.react)) for database in made]
    members = [f"10{number:05}" for number in range(24)]

    def settle(number: int) -> None:
        records = copies[number % len(copies)]
        pay(records, members[number], UUID(int=1000 + number), f"S{number:035}", f"ref-{number}")

    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(settle, range(len(members))))
    assert numbers(copies[0], *members) == list(range(1, len(members) + 1))
    for database in made:
        database.close()
