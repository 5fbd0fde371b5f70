"""No year of a member is charged twice or after it is covered, in whatever order approvals, money and refusals come."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.payment import process, subscriptions
from services.payment import projection as payment_projection
from services.payment.accounting import ledger
from services.payment.fees import tariffs
from services.payment.fees.estimate import estimate as estimated
from services.payment.invoices import cross_year, domain, state
from services.payment.invoices import queries as lookups
from services.payment.invoices.internal_commands import ReplaceInvoice, ReverseAttempt
from shared.contract.payment import answers, commands, finance_events, queries
from shared.contract.refusals import Reason, Refused
from shared.contract.values import CoveredYear, MemberClass, UnpaidYear, Waiver
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from tests.services.payment import samples
from tests.services.payment.samples import APPROVED, AT, AUTHORITY, FIRST, MANAGER, MEMBER, YEAR, as_recorded

TARIFFS = tariffs.load()
LAST_YEAR, NEXT_YEAR = YEAR - 1, YEAR + 1
FEE_BEFORE, FEE = 6_000_000, 9_000_000
"""Of grade 2 in the two years."""
COLLEAGUE = "officer:other"


def owed(*years: int) -> tuple[UnpaidYear, ...]:
    return tuple(UnpaidYear(year=year, member_class=MemberClass.GRADE_2) for year in years)


def approve(records: Records, year: int, *unpaid: int, **more: Any) -> None:
    """The approval of a year, when the register has these earlier ones as unpaid."""
    approved = APPROVED.model_copy(update={"year": year, "unpaid_years": owed(*unpaid)} | more)
    log = records.own_log()
    records.write(
        lambda connection: subscriptions.on_renewal_event(connection, as_recorded(approved, year), log, TARIFFS, AT)
    )


def do(records: Records, year: int, *done: domain.Command) -> None:
    for command in done:
        records.handle(
            state.stream_of(MEMBER, year), command, domain.INVOICE, cross_year.undo_dependents(records.own_log())
        )


def pay(records: Records, year: int = YEAR, attempt: UUID = FIRST, authority: str = AUTHORITY) -> None:
    do(records, year, samples.start(attempt, authority), samples.settle(attempt, f"reference {attempt}"))


def reverse(records: Records, year: int = YEAR) -> None:
    do(records, year, ReverseAttempt(uuid4(), AT, FIRST, "by_bank"))


def confirm(records: Records, year: int, amount_rials: int) -> None:
    do(records, year, samples.confirm(amount_rials).model_copy(update={"year": year}))


def slip(year: int, amount_rials: int) -> tuple[commands.RequestManualPayment, commands.GrantManualPayment]:
    about: dict[str, Any] = {"slip": f"slip-{amount_rials}", "paid_on": date(2026, 4, 14)}
    stamped = samples.stamped() | {"year": year, "actor": MANAGER}
    request = commands.RequestManualPayment(**stamped, **about, amount_rials=amount_rials, reason="فیش در پرونده است")
    granted = commands.GrantManualPayment(**(samples.stamped() | {"year": year}), request=request.id, actor=COLLEAGUE)
    return request, granted


def refund_all(records: Records, year: int, amount_rials: int) -> None:
    """The money of a year's first attempt is sent back, and the membership ends with it."""
    stamped = samples.stamped() | {"year": year}
    request = commands.RequestRefund(
        **stamped, attempt=FIRST, amount_rials=amount_rials, ends_membership=True, reason="از عضویت انصراف داده است"
    )
    granted = commands.GrantRefund(**(samples.stamped() | {"year": year}), request=request.id, actor=COLLEAGUE)
    sent = commands.RecordRefund(**(samples.stamped() | {"year": year}), request=request.id, bank_reference="PAYA7")
    do(records, year, request, granted, sent)


def invoice(records: Records, year: int, member: str = MEMBER) -> answers.Invoice:
    with records.read() as connection:
        found = lookups.invoice(connection, member, year)
        assert found is not None
        folded = cross_year.coverage(connection, records.own_log(), member).invoices[year]
    assert (found.status, found.replaced_by_year) == (folded.status, folded.replaced_by_year)
    return found


def balance(records: Records, member: str = MEMBER) -> int:
    with records.read() as connection:
        return ledger.balance(connection, member).balance_rials


