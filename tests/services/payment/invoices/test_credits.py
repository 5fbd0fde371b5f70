"""A member's surplus is spent on the next invoice: in the transaction that issues it, once, and never what is on its way back."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.payment import subscriptions
from services.payment.accounting import ledger
from services.payment.attempts import alerts
from services.payment.attempts import queries as attempt_queries
from services.payment.fees import tariffs
from services.payment.fees.estimate import estimate as estimated
from services.payment.invoices import credit, cross_year, domain, state
from services.payment.invoices import queries as lookups
from services.payment.invoices.internal_commands import OweRefund, ReverseAttempt
from services.payment.refunds import finance_tasks
from shared.contract.payment import answers, commands, queries
from shared.contract.refusals import Reason, Refused
from shared.contract.values import MemberClass, UnpaidYear
from shared.event_store.command_handler import Records
from tests.services.payment import samples
from tests.services.payment.samples import APPROVED, AT, AUTHORITY, FIRST, MEMBER, SECOND, YEAR, as_recorded

TARIFFS = tariffs.load()
LAST_YEAR = YEAR - 1
FEE_BEFORE, FEE = 6_000_000, 9_000_000
"""Of grade 2 in the two years."""
COLLEAGUE = "officer:other"
OWED = (UnpaidYear(year=LAST_YEAR, member_class=MemberClass.GRADE_2),)


def approve(records: Records, year: int, position: int, owed: tuple[UnpaidYear, ...] = ()) -> None:
    approved = APPROVED.model_copy(update={"year": year, "unpaid_years": owed})
    log = records.own_log()
    records.write(
        lambda connection: subscriptions.on_renewal_event(connection, as_recorded(approved, position), log, TARIFFS, AT)
    )


def do(records: Records, *done: domain.Command, year: int = LAST_YEAR) -> None:
    for command in done:
        records.handle(state.stream_of(MEMBER, year), command, domain.INVOICE)


def slip(amount_rials: int, year: int = LAST_YEAR) -> tuple[commands.RequestManualPayment, commands.GrantManualPayment]:
    about: dict[str, Any] = {"year": year, "slip": f"slip-{amount_rials}", "paid_on": date(2025, 4, 14)}
    request = commands.RequestManualPayment(
        **(samples.stamped() | about), amount_rials=amount_rials, reason="فیش در پرونده است", actor=samples.MANAGER
    )
    granted = commands.GrantManualPayment(**(samples.stamped() | {"year": year}), request=request.id, actor=COLLEAGUE)
    return request, granted


def reversal_of_slip(
    counted: commands.RequestManualPayment,
) -> tuple[commands.RequestManualPaymentReversal, commands.GrantManualPaymentReversal]:
    about = samples.stamped() | {"year": counted.year}
    request = commands.RequestManualPaymentReversal(
        **about, manual_payment=counted.id, reason="فیش از آنِ دیگری است", actor=samples.MANAGER
    )
    about = samples.stamped() | {"year": counted.year}
    return request, commands.GrantManualPaymentReversal(**about, request=request.id, actor=COLLEAGUE)


def pay(attempt: UUID, authority: str, reference: str) -> tuple[domain.Command, ...]:
    return samples.start(attempt, authority), samples.settle(attempt, reference)


def request_refund(
    attempt: UUID, amount_rials: int, *, year: int = LAST_YEAR, ends_membership: bool = False
) -> commands.RequestRefund:
    stamped = samples.stamped() | {"year": year, "ends_membership": ends_membership}
    return commands.RequestRefund(**stamped, attempt=attempt, amount_rials=amount_rials, reason="اضافه پرداخت شده است")


def refund(request: commands.RequestRefund, reference: str) -> tuple[domain.Command, ...]:
    """Money is sent back as requested."""
    about = {"year": request.year, "request": request.id}
    return (
        request,
        commands.GrantRefund(**samples.stamped() | about, actor=COLLEAGUE),
        commands.RecordRefund(**samples.stamped() | about, bank_reference=reference),
    )


def invoice(records: Records, year: int = YEAR) -> answers.Invoice:
    with records.read() as connection:
        found = lookups.invoice(connection, MEMBER, year)
    assert found is not None
    return found


def balance(records: Records) -> int:
    with records.read() as connection:
        return ledger.balance(connection, MEMBER).balance_rials


def waiting(records: Records) -> list[tuple[str, int]]:
    with records.read() as connection:
        found = finance_tasks.page(connection, queries.ListMoneyTasks(province=samples.PROVINCE)).tasks
    return [(task.kind, task.amount_rials) for task in found]


def owe_second_payment(records: Records) -> None:
    """Last year was paid twice, and the bank keeps the second payment."""
    approve(records, LAST_YEAR, 1)
    do(
        records,
        samples.start(FIRST, AUTHORITY),
        samples.start(SECOND, samples.OTHER_AUTHORITY, AT + timedelta(minutes=30)),
    )
    do(records, samples.settle(FIRST, "one"), samples.settle(SECOND, "two"), OweRefund(uuid4(), AT, SECOND, "too_late"))


def test_what_is_left_of_a_payment_that_was_sent_back_in_part_waits_to_be_sent_back(records: Records) -> None:
    owe_second_payment(records)
    do(records, *refund(request_refund(SECOND, 4_000_000), "PAYA1"))
    assert balance(records) == 2_000_000
    assert waiting(records) == [("refund_due", 2_000_000)]
    do(records, *refund(request_refund(SECOND, 2_000_000), "PAYA2"))
    assert waiting(records) == []


def test_the_rest_of_an_owed_payment_waits_beside_the_requests_for_its_parts(records: Records) -> None:
    owe_second_payment(records)
    part, rest = request_refund(SECOND, 2_000_000), request_refund(SECOND, 4_000_000)
    do(records, part)
    assert sorted(waiting(records)) == [("refund_due", 4_000_000), ("refund_requested", 2_000_000)]
    do(records, commands.GrantRefund(**samples.stamped() | {"year": LAST_YEAR, "request": part.id}, actor=COLLEAGUE))
    assert sorted(waiting(records)) == [("refund_due", 4_000_000), ("refund_granted", 2_000_000)]
    do(records, rest)
    assert sorted(waiting(records)) == [("refund_granted", 2_000_000), ("refund_requested", 4_000_000)]
    declined = samples.stamped() | {"year": LAST_YEAR, "request": part.id, "reason": "دلیل در پرونده است"}
    do(records, commands.DeclineRequest(**declined))
    assert sorted(waiting(records)) == [("refund_due", 2_000_000), ("refund_requested", 4_000_000)]


def test_a_slip_that_was_too_much_lessens_the_next_invoice(records: Records) -> None:
    approve(records, LAST_YEAR, 1)
    do(records, *slip(FEE_BEFORE + 2_500_000))
    assert balance(records) == 2_500_000
    approve(records, YEAR, 2)
    found = invoice(records)
    assert (found.status, found.amount_rials, found.received_rials, found.credit_rials) == (
        "open",
        FEE,
        2_500_000,
        2_500_000,
    )
    assert invoice(records, LAST_YEAR).received_rials == FEE_BEFORE
    assert balance(records) == -FEE + 2_500_000


def test_credit_that_is_enough_settles_the_invoice_and_the_rest_waits(records: Records) -> None:
    approve(records, LAST_YEAR, 1)
    do(records, *slip(FEE_BEFORE + FEE + 1_000_000))
    approve(records, YEAR, 2)
    assert invoice(records).status == "settled"
    assert balance(records) == 1_000_000
    with records.read() as connection:
        known = cross_year.coverage(connection, records.own_log(), MEMBER)
        assert credit.credit_for(known, YEAR + 1) == 1_000_000


def test_an_approval_heard_twice_spends_once(records: Records) -> None:
    approve(records, LAST_YEAR, 1)
    do(records, *slip(FEE_BEFORE + 2_500_000))
    approve(records, YEAR, 2)
    approve(records, YEAR, 2)
    assert invoice(records).credit_rials == 2_500_000


def test_part_of_a_replaced_invoice_that_was_paid_counts_for_the_one_that_charges_its_year_again(
    records: Records,
) -> None:
    approve(records, LAST_YEAR, 1)
    do(records, *slip(1_000_000))
    approve(records, YEAR, 2, OWED)
    found = invoice(records)
    assert (found.amount_rials, found.received_rials) == (FEE_BEFORE + FEE, 1_000_000)
    assert balance(records) == -(FEE_BEFORE + FEE) + 1_000_000


def test_a_second_payment_that_nobody_sent_back_yet_is_spent_and_need_not_be_sent_back(records: Records) -> None:
    owe_second_payment(records)
    assert waiting(records) == [("refund_due", FEE_BEFORE)]
    approve(records, YEAR, 2)
    assert invoice(records).credit_rials == FEE_BEFORE
    assert waiting(records) == []
    with pytest.raises(Refused, match=Reason.TOO_MUCH):
        do(records, request_refund(SECOND, 1))
    with records.read() as connection:
        assert attempt_queries.result(connection, SECOND).credited_rials == FEE_BEFORE


def test_a_spent_surplus_that_the_bank_takes_back_is_an_alert(records: Records) -> None:
    owe_second_payment(records)
    approve(records, YEAR, 2)
    take_back(records, SECOND)
    with records.read() as connection:
        found = alerts.page(connection, queries.ListAlerts(province=samples.PROVINCE)).alerts
    assert [(one.kind, one.member, one.year, one.times) for one in found] == [("credit_gone", MEMBER, YEAR, 1)]
    assert balance(records) == -FEE


def take_back(records: Records, attempt: UUID) -> None:
    """The bank says that it has given a payment of last year back."""
    reverse = ReverseAttempt(uuid4(), AT, attempt, "by_bank")
    records.handle(
        state.stream_of(MEMBER, LAST_YEAR), reverse, domain.INVOICE, cross_year.undo_dependents(records.own_log())
    )


def test_credit_counts_no_more_once_the_bank_has_taken_its_money_back(records: Records) -> None:
    owe_second_payment(records)
    approve(records, YEAR, 2)
    do(records, *slip(FEE - FEE_BEFORE, YEAR), samples.confirm(FEE), year=YEAR)
    assert invoice(records).status == "confirmed"
    take_back(records, SECOND)
    found, before = invoice(records), invoice(records, LAST_YEAR)
    assert (found.status, found.received_rials, found.credit_rials) == ("open", FEE - FEE_BEFORE, 0)
    assert (before.status, before.received_rials) == ("settled", FEE_BEFORE)
    assert balance(records) == -FEE_BEFORE
    with records.read() as connection:
        estimate_answer = records.own_log().stream(connection, state.stream_of(MEMBER, YEAR))
    assert [one.type for one in estimate_answer][-2:] == ["CreditWithdrawn", "ConfirmationWithdrawn"]


def test_the_rest_of_a_refunded_payment_counts_no_more_once_the_bank_has_taken_all_of_it_back(records: Records) -> None:
    approve(records, LAST_YEAR, 1)
    half = request_refund(FIRST, FEE_BEFORE // 2, ends_membership=True)
    do(records, *pay(FIRST, AUTHORITY, "one"), *refund(half, "PAYA-1"))
    approve(records, YEAR, 2)
    assert invoice(records).credit_rials == FEE_BEFORE // 2
    take_back(records, FIRST)
    assert (invoice(records).received_rials, invoice(records).credit_rials) == (0, 0)
    assert invoice(records, LAST_YEAR).received_rials == -FEE_BEFORE // 2
    assert balance(records) == -FEE - FEE_BEFORE // 2


@pytest.mark.timeout(60)
def test_credit_of_a_year_that_is_overspent_twice_by_one_reversal_is_withdrawn_to_its_end(records: Records) -> None:
    """The surplus of 1402 was spent on 1404 and on 1403, what 1404 had on 1403, and what 1403 had on 1405."""

    third = UUID(int=3)
    approve(records, 1402, 1)
    fee = invoice(records, 1402).amount_rials
    do(
        records,
        samples.start(FIRST, AUTHORITY),
        samples.start(SECOND, samples.OTHER_AUTHORITY, AT + timedelta(minutes=30)),
        samples.settle(FIRST, "one"),
        samples.settle(SECOND, "two"),
        OweRefund(uuid4(), AT, SECOND, "too_late"),
        half := request_refund(SECOND, fee // 2, year=1402),
        year=1402,
    )
    approve(records, 1404, 2)
    rest = invoice(records, 1404).amount_rials - fee // 2
    do(
        records,
        *pay(third, "third", "three"),
        *refund(request_refund(third, rest, year=1404, ends_membership=True), "PAYA-1"),
        year=1404,
    )
    declined = samples.stamped() | {"year": 1402, "request": half.id, "reason": "دلیل در پرونده است"}
    do(records, commands.DeclineRequest(**declined), year=1402)
    approve(records, 1403, 3)
    assert invoice(records, 1403).credit_rials == fee
    approve(records, 1405, 4, (UnpaidYear(year=1403, member_class=MemberClass.GRADE_2),))
    assert invoice(records, 1405).credit_rials == fee
    records.handle(
        state.stream_of(MEMBER, 1402),
        ReverseAttempt(uuid4(), AT, SECOND, "by_bank"),
        domain.INVOICE,
        cross_year.undo_dependents(records.own_log()),
    )
    assert [invoice(records, year).credit_rials for year in (1403, 1404, 1405)] == [0, 0, 0]
    assert balance(records) == -invoice(records, 1405).amount_rials


def test_a_payment_of_less_than_is_owed_by_then_leaves_the_rest_to_be_paid(records: Records) -> None:
    rest = 2_500_000
    approve(records, LAST_YEAR, 1)
    counted, granted = slip(FEE_BEFORE - rest)
    do(records, counted, granted, samples.start(FIRST, AUTHORITY, AT + timedelta(minutes=1)))
    do(records, *reversal_of_slip(counted), samples.settle(FIRST, "one"))
    found = invoice(records, LAST_YEAR)
    assert (found.status, found.received_rials, found.settled_at) == ("open", rest, None)
    with pytest.raises(Refused, match=Reason.PAYMENT_NOT_SETTLED):
        do(records, samples.confirm(FEE_BEFORE))
    do(records, *slip(FEE_BEFORE - rest + 1))
    assert invoice(records, LAST_YEAR).status == "settled"


def test_what_is_asked_to_be_sent_back_is_not_spent(records: Records) -> None:
    owe_second_payment(records)
    do(records, request_refund(SECOND, FEE_BEFORE))
    approve(records, YEAR, 2)
    assert invoice(records).credit_rials == 0
    assert waiting(records) == [("refund_requested", FEE_BEFORE)]


def test_what_was_spent_can_not_be_sent_back_as_well(records: Records) -> None:
    approve(records, LAST_YEAR, 1)
    do(records, *pay(FIRST, AUTHORITY, "one"))
    do(records, *slip(2_500_000), request_refund(FIRST, 1_000_000))
    approve(records, YEAR, 2)
    assert invoice(records).credit_rials == 1_500_000
    with pytest.raises(Refused, match=Reason.TOO_MUCH):
        do(records, request_refund(FIRST, 1))
    do(records, request_refund(FIRST, FEE_BEFORE - 1_000_000, ends_membership=True))


def test_a_member_without_surplus_owes_the_whole(records: Records) -> None:
    approve(records, LAST_YEAR, 1)
    do(records, *pay(FIRST, AUTHORITY, "one"))
    approve(records, YEAR, 2)
    assert (invoice(records).received_rials, invoice(records).credit_rials) == (0, 0)


def estimate(records: Records, **about: Any) -> answers.FeeEstimate:
    query = queries.EstimateFee(year=YEAR, member_class=MemberClass.GRADE_2, **about)
    with records.read() as connection:
        coverage = cross_year.coverage(connection, records.own_log(), query.member, query.paid_through)
    return estimated(query, coverage, TARIFFS)


def test_an_estimate_counts_arrears_entrance_and_credit_as_the_invoice_will(records: Records) -> None:
    assert estimate(records).amount_rials == FEE
    assert [line.year for line in estimate(records, unpaid_years=OWED).lines] == [LAST_YEAR, YEAR]
    assert estimate(records, never_paid=True).entrance_rials > 0
    approve(records, LAST_YEAR, 1)
    do(records, *slip(1_000_000))
    estimate_answer = estimate(records, unpaid_years=OWED, member=MEMBER)
    assert (estimate_answer.amount_rials, estimate_answer.credit_rials) == (FEE_BEFORE + FEE, 1_000_000)
    approve(records, YEAR, 2, OWED)
    found = invoice(records)
    assert (found.amount_rials, found.credit_rials, found.lines) == (
        estimate_answer.amount_rials,
        estimate_answer.credit_rials,
        estimate_answer.lines,
    )


def test_an_estimate_leaves_out_years_that_were_paid_here(records: Records) -> None:
    approve(records, LAST_YEAR, 1)
    do(records, *pay(FIRST, AUTHORITY, "one"))
    assert estimate(records, unpaid_years=OWED, member=MEMBER).amount_rials == FEE
