"""A granted slip is taken back by two officers: what it paid for is owed again, and its number may count anew."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.payment import process, projection, tables
from services.payment.accounting import ledger
from services.payment.invoices import cross_year, domain, state
from services.payment.invoices.domain import INVOICE, ReferenceTaken
from services.payment.refunds import finance_tasks
from shared.contract.base import Event
from shared.contract.payment import commands, events, queries
from shared.contract.refusals import Reason, Refused
from shared.contract.values import UnpaidYear
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from tests.services.payment import samples
from tests.services.payment.invoices import test_credits as of_credit
from tests.services.payment.invoices.test_credits import FEE, FEE_BEFORE, LAST_YEAR, OWED, approve, balance, do, invoice
from tests.services.payment.samples import (
    AMOUNT,
    AT,
    AUTHORITY,
    CONFIRMED,
    FIRST,
    ISSUED,
    MANAGER,
    MEMBER,
    REFERENCE,
    SETTLED,
    STARTED,
    YEAR,
    confirm,
    stamped,
    start,
)
from tests.support.given import given
from tests.support.replay import hold_against_replay

FARID = "officer:farid"
REASON = "چک این فیش برگشت خورده است"
SLIP, REVERSAL = UUID(int=70), UUID(int=71)
NUMBER = "0098-77"


def slip(amount_rials: int = AMOUNT, key: UUID = SLIP, number: str = NUMBER) -> commands.RequestManualPayment:
    about: dict[str, Any] = {"amount_rials": amount_rials, "slip": number, "paid_on": date(2026, 4, 14)}
    return commands.RequestManualPayment(**stamped(id=key, actor=FARID, reason=REASON, **about))


def grant_slip(key: UUID = SLIP) -> commands.GrantManualPayment:
    return commands.GrantManualPayment(**stamped(actor=MANAGER, request=key))


def request(key: UUID = REVERSAL, manual_payment: UUID = SLIP) -> commands.RequestManualPaymentReversal:
    about: dict[str, Any] = {"manual_payment": manual_payment, "reason": REASON}
    return commands.RequestManualPaymentReversal(**stamped(id=key, actor=FARID, **about))


def grant(actor: str = MANAGER, key: UUID = REVERSAL) -> commands.GrantManualPaymentReversal:
    return commands.GrantManualPaymentReversal(**stamped(actor=actor, request=key))


def decline(key: UUID = REVERSAL) -> commands.DeclineRequest:
    return commands.DeclineRequest(**stamped(actor=MANAGER, request=key, reason=REASON))


def after(past: list[Event], *done: domain.Command) -> list[Event]:
    """The past with what follows from commands."""
    for command in done:
        past = [*past, *given(INVOICE, *past).when(command)]
    return past


def types(happened: list[Event]) -> list[str]:
    return [type(one).__name__ for one in happened]


PAID = after([ISSUED], slip(), grant_slip())


# ---------------------------------------------------------------- one invoice


def test_a_slip_that_is_taken_back_leaves_the_invoice_open_again() -> None:
    past = after(PAID, request())
    assert given(INVOICE, *past).state.status == "settled"
    happened = given(INVOICE, *past).when(grant())
    assert types(happened) == ["ManualPaymentReversed"]
    left = given(INVOICE, *past, *happened).state
    assert (left.status, left.received_rials, left.due_rials) == ("open", 0, AMOUNT)
    assert given(INVOICE, *past, *happened).when(start())


def test_a_confirmation_that_stood_on_the_slip_is_withdrawn() -> None:
    past = after(PAID, confirm(), request())
    happened = given(INVOICE, *past).when(grant())
    assert types(happened) == ["ManualPaymentReversed", "ConfirmationWithdrawn"]
    again = after([*past, *happened], slip(key=UUID(int=72), number="0098-78"), grant_slip(UUID(int=72)), confirm())
    assert given(INVOICE, *again).state.status == "confirmed"


def test_an_invoice_that_other_money_has_paid_stays_confirmed() -> None:
    past = after([ISSUED, STARTED, SETTLED, CONFIRMED], slip(1_000), grant_slip(), request())
    happened = given(INVOICE, *past).when(grant())
    assert types(happened) == ["ManualPaymentReversed"]
    left = given(INVOICE, *past, *happened).state
    assert (left.status, left.received_rials) == ("confirmed", AMOUNT)


def test_nobody_grants_the_own_request_to_take_a_slip_back() -> None:
    given(INVOICE, *after(PAID, request())).refuses(grant(FARID), Reason.OWN_REQUEST)


def test_a_grant_that_comes_twice_takes_back_once() -> None:
    past = after(PAID, request(), grant())
    assert given(INVOICE, *past).when(grant()) == []
    assert given(INVOICE, *past).when(grant("officer:third")) == []


def test_a_slip_is_taken_back_once() -> None:
    past = after(PAID, request())
    given(INVOICE, *past).refuses(request(UUID(int=73)), Reason.REVERSAL_REQUESTED)
    past = after(past, grant())
    details = given(INVOICE, *past).refuses(request(UUID(int=73)), Reason.UNKNOWN_REQUEST)
    assert details == {"outcome": "reversed", "by": MANAGER, "at": AT.isoformat()}


def test_a_slip_that_was_taken_back_is_neither_granted_again_nor_declined() -> None:
    past = after(PAID, request(), grant())
    assert given(INVOICE, *past).refuses(grant_slip(), Reason.UNKNOWN_REQUEST)["outcome"] == "reversed"
    assert given(INVOICE, *past).refuses(decline(SLIP), Reason.UNKNOWN_REQUEST)["outcome"] == "reversed"
    assert given(INVOICE, *past).refuses(decline(), Reason.UNKNOWN_REQUEST)["outcome"] == "done"


def test_a_declined_reversal_is_not_granted_any_more_and_may_be_requested_anew() -> None:
    past = after(PAID, request(), decline())
    assert given(INVOICE, *past).refuses(grant(), Reason.UNKNOWN_REQUEST)["outcome"] == "declined"
    assert given(INVOICE, *past).when(decline()) == []
    past = after(past, request(UUID(int=73)), grant(key=UUID(int=73)))
    assert given(INVOICE, *past).state.status == "open"


@pytest.mark.parametrize(
    "past",
    [[ISSUED], after([ISSUED], slip()), after([ISSUED], slip(), decline(SLIP))],
    ids=["unknown", "not granted yet", "declined"],
)
def test_what_does_not_count_can_not_be_taken_back(past: list[Event]) -> None:
    given(INVOICE, *past).refuses(request(), Reason.UNKNOWN_REQUEST)


def test_only_a_slip_is_taken_back_so() -> None:
    write_off = commands.RequestWriteOff(**stamped(id=SLIP, actor=FARID, reason=REASON, amount_rials=1_000))
    granted = commands.GrantWriteOff(**stamped(actor=MANAGER, request=SLIP))
    given(INVOICE, *after([ISSUED], write_off, granted)).refuses(request(), Reason.UNKNOWN_REQUEST)


def refund(amount_rials: int) -> commands.RequestRefund:
    about: dict[str, Any] = {"attempt": FIRST, "amount_rials": amount_rials, "reason": REASON}
    return commands.RequestRefund(**stamped(id=UUID(int=80), actor=FARID, **about))


GRANT_REFUND = commands.GrantRefund(**stamped(actor=MANAGER, request=UUID(int=80)))
SENT = commands.RecordRefund(**stamped(actor=FARID, request=UUID(int=80), bank_reference="PAYA-1"))


def test_a_refund_that_may_be_on_its_way_is_recorded_or_declined_first() -> None:
    past = after([ISSUED, STARTED, SETTLED], slip(1_000), grant_slip(), refund(1_000), request())
    waits = after(past, GRANT_REFUND)
    given(INVOICE, *waits).refuses(grant(), Reason.REFUND_GRANTED)
    assert given(INVOICE, *after(waits, decline(UUID(int=80)), grant())).state.status == "settled"
    assert given(INVOICE, *after(waits, SENT, grant())).state.due_rials == 1_000


def test_a_refund_that_nobody_has_granted_is_refused_after_the_slip_is_gone() -> None:
    past = after([ISSUED, STARTED, SETTLED], slip(1_000), grant_slip(), refund(1_000), request(), grant())
    assert given(INVOICE, *past).refuses(GRANT_REFUND, Reason.TOO_MUCH) == {"left_rials": "0"}


# ---------------------------------------------------------------- a member's invoices


def of(year: int, command: Any) -> Any:
    return command.model_copy(update={"year": year, "id": uuid4()})


def count(records: Records, amount_rials: int, year: int, number: str) -> UUID:
    """A slip that counts."""
    wanted: commands.RequestManualPayment = of(year, slip(amount_rials, number=number))
    do(records, wanted, of(year, grant_slip(wanted.id)), year=year)
    return wanted.id


def take_back(records: Records, manual_payment: UUID, year: int) -> None:
    """As the service does it."""
    wanted = of(year, request(manual_payment=manual_payment))
    undo = cross_year.undo_dependents(records.own_log())
    for command in (wanted, of(year, grant(key=wanted.id))):
        records.handle(state.stream_of(MEMBER, year), command, domain.INVOICE, undo)
    hold_against_replay(records, tables.PROJECTIONS)


def recorded(records: Records, year: int) -> list[str]:
    with records.read() as connection:
        return [one.type for one in records.own_log().stream(connection, state.stream_of(MEMBER, year))]


def test_credit_of_the_slip_is_called_back_from_where_it_counts(records: Records) -> None:
    approve(records, LAST_YEAR, 1)
    paid = count(records, FEE_BEFORE + FEE, LAST_YEAR, "one")
    approve(records, YEAR, 2)
    do(records, samples.confirm(FEE), year=YEAR)
    take_back(records, paid, LAST_YEAR)
    before, found = invoice(records, LAST_YEAR), invoice(records)
    assert (before.status, before.received_rials, before.credit_spent_rials) == ("open", 0, 0)
    assert (found.status, found.received_rials, found.credit_rials) == ("open", 0, 0)
    assert balance(records) == -FEE_BEFORE - FEE
    assert recorded(records, YEAR)[-2:] == ["CreditWithdrawn", "ConfirmationWithdrawn"]


def test_what_the_bank_has_paid_stays_paid_and_the_slips_surplus_comes_back(records: Records) -> None:
    """The slip was too much: what it gave to the later year goes, and the confirmation of what the bank has paid stays."""
    approve(records, LAST_YEAR, 1)
    do(records, *of_credit.pay(FIRST, AUTHORITY, REFERENCE), confirm(FEE_BEFORE))
    paid = count(records, 2_000_000, LAST_YEAR, "one")
    approve(records, YEAR, 2)
    assert invoice(records).credit_rials == 2_000_000
    take_back(records, paid, LAST_YEAR)
    before, found = invoice(records, LAST_YEAR), invoice(records)
    assert (before.status, before.received_rials) == ("confirmed", FEE_BEFORE)
    assert (found.status, found.received_rials, found.credit_rials) == ("open", 0, 0)
    assert "ConfirmationWithdrawn" not in recorded(records, LAST_YEAR)
    assert balance(records) == -FEE


def test_surplus_of_other_money_goes_on_counting_elsewhere(records: Records) -> None:
    approve(records, LAST_YEAR, 1)
    count(records, FEE_BEFORE + 2_000_000, LAST_YEAR, "one")
    wrong = count(records, 1_000_000, LAST_YEAR, "two")
    approve(records, YEAR, 2)
    assert invoice(records).credit_rials == 3_000_000
    take_back(records, wrong, LAST_YEAR)
    assert invoice(records, LAST_YEAR).status == "settled"
    assert invoice(records).credit_rials == 2_000_000


def test_a_slip_of_a_replaced_invoice_is_taken_back_with_the_credit_that_it_became(records: Records) -> None:
    approve(records, LAST_YEAR, 1)
    paid = count(records, 1_000_000, LAST_YEAR, "one")
    approve(records, YEAR, 2, OWED)
    assert invoice(records, LAST_YEAR).replaced_by_year == YEAR
    assert invoice(records).credit_rials == 1_000_000
    take_back(records, paid, LAST_YEAR)
    assert (invoice(records, LAST_YEAR).received_rials, invoice(records).received_rials) == (0, 0)
    assert balance(records) == -FEE_BEFORE - FEE


def test_a_slip_of_a_cancelled_invoice_is_taken_back(records: Records) -> None:
    approve(records, LAST_YEAR, 1)
    paid = count(records, 1_000_000, LAST_YEAR, "one")
    rest = FEE_BEFORE - 1_000_000
    do(records, samples.start(FIRST, AUTHORITY, AT + timedelta(minutes=1)), samples.settle(FIRST, REFERENCE))
    do(records, *of_credit.refund(of_credit.request_refund(FIRST, rest, ends_membership=True), "PAYA-1"))
    assert invoice(records, LAST_YEAR).cancelled_at is not None
    assert balance(records) == 1_000_000
    take_back(records, paid, LAST_YEAR)
    assert (invoice(records, LAST_YEAR).status, balance(records)) == ("open", 0)


def test_an_invoice_that_the_slip_covered_follows(records: Records) -> None:
    """Both years on one invoice, which a slip paid; then the earlier year's own approval cost nothing more."""
    approve(records, YEAR, 1, (UnpaidYear(year=LAST_YEAR, member_class=OWED[0].member_class),))
    paid = count(records, FEE_BEFORE + FEE, YEAR, "one")
    approve(records, LAST_YEAR, 2)
    do(records, samples.confirm(0), year=LAST_YEAR)
    assert invoice(records, LAST_YEAR).status == "confirmed"
    take_back(records, paid, YEAR)
    assert invoice(records, LAST_YEAR).replaced_by_year == YEAR
    assert recorded(records, LAST_YEAR)[-2:] == ["ConfirmationWithdrawn", "InvoiceReplaced"]