def estimate(records: Records, year: int, *unpaid: int, paid_through: int | None = None) -> answers.FeeEstimate:
    query = queries.EstimateFee(
        year=year,
        member_class=MemberClass.GRADE_2,
        member=MEMBER,
        unpaid_years=owed(*unpaid),
        paid_through=paid_through,
    )
    with records.read() as connection:
        coverage = cross_year.coverage(connection, records.own_log(), query.member, query.paid_through)
    return estimated(query, coverage, TARIFFS)


# ---------------------------------------------------------------- approvals in another order than their years


def test_an_earlier_year_that_a_later_years_paid_invoice_charged_is_settled_at_nothing_by_what_was_paid(
    sqlite_records: Records,
) -> None:
    approve(sqlite_records, YEAR, LAST_YEAR)
    pay(sqlite_records)
    assert estimate(sqlite_records, LAST_YEAR).amount_rials == 0
    approve(sqlite_records, LAST_YEAR)
    found = invoice(sqlite_records, LAST_YEAR)
    assert (found.amount_rials, found.lines, found.status) == (0, (), "settled")
    assert found.covered == (CoveredYear(year=LAST_YEAR, by="payment", invoice_year=YEAR),)
    assert balance(sqlite_records) == 0
    confirm(sqlite_records, LAST_YEAR, 0)
    assert invoice(sqlite_records, LAST_YEAR).status == "confirmed"


def write_off(year: int, amount_rials: int) -> tuple[commands.RequestWriteOff, commands.GrantWriteOff]:
    stamped = samples.stamped() | {"year": year, "actor": MANAGER}
    request = commands.RequestWriteOff(**stamped, amount_rials=amount_rials, reason="سیل به معدن او زیان زده است")
    return request, commands.GrantWriteOff(**(samples.stamped() | {"year": year}), request=request.id, actor=COLLEAGUE)


def test_what_was_given_up_of_an_invoice_stays_given_up_when_a_later_years_takes_its_place(
    sqlite_records: Records,
) -> None:
    approve(sqlite_records, LAST_YEAR, waivers=(Waiver(year=LAST_YEAR, amount_rials=2_000_000),))
    assert balance(sqlite_records) == -FEE_BEFORE
    assert invoice(sqlite_records, LAST_YEAR).waiver_requested_rials == 2_000_000
    grant_waiver(sqlite_records, LAST_YEAR)
    assert invoice(sqlite_records, LAST_YEAR).waiver_requested_rials == 0
    do(sqlite_records, LAST_YEAR, *write_off(LAST_YEAR, 1_000_000))
    assert balance(sqlite_records) == -3_000_000
    approve(sqlite_records, YEAR, LAST_YEAR)
    found = invoice(sqlite_records, YEAR)
    assert found.waivers == (Waiver(year=LAST_YEAR, amount_rials=3_000_000),)
    assert (found.amount_rials, found.waived_by) == (FEE_BEFORE - 3_000_000 + FEE, MANAGER)
    assert balance(sqlite_records) == -(FEE_BEFORE - 3_000_000 + FEE)


@pytest.mark.parametrize(("anew", "more"), [(1_000_000, 0), (5_000_000, 3_000_000)])
def test_a_waiver_is_requested_anew_only_where_the_later_approval_lets_the_member_off_more(
    sqlite_records: Records, anew: int, more: int
) -> None:
    approve(sqlite_records, LAST_YEAR, waivers=(Waiver(year=LAST_YEAR, amount_rials=2_000_000),))
    grant_waiver(sqlite_records, LAST_YEAR)
    approve(sqlite_records, YEAR, LAST_YEAR, waivers=(Waiver(year=LAST_YEAR, amount_rials=anew),))
    assert invoice(sqlite_records, YEAR).waivers == (Waiver(year=LAST_YEAR, amount_rials=2_000_000),)
    wanted = [one.amount_rials for one in waivers_requested(sqlite_records, YEAR)]
    assert wanted == ([more] if more else [])
    if more:
        grant_waiver(sqlite_records, YEAR)
    assert balance(sqlite_records) == -(FEE_BEFORE - 2_000_000 - more + FEE)


def test_a_waiver_that_nobody_granted_does_not_go_over_to_a_later_years_invoice(sqlite_records: Records) -> None:
    approve(sqlite_records, LAST_YEAR, waivers=(Waiver(year=LAST_YEAR, amount_rials=2_000_000),))
    approve(sqlite_records, YEAR, LAST_YEAR)
    assert (invoice(sqlite_records, YEAR).waivers, balance(sqlite_records)) == ((), -(FEE_BEFORE + FEE))


