"""`tamdid payments account`: a member's ledger and balance, and what is owed that no invoice charges yet."""

import typer

from clients.admin import full_names
from clients.admin.arguments import AsJson, Member
from clients.admin.context import RunContext, run_context
from shared.contract.auth import answers as auth_answers
from shared.contract.auth import queries as auth_queries
from shared.contract.payment import answers as payment_answers
from shared.contract.payment import finance_answers
from shared.contract.payment import invoice_stage as standings
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers as renewal_answers
from shared.contract.renewal import queries as renewal_queries


def account(context: typer.Context, member: Member, as_json: AsJson = False) -> None:
    """Show a member's ledger and balance: below zero is owed by the member, above zero to the member."""
    run = run_context(context, as_json)
    invoices = run.call(payment_queries.GetInvoices(member=member)).invoices
    card = card_of(run, member, is_known=bool(invoices))
    found = run.call(payment_queries.GetBalance(member=member))
    renewal = run.call(renewal_queries.GetRenewal(member=member)) if card else None
    is_charged = renewal is None or any(one.year == renewal.current_year for one in invoices)
    fee = None if card is None or renewal is None or is_charged else estimate(run, card, renewal)
    if as_json:
        dues = {"paid_through": card.paid_through if card else None, "estimate": fee}
        run.printer.json(found.model_dump(mode="json") | dues)
        return
    show_entries(run, found)
    if doubtful := standings.first_doubtful(invoices):
        show_doubtful(run, doubtful)
    if card is not None and renewal is not None and not is_charged:
        show_dues(run, card, renewal.current_year, fee)


def card_of(run: RunContext, member: str, *, is_known: bool) -> auth_answers.MemberCard | None:
    """What the register says; of whoever has invoices here, also a member of elsewhere by now, the money is shown anyway."""
    try:
        return run.call(auth_queries.GetMember(member=member))
    except Refused as refused:
        if is_known and refused.reason in {Reason.NOT_ALLOWED, Reason.UNKNOWN_MEMBER}:
            return None
        raise


def estimate(
    run: RunContext, card: auth_answers.MemberCard, renewal: renewal_answers.MemberRenewal
) -> payment_answers.FeeEstimate | None:
    """What the years without an invoice would cost; None where a tariff is missing."""
    try:
        return run.call(
            payment_queries.EstimateFee(
                year=renewal.current_year,
                member_class=card.licence.member_class,
                unpaid_years=renewal.unpaid_years,
                never_paid=renewal.never_paid,
                paid_through=renewal.paid_through,
                member=card.member,
            )
        )
    except Refused as refused:
        if refused.reason is Reason.NO_TARIFF:
            return None
        raise


def show_entries(run: RunContext, found: finance_answers.Balance) -> None:
    printer = run.printer
    name_of = full_names.of_actors(run, (entry.by for entry in found.entries))
    rows = (
        (
            printer.instant(entry.at),
            printer.label(entry.kind),
            str(entry.year),
            printer.rials(entry.amount_rials),
            entry.reference,
            name_of(entry.by),
        )
        for entry in found.entries
    )
    printer.table(("at", "kind", "year", "amount", "reference", "by"), rows)
    if found.entries:
        printer.line(f"{printer.label('balance')}: {printer.rials(found.balance_rials)}")


def show_doubtful(run: RunContext, attempt: payment_answers.Attempt) -> None:
    """That the balance may be another: a payment that nobody can say of yet whether it was made."""
    printer = run.printer
    amount, at = printer.rials(attempt.amount_rials), printer.instant(attempt.started_at)
    how = printer.label(f"invoice_{standings.DOUBTFUL[attempt.status]}")
    printer.line(
        printer.pick(
            f"پرداخت {amount} در {at}: {how}؛ تا نتیجهٔ آن در مانده نمی‌آید",
            f"Payment of {amount} at {at}: {how}; not in the balance until then",
        )
    )


def show_dues(
    run: RunContext, card: auth_answers.MemberCard, year: int, fee: payment_answers.FeeEstimate | None
) -> None:
    """That no invoice charges the year yet, what the register has, and what it would cost."""
    printer = run.printer
    through = str(card.paid_through or printer.pick("هیچ سال", "no year"))
    printer.line(
        printer.pick(
            f"هنوز صورت‌حسابی برای سال {year} صادر نشده است؛ پرداخت‌شده تا: {through}",
            f"No invoice for {year} yet; paid through: {through}",
        )
    )
    if fee is not None:
        owed = printer.rials(fee.amount_rials - fee.credit_rials)
        years = ", ".join(str(line.year) for line in fee.lines)
        printer.line(printer.pick(f"برآورد: {owed} ({years})", f"Estimate: {owed} ({years})"))