def test_the_number_of_a_slip_that_is_taken_back_counts_for_another_invoice(records: Records) -> None:
    approve(records, LAST_YEAR, 1)
    paid = count(records, FEE_BEFORE, LAST_YEAR, "one")
    approve(records, YEAR, 2)
    with pytest.raises(ReferenceTaken):
        count(records, 1_000_000, YEAR, "one")
    take_back(records, paid, LAST_YEAR)
    right = count(records, 1_000_000, YEAR, "one")
    assert [(one.request, one.slip) for one in invoice(records).slips] == [(right, "one")]
    again = of(LAST_YEAR, grant_slip(paid))
    with pytest.raises(Refused, match=Reason.UNKNOWN_REQUEST):
        do(records, again)
    with pytest.raises(ReferenceTaken):
        count(records, 1_000_000, LAST_YEAR, "one")
    with records.read() as connection:
        found = connection.execute(tables.REFERENCES.select()).mappings().all()
    assert [(one["bank"], one["reference"], one["attempt"]) for one in found] == [(process.SLIP, "one", right)]


def test_the_treasurer_sees_what_waits_and_what_became_of_it(records: Records) -> None:
    approve(records, LAST_YEAR, 1)
    paid = count(records, FEE_BEFORE, LAST_YEAR, "one")
    wanted = of(LAST_YEAR, request(manual_payment=paid))
    do(records, wanted)
    with records.read() as connection:
        [task] = finance_tasks.page(connection, queries.ListMoneyTasks(province=samples.PROVINCE)).tasks
    assert (task.kind, task.task, task.cause, task.amount_rials, task.requested_by) == (
        "slip_reversal_requested",
        wanted.id,
        "one",
        FEE_BEFORE,
        FARID,
    )
    assert [one.is_reversal_requested for one in invoice(records, LAST_YEAR).slips] == [True]
    do(records, of(LAST_YEAR, decline(wanted.id)))
    assert [one.is_reversal_requested for one in invoice(records, LAST_YEAR).slips] == [False]
    take_back(records, paid, LAST_YEAR)
    found = invoice(records, LAST_YEAR)
    assert [(one.slip, one.reversed_at) for one in found.slips] == [("one", AT)]
    assert ([one.reversed_at for one in found.receipts], found.reversed_at) == ([AT], AT)
    assert of_credit.waiting(records) == []
    with records.read() as connection:
        entries = ledger.balance(connection, MEMBER).entries
    assert [(one.kind, one.amount_rials, one.reference) for one in entries] == [
        ("charge", -FEE_BEFORE, ""),
        ("payment", FEE_BEFORE, "one"),
        ("reversal", -FEE_BEFORE, "one"),
    ]