def test_who_waived_on_an_invoice_that_was_replaced_does_not_confirm_the_one_in_its_place(
    sqlite_records: Records,
) -> None:
    approve(sqlite_records, LAST_YEAR, waivers=(Waiver(year=LAST_YEAR, amount_rials=2_000_000),))
    grant_waiver(sqlite_records, LAST_YEAR)
    approve(sqlite_records, YEAR, LAST_YEAR)
    pay(sqlite_records)
    due = FEE_BEFORE - 2_000_000 + FEE
    for actor in (MANAGER, COLLEAGUE):
        confirmation = samples.confirm(due).model_copy(update={"year": YEAR, "actor": actor})
        with pytest.raises(Refused) as refusal:
            do(sqlite_records, YEAR, confirmation)
        assert refusal.value.reason is Reason.OWN_WAIVER
    do(sqlite_records, YEAR, samples.confirm(due).model_copy(update={"year": YEAR, "actor": "officer:moaven"}))
    assert invoice(sqlite_records, YEAR).status == "confirmed"


def waivers_requested(records: Records, year: int) -> list[finance_events.WriteOffRequested]:
    """What approvals want to waive of a year's invoice."""
    with records.read() as connection:
        stream = records.own_log().stream(connection, state.stream_of(MEMBER, year))
    wanted = [one.event for one in stream]
    return [one for one in wanted if isinstance(one, finance_events.WriteOffRequested) and one.is_waiver]


def grant_waiver(records: Records, year: int) -> None:
    """A colleague grants what the manager wants to waive."""
    [wanted] = waivers_requested(records, year)
    do(
        records,
        year,
        commands.GrantWriteOff(**(samples.stamped() | {"year": year}), request=wanted.request, actor=COLLEAGUE),
    )


def test_an_earlier_year_that_a_later_years_unpaid_invoice_charges_gives_way_to_it_at_once(
    sqlite_records: Records,
) -> None:
    approve(sqlite_records, YEAR, LAST_YEAR)
    assert estimate(sqlite_records, LAST_YEAR).charged_by_year == YEAR
    approve(sqlite_records, LAST_YEAR)
    found = invoice(sqlite_records, LAST_YEAR)
    assert (found.amount_rials, found.status, found.replaced_by_year) == (0, "open", YEAR)
    assert balance(sqlite_records) == -(FEE_BEFORE + FEE)
    with pytest.raises(Refused) as refusal:
        confirm(sqlite_records, LAST_YEAR, 0)
    assert (refusal.value.reason, refusal.value.details) == (Reason.INVOICE_REPLACED, {"year": str(YEAR)})


def test_only_the_years_that_nothing_covers_are_charged(sqlite_records: Records) -> None:
    approve(sqlite_records, YEAR, LAST_YEAR)
    pay(sqlite_records)
    approve(sqlite_records, LAST_YEAR, LAST_YEAR - 1)
    found = invoice(sqlite_records, LAST_YEAR)
    assert [line.year for line in found.lines] == [LAST_YEAR - 1]
    assert [(one.year, one.invoice_year) for one in found.covered] == [(LAST_YEAR, YEAR)]


def test_what_covers_a_year_is_named_by_its_kind(sqlite_records: Records) -> None:
    approve(sqlite_records, YEAR, LAST_YEAR)
    do(sqlite_records, YEAR, *slip(YEAR, FEE_BEFORE + FEE))
    approve(sqlite_records, LAST_YEAR)
    assert [one.by for one in invoice(sqlite_records, LAST_YEAR).covered] == ["slip"]


def test_the_entrance_fee_is_charged_once_in_any_order(sqlite_records: Records) -> None:
    approve(sqlite_records, YEAR, never_paid=True)
    approve(sqlite_records, LAST_YEAR, never_paid=True)
    assert [invoice(sqlite_records, year).entrance_rials for year in (YEAR, LAST_YEAR)] == [5_000_000, 0]


def test_an_approval_heard_twice_changes_nothing(sqlite_records: Records) -> None:
    for year in (LAST_YEAR, YEAR, LAST_YEAR, YEAR):
        approve(sqlite_records, year)
    assert [invoice(sqlite_records, year).replaced_by_year for year in (LAST_YEAR, YEAR)] == [YEAR, None]


# ---------------------------------------------------------------- the years that a member owes who has joined here


