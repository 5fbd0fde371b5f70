"""Years that are covered, invoices that gave way, and invoices whose time ran out: cases 27, 28, 29 and 32."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from clients.gateway.web.session import COOKIE
from services.payment import process, projection
from services.payment.fees import tariffs
from shared.contract.payment import answers, commands, queries
from shared.contract.payment import events as payment_events
from shared.contract.refusals import Reason
from shared.contract.renewal import events as renewal_events
from shared.contract.values import (
    CoveredYear,
    Employment,
    EmploymentStatus,
    InvoiceLine,
    Licence,
    LicenceField,
    MemberClass,
)
from shared.event_store.log import EventLog
from shared.text import persian
from tests.demo import page
from tests.demo.users import MEMBER_CLASS, PROVINCE
from tests.payments.cases import FEE, case
from tests.payments.scenarios.officers import REASON, refusal
from tests.payments.scenarios.pages import Pages
from tests.support.member import Member, eventually
from tests.support.system import ANSWER_SECONDS, YEAR, fresh

LAST_YEAR = YEAR - 1
ARREARS = tariffs.load().fee(LAST_YEAR, MemberClass.UNLICENSED)
"""Of a year on whose first day the register did not know the member's class."""
FEE_OF_LAST_YEAR = tariffs.load().fee(LAST_YEAR, MEMBER_CLASS)
BOTH = ARREARS + FEE
SHOWN = {year: persian.digits_to_persian(year) for year in (LAST_YEAR, YEAR)}
LICENCE = Licence(member_class=MEMBER_CLASS, fields=(LicenceField.EXTRACTION,))


def approved_last_year(member: Member) -> None:
    """Last year's request lay on the desk, and is approved only now."""
    approved = renewal_events.RenewalApproved(
        member=member.name,
        year=LAST_YEAR,
        province=PROVINCE,
        licence=LICENCE,
        employment=Employment(status=EmploymentStatus.SELF_EMPLOYED),
        jobs=(),
        paid_through=LAST_YEAR - 1,
        approved_by="officer:modir",
        approved_at=datetime.now(UTC),
    )
    log = EventLog("renewal", lambda _connection, _recorded: None)
    member.cluster.happened(log, f"renewal/{member.name}/{LAST_YEAR}", approved)
    eventually(lambda: LAST_YEAR in invoices(member), "an invoice of last year")


def invoices(member: Member) -> dict[int, answers.Invoice]:
    found = member.portal.call(queries.GetInvoices(member=member.name)).invoices
    return {one.year: one for one in found}


def treasurers_account(member: Member) -> str:
    """What the treasurer reads of the member's account."""
    with httpx.Client(
        cookies={COOKIE: member.cluster.finance_session}, timeout=ANSWER_SECONDS, trust_env=False
    ) as browser:
        return page.read(browser.get(f"{member.cluster.portal}/desk/account/{member.name}").text).words


@case(27, ledger=(("charge", -BOTH), ("payment", BOTH)), paid_through=LAST_YEAR - 1)
def an_earlier_year_is_approved_after_a_later_one_that_charged_it_was_paid(member: Member) -> None:
    member.pay()
    approved_last_year(member)
    found = invoices(member)[LAST_YEAR]
    assert (found.amount_rials, found.status) == (0, "settled")
    assert found.covered == (CoveredYear(year=LAST_YEAR, by="payment", invoice_year=YEAR),)
    said = f"سال {SHOWN[LAST_YEAR]} در صورت‌حساب سال {SHOWN[YEAR]} پرداخت شده است"
    pages = Pages(member)
    assert said in pages.words(f"/member/pay/{LAST_YEAR}")
    pages.browser.close()
    assert said in treasurers_account(member)


@case(28, attempts=(), ledger=(), paid_through=YEAR, is_approved=False)
def the_register_has_the_year_as_paid(member: Member) -> None:
    said = f"سال {SHOWN[YEAR]} در بانک اعضا پرداخت شده است"
    pages = Pages(member)
    eventually(lambda: said in pages.words("/member/renewal"), "the member is told before")
    member.be_approved()
    assert member.invoice().covered == (CoveredYear(year=YEAR, by="register"),)
    assert member.refused() is Reason.ALREADY_PAID
    assert said in pages.words(f"/member/pay/{YEAR}")
    assert said in treasurers_account(member)
    pages.browser.close()


@case(
    29,
    attempts=(),
    ledger=(("charge", -FEE_OF_LAST_YEAR), ("adjustment", FEE_OF_LAST_YEAR), ("charge", -BOTH), ("payment", BOTH)),
    paid_through=LAST_YEAR - 1,
    is_approved=False,
    settles_elsewhere=True,
)
def a_slip_is_granted_for_an_invoice_that_was_replaced_meanwhile(member: Member) -> None:
    approved_last_year(member)
    command = slip(member, LAST_YEAR, FEE_OF_LAST_YEAR)
    member.cluster.finance.call(command)
    member.be_approved()
    eventually(lambda: invoices(member)[LAST_YEAR].replaced_by_year == YEAR, "last year's gives way")
    about: dict[str, Any] = {"member": member.name, "year": LAST_YEAR, "request": command.id}
    assert refusal(member.cluster.manager, commands.GrantManualPayment(**fresh(), **about)) is Reason.INVOICE_REPLACED
    assert invoices(member)[LAST_YEAR].status == "open"
    member.cluster.manager.call(commands.DeclineRequest(**fresh(), **about, reason=REASON))
    again = slip(member, YEAR, BOTH)
    member.cluster.finance.call(again)
    member.cluster.manager.call(commands.GrantManualPayment(**fresh(), **member.of, request=again.id))
    assert f"در صورت‌حساب سال {SHOWN[YEAR]} آمده است" in treasurers_account(member)


def slip(member: Member, year: int, amount_rials: int) -> commands.RequestManualPayment:
    about: dict[str, Any] = {"slip": f"S-{member.name}-{year}", "paid_on": datetime.now(UTC).date(), "reason": REASON}
    return commands.RequestManualPayment(**fresh(), member=member.name, year=year, amount_rials=amount_rials, **about)


@case(32, is_approved=False)
def nobody_pays_in_time_and_the_member_has_the_invoice_issued_again(member: Member) -> None:
    """It was issued forty days ago, at the amount that was frozen then."""
    began = datetime.now(UTC) - timedelta(days=40)
    line = InvoiceLine(year=YEAR, member_class=MEMBER_CLASS, amount_rials=FEE)
    issued = payment_events.InvoiceIssued(
        member=member.name,
        year=YEAR,
        province=PROVINCE,
        lines=(line,),
        amount_rials=FEE,
        issued_at=began,
        payable_until=began + timedelta(days=30),
    )
    log = EventLog("payment", projection.project, process.react)
    member.cluster.happened(log, f"invoice/{member.name}/{YEAR}", issued)
    assert member.refused() is Reason.INVOICE_EXPIRED
    pages = Pages(member)
    assert "صدور دوبارهٔ صورت‌حساب" in pages.words(f"/member/pay/{YEAR}")
    renewed = member.portal.call(commands.RenewInvoice(**fresh(), **member.of))
    assert (renewed.amount_rials, renewed.payable_until > datetime.now(UTC)) == (FEE, True)
    pages.browser.close()
    member.pay()