def test_a_payment_that_comes_after_the_slip_is_gone_settles_the_invoice() -> None:
    past = after(PAID, request(), grant(), start())
    [paid] = given(INVOICE, *past).when(samples.settle(at=AT + timedelta(minutes=1)))
    assert isinstance(paid, events.PaymentSettled)


def test_a_payment_that_was_held_for_the_slip_is_asked_about_again_and_counts(records: Records) -> None:
    samples.record(records, samples.issue(), start(), samples.hold(), slip(), grant_slip())
    with pytest.raises(domain.SlipCounts):
        samples.record(records, samples.settle())
    samples.record(records, request(), grant())
    with records.read() as connection:
        timer = tables.INQUIRIES.find(connection, FIRST)
    assert timer is not None
    assert timer.due_at == AT
    samples.record(records, samples.settle())
    assert [(one.type) for one in stream_of(records)][-2:] == ["ManualPaymentReversed", "PaymentSettled"]


def stream_of(records: Records) -> list[Any]:
    with records.read() as connection:
        return list(records.own_log().stream(connection, state.stream_of(MEMBER, YEAR)))


@pytest.fixture
def copies(postgres_url: str) -> Iterator[list[Records]]:
    """Two copies of the program on one database."""
    made = [Database(postgres_url) for _ in range(2)]
    yield [Records(database, EventLog("payment", projection.project, process.react)) for database in made]
    for database in made:
        database.close()


def test_a_slip_is_taken_back_once_by_two_grants_at_once(copies: list[Records]) -> None:
    approve(copies[0], LAST_YEAR, 1)
    rounds, together = 10, Barrier(len(copies))
    for number in range(rounds):
        paid = count(copies[0], FEE_BEFORE, LAST_YEAR, f"slip-{number}")
        wanted = of(LAST_YEAR, request(manual_payment=paid))
        do(copies[0], wanted)
        stream = state.stream_of(MEMBER, LAST_YEAR)

        def take(records: Records, key: UUID = wanted.id) -> None:
            together.wait()
            records.handle(stream, of(LAST_YEAR, grant(key=key)), domain.INVOICE)  # noqa: B023 - the same each time

        with ThreadPoolExecutor(len(copies)) as pool:
            list(pool.map(take, copies))
    assert recorded(copies[1], LAST_YEAR).count("ManualPaymentReversed") == rounds
    assert balance(copies[1]) == -FEE_BEFORE