def join(records: Records, year: int) -> None:
    """A member whom the register does not have as paid is approved, pays, and is confirmed."""
    approve(records, year, never_paid=True)
    pay(records, year)
    confirm(records, year, invoice(records, year).amount_rials)


def charged_years(records: Records, year: int) -> list[int]:
    return [line.year for line in invoice(records, year).lines]


def test_a_year_that_a_member_missed_after_joining_here_is_charged_with_the_next_one(sqlite_records: Records) -> None:
    join(sqlite_records, LAST_YEAR - 1)
    estimated_before = estimate(sqlite_records, YEAR)
    approve(sqlite_records, YEAR, never_paid=True)
    found = invoice(sqlite_records, YEAR)
    assert [line.year for line in found.lines] == [LAST_YEAR, YEAR]
    assert (found.amount_rials, found.entrance_rials) == (FEE_BEFORE + FEE, 0)
    assert (estimated_before.lines, estimated_before.amount_rials) == (found.lines, found.amount_rials)


def test_a_missed_year_is_charged_in_the_class_of_its_1_farvardin(sqlite_records: Records) -> None:
    then = MemberClass.GRADE_3
    enrolled = tuple(UnpaidYear(year=year, member_class=then) for year in range(YEAR - 3, YEAR))
    join(sqlite_records, LAST_YEAR - 1)
    approve(sqlite_records, YEAR, never_paid=True, enrolled_years=enrolled)
    lines = [(line.year, line.member_class, line.amount_rials) for line in invoice(sqlite_records, YEAR).lines]
    assert lines == [(LAST_YEAR, then, 4_000_000), (YEAR, MemberClass.GRADE_2, FEE)]


def test_a_year_of_an_unpaid_invoice_stays_charged_when_a_later_years_takes_its_place(sqlite_records: Records) -> None:
    join(sqlite_records, LAST_YEAR - 1)
    approve(sqlite_records, LAST_YEAR, never_paid=True)
    approve(sqlite_records, YEAR, never_paid=True)
    assert invoice(sqlite_records, LAST_YEAR).replaced_by_year == YEAR
    assert charged_years(sqlite_records, YEAR) == [LAST_YEAR, YEAR]
    assert balance(sqlite_records) == -(FEE_BEFORE + FEE)


def test_who_never_paid_owes_the_years_since_the_first_unpaid_invoice_and_the_entrance_fee_once(
    sqlite_records: Records,
) -> None:
    approve(sqlite_records, LAST_YEAR - 1, never_paid=True)
    approve(sqlite_records, YEAR, never_paid=True)
    assert charged_years(sqlite_records, YEAR) == [LAST_YEAR - 1, LAST_YEAR, YEAR]
    assert invoice(sqlite_records, YEAR).entrance_rials == 5_000_000


def test_who_joins_owes_no_earlier_year(sqlite_records: Records) -> None:
    assert [line.year for line in estimate(sqlite_records, YEAR).lines] == [YEAR]
    approve(sqlite_records, YEAR, never_paid=True)
    assert charged_years(sqlite_records, YEAR) == [YEAR]


def test_after_four_missed_years_a_member_who_had_joined_here_joins_again(sqlite_records: Records) -> None:
    join(sqlite_records, YEAR - 5)
    approve(sqlite_records, YEAR, never_paid=True)
    assert charged_years(sqlite_records, YEAR) == [*range(YEAR - 4, YEAR + 1)]
    assert invoice(sqlite_records, YEAR).entrance_rials == 5_000_000


def test_an_invoice_that_gives_way_at_once_takes_no_earlier_ones_place(sqlite_records: Records) -> None:
    approve(sqlite_records, YEAR, LAST_YEAR, paid_through=LAST_YEAR - 1)
    approve(sqlite_records, LAST_YEAR - 1, never_paid=True)
    approve(sqlite_records, LAST_YEAR, never_paid=True)
    assert [invoice(sqlite_records, year).replaced_by_year for year in (LAST_YEAR - 1, LAST_YEAR)] == [None, YEAR]
    assert balance(sqlite_records) == -(
        4_500_000 + FEE_BEFORE + FEE + invoice(sqlite_records, LAST_YEAR - 1).entrance_rials
    )


