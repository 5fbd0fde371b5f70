from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.payment import subscriptions
from services.payment.fees import tariffs
from services.payment.invoices.coverage import Coverage
from services.payment.invoices.domain import INVOICE
from services.payment.invoices.internal_commands import IssueInvoice
from services.payment.invoices.state import Invoice
from shared.contract.payment import commands, events, finance_events
from shared.contract.refusals import Reason
from shared.contract.values import InvoiceLine, MemberClass, UnpaidYear, Waiver
from tests.services.payment.samples import (
    ABOUT,
    APPROVED,
    AT,
    CONFIRMED,
    ISSUED,
    LINES,
    MANAGER,
    PROVINCE,
    as_recorded,
    stamped,
)
from tests.support.given import given

G2 = MemberClass.GRADE_2
NOTE, COLLEAGUE = UUID(int=9), "officer:hesabdar"
LATER = AT + timedelta(days=45)
"""The approval was heard so late."""


def billed(*paid: int, **changes: object) -> IssueInvoice:
    """The invoice of an approval that tells more, when these years were paid here."""
    approved = APPROVED.model_copy(update=changes)
    coverage = Coverage({year: paid_invoice(year) for year in paid}, approved.paid_through)
    return subscriptions.issue_command(as_recorded(APPROVED), approved, coverage, tariffs.load(), LATER)


def paid_invoice(year: int) -> Invoice:
    lines = (InvoiceLine(year=year, member_class=G2, amount_rials=1_000),)
    return Invoice(ISSUED.model_copy(update={"year": year, "lines": lines}), "settled")


def owed(*years: int) -> tuple[UnpaidYear, ...]:
    return tuple(UnpaidYear(year=year, member_class=G2) for year in years)


def amount(command: IssueInvoice) -> int:
    [event] = given(INVOICE).when(command)
    assert isinstance(event, events.InvoiceIssued)
    return event.amount_rials


def test_an_approval_gets_its_invoice_dated_when_it_is_issued_however_late_it_was_heard() -> None:
    command = billed()
    assert (command.id, command.at, command.lines) == (as_recorded(APPROVED).event_id, LATER, LINES)
    [issued] = given(INVOICE).when(command)
    assert issued == ISSUED.model_copy(update={"issued_at": LATER, "payable_until": LATER + timedelta(days=30)})


def test_what_is_no_approval_is_ignored_even_of_an_unknown_type() -> None:
    assert subscriptions.approval_of(as_recorded(APPROVED)) == APPROVED
    assert subscriptions.approval_of(as_recorded(CONFIRMED)) is None
    assert subscriptions.approval_of(replace(as_recorded(APPROVED), type="RenewalBlessed")) is None


def test_an_approval_of_a_year_without_a_tariff_fails_loudly() -> None:
    with pytest.raises(tariffs.NoTariff):
        billed(year=1406)


def test_every_unpaid_year_is_charged_at_its_own_tariff_the_oldest_first() -> None:
    command = billed(unpaid_years=owed(1403, 1404))
    assert [(line.year, line.amount_rials) for line in command.lines] == [
        (1403, 4_500_000),
        (1404, 6_000_000),
        (1405, 9_000_000),
    ]
    assert amount(command) == 19_500_000


def test_a_year_that_was_paid_here_is_not_charged_again_though_the_register_does_not_know_it() -> None:
    assert [line.year for line in billed(1404, unpaid_years=owed(1403, 1404)).lines] == [1403, 1405]


def test_who_joins_pays_the_entrance_fee_once() -> None:
    assert amount(billed(never_paid=True)) == 14_000_000
    assert amount(billed(1404, never_paid=True)) == 9_000_000


def test_after_four_unpaid_years_the_member_joins_again() -> None:
    assert billed(unpaid_years=owed(1402, 1403, 1404)).entrance_rials == 0
    assert billed(unpaid_years=owed(1401, 1402, 1403, 1404)).entrance_rials == 5_000_000
    assert billed(unpaid_years=owed(1400, 1401, 1402, 1404)).entrance_rials == 0
    assert billed(1403, unpaid_years=owed(1401, 1402, 1403, 1404)).entrance_rials == 0


def test_a_waiver_is_only_requested_names_who_wants_it_and_is_never_more_than_the_fee() -> None:
    waivers = (Waiver(year=1404, amount_rials=99_000_000), Waiver(year=1405, amount_rials=1_000_000))
    command = billed(unpaid_years=owed(1404), waivers=waivers, note=NOTE)
    assert (command.waivers, command.waived_by) == ((), "")
    issued, wanted = given(INVOICE).when(command)
    assert isinstance(issued, events.InvoiceIssued)
    assert issued.amount_rials == 15_000_000
    assert wanted == finance_events.WriteOffRequested(
        **ABOUT, province=PROVINCE, request=command.id, amount_rials=7_000_000, note=NOTE, requested_by=MANAGER,
        requested_at=AT, is_waiver=True,
    )  # fmt: skip
    assert billed(waivers=(waivers[0],)).waiver_request is None


def test_an_invoice_that_was_waived_whole_waits_for_the_grant_and_then_for_the_confirmation() -> None:
    issued, wanted = given(INVOICE).when(billed(waivers=(Waiver(year=1405, amount_rials=9_000_000),)))
    assert given(INVOICE, issued, wanted).state.status == "open"
    grant = commands.GrantWriteOff(**stamped(), request=billed().id, actor=COLLEAGUE)
    [granted] = given(INVOICE, issued, wanted).when(grant)
    assert given(INVOICE, issued, wanted, granted).state.status == "settled"
    given(INVOICE, issued, wanted).refuses(grant.model_copy(update={"actor": MANAGER}), Reason.OWN_REQUEST)