def test_a_line_that_no_invoice_has_any_more_is_charged_with_the_next_approval(sqlite_records: Records) -> None:
    """As a reversal leaves it, and logs of before replaced invoices' lines were kept."""
    two_before, three_before = LAST_YEAR - 1, LAST_YEAR - 2
    approve(sqlite_records, LAST_YEAR, two_before)
    pay(sqlite_records, LAST_YEAR)
    approve(sqlite_records, two_before, three_before)
    reverse(sqlite_records, LAST_YEAR)
    assert invoice(sqlite_records, two_before).replaced_by_year == LAST_YEAR
    approve(sqlite_records, YEAR)
    assert charged_years(sqlite_records, YEAR) == [three_before, two_before, LAST_YEAR, YEAR]


def test_what_a_cancelled_invoice_had_taken_over_is_not_owed_by_who_joins_again(sqlite_records: Records) -> None:
    approve(sqlite_records, LAST_YEAR - 2, never_paid=True)
    approve(sqlite_records, LAST_YEAR - 1, never_paid=True)
    pay(sqlite_records, LAST_YEAR - 1)
    refund_all(sqlite_records, LAST_YEAR - 1, invoice(sqlite_records, LAST_YEAR - 1).amount_rials)
    approve(sqlite_records, YEAR, never_paid=True)
    assert charged_years(sqlite_records, YEAR) == [YEAR]


# ---------------------------------------------------------------- the register's word


@pytest.mark.parametrize("paid_through", [YEAR, NEXT_YEAR])
def test_a_year_that_the_register_has_as_paid_is_not_charged(sqlite_records: Records, paid_through: int) -> None:
    assert [one.by for one in estimate(sqlite_records, YEAR, paid_through=paid_through).covered] == ["register"]
    approve(sqlite_records, YEAR, paid_through=paid_through)
    found = invoice(sqlite_records, YEAR)
    assert (found.amount_rials, found.status) == (0, "settled")
    assert found.covered == (CoveredYear(year=YEAR, by="register"),)


def test_the_years_after_the_last_one_that_the_register_has_as_paid_are_charged(sqlite_records: Records) -> None:
    approve(sqlite_records, YEAR, LAST_YEAR, paid_through=LAST_YEAR - 1)
    found = invoice(sqlite_records, YEAR)
    assert ([line.year for line in found.lines], found.covered) == ([LAST_YEAR, YEAR], ())


# ---------------------------------------------------------------- what another invoice covers goes with that one's money


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_an_invoice_that_another_covers_gives_way_when_that_ones_money_goes_back(
    sqlite_records: Records, is_confirmed: bool
) -> None:
    approve(sqlite_records, YEAR, LAST_YEAR)
    pay(sqlite_records)
    approve(sqlite_records, LAST_YEAR)
    if is_confirmed:
        confirm(sqlite_records, LAST_YEAR, 0)
    reverse(sqlite_records)
    found = invoice(sqlite_records, LAST_YEAR)
    assert (found.status, found.replaced_by_year) == ("open", YEAR)
    kinds = [one.type for one in history(sqlite_records)]
    assert kinds.count("ConfirmationWithdrawn") == is_confirmed
    assert balance(sqlite_records) == -(FEE_BEFORE + FEE)


def test_each_of_a_chain_of_covered_invoices_gives_way_to_the_one_that_stands(sqlite_records: Records) -> None:
    """The middle one is covered by the last year's invoice, and charges the first year."""
    first_year = LAST_YEAR - 1
    approve(sqlite_records, YEAR, LAST_YEAR)
    pay(sqlite_records)
    approve(sqlite_records, LAST_YEAR, first_year)
    pay(sqlite_records, LAST_YEAR, samples.SECOND, samples.OTHER_AUTHORITY)
    approve(sqlite_records, first_year)
    assert [one.invoice_year for one in invoice(sqlite_records, first_year).covered] == [LAST_YEAR]
    reverse(sqlite_records)
    assert [invoice(sqlite_records, year).replaced_by_year for year in (first_year, LAST_YEAR)] == [YEAR, YEAR]


def test_an_invoice_that_another_covers_is_cancelled_with_it(sqlite_records: Records) -> None:
    approve(sqlite_records, YEAR, LAST_YEAR)
    pay(sqlite_records)
    approve(sqlite_records, LAST_YEAR)
    confirm(sqlite_records, LAST_YEAR, 0)
    refund_all(sqlite_records, YEAR, FEE_BEFORE + FEE)
    assert all(invoice(sqlite_records, year).cancelled_at for year in (LAST_YEAR, YEAR))
    assert [one.type for one in history(sqlite_records)][-2:] == ["ConfirmationWithdrawn", "InvoiceCancelled"]
    assert balance(sqlite_records) == 0


def test_money_that_goes_back_takes_nothing_from_an_invoice_that_charges_its_own_year(sqlite_records: Records) -> None:
    approve(sqlite_records, LAST_YEAR)
    pay(sqlite_records, LAST_YEAR)
    approve(sqlite_records, YEAR, LAST_YEAR)
    assert [one.year for one in invoice(sqlite_records, YEAR).covered] == [LAST_YEAR]
    pay(sqlite_records, YEAR, samples.SECOND, samples.OTHER_AUTHORITY)
    reverse(sqlite_records, LAST_YEAR)
    assert [invoice(sqlite_records, year).status for year in (LAST_YEAR, YEAR)] == ["open", "settled"]


def history(records: Records) -> list[Any]:
    with records.read() as connection:
        return records.own_log().read(connection, 0, 1_000)


# ---------------------------------------------------------------- an invoice that stands no more


def test_a_slip_is_not_granted_for_an_invoice_that_was_replaced_meanwhile_and_counts_on_the_one_that_stands(
    sqlite_records: Records,
) -> None:
    approve(sqlite_records, LAST_YEAR)
    request, granted = slip(LAST_YEAR, FEE_BEFORE)
    do(sqlite_records, LAST_YEAR, request)
    approve(sqlite_records, YEAR, LAST_YEAR)
    with pytest.raises(Refused) as refusal:
        do(sqlite_records, LAST_YEAR, granted)
    assert (refusal.value.reason, refusal.value.details) == (Reason.INVOICE_REPLACED, {"year": str(YEAR)})
    do(sqlite_records, YEAR, *slip(YEAR, FEE_BEFORE))
    assert (invoice(sqlite_records, LAST_YEAR).received_rials, invoice(sqlite_records, YEAR).received_rials) == (
        0,
        FEE_BEFORE,
    )


def test_money_that_an_old_log_counted_on_a_replaced_invoice_settles_nothing(sqlite_records: Records) -> None:
    approve(sqlite_records, LAST_YEAR)
    request, granted = slip(LAST_YEAR, FEE_BEFORE)
    do(sqlite_records, LAST_YEAR, request, granted)
    with sqlite_records.read() as connection:
        past = [one.event for one in sqlite_records.own_log().stream(connection, state.stream_of(MEMBER, LAST_YEAR))]
    [gone] = domain.INVOICE.decide(ReplaceInvoice(uuid4(), AT, YEAR), domain.INVOICE.fold(past[:-1]))
    after = domain.INVOICE.fold([*past[:-1], gone, past[-1]])
    assert (after.status, after.received_rials, after.is_paid) == ("open", FEE_BEFORE, False)


def test_those_that_gave_way_to_a_replaced_invoice_are_told_of_the_one_that_stands(sqlite_records: Records) -> None:
    for year in (LAST_YEAR - 1, LAST_YEAR, YEAR):
        approve(sqlite_records, year)
    with sqlite_records.read() as connection:
        first = lookups.invoice(connection, MEMBER, LAST_YEAR - 1)
    assert first is not None
    assert first.replaced_by_year == YEAR


# ---------------------------------------------------------------- two copies of payment


@pytest.fixture
def copies(postgres_url: str) -> Iterator[list[Records]]:
    """Two copies of the program on one database."""
    made = [Database(postgres_url) for _ in range(2)]
    yield [Records(database, EventLog("payment", payment_projection.project, process.react)) for database in made]
    for database in made:
        database.close()


def test_two_years_that_are_approved_at_once_at_two_copies_are_charged_once_each(copies: list[Records]) -> None:
    members = [f"100000{number}" for number in range(10)]
    together = Barrier(len(copies))

    def receive_approvals(records: Records, years: list[tuple[int, ...]]) -> None:
        for member, approved in zip(members, years, strict=True):
            together.wait()
            approve(records, *approved, member=member)

    earlier, later = (LAST_YEAR,), (YEAR, LAST_YEAR)
    with ThreadPoolExecutor(len(copies)) as pool:
        list(pool.map(receive_approvals, copies, ([earlier] * len(members), [later] * len(members))))
    for member in members:
        last, this = invoice(copies[0], LAST_YEAR, member), invoice(copies[1], YEAR, member)
        assert ([line.year for line in this.lines], last.replaced_by_year) == ([LAST_YEAR, YEAR], YEAR)
        assert balance(copies[0], member) == -(FEE_BEFORE + FEE)
